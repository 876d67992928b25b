"""The guard's cases: what must be found, and what must be left alone, each told by the functionality that it tests.

Functional tests in the manner of HateCheck (Röttger et al. 2021): small sets of posts that each ask one thing of a
judge, with contrasts near in words and different in deed. `corpus/guard/` holds ours; corpus/README.md has the fields.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from classifiers.assessment import Scope
from classifiers.finding import Finding
from classifiers.judge import Judge
from classifiers.written import WrittenPost
from policies.policy import CategoryName

FOLDER = Path(__file__).parents[2] / "corpus" / "guard"  # in a checkout; not part of an installed Tocsin

Protected = Literal[
    "complaint",
    "counter_speech",
    "criticism",
    "dialect",
    "foi",
    "grief",
    "journalism",
    "legal_steps",
    "own_identity",
    "quotation",
    "reclaimed_words",
    "satire",
    "support_for_victims",
    "swearing_at_a_thing",
    "union_debate",
    "victims_own_account",
    "whistleblowing",
]
Side = Literal["protected speech", "other innocent posts", "must be found"]
SIDES: tuple[Side, ...] = get_args(Side)

_AT_ONCE = 256

Told = Callable[[int], None]  # how many more cases are judged
JudgeFor = Callable[[str], Judge]  # by the name of an organisation's pack


class GuardUnusable(Exception):
    """The cases or their list of known failures cannot be read; the message names the file, the line and the fix."""


class Case(WrittenPost):
    """One case. `expected` must be found; more of `categories` may be; an innocent post has neither."""

    functionality: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]+$")]
    organisation: str
    expected: tuple[CategoryName, ...]
    protected: Protected | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Case":
        if bool(self.expected) != bool(self.categories) or not set(self.expected) <= set(self.categories):
            raise ValueError("expected must be among categories, and both be empty for an innocent post")
        if bool(self.expected) == bool(self.near_misses):
            raise ValueError("name near_misses for an innocent post, and only for one")
        if self.expected and self.protected:
            raise ValueError("what must be found is no protected speech")
        return self

    @property
    def side(self) -> Side:
        """Which way the case can fail, and whom that harms."""
        if self.expected:
            return "must be found"
        return "protected speech" if self.protected else "other innocent posts"


@dataclass(frozen=True)
class Outcome:
    """A case, and what the judge found in it."""

    case: Case
    findings: tuple[Finding, ...]
    scope: Scope  # whose account wrote it, as the pack has it

    @property
    def right(self) -> bool:
        """All that must be found is, and nothing beyond what a fair reader could find."""
        found = {finding.category for finding in self.findings}
        return set(self.case.expected) <= found <= set(self.case.categories)

    @property
    def said(self) -> str:
        """What was found and why, for people."""
        return "; ".join(f"{one.category} ({one.confidence:.2f}): {one.why}" for one in self.findings) or "nothing"


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case of every `.jsonl` file in the folder, in order. Raises GuardUnusable."""
    cases = [case for path in sorted(folder.glob("*.jsonl")) for case in _cases(path)]
    if not cases:
        raise GuardUnusable(f"{folder} holds no cases of the guard; run from a checkout of Tocsin, or name the folder")
    if twice := [name for name, times in Counter(case.id for case in cases).items() if times > 1]:
        raise GuardUnusable(f"{folder} has two cases of one id: {', '.join(twice)}")
    return cases


def _cases(path: Path) -> Iterator[Case]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        broken = error.object.count(b"\n", 0, error.start) + 1
        raise GuardUnusable(f"{path}, line {broken}: is not UTF-8; save the file in that encoding") from error
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield Case.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise GuardUnusable(f"{path}, line {number}: {where}: {first['msg']}") from error


def judged(cases: Sequence[Case], judge_for: JudgeFor, told: Told = lambda n: None) -> list[Outcome]:
    """Every case under its organisation's pack, as `tocsin classify` would, in order. Raises what the judge raises."""
    outcomes: dict[str, Outcome] = {}
    for name in sorted({case.organisation for case in cases}):
        judge = judge_for(name)
        rest = (case for case in cases if case.organisation == name)
        while part := list(islice(rest, _AT_ONCE)):
            for case, judgement in zip(part, judge.judge([case.mention() for case in part]), strict=True):
                outcomes[case.id] = Outcome(case, judgement.findings, judgement.assessment.scope)
            told(len(part))
    return [outcomes[case.id] for case in cases]
