"""Requests from Slack: which were seen, so that none is done twice; which are not done yet; which were refused."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.inbox import Held, packed, unpacked
from incidents.interaction import Interaction
from warehouse.audit import record
from warehouse.case_schema import seen_requests
from warehouse.encoding import storable
from warehouse.slack_schema import slack_inbox

KEPT = timedelta(hours=1)  # far beyond the five minutes in which a signature counts
REFUSED = "slack_refused"
MAX_REASON = 500


class RequestLedger:
    """`incidents.inbox.Inbox` on SQLite and PostgreSQL, one for all processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, asked: Interaction, marks: tuple[str, ...], at: datetime) -> Held | None:
        """Note the marks and keep what is asked, or neither where one was noted: of two at once, one is the first."""
        row = {"asked": packed(asked), "received_at": at, "claimed_at": at, "attempts": 1}
        with self._engine.begin() as connection:
            if not _is_first(connection, marks, at):
                return None
            return _held(connection.execute(insert(slack_inbox).values(row).returning(slack_inbox)).one())

    def left(self, at: datetime, lease: timedelta) -> list[Held]:
        """Begin anew what somebody began and did not finish within the lease."""
        table = slack_inbox.c
        begin = update(slack_inbox).where(table.claimed_at < at - lease)
        begin = begin.values(claimed_at=at, attempts=table.attempts + 1)
        with self._engine.begin() as connection:
            rows = connection.execute(begin.returning(slack_inbox)).all()
        return [_held(row) for row in sorted(rows, key=lambda row: row.number)]

    def done(self, held: Held) -> None:
        """Nothing is left to do of it: its words are not kept here any longer."""
        with self._engine.begin() as connection:
            connection.execute(delete(slack_inbox).where(slack_inbox.c.number == held.number))

    def refused(self, at: datetime, actor: str, subject: str, reason: str, count: int = 1) -> None:
        """One line of the audit trail; `rows` says how many requests it stands for."""
        with self._engine.begin() as connection:
            record(connection, at, actor, REFUSED, storable(subject), reason[:MAX_REASON], count)


def _is_first(connection: Connection, marks: tuple[str, ...], at: datetime) -> bool:
    wanted = sorted({mark for mark in marks if mark})
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(delete(seen_requests).where(seen_requests.c.seen_at < at - KEPT))
    noting = upsert(seen_requests).on_conflict_do_nothing().returning(seen_requests.c.mark)
    rows = [connection.scalar(noting.values(mark=storable(mark), seen_at=at)) for mark in wanted]
    return None not in rows


def _held(row: Row[Any]) -> Held:
    return Held(row.number, unpacked(row.asked), row.received_at, row.attempts)
