"""The gate: which outcomes of the guard stop a release, by a list of failures that are known and may only shrink."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers.evaluation.guard import GuardUnusable, Outcome

NAME = "known-failures.json"
SLACK = 0.03  # a new model trades some of what must be found for others; more than this is a loss
ACCEPT = "tocsin guard --accept"


class Known(BaseModel):
    """What a person has accepted: innocent posts that are flagged, by id with their functionality, and the floor."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    found_at_least: float = Field(ge=0, le=1)  # share of the cases that must be found and are, exactly
    wrongly_flagged: dict[str, str]


@dataclass(frozen=True)
class Stop:
    """A reason not to release: the rule that is broken, the cases, and what to do."""

    rule: str
    cases: tuple[str, ...]
    remedy: str

    def __str__(self) -> str:
        return "\n".join((f"{self.rule}:", *(f"  {case}" for case in self.cases), f"  What to do: {self.remedy}"))


def read_known(folder: Path) -> Known:
    """The list beside the cases. Raises GuardUnusable."""
    path = folder / NAME
    try:
        return Known.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise GuardUnusable(f"{path} is missing; `{ACCEPT}` makes it from a run, for a person to review") from error
    except ValidationError as error:
        raise GuardUnusable(f"{path} is no list of known failures: {error}; make it again: `{ACCEPT}`") from error


def accepted(outcomes: Sequence[Outcome]) -> Known:
    """What a run would have a person accept."""
    flagged = {one.case.id: one.case.functionality for one in _innocent(outcomes) if not one.right}
    floor = max(0.0, _share_found(outcomes) - SLACK)
    return Known(found_at_least=math.floor(floor * 1000) / 1000, wrongly_flagged=dict(sorted(flagged.items())))


def write_known(known: Known, folder: Path) -> None:
    """Write the list, sorted, a case a line, so that a change of it reads well in a review."""
    text = json.dumps(known.model_dump(), indent=1, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def gate(outcomes: Sequence[Outcome], known: Known) -> list[Stop]:
    """Every reason to stop; empty when the release may go on. `outcomes` are those of the whole suite."""
    return [*_regressions(outcomes, known), *_stale(outcomes, known), *_too_few_found(outcomes, known)]


def _innocent(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if not one.case.expected]


def _regressions(outcomes: Sequence[Outcome], known: Known) -> list[Stop]:
    new = [one for one in _innocent(outcomes) if not one.right and one.case.id not in known.wrongly_flagged]
    if not new:
        return []
    lines = tuple(
        f"{one.case.id} [{one.case.functionality}, {one.case.side}] “{one.case.text}” found {one.said}" for one in new
    )
    remedy = (
        "mend the rule or the model that flags them. Only if a person decides to live with it: "
        f"`{ACCEPT}`, and say in the commit why. Never change a case's words to make it pass."
    )
    return [Stop(f"{len(new)} innocent posts are flagged that were left alone before", lines, remedy)]


def _stale(outcomes: Sequence[Outcome], known: Known) -> list[Stop]:
    """Listed cases that are right now, or no longer there: kept on the list they could fail again unseen."""
    by_id = {one.case.id: one for one in _innocent(outcomes)}
    stale = [name for name in known.wrongly_flagged if name not in by_id or by_id[name].right]
    if not stale:
        return []
    lines = tuple(f"{name} [{known.wrongly_flagged[name]}]" for name in stale)
    remedy = f"good news: take them off the list, `{ACCEPT}` does it, and commit the shorter list."
    return [Stop(f"{len(stale)} known failures are none any more", lines, remedy)]


def _too_few_found(outcomes: Sequence[Outcome], known: Known) -> list[Stop]:
    share = _share_found(outcomes)
    if share >= known.found_at_least:
        return []
    missed = tuple(
        f"{one.case.id} [{one.case.functionality}] found {one.said}"
        for one in outcomes
        if one.case.expected and not one.right
    )
    remedy = (
        "see which functionality fell (`tocsin guard`); lowering the floor is a decision, to be told in CHANGELOG.md."
    )
    rule = f"{share:.3f} of the cases that must be found are found right, under the floor of {known.found_at_least:.3f}"
    return [Stop(rule, missed, remedy)]


def _share_found(outcomes: Sequence[Outcome]) -> float:
    right = [one.right for one in outcomes if one.case.expected]
    return sum(right) / len(right) if right else 1.0
