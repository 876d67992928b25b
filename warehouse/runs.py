"""Runs: one row for each run of one source, the empty and the failed ones too."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, func, insert, select, update

from collectors.budget import Spent
from warehouse.calendar import note_days
from warehouse.claims import claim_call, spent_since
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.schema import runs

Clock = Callable[[], datetime]
ERROR_LIMIT = 2000  # characters of an error message that a run row keeps
LONGEST_STOP = 365  # days of a stop that are days of the calendar
ARCHIVE = "archive"  # no platform that is expected to run: it is read when somebody asks
RUNNING, INTERRUPTED = "running", "interrupted"


def utc_now() -> datetime:
    """The time, by the machine's clock."""
    return datetime.now(UTC)


def _since(last: datetime | None, now: datetime) -> list[date]:
    """Today, and the days back to a moment; of a longer stop its last `LONGEST_STOP` days."""
    today = now.astimezone(UTC).date()
    stopped = (today - last.astimezone(UTC).date()).days if last else 0
    return [today - timedelta(days=back) for back in range(min(max(stopped, 0), LONGEST_STOP) + 1)]


class RunLog:
    """Who ran when, and how it ended. `finish_run` is the run's own word; the outcome is `CollectError.outcome`'s."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def start_run(self, source: str, platform: str) -> str:
        """Open a run of a source; returns its id.

        Its day is in the calendar, whether or not anybody posts on it, and so are those since the source last ran: on
        each of them it fell further behind.
        """
        run_id, now = str(uuid4()), self._clock()
        row = {"run_id": run_id, "source": source, "platform": platform}
        with self._engine.begin() as connection:
            before = select(func.max(runs.c.started_at)).where(runs.c.source == source, runs.c.platform != ARCHIVE)
            last = connection.scalar(before)
            connection.execute(insert(runs).values(**row, started_at=now, outcome=RUNNING))
            note_days(connection, _since(last, now))
        return run_id

    def finish_run(
        self, run_id: str, outcome: str, error: str | None = None, more: bool = False, requests: int = 0
    ) -> None:
        """Close a run. `more`: a backlog is left for the next. `requests`: calls that no stored batch has counted.

        Raises KeyError for a run that was never started.
        """
        told = storable(error)[:ERROR_LIMIT] if error else None
        change = update(runs).where(runs.c.run_id == run_id)
        with self._engine.begin() as connection:
            ended = {"finished_at": self._clock(), "outcome": outcome, "error": told, "more": more}
            done = connection.execute(change.values(**ended, requests=runs.c.requests + requests))
        if done.rowcount != 1:
            raise KeyError(f"no run {run_id!r} was started")

    def spent(self, platform: str, since: datetime) -> Spent:
        """The calls and mentions of all runs of a platform that began at or after a moment, and its calls under way."""
        with self._engine.connect() as connection:
            return spent_since(connection, platform, since)

    @retry_deadlocks
    def claim(self, platform: str, since: datetime, affordable: Callable[[Spent], bool]) -> bool:
        """Count a call as begun where `affordable` says that what was used leaves room for it; whether it does."""
        with self._engine.begin() as connection:
            return claim_call(connection, platform, since, affordable)

    def close_interrupted_runs(self, source: str | None = None) -> int:
        """Name the runs that a killed process left open; returns how many. `source` None: of every source.

        A run that is alive after all overwrites this when it finishes.
        """
        left_open = (
            runs.c.outcome == RUNNING if source is None else (runs.c.outcome == RUNNING) & (runs.c.source == source)
        )
        with self._engine.begin() as connection:
            done = connection.execute(
                update(runs).where(left_open).values(outcome=INTERRUPTED, finished_at=self._clock())
            )
        return done.rowcount
