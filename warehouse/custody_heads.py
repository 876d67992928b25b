"""Where each custody log ends, kept beside it and in what is told, so that a log whose end was cut off is found.

The row moves on with each entry and from the very entry that it names: behind a log that was cut off it stays where it
was, however much is written afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.custody import FIRST, CustodyEntry
from incidents.notification import Card, Notification
from warehouse.case_schema import outbox
from warehouse.custody_schema import custody_heads as heads


def begin(connection: Connection, entries: Sequence[CustodyEntry]) -> None:
    """Keep where logs that begin in this transaction end: each with its first entry."""
    connection.execute(insert(heads), [_row(entry) for entry in entries])


def move_on(connection: Connection, entry: CustodyEntry) -> None:
    """Keep that a log ends with this entry now; nothing where its end was not the entry before."""
    if entry.former == FIRST:
        upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(upsert(heads).values(_row(entry)).on_conflict_do_nothing())
        return
    former = (heads.c.entries == entry.sequence - 1) & (heads.c.sha256 == entry.former)
    theirs = update(heads).where(heads.c.incident_id == entry.incident_id, former)
    connection.execute(theirs.values(entries=entry.sequence, sha256=entry.sha256))


def marked(connection: Connection, told: Notification) -> Notification:
    """A notification with the end of its incident's log on its card: whoever is told holds a copy of it."""
    if not isinstance(told.card, Card):
        return told
    row = connection.execute(select(heads).where(heads.c.incident_id == told.incident_id)).one_or_none()
    return told if row is None else with_end(told, row.entries, row.sha256)


def with_end(told: Notification, entries: int, sha256: str) -> Notification:
    """The notification of an incident whose log has so many entries, the last with this hash."""
    if not isinstance(told.card, Card):
        raise TypeError(f"{told.incident_id} is no incident")
    return replace(told, card=replace(told.card, custody=f"{entries}:{sha256}"))


def cut_off(connection: Connection, incident_id: str, log: Sequence[CustodyEntry]) -> Iterator[str]:
    """What a log, whole as it may look, lacks or has too much of by what was kept and told of its end."""
    row = connection.execute(select(heads).where(heads.c.incident_id == incident_id)).one_or_none()
    if row is None:
        yield "the table custody_heads does not say where its custody log ends: the row was removed"
    else:
        yield from _differs(log, row.entries, row.sha256, "by the table custody_heads")
        if len(log) > row.entries:
            yield f"the custody log has {len(log)} entries, by the table custody_heads {row.entries}: some were put in"
    end = outbox.c.card["custody"].as_string()
    query = select(outbox.c.notification_id, end.label("told")).where(outbox.c.incident_id == incident_id)
    for told in connection.execute(query.order_by(outbox.c.sequence)):
        entries, _, sha256 = (told.told or "").partition(":")
        if entries.isdecimal():
            yield from _differs(log, int(entries), sha256, f"by the notification {told.notification_id}")


def _differs(log: Sequence[CustodyEntry], entries: int, sha256: str, by: str) -> Iterator[str]:
    if len(log) < entries:
        yield f"the custody log ends with entry {len(log)}, {by} it had {entries}: its end was cut off"
    elif entries < 1 or log[entries - 1].sha256 != sha256:
        yield f"custody entry {entries} is another than {by}: the log was cut off there and written anew"


def _row(entry: CustodyEntry) -> dict[str, object]:
    return {"incident_id": entry.incident_id, "entries": entry.sequence, "sha256": entry.sha256}
