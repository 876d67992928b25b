"""Thresholds refitted to a stated precision, on what people said of incidents. Pure; it proposes, and changes nothing.

The unit is the incident, as one verdict is given for all its findings, with the confidence of the surest of them: a
threshold above that loses the incident. A threshold is raised only where the labels show it: at the new one the lower
end of the precision's 95 % interval (Wilson) reaches what is asked for, on enough incidents. It is never lowered:
findings below the present threshold were never raised, so nobody has said anything of them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.policy import CATEGORY_NAMES, CategoryName, Policy

Z = 1.959964  # of a 95 % interval
LEAST = 30  # labelled incidents of a category, at the threshold that is proposed too

Outcome = Literal["raise", "holds", "too few", "out of reach", "not raised"]


@dataclass(frozen=True)
class Judged:
    """One incident that people decided: its surest finding's confidence, and whether the category was right."""

    incident_id: str
    category: CategoryName
    confidence: float
    right: bool
    model: str


@dataclass(frozen=True)
class Precision:
    """How many of `of` were right, with the 95 % interval of the share."""

    right: int
    of: int

    @property
    def share(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval: honest for few and for shares near 0 and 1; of nothing it is 0 to 1."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.right / self.of, Z * Z / self.of
        middle = (share + spread / 2) / (1 + spread)
        half = Z * math.sqrt(share * (1 - share) / self.of + spread / (4 * self.of)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Proposal:
    """What the labels say of one category's threshold, now and as proposed (the same where nothing is)."""

    category: CategoryName
    outcome: Outcome
    now: float
    threshold: float
    before: Precision
    after: Precision

    @property
    def lost_right(self) -> int:
        """Incidents that people confirmed, and that would have been missed."""
        return self.before.right - self.after.right

    @property
    def lost_wrong(self) -> int:
        """Incidents that people called false, and that would have been spared."""
        return (self.before.of - self.before.right) - (self.after.of - self.after.right)


def precision(judged: Iterable[Judged]) -> Precision:
    """Of all that was decided."""
    decided = [each.right for each in judged]
    return Precision(sum(decided), len(decided))


def refit(
    policy: Policy,
    judged: Iterable[Judged],
    asked: float,
    *,
    least: int = LEAST,
    raising: Iterable[CategoryName] | None = None,
) -> list[Proposal]:
    """A proposal for each category of the pack that anything was said of, in their order.

    `asked`: the precision that is wanted, over 0 and under 1. `raising`: the categories that may be raised; None: all
    but safeguarding, of which a missed case weighs more than a false alarm.
    """
    by_category: dict[CategoryName, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.category in policy.categories:
            by_category[each.category].append(each)
    allowed = {*CATEGORY_NAMES} - {"safeguarding"} if raising is None else set(raising)
    return [
        _proposal(name, policy.categories[name].threshold, by_category[name], asked, least, name in allowed)
        for name in CATEGORY_NAMES
        if name in by_category
    ]


def _proposal(
    name: CategoryName, now: float, judged: Sequence[Judged], asked: float, least: int, may_rise: bool
) -> Proposal:
    kept = [each for each in judged if each.confidence >= now]
    before = precision(kept)
    if before.of < least:
        return Proposal(name, "too few", now, now, before, before)
    if before.interval[0] >= asked:
        return Proposal(name, "holds", now, now, before, before)
    found = _lowest(kept, now, asked, least)
    if found is None:
        return Proposal(name, "out of reach", now, now, before, before)
    if not may_rise:
        return Proposal(name, "not raised", now, now, before, before)
    after = precision(each for each in kept if each.confidence >= found)
    return Proposal(name, "raise", now, found, before, after)


def _lowest(kept: Sequence[Judged], now: float, asked: float, least: int) -> float | None:
    """The lowest threshold in hundredths above the present one at which the labels show what is asked for."""
    for hundredth in range(math.floor(now * 100) + 1, 100):
        threshold = hundredth / 100
        left = precision(each for each in kept if each.confidence >= threshold)
        if left.of < least:
            return None
        if left.interval[0] >= asked:
            return threshold
    return None


def thresholds(proposals: Iterable[Proposal]) -> Mapping[CategoryName, float]:
    """The thresholds that would change."""
    return {each.category: each.threshold for each in proposals if each.outcome == "raise"}
