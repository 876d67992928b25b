"""Mentions go in: one batch, its authors, payloads, quarantine, queue entries, run counters and checkpoint at once.

A batch is one transaction. Storing it twice is storing it once, so a collector that was killed before it heard
"stored" simply says it again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Mention
from warehouse.blanking import holds_nothing, note_sightings
from warehouse.bulk import load, load_new, replace_all
from warehouse.calendar import note_days
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.post_changes import note_edits, note_shown
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import Row, author_row, chunks, mention_row, merged
from warehouse.runs import Clock, RunLog, utc_now
from warehouse.schema import authors, checkpoints, mentions, payloads, quarantine, revisions, runs, unassessed
from warehouse.totals import Totals, span, totals

RECHECK = "recheck:"  # the sources of what a platform told when it was asked about stored posts
ARCHIVE = "archive:"  # the sources of files: they tell of the past, nobody knows of which day of it
Known = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class StoreCounts:
    """What became of a batch: distinct mentions by fate, and records that were refused."""

    inserted: int
    updated: int
    unchanged: int
    quarantined: int


@dataclass
class _Sorted:
    """The rows of one batch by what must be done with them."""

    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    former_texts: list[Row] = field(default_factory=list)
    refilled: list[Row] = field(default_factory=list)  # had been emptied under a platform's terms; nobody edited them
    outlived: set[str] = field(default_factory=set)  # read from the platform itself, and told here by an archive
    unchanged: int = 0


class MentionStore(RunLog):
    """The door by which collectors' batches enter the warehouse, and the log of who came through it."""

    def __init__(
        self, engine: Engine, pseudonyms: Pseudonyms, clock: Clock = utc_now, limited: Collection[str] = ()
    ) -> None:
        """`limited`: the platforms of which is noted when they show a mention again, since their terms ask for it."""
        super().__init__(engine, clock)
        self._pseudonyms = pseudonyms
        self._limited = frozenset(limited)

    def totals(self) -> Totals:
        """Everything that the warehouse holds, counted."""
        return totals(self._engine)

    def span(self) -> tuple[date, date] | None:
        """The first and the last UTC day on which a stored mention was posted; None where nothing is stored."""
        return span(self._engine)

    def checkpoint(self, source: str) -> Checkpoint | None:
        """Where a source continues; None before its first batch."""
        with self._engine.connect() as connection:
            state = connection.execute(select(checkpoints.c.state).where(checkpoints.c.source == source)).scalar()
        return None if state is None else Checkpoint(source, state)

    @retry_deadlocks
    def store(self, run_id: str, batch: Batch) -> StoreCounts:
        """Write a batch and its checkpoint in one transaction. Raises KeyError for a run that was never started."""
        now = self._clock()
        with self._engine.begin() as connection:
            counts = self._write(connection, run_id, batch, now)
            _count(connection, run_id, batch, counts)
            advance(connection, batch.checkpoint, now)
        return counts

    def _write(self, connection: Connection, run_id: str, batch: Batch, now: datetime) -> StoreCounts:
        source = batch.checkpoint.source
        rows = self._rows(batch, source, now)
        archived = source.startswith(ARCHIVE)
        written = _write_mentions(connection, rows, now, archived)
        touched = {row["mention_id"] for row in (*written.new, *written.changed)}
        if not archived:
            note_edits(connection, written.former_texts, rows, now)
            note_sightings(connection, [key for key, row in rows.items() if row["platform"] in self._limited], now)
        if source.startswith(RECHECK):  # a listing may lag behind, and an archive tells of the past
            note_shown(connection, list(rows), now)
        told = [mention for mention in batch.mentions if mention.mention_id not in written.outlived]
        write_authors(connection, self._pseudonyms, told, now)
        _write_payloads(connection, batch.mentions, touched)
        queue(connection, [*written.new, *written.former_texts, *written.refilled], now)
        note_days(connection, (row["posted_on"] for row in rows.values()))
        load(connection, quarantine, list(_quarantine_rows(batch.quarantined, source, run_id, now).values()))
        return StoreCounts(len(written.new), len(written.changed), written.unchanged, len(batch.quarantined))

    def _rows(self, batch: Batch, source: str, now: datetime) -> dict[str, Row]:
        """One row a mention: of the same mention twice in a batch the last tells, and both say what found it."""
        rows: dict[str, Row] = {}
        for mention in batch.mentions:
            row = mention_row(mention, source, self._pseudonyms, now)
            earlier = rows.get(mention.mention_id)
            rows[mention.mention_id] = merged(earlier, row) if earlier else row
        return rows


def write_authors(connection: Connection, pseudonyms: Pseudonyms, batch: Sequence[Mention], now: datetime) -> None:
    """Note who wrote posts: what is told now replaces what was, silence does not."""
    rows: dict[str, Row] = {}
    for mention in batch:
        if (pseudonym := pseudonyms.of(mention.platform, mention.author)) is not None:
            told = {name: value for name, value in author_row(mention, pseudonym, now).items() if value is not None}
            rows[pseudonym] = rows.get(pseudonym, dict.fromkeys(authors.c.keys())) | told
    load(connection, authors, list(rows.values()), _newer_profile)


def _write_mentions(connection: Connection, rows: Mapping[str, Row], now: datetime, archived: bool) -> _Sorted:
    """What is stored of a mention was told later than an archive tells it, unless an archive told it, too."""
    known = _known(connection, list(rows))
    fresh = [row for mention_id, row in rows.items() if mention_id not in known]
    inserted = load_new(connection, mentions, fresh)
    overtaken = [row["mention_id"] for row in fresh if row["mention_id"] not in inserted]
    sorted_ = _Sorted([row for row in fresh if row["mention_id"] in inserted])
    for mention_id, former in {**known, **_known(connection, overtaken)}.items():
        if archived and not former["source"].startswith(ARCHIVE):
            sorted_.outlived.add(mention_id)
            sorted_.unchanged += 1
            continue
        row = merged(former, rows[mention_id])
        if row == former:
            sorted_.unchanged += 1
            continue
        if row["text"] != former["text"]:
            if holds_nothing(former):
                sorted_.refilled.append(row)
            else:
                sorted_.former_texts.append(_former_text(former, now))
            row["revision"] = former["revision"] + 1
        sorted_.changed.append(row | {"loaded_at": now})
    load(connection, mentions, sorted_.changed, replace_all(mentions))
    load(connection, revisions, sorted_.former_texts)
    return sorted_


def _known(connection: Connection, ids: Sequence[str]) -> Known:
    """What is stored of these mentions; locked against other writers, but not against rows that refer to them."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in chunks(ids):
        query = select(mentions).where(mentions.c.mention_id.in_(some)).order_by(mentions.c.mention_id)
        for row in connection.execute(query.with_for_update(key_share=True)).mappings():
            found[row["mention_id"]] = dict(row)
    return found


def _former_text(former: Mapping[str, Any], now: datetime) -> Row:
    kept = {name: former[name] for name in ("mention_id", "revision", "text")}
    return {**kept, "replaced_at": now}


def _newer_profile(excluded: Any) -> Row:
    told = [column.name for column in authors.c if column.name not in ("author", "platform", "first_collected_at")]
    return {column: func.coalesce(excluded[column], authors.c[column]) for column in told}


def _write_payloads(connection: Connection, batch: Sequence[Mention], touched: set[str]) -> None:
    raw = {mention.mention_id: mention.raw for mention in batch if mention.raw and mention.mention_id in touched}
    rows = [{"mention_id": mention_id, "payload": payload} for mention_id, payload in raw.items()]
    load(connection, payloads, rows, replace_all(payloads))


def queue(connection: Connection, rows: Sequence[Row], now: datetime) -> None:
    """New and edited mentions wait to be judged. An edit waits for a judge who holds the old text to finish first."""
    waiting = [{"mention_id": row["mention_id"], "queued_at": now} for row in rows]
    load(connection, unassessed, waiting, lambda excluded: {"queued_at": excluded.queued_at}, key="mention_id")


def _quarantine_rows(refused: Sequence[Quarantined], source: str, run_id: str, now: datetime) -> dict[str, Row]:
    rows = {}
    for record in refused:
        parts = [storable(part) for part in (source, record.where, record.reason, record.payload)]
        identity = sha256("\x1f".join(parts).encode()).hexdigest()
        rows[identity] = {
            "quarantine_id": identity,
            **dict(zip(("source", "location", "reason", "payload"), parts, strict=True)),
            "run_id": run_id,
            "quarantined_at": now,
        }
    return rows


def _count(connection: Connection, run_id: str, batch: Batch, counts: StoreCounts) -> None:
    added = {
        "collected": len(batch.mentions),
        "inserted": counts.inserted,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "quarantined": counts.quarantined,
        "requests": batch.requests,
    }
    changes: Row = {name: runs.c[name] + number for name, number in added.items()}
    done = connection.execute(update(runs).where(runs.c.run_id == run_id).values(**changes, more=batch.more))
    if done.rowcount != 1:
        raise KeyError(f"no run {run_id!r} was started")


def advance(connection: Connection, checkpoint: Checkpoint, now: datetime) -> None:
    """Note where a source continues."""
    row = {"source": checkpoint.source, "state": dict(checkpoint.state), "updated_at": now}
    load(connection, checkpoints, [row], replace_all(checkpoints))
