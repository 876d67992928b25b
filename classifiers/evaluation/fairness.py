"""The guard's figures by whom a mistake would harm: kind of protected speech, group named, dialect, kind of account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.evaluation.guard import SIDES, Outcome, Side


@dataclass(frozen=True)
class Count:
    """How many of the cases of one slice are right. `side` is that of its cases."""

    slice: str
    side: Side
    right: int
    total: int


def by_functionality(outcomes: Sequence[Outcome]) -> list[Count]:
    """A count a functionality: protected speech first, and within a side the weakest first."""
    counts = _counted((one.case.functionality, one) for one in outcomes)
    return sorted(counts, key=lambda one: (SIDES.index(one.side), one.right / one.total, one.slice))


def by_slice(outcomes: Sequence[Outcome]) -> list[Count]:
    """A count a slice and side: wholes, categories, kinds of protected speech, groups, dialects, kinds of account."""
    return _counted((name, one) for one in outcomes for name in _slices(one))


def _slices(one: Outcome) -> Iterator[str]:
    case = one.case
    yield "all"
    yield f"organisation: {case.organisation}"
    yield f"account: {_account(one)}"
    if case.protected:
        yield f"protected: {case.protected}"
    for category in case.expected or case.near_misses:
        yield f"category: {category}"
    for tag in case.tags:
        if "=" in tag:
            yield tag.replace("=", ": ")


def _account(one: Outcome) -> str:
    if one.scope != "in":
        return one.scope
    return "personal, with a bio" if one.case.author.bio else "personal"


def _counted(named: Iterator[tuple[str, Outcome]]) -> list[Count]:
    tally: dict[tuple[str, Side], list[bool]] = {}
    for name, one in named:
        tally.setdefault((name, one.case.side), []).append(one.right)
    ordered = sorted(tally.items(), key=lambda item: (item[0][0] != "all", item[0][0], SIDES.index(item[0][1])))
    return [Count(name, side, sum(right), len(right)) for (name, side), right in ordered]
