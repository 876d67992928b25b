"""Thresholds refitted on verdicts, and what that would do: to incidents, to what is stored, to the guard's cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from classifiers.evaluation.guard import FOLDER, Case, Outcome, judged, read_cases
from incidents.recalibration import Judged, Proposal, refit, thresholds
from policies.check import load, path_of
from policies.policy import CATEGORY_NAMES, CategoryName, Policy
from policies.thresholds import with_thresholds
from tocsin.errors import Misconfigured
from tocsin.house import House
from tocsin.policy_diff import PolicyDiff, diff
from tocsin.progress import bar
from warehouse.labels import judged as judged_incidents


@dataclass(frozen=True)
class Asked:
    """What to refit to: precision over 0 and under 1, on at least so many incidents, and over how many days to show."""

    precision: float
    least: int
    days: int
    safeguarding: bool = False

    @property
    def raising(self) -> tuple[CategoryName, ...] | None:
        """The categories that may be raised; None: all but safeguarding."""
        return CATEGORY_NAMES if self.safeguarding else None


@dataclass(frozen=True)
class GuardShift:
    """A case of the guard of which the proposed pack finds other things."""

    case: Case
    before: Outcome
    after: Outcome


@dataclass(frozen=True)
class Recalibration:
    """A proposal and what it would change. Without a change of any threshold the last four are empty."""

    policy: Policy
    asked: Asked
    model: str
    proposals: tuple[Proposal, ...]
    other_models: int  # labelled incidents that another model found, and that say nothing of this one's confidence
    text: str = ""  # the pack's file with the proposed thresholds
    proposed: Policy | None = None
    diff: PolicyDiff | None = None
    guard: tuple[GuardShift, ...] | None = None  # None: the guard's cases are not here


def recalibrate(house: House, name: str, asked: Asked) -> Recalibration:
    """Refit a pack (its name or path) on its labels, and see what that would do. Writes nothing.

    Raises PolicyError, and Misconfigured where nobody has closed an incident of it yet.
    """
    policy, model = load(name), house.scorer.name
    found = judged_incidents(house.engine, policy.id)
    if not found:
        raise Misconfigured(
            f"nobody has resolved an incident of {policy.id}, or dismissed one as a false positive: there is nothing "
            "to fit thresholds on yet"
        )
    ours = _of_model(found, model)
    proposals = tuple(refit(policy, ours, asked.precision, least=asked.least, raising=asked.raising))
    result = Recalibration(policy, asked, model, proposals, len(found) - len(ours))
    changed = thresholds(proposals)
    return _seen(house, result, with_thresholds(path_of(name), changed)) if changed else result


def _seen(house: House, result: Recalibration, text: str) -> Recalibration:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{result.policy.id}.yaml"
        path.write_text(text, encoding="utf-8")
        proposed = load(path)
    return Recalibration(
        result.policy,
        result.asked,
        result.model,
        result.proposals,
        result.other_models,
        text,
        proposed,
        diff(house, result.policy, proposed, result.asked.days),
        _guarded(house, result.policy, thresholds(result.proposals)),
    )


def _guarded(house: House, old: Policy, changed: Mapping[CategoryName, float]) -> tuple[GuardShift, ...] | None:
    """The guard's cases of this organisation, of or near a category that changes, of which the new pack finds others.

    A higher threshold leaves out findings and adds none, so the cases are judged once. None where they are not here.
    """
    if not FOLDER.is_dir():
        return None
    cases = [case for case in read_cases(FOLDER) if case.organisation == old.id and _near(case, changed)]
    [judge] = house.judges_of([old])
    with bar("Judging the guard's cases", total=len(cases)) as advance:
        before = judged(cases, lambda _: judge, advance)
    pairs = [(outcome, _raised(outcome, changed)) for outcome in before]
    return tuple(GuardShift(one.case, one, after) for one, after in pairs if one.findings != after.findings)


def _near(case: Case, changed: Mapping[CategoryName, float]) -> bool:
    return not changed.keys().isdisjoint((*case.categories, *case.near_misses))


def _raised(outcome: Outcome, changed: Mapping[CategoryName, float]) -> Outcome:
    kept = tuple(each for each in outcome.findings if each.confidence >= changed.get(each.category, 0.0))
    return replace(outcome, findings=kept)


def _of_model(found: Iterable[Judged], model: str) -> list[Judged]:
    return [each for each in found if each.model == model]
