"""Which requests from Slack were seen, so that none is done twice, and which were refused."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.dialects import postgresql, sqlite

from warehouse.audit import record
from warehouse.case_schema import seen_requests
from warehouse.encoding import storable

KEPT = timedelta(hours=1)  # far beyond the five minutes in which a signature counts
REFUSED = "slack_refused"
MAX_REASON = 500


class RequestLedger:
    """`incidents.intake.Ledger` on SQLite and PostgreSQL, one for all processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def first(self, marks: tuple[str, ...], at: datetime) -> bool:
        """Note the marks; whether none of them had been noted. Of two that come at once, one is the first."""
        wanted = sorted({mark for mark in marks if mark})
        upsert = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        with self._engine.begin() as connection:
            connection.execute(delete(seen_requests).where(seen_requests.c.seen_at < at - KEPT))
            noting = upsert(seen_requests).on_conflict_do_nothing().returning(seen_requests.c.mark)
            rows = [connection.scalar(noting.values(mark=storable(mark), seen_at=at)) for mark in wanted]
        return None not in rows

    def refused(self, at: datetime, actor: str, subject: str, reason: str, count: int = 1) -> None:
        """One line of the audit trail; `rows` says how many requests it stands for."""
        with self._engine.begin() as connection:
            record(connection, at, actor, REFUSED, storable(subject), reason[:MAX_REASON], count)
