"""The conversations of open incidents: which are due, what came of asking for them, and what is shown of them.

They are context. No mention is made of them, nothing judges them, and they go when no open incident rests on them any
more: what is not asked about again could not follow a deletion. What an incident itself rests on stays, as evidence.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, not_, select, update

from collectors.conversation import Seed
from collectors.mention import Mention
from warehouse.bulk import load, replace_all
from warehouse.case_schema import evidence, incidents
from warehouse.conversation_schema import conversation_posts, conversations
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.idle import delete_idle_authors
from warehouse.mentions import write_authors
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import chunks
from warehouse.schema import authors, mentions, runs
from warehouse.standing import is_open

SOON, LATER = timedelta(hours=6), timedelta(hours=24)  # between two askings
LIVELY = timedelta(days=3)  # an incident whose last post is younger is asked about soon
ERROR_LIMIT = 2000  # characters


@dataclass(frozen=True)
class Due:
    """A conversation that should be asked for, and the source that found it."""

    conversation: str
    source: str
    platform: str
    seed: Seed


@dataclass(frozen=True)
class Line:
    """One post of a conversation as it is shown. `own`: the incident rests on it."""

    conversation: str
    mention_id: str
    author: str | None  # the handle, else the name; None where the platform names nobody
    text: str
    url: str | None
    parent_id: str | None
    posted_at: datetime
    own: bool


@dataclass(frozen=True)
class Asked:
    """How the last asking for a conversation ended."""

    conversation: str
    outcome: str
    error: str | None
    asked_at: datetime


@dataclass(frozen=True)
class Answer:
    """What came of asking. `replaces`: what was not shown again goes. `read`, `requests`: what it cost."""

    outcome: str
    posts: tuple[Mention, ...] = ()
    error: str | None = None
    replaces: bool = False
    read: int = 0
    requests: int = 0


class ConversationStore:
    """`due`, `keep` and `unseen` are for whoever asks; `of_incident` for whoever looks."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms

    def due(self, now: datetime) -> list[Due]:
        """The conversations of open incidents that were not asked for lately; those that never were come first."""
        with self._engine.connect() as connection:
            standing = connection.execute(_standing().where(is_open())).all()
            asked = _asked_at(connection, sorted({row.conversation for row in standing}))
        ids, first, last = defaultdict[str, list[str]](list), dict[str, Any](), dict[str, datetime]()
        for row in standing:
            ids[row.conversation] = list(dict.fromkeys([*ids[row.conversation], row.native_id]))
            first.setdefault(row.conversation, row)
            last[row.conversation] = max(last.get(row.conversation, row.last_seen_at), row.last_seen_at)
        found = [each for each in ids if each not in asked or asked[each] <= now - _interval(last[each], now)]
        found.sort(key=lambda each: (each in asked, asked.get(each, now), each))
        return [
            Due(each, of.source, of.platform, Seed(of.conversation_id, tuple(ids[each]), of.url))
            for each in found
            for of in [first[each]]
        ]

    @retry_deadlocks
    def keep(self, due: Due, answer: Answer, now: datetime, run_id: str | None = None) -> int:
        """Write what came of asking, and what it cost its run, in one transaction; how many posts were deleted."""
        asked = {"source": due.source, "platform": due.platform, "outcome": answer.outcome, "asked_at": now}
        error = storable(answer.error)[:ERROR_LIMIT] if answer.error else None
        rows = {each.mention_id: self._row(due.conversation, each, now) for each in answer.posts}
        with self._engine.begin() as connection:
            row = {"conversation": due.conversation, **asked, "error": error}
            load(connection, conversations, [row], replace_all(conversations))
            write_authors(connection, self._pseudonyms, answer.posts, now)
            load(connection, conversation_posts, list(rows.values()), replace_all(conversation_posts))
            _count(connection, run_id, answer)
            if not answer.replaces:
                return 0
            unseen = and_(conversation_posts.c.conversation == due.conversation, conversation_posts.c.seen_at < now)
            removed = connection.execute(delete(conversation_posts).where(unseen)).rowcount
            delete_idle_authors(connection)
            return removed

    def unseen(self, due: Due, now: datetime, limit: int) -> list[str]:
        """Native ids of posts that an asking at `now` did not show again, those longest unseen first."""
        posts = conversation_posts.c
        wanted = select(posts.native_id).where(posts.conversation == due.conversation, posts.seen_at < now)
        with self._engine.connect() as connection:
            return list(connection.scalars(wanted.order_by(posts.seen_at, posts.mention_id).limit(limit)))

    def of_incident(self, incident_id: str) -> tuple[list[Asked], list[Line]]:
        """How asking ended for each conversation of an incident, and their posts, oldest first, each once."""
        with self._engine.connect() as connection:
            standing = connection.execute(_standing().where(incidents.c.incident_id == incident_id)).all()
            keys, own = sorted({row.conversation for row in standing}), {row.mention_id for row in standing}
            told = connection.execute(select(conversations).where(conversations.c.conversation.in_(keys))).all()
            posts = conversation_posts
            query = select(posts, authors.c.handle, authors.c.name).outerjoin(
                authors, authors.c.author == posts.c.author
            )
            found = connection.execute(
                query.where(posts.c.conversation.in_(keys)).order_by(posts.c.posted_at, posts.c.mention_id)
            ).all()
        lines = {row.mention_id: _line(row, own) for row in found}
        asked = [Asked(row.conversation, row.outcome, row.error, row.asked_at) for row in told]
        return sorted(asked, key=lambda each: each.conversation), list(lines.values())

    def _row(self, conversation: str, mention: Mention, now: datetime) -> dict[str, Any]:
        return {
            "conversation": conversation,
            "mention_id": mention.mention_id,
            "native_id": mention.id,
            "kind": mention.kind,
            "url": mention.url,
            "author": self._pseudonyms.of(mention.platform, mention.author),
            "text": mention.text,
            "parent_id": mention.in_reply_to.id if mention.in_reply_to else None,
            "posted_at": mention.created_at,
            "seen_at": now,
        }


def forget_posts(connection: Connection, mention_ids: Sequence[str]) -> int:
    """Delete posts from whatever conversation they stand in; how many."""
    gone = 0
    for some in chunks(sorted(mention_ids)):
        gone += connection.execute(delete(conversation_posts).where(conversation_posts.c.mention_id.in_(some))).rowcount
    return gone


def delete_settled(connection: Connection) -> int:
    """Delete the conversations in which no open incident's post stands any more; how many posts went with them."""
    open_ = _standing().where(is_open()).subquery()
    over = not_(conversations.c.conversation.in_(select(open_.c.conversation)))
    theirs = select(conversations.c.conversation).where(over)
    gone = connection.execute(delete(conversation_posts).where(conversation_posts.c.conversation.in_(theirs))).rowcount
    connection.execute(delete(conversations).where(over))
    return gone


def _standing() -> Any:
    """The posts that incidents rest on, with the conversation that each stands in."""
    key = mentions.c.platform + ":" + func.coalesce(mentions.c.conversation_id, mentions.c.native_id)
    return (
        select(
            key.label("conversation"),
            mentions.c.mention_id,
            mentions.c.native_id,
            mentions.c.conversation_id,
            mentions.c.platform,
            mentions.c.source,
            mentions.c.url,
            incidents.c.last_seen_at,
        )
        .distinct()
        .join(evidence, evidence.c.mention_id == mentions.c.mention_id)
        .join(incidents, incidents.c.incident_id == evidence.c.incident_id)
        .order_by(mentions.c.mention_id)
    )


def _count(connection: Connection, run_id: str | None, answer: Answer) -> None:
    """Posts and calls count against the platform's budget as those of any run do."""
    if run_id is None:
        return
    cost = {"collected": runs.c.collected + answer.read, "requests": runs.c.requests + answer.requests}
    if connection.execute(update(runs).where(runs.c.run_id == run_id).values(cost)).rowcount != 1:
        raise KeyError(f"no run {run_id!r} was started")


def _asked_at(connection: Connection, keys: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for some in chunks(keys):
        query = select(conversations.c.conversation, conversations.c.asked_at)
        rows = connection.execute(query.where(conversations.c.conversation.in_(some))).all()
        found |= {row.conversation: row.asked_at for row in rows}
    return found


def _interval(last_seen_at: datetime, now: datetime) -> timedelta:
    return SOON if last_seen_at > now - LIVELY else LATER


def _line(row: Any, own: set[str]) -> Line:
    return Line(
        row.conversation,
        row.mention_id,
        row.handle or row.name,
        row.text,
        row.url,
        row.parent_id,
        row.posted_at,
        row.mention_id in own,
    )
