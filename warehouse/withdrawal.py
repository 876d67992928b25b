"""Posts that their platform no longer shows are deleted here too, and authors that it no longer names forgotten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, select, update

from warehouse.audit import record
from warehouse.behaviour_schema import traces
from warehouse.conversation_schema import conversation_posts
from warehouse.conversations import forget_posts
from warehouse.deadlocks import retry_deadlocks
from warehouse.idle import authors_of, delete_idle_authors
from warehouse.post_changes import note_gone, note_nameless
from warehouse.quotations import WRITER, forget_quoted
from warehouse.retention import delete_mentions, held_mentions
from warehouse.rows import chunks
from warehouse.runs import Clock, utc_now
from warehouse.schema import mentions, payloads


@dataclass(frozen=True)
class Withdrawal:
    """How many mentions and posts of conversations were deleted, and how many mentions are held as evidence."""

    deleted: int
    held: int


def stored_after(engine: Engine, source: str, after: str, limit: int) -> list[tuple[str, str]]:
    """Up to `limit` mentions of a source, as (mention id, native id), by id from `after` on."""
    wanted = select(mentions.c.mention_id, mentions.c.native_id).where(
        mentions.c.source == source, mentions.c.mention_id > after
    )
    with engine.connect() as connection:
        rows = connection.execute(wanted.order_by(mentions.c.mention_id).limit(limit)).all()
    return [(mention_id, native_id) for mention_id, native_id in rows]


def waiting_after(engine: Engine, source: str, after: str) -> int:
    """How many mentions of a source there are by id from `after` on."""
    wanted = select(func.count()).where(mentions.c.source == source, mentions.c.mention_id > after)
    with engine.connect() as connection:
        return connection.execute(wanted).scalar_one()


@retry_deadlocks
def disown(engine: Engine, ids: Sequence[str], platform: str, clock: Clock = utc_now) -> int:
    """Forget who wrote mentions whose platform names nobody any more; how many. One transaction with its audit row.

    Replies to them forget it, too. What an incident rests on keeps its author.
    """
    if not ids:
        return 0
    with engine.begin() as connection:
        whose = authors_of(connection, ids)
        named: list[str] = []
        for some in chunks(sorted(set(ids))):
            known = select(mentions.c.mention_id).where(mentions.c.mention_id.in_(some), mentions.c.author.is_not(None))
            named += connection.scalars(known)
        held = set(held_mentions(connection, named))
        for some in chunks([mention_id for mention_id in named if mention_id not in held]):
            connection.execute(update(mentions).where(mentions.c.mention_id.in_(some)).values(author=None))
            for table in (payloads, traces):
                connection.execute(delete(table).where(table.c.mention_id.in_(some)))
        for some in chunks(sorted(set(ids))):
            beside = conversation_posts.c.mention_id.in_(some)
            connection.execute(update(conversation_posts).where(beside).values(author=None))
        answered = forget_quoted(connection, platform, _native(ids, platform), WRITER)
        delete_idle_authors(connection, whose)
        note_nameless(connection, sorted(held), clock())
        disowned = len(named) - len(held)
        if disowned or answered:
            why = "the author's account is gone"
            record(connection, clock(), "tocsin", "disown", platform, why, disowned + answered)
    return disowned


@retry_deadlocks
def withdraw(
    engine: Engine, ids: Sequence[str], platform: str, clock: Clock = utc_now, *, suspended: Collection[str] = ()
) -> Withdrawal:
    """Delete mentions that are gone from their platform, in one transaction with its audit row.

    Replies to them stay, without their words and their author's name.

    `suspended`: those of them whose author's account the platform has suspended or closed. What an incident rests on
    stays as evidence, and the incident hears of it.
    """
    return _withdraw(engine, ids, platform, clock, frozenset(suspended))


@retry_deadlocks
def forbid(engine: Engine, ids: Sequence[str], platform: str, clock: Clock = utc_now) -> Withdrawal:
    """Delete mentions that are shown still and that may not be kept, such as those of staff whom nobody may watch."""
    return _withdraw(engine, ids, platform, clock, None)


def _withdraw(
    engine: Engine, ids: Sequence[str], platform: str, clock: Clock, suspended: Collection[str] | None
) -> Withdrawal:
    """`suspended` None: the platform shows them still."""
    if not ids:
        return Withdrawal(0, 0)
    with engine.begin() as connection:
        whose = authors_of(connection, ids)
        known: list[str] = []
        for some in chunks(sorted(set(ids))):
            known += connection.scalars(select(mentions.c.mention_id).where(mentions.c.mention_id.in_(some)))
        held = set(held_mentions(connection, known))
        delete_mentions(connection, [mention_id for mention_id in known if mention_id not in held])
        if suspended is not None:
            note_gone(connection, sorted(held), suspended, clock())
        deleted = len(known) - len(held) + forget_posts(connection, ids)
        answered = forget_quoted(connection, platform, _native(ids, platform))
        delete_idle_authors(connection, whose)
        if known or deleted or answered:
            why = "gone from the platform" if suspended is not None else "may not be kept"
            record(connection, clock(), "tocsin", "withdraw", platform, why, deleted + answered)
    return Withdrawal(deleted, len(held))


def _native(mention_ids: Sequence[str], platform: str) -> set[str]:
    return {each.removeprefix(f"{platform}:") for each in mention_ids}
