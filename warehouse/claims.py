"""Calls that a budget has paid for, claimed one by one before they are made, so that no two processes spend the same.

A claim is not given back. It is settled when a run counts the call, with what it brought; until then, and for the rest
of the month where the run was killed before, it stands for a call at its dearest.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from collectors.budget import Spent
from warehouse.operations_schema import budget_claims
from warehouse.schema import runs


def spent_since(connection: Connection, platform: str, since: datetime) -> Spent:
    """What the runs of a platform that began at or after a moment have used, and the calls claimed but not counted."""
    used = select(func.sum(runs.c.requests), func.sum(runs.c.collected))
    told = connection.execute(used.where(runs.c.platform == platform, runs.c.started_at >= since)).one()
    calls, mentions = int(told[0] or 0), int(told[1] or 0)
    claimed = connection.scalar(select(budget_claims.c.calls).where(_of(platform, since)))
    return Spent(calls, mentions, max(0, (claimed or 0) - calls))


def claim_call(connection: Connection, platform: str, since: datetime, affordable: Callable[[Spent], bool]) -> bool:
    """Claim one call where that is affordable; whether it is. Whoever else claims of this platform waits meanwhile."""
    _lock(connection, platform, since)
    spent = spent_since(connection, platform, since)
    if not affordable(spent):
        return False
    # Calls of before there was a budget were never claimed: what runs have counted is the least.
    claimed = spent.calls + spent.under_way + 1
    connection.execute(update(budget_claims).where(_of(platform, since)).values(calls=claimed))
    return True


def _lock(connection: Connection, platform: str, since: datetime) -> None:
    """Hold the row of a platform's month until the transaction ends; the month's first call makes it."""
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = upsert(budget_claims).values(platform=platform, since=since, calls=0)
    untouched = {"calls": budget_claims.c.calls}
    connection.execute(row.on_conflict_do_update(index_elements=["platform", "since"], set_=untouched))


def _of(platform: str, since: datetime) -> ColumnElement[bool]:
    return and_(budget_claims.c.platform == platform, budget_claims.c.since == since)
