"""What is known of each source beside its runs, kept for the marts: noted whole, each time anew."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlalchemy.dialects import postgresql, sqlite

from warehouse.encoding import storable
from warehouse.operations_schema import sources


@dataclass(frozen=True)
class SourceNote:
    """One source that is collected, or one platform that is not. The columns of the table `sources`."""

    source: str
    platform: str
    configured: bool
    access: str | None = None  # how it is lawfully had; None where it cannot be
    note: str | None = None  # what is missing, or why it cannot be had
    expected_least: int | None = None  # new mentions a day
    expected_most: int | None = None
    quota: str | None = None
    quota_used: int | None = None  # calls
    quota_left: int | None = None
    budget: str | None = None
    budget_used: str | None = None
    budget_left: int | None = None  # calls


def note_sources(engine: Engine, notes: Sequence[SourceNote], now: datetime) -> None:
    """Replace what was known before, in one transaction; in one order, so that two at once wait for each other."""
    upsert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    with engine.begin() as connection:
        connection.execute(delete(sources).where(sources.c.source.not_in([note.source for note in notes])))
        for note in sorted(notes, key=lambda each: each.source):
            row = {name: storable(value) if isinstance(value, str) else value for name, value in asdict(note).items()}
            query = upsert(sources).values(**row, noted_at=now)
            told = {name: query.excluded[name] for name in (*row, "noted_at") if name != "source"}
            connection.execute(query.on_conflict_do_update(index_elements=["source"], set_=told))
