"""How grave a finding is: its category's own severity, raised by harm, target, reach and repetition.

The matrix adds up: each of the four dimensions gives so many steps, or none, and never takes one away. So more of
anything is never less grave. What is not known (a platform that counts no views) gives nothing. The defaults are what a
pack without the section is judged by.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from policies.part import A_NUMBER, Part

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # ascending: index is rank

Towards = Literal["employee", "private_person", "child_or_learner", "group", "organisation"]

Steps = Annotated[int, Field(ge=0, le=3), A_NUMBER]
AtLeast = Annotated[int, Field(ge=1), A_NUMBER]


class HarmSteps(Part):
    """What the rules call grave: ill wished to life or health, pursuit that goes on after a request to stop."""

    grave: Steps = 1  # for each degree of harm


class TargetSteps(Part):
    """Whom it is aimed at, or, where it is aimed at nobody, whom it is about. A public figure gives nothing."""

    employee: Steps = 0
    private_person: Steps = 0
    child_or_learner: Steps = 0
    group: Steps = 0
    organisation: Steps = 0


class ReachLevel(Part):
    """A level of reach: met where any one of its measures is. Of several levels that are met, the highest counts."""

    adds: Steps
    followers: AtLeast | None = None  # the author's
    views: AtLeast | None = None
    reposts: AtLeast | None = None


class RepetitionLevel(Part):
    """A level of repetition towards the same person: met where any one of its measures is; the highest counts."""

    adds: Steps
    days: AtLeast | None = None  # distinct days
    posts: AtLeast | None = None


class SeverityMatrix(Part):
    """What raises the severity of a finding above its category's, in steps; nothing rises above critical."""

    harm: HarmSteps = HarmSteps()
    target: TargetSteps = TargetSteps()
    reach: tuple[ReachLevel, ...] = ()
    repetition: tuple[RepetitionLevel, ...] = (RepetitionLevel(adds=1, days=3),)


@dataclass(frozen=True)
class Circumstances:
    """What the matrix looks at in one finding; None: not known, or nothing that the matrix weighs."""

    harm: int = 0  # degrees above ordinary
    towards: Towards | None = None
    followers: int | None = None
    views: int | None = None
    reposts: int | None = None
    days: int = 1  # on which the author did it to the same person, this one included
    posts: int = 1


@dataclass(frozen=True)
class Raise:
    """One dimension that raised a finding: by how many steps, and why in words that complete "because …"."""

    steps: int
    because: str


def raises(matrix: SeverityMatrix, found: Circumstances) -> tuple[Raise, ...]:
    """Every dimension that raises the severity, in the matrix's order."""
    given = (*_harm(matrix, found), *_target(matrix, found), *_reach(matrix, found), *_repetition(matrix, found))
    return tuple(one for one in given if one.steps > 0)


def raised(base: Severity, by: Iterable[Raise]) -> Severity:
    """The severity that comes of it: critical at most."""
    rank = SEVERITIES.index(base) + sum(one.steps for one in by)
    return SEVERITIES[min(rank, len(SEVERITIES) - 1)]


def _harm(matrix: SeverityMatrix, found: Circumstances) -> Iterator[Raise]:
    yield Raise(found.harm * matrix.harm.grave, "the harm is grave")


def _target(matrix: SeverityMatrix, found: Circumstances) -> Iterator[Raise]:
    if found.towards is not None:
        yield Raise(getattr(matrix.target, found.towards), f"it concerns {WHO[found.towards]}")


def _reach(matrix: SeverityMatrix, found: Circumstances) -> Iterator[Raise]:
    measured = [("views", "it was seen {:,} times"), ("reposts", "it was reposted {:,} times")]
    measured.append(("followers", "its author has {:,} followers"))
    yield _highest(matrix.reach, found, measured)


def _repetition(matrix: SeverityMatrix, found: Circumstances) -> Iterator[Raise]:
    yield _highest(
        matrix.repetition, found, [("days", "it went on over {} days"), ("posts", "it is post {:,} to the same person")]
    )


def _highest(
    levels: Iterable[ReachLevel | RepetitionLevel], found: Circumstances, measures: Iterable[tuple[str, str]]
) -> Raise:
    """The highest level that is met, told by the first measure that meets it."""
    met = [
        Raise(level.adds, told.format(value))
        for name, told in measures
        for level in levels
        if (least := getattr(level, name, None)) is not None
        and (value := getattr(found, name)) is not None
        and value >= least
    ]
    return max(met, key=lambda one: one.steps, default=Raise(0, ""))


WHO: dict[Towards, str] = {
    "employee": "one of our people",
    "private_person": "a private person",
    "child_or_learner": "a child or learner",
    "group": "a group of people",
    "organisation": "the organisation",
}


def table(matrix: SeverityMatrix) -> list[tuple[str, str, int]]:
    """The matrix as people read it: dimension, when it raises, and by how many steps. What adds nothing is left out."""
    rows = [("harm", "grave, for each degree", matrix.harm.grave)]
    rows += [("target", words, getattr(matrix.target, towards)) for towards, words in WHO.items()]
    rows += [("reach", _told(level, ("views", "reposts", "followers")), level.adds) for level in matrix.reach]
    rows += [("repetition", _told(level, ("days", "posts")), level.adds) for level in matrix.repetition]
    return [row for row in rows if row[2]]


def _told(level: ReachLevel | RepetitionLevel, measures: Iterable[str]) -> str:
    named = [(name, getattr(level, name)) for name in measures]
    return " or ".join(f"{least:,} {name}" for name, least in named if least is not None)
