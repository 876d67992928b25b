"""What platforms did with posts that incidents rest on, noted in the transaction in which it is learnt, once a change.

`warehouse.watching` tells of it afterwards. Of a post that no incident rests on nothing is noted: it is simply deleted.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, delete, exists, func, insert, not_, or_, select

from incidents.watching import GONE, ChangeKind
from warehouse.bulk import load, replace_all
from warehouse.case_schema import incidents
from warehouse.course_schema import in_custody
from warehouse.rows import chunks
from warehouse.schema import mentions
from warehouse.standing import is_open
from warehouse.watching_schema import post_changes, watched_posts

FRESH = timedelta(days=3)  # since an incident's last post
OFTEN = timedelta(minutes=55)  # a little less than the hour between two runs, so that none is left out by seconds
SELDOM = timedelta(hours=6) - timedelta(minutes=5)


def note_edits(
    connection: Connection, former: Sequence[Mapping[str, Any]], present: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Note edits. `former`: rows of `revisions`; `present`: rows of `mentions` by id."""
    was = {row["mention_id"]: row["text"] for row in former}
    rows = [
        _row(each, "edited", now) | {"former_sha256": _digest(was[each]), "present_sha256": _digest(text)}
        for each in _resting(connection, sorted(was))
        if (text := str(present[each]["text"])) != was[each]
    ]
    _write(connection, rows)


def note_gone(connection: Connection, ids: Sequence[str], suspended: Collection[str], now: datetime) -> None:
    """Note that posts are shown no more, once; those of `suspended` because their author's account is gone."""
    last = _last(connection, ids)
    kinds: dict[str, ChangeKind] = {each: "suspended" if each in suspended else "deleted" for each in ids}
    known = {each for each in ids if last.get(each) in (kinds[each], "suspended")}
    _write(connection, [_row(each, kinds[each], now) for each in ids if each not in known])


def note_nameless(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """Note that posts are shown still and their author is named no more, once."""
    seen: set[str] = set()
    for some in chunks(ids):
        told = post_changes.c.mention_id.in_(some), post_changes.c.kind == "nameless"
        seen.update(connection.scalars(select(post_changes.c.mention_id).where(*told)))
    _write(connection, [_row(each, "nameless", now) for each in ids if each not in seen])


def note_shown(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """Note of posts that their platform shows: those that it had shown no more are restored."""
    back = [each for each, kind in _last(connection, ids).items() if kind in GONE]
    _write(connection, [_row(each, "restored", now) for each in sorted(back)])


def due_posts(engine: Engine, source: str, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Posts of one source that open incidents rest on and that are due to be asked about: mention id, native id.

    Every hour while an incident's last post is younger than `FRESH`, then every six; least recently asked first. What
    is gone already waits for its turn among all the others, and takes none of these places.
    """
    later = post_changes.alias()
    back = exists().where(
        later.c.mention_id == post_changes.c.mention_id,
        later.c.kind == "restored",
        later.c.change_id > post_changes.c.change_id,
    )
    gone = exists().where(post_changes.c.mention_id == mentions.c.mention_id, post_changes.c.kind.in_(GONE), not_(back))
    asked = watched_posts.c.asked_at
    due = or_(asked.is_(None), asked <= now - SELDOM, (asked <= now - OFTEN) & (incidents.c.last_seen_at > now - FRESH))
    query = (
        select(mentions.c.mention_id, mentions.c.native_id)
        .join(in_custody, in_custody.c.mention_id == mentions.c.mention_id)
        .join(incidents, incidents.c.incident_id == in_custody.c.incident_id)
        .outerjoin(watched_posts, watched_posts.c.mention_id == mentions.c.mention_id)
        .where(mentions.c.source == source, is_open(), due, not_(gone))
        .group_by(mentions.c.mention_id, mentions.c.native_id, asked)
        .order_by(asked.is_not(None), asked, mentions.c.mention_id)
    )
    with engine.connect() as connection:
        return [(row.mention_id, row.native_id) for row in connection.execute(query.limit(limit))]


def forget_changes(connection: Connection, ids: Collection[str]) -> None:
    """Delete what was noted of posts that no incident rests on any more."""
    resting = exists().where(in_custody.c.mention_id == post_changes.c.mention_id)
    for some in chunks(sorted(ids)):
        connection.execute(delete(post_changes).where(post_changes.c.mention_id.in_(some), not_(resting)))


def note_asked(engine: Engine, ids: Sequence[str], now: datetime) -> None:
    """Note that a platform is asked about posts; before it answers, so that one that never does has its turn too."""
    with engine.begin() as connection:
        load(
            connection,
            watched_posts,
            [{"mention_id": each, "asked_at": now} for each in ids],
            replace_all(watched_posts),
        )


def _last(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The last that was noted of whether posts are shown."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(ids))):
        presence = post_changes.c.mention_id.in_(some), post_changes.c.kind.in_((*GONE, "restored"))
        newest = select(func.max(post_changes.c.change_id)).where(*presence).group_by(post_changes.c.mention_id)
        told = select(post_changes.c.mention_id, post_changes.c.kind).where(post_changes.c.change_id.in_(newest))
        found.update({row.mention_id: row.kind for row in connection.execute(told)})
    return found


def _resting(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the posts that an incident rests on, as findings or in a course of conduct."""
    held: list[str] = []
    for some in chunks(ids):
        held += connection.scalars(select(in_custody.c.mention_id).where(in_custody.c.mention_id.in_(some)).distinct())
    return sorted(held)


def _row(mention_id: str, kind: ChangeKind, now: datetime) -> dict[str, Any]:
    return {"mention_id": mention_id, "kind": kind, "former_sha256": None, "present_sha256": None, "noticed_at": now}


def _write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(post_changes), list(rows))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
