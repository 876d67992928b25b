"""What platforms have cost and may cost: quotas used and left, the month's budget, and an estimate before a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from collectors.budget import Budget, Ledger, month_of
from collectors.catalogue import PLATFORMS
from collectors.collector import Collector
from collectors.platform import AnyPlatform
from collectors.section import HttpSection
from policies.counted import counted
from tocsin.house import House
from tocsin.pages import spoken_quota


@dataclass(frozen=True)
class Used:
    """One allowance of a platform: a quota in its window, or the operator's budget in this calendar month."""

    allowance: str  # "450 calls per 15 minutes", "$50 a month"
    used: str
    left: str
    calls_used: int
    calls_left: int
    own: bool = False  # the operator's budget, not the platform's quota


@dataclass(frozen=True)
class Estimate:
    """What one run of one source is likely to cost: where nothing is new, and where there is a backlog.

    No bounds: comments are read in stages of as many pages each, and what replies answer is asked besides.
    """

    source: str
    queries: int
    calls_least: int
    calls_most: int
    usd_least: Decimal
    usd_most: Decimal
    calls_left: int | None  # of this month's budget; None: no budget


def used(house: House, ledger: Ledger) -> dict[str, tuple[Used, ...]]:
    """By platform, what is used and left of each quota and budget, by the runs that the warehouse knows."""
    return {platform.name: tuple(_used(platform, house, ledger)) for platform in PLATFORMS}


def estimate(house: House, ledger: Ledger) -> list[Estimate]:
    """What a run of every configured source is likely to cost. Raises Misconfigured, naming the setting."""
    by_name = {platform.name: platform for platform in PLATFORMS}
    return [
        _estimate(each, by_name[each.platform], house, ledger) for each in house.collectors if each.platform in by_name
    ]


def _estimate(collector: Collector, platform: AnyPlatform, house: House, ledger: Ledger) -> Estimate:
    queries: int = len(getattr(collector, "queries", ()))
    most = max(getattr(collector, "pages", 1), 2 * queries) if queries else 0
    price = platform.reach.price
    return Estimate(
        source=collector.source,
        queries=queries,
        calls_least=queries,
        calls_most=most,
        usd_least=price.of(queries, 0),
        usd_most=price.dearest_call * most,
        calls_left=_calls_left(platform, house, ledger),
    )


def _used(platform: AnyPlatform, house: House, ledger: Ledger) -> Iterator[Used]:
    now = house.now()
    for quota in platform.reach.quotas:
        calls = ledger.spent(platform.name, now - timedelta(seconds=quota.window_s)).calls
        left = max(0, quota.calls - calls)
        yield Used(spoken_quota(quota), counted(calls, "call"), counted(left, "call"), calls, left)
    budget = _budget(platform, house)
    if budget is not None:
        spent = ledger.spent(platform.name, month_of(now))
        money = f"${platform.reach.price.of(spent.calls, spent.mentions):.2f}"
        told = money if budget.usd is not None else counted(spent.calls, "call")
        left = budget.calls_left(platform.reach.price, spent)
        yield Used(f"{budget} a month", told, counted(left, "call"), spent.calls, left, own=True)


def _calls_left(platform: AnyPlatform, house: House, ledger: Ledger) -> int | None:
    budget = _budget(platform, house)
    if budget is None:
        return None
    return budget.calls_left(platform.reach.price, ledger.spent(platform.name, month_of(house.now())))


def _budget(platform: AnyPlatform, house: House) -> Budget | None:
    own = house.settings.of(platform.settings)
    return own.budget if isinstance(own, HttpSection) else None
