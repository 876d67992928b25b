"""Replies that were stored without the words or the author of what they answer, and how both are filled in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, or_, select, update

from collectors.collector import Checkpoint
from collectors.mention import Author, Mention, Parent
from warehouse.deadlocks import retry_deadlocks
from warehouse.mentions import advance, queue
from warehouse.pseudonyms import Pseudonyms, plain_handle
from warehouse.rows import HANDLE_LIMIT, chunks, mention_from, mentions_with_authors
from warehouse.schema import assessments, mentions, runs
from warehouse.traces import trace_again

ANSWERS = ("reply", "comment", "quote", "message")


@dataclass(frozen=True)
class Place:
    """How far a source's replies were looked at: in the order in which they were collected."""

    at: datetime
    mention_id: str

    @classmethod
    def of(cls, checkpoint: Checkpoint | None) -> "Place | None":
        """Read what `state` gives."""
        return cls(datetime.fromisoformat(checkpoint.state["at"]), checkpoint.state["id"]) if checkpoint else None

    @property
    def state(self) -> dict[str, str]:
        """As the checkpoint keeps it."""
        return {"at": self.at.isoformat(), "id": self.mention_id}


@dataclass(frozen=True)
class Cost:
    """What a run has read, and in how many calls."""

    read: int = 0
    requests: int = 0


def answering(engine: Engine, source: str, after: Place | None, limit: int) -> list[tuple[Place, Mention]]:
    """Up to `limit` replies of a source of which it is not known both what they answer and who said that."""
    own = mentions.c
    lacks = or_(own.parent_text.is_(None), and_(own.parent_author.is_(None), own.parent_author_handle.is_(None)))
    query = mentions_with_authors().where(
        own.source == source, own.parent_id.is_not(None), own.kind.in_(ANSWERS), lacks
    )
    if after is not None:
        same = and_(own.collected_at == after.at, own.mention_id > after.mention_id)
        query = query.where(or_(own.collected_at > after.at, same))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(own.collected_at, own.mention_id).limit(limit)).mappings().all()
    return [(Place(row["collected_at"], row["mention_id"]), mention_from(dict(row))) for row in rows]


def stored(engine: Engine, mention_ids: Iterable[str]) -> dict[str, Mention]:
    """Those of the mentions that are held, by mention id."""
    found: dict[str, Mention] = {}
    with engine.connect() as connection:
        for some in chunks(sorted(set(mention_ids))):
            rows = connection.execute(mentions_with_authors().where(mentions.c.mention_id.in_(some))).mappings()
            found |= {row["mention_id"]: mention_from(dict(row)) for row in rows}
    return found


class ParentStore:
    """Fills in what replies answer."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms

    @retry_deadlocks
    def fill(self, run_id: str, filled: Sequence[Mention], checkpoint: Checkpoint, cost: Cost, now: datetime) -> int:
        """Write what replies answer, what that cost, and how far it has come, in one transaction; how many were held.

        A reply that was judged without it waits to be judged again. Raises KeyError for a run that was never started.
        """
        done: list[dict[str, Any]] = []
        with self._engine.begin() as connection:
            for mention in sorted(filled, key=lambda each: each.mention_id):
                change = update(mentions).where(mentions.c.mention_id == mention.mention_id)
                if connection.execute(change.values(**self._columns(mention), loaded_at=now)).rowcount:
                    done.append({"mention_id": mention.mention_id})
            ids = [each["mention_id"] for each in done]
            trace_again(connection, self._pseudonyms, ids, now)  # whom a reply is towards is known only now
            judged = select(assessments.c.mention_id).where(assessments.c.mention_id.in_(ids)).distinct()
            queue(connection, [{"mention_id": each} for each in connection.scalars(judged)], now)
            spent = {"collected": runs.c.collected + cost.read, "requests": runs.c.requests + cost.requests}
            spent |= {"updated": runs.c.updated + len(done)}
            if connection.execute(update(runs).where(runs.c.run_id == run_id).values(spent)).rowcount != 1:
                raise KeyError(f"no run {run_id!r} was started")
            advance(connection, checkpoint, now)
        return len(done)

    def _columns(self, mention: Mention) -> Mapping[str, Any]:
        parent = mention.in_reply_to or Parent()
        author = parent.author or Author()
        handle = plain_handle(author.handle)
        told = {
            "parent_author": self._pseudonyms.of(mention.platform, author),
            "parent_author_handle": handle[:HANDLE_LIMIT] if handle else None,
            "parent_text": parent.text,
        }
        return {name: value for name, value in told.items() if value is not None}
