"""What a platform may cost: quotas and prices as data, the operator's budget, and how many calls it still pays for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, Self

SPOKEN = re.compile(r"(?P<usd>\$)?\s*(?P<number>\d[\d,_]*(?:\.\d+)?)\s*(?P<unit>usd|calls?|requests?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Quota:
    """The calls that the platform allows in a window of so many seconds."""

    calls: int
    window_s: int


@dataclass(frozen=True)
class Price:
    """What the platform charges, in US dollars. `page`: the mentions that one call may bring."""

    usd_per_call: Decimal = Decimal(0)
    usd_per_mention: Decimal = Decimal(0)
    page: int = 100

    @property
    def dearest_call(self) -> Decimal:
        """What one call costs at most."""
        return self.usd_per_call + self.usd_per_mention * self.page

    def of(self, calls: int, mentions: int) -> Decimal:
        """What so many calls that brought so many mentions have cost."""
        return self.usd_per_call * calls + self.usd_per_mention * mentions


@dataclass(frozen=True)
class Spent:
    """What the runs of one platform have used in some stretch of time.

    `under_way`: calls that were begun, and of which no run has said yet what they brought; by a killed run never.
    """

    calls: int
    mentions: int
    under_way: int = 0


class Ledger(Protocol):
    """What was used before; the warehouse keeps it."""

    def spent(self, platform: str, since: datetime) -> Spent:
        """The calls and mentions of all runs of a platform that began at or after a moment."""
        ...

    def claim(self, platform: str, since: datetime, affordable: Callable[[Spent], bool]) -> bool:
        """Count a call as begun where `affordable` says of what was used that it leaves room for it; whether it does.

        Two processes are asked one after the other, so that what one has claimed the other sees.
        """
        ...


@dataclass(frozen=True)
class Budget:
    """What the operator allows one platform in a calendar month (UTC): calls, or US dollars."""

    calls: int | None = None
    usd: Decimal | None = None

    @classmethod
    def parse(cls, value: Any) -> Self | None:
        """Read "5000", "5000 calls", "$50" or "50 USD". Raises ValueError for anything else."""
        if value is None or isinstance(value, cls):
            return value
        said = SPOKEN.fullmatch(str(value).strip())
        if not str(value).strip():
            return None
        if said is None:
            raise ValueError("is no budget: write calls (5000) or US dollars ($50) a month")
        money = bool(said["usd"]) or (said["unit"] or "").lower() == "usd"
        try:
            number = Decimal(re.sub("[,_]", "", said["number"]))
        except InvalidOperation as error:
            raise ValueError("is no number") from error
        return cls(usd=number) if money else cls(calls=int(number))

    def calls_left(self, price: Price, spent: Spent) -> int:
        """The calls that this still pays for, each at its dearest, as those are counted that are under way."""
        if self.usd is None:
            return max(0, (self.calls or 0) - spent.calls - spent.under_way)
        left = int((self.usd - price.of(spent.calls, spent.mentions)) / price.dearest_call)
        return max(0, left - spent.under_way)

    def __str__(self) -> str:
        return f"${self.usd}" if self.usd is not None else f"{self.calls} calls"


def month_of(now: datetime) -> datetime:
    """The first moment of a moment's calendar month, in UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def allowance(
    budget: Budget | None,
    price: Price,
    platform: str,
    ledger: Ledger | None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Callable[[], bool]:
    """A question that a run asks before each call: does the budget pay for it? Where it does, the call is claimed.

    Raises ValueError, naming the setting, for money where nothing is charged.
    """
    if budget and budget.usd is not None and not price.dearest_call:
        raise ValueError(f"TOCSIN_{platform.upper()}_BUDGET: {platform} charges no money: give its budget in calls")

    def claim() -> bool:
        if budget is None or ledger is None:
            return True
        return ledger.claim(platform, month_of(now()), lambda spent: budget.calls_left(price, spent) > 0)

    return claim
