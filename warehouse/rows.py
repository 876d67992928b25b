"""A mention as rows, and rows as a mention again."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from collectors.mention import Author, Media, Mention, Metrics, Parent
from warehouse.pseudonyms import Pseudonyms, plain_handle
from warehouse.schema import authors, mentions

Row = dict[str, Any]

HANDLE_LIMIT = 500  # characters; handles are indexed, and an index has a limit. The payload keeps the whole
KEPT = ("source", "collected_at", "loaded_at", "revision")  # ours, not the platform's: no news in itself


def mention_row(mention: Mention, source: str, pseudonyms: Pseudonyms, now: datetime) -> Row:
    """The row of `mentions`, as it would stand were this the first that we hear of it."""
    parent = mention.in_reply_to or Parent()
    parent_author = parent.author or Author()
    return {
        "mention_id": mention.mention_id,
        "platform": mention.platform,
        "native_id": mention.id,
        "kind": mention.kind,
        "url": mention.url,
        "author": pseudonyms.of(mention.platform, mention.author),
        "text": mention.text,
        "platform_lang": mention.lang,
        "conversation_id": mention.conversation_id,
        "parent_id": parent.id,
        "parent_author": pseudonyms.of(mention.platform, parent_author),
        "parent_author_handle": _handle(parent_author),
        "parent_text": parent.text,
        **_metrics(mention.metrics),
        "media": [media.model_dump(exclude_none=True) for media in mention.media],
        "links": list(mention.links),
        "matched_terms": list(mention.matched_terms),
        "source": source,
        "posted_at": mention.created_at,
        "posted_on": mention.created_at.date(),
        "collected_at": now,
        "loaded_at": now,
        "revision": 0,
    }


def author_row(mention: Mention, pseudonym: str, now: datetime) -> Row:
    """The row of `authors` behind a mention whose author is known."""
    author = mention.author
    return {
        "author": pseudonym,
        "platform": mention.platform,
        "native_id": author.id,
        "handle": _handle(author),
        "name": author.name,
        "bio": author.bio,
        "followers": author.followers,
        "account_created_at": author.created_at,
        "first_collected_at": now,
        "last_collected_at": now,
    }


def merged(known: Mapping[str, Any], told: Row) -> Row:
    """What is known, brought up to date by what was told later: silence does not unsay what was said before.

    Search terms add up, for one post may be found by two queries. A changed text brings its own media and links.
    """
    edited = told["text"] != known["text"]
    row = {column: known[column] if value is None else value for column, value in told.items()}
    for column in ("media", "links"):
        if not told[column] and not edited:
            row[column] = known[column]
    row["matched_terms"] = [
        *known["matched_terms"],
        *(t for t in told["matched_terms"] if t not in known["matched_terms"]),
    ]
    return row | {column: known[column] for column in KEPT}


def mentions_with_authors() -> Select[Any]:
    """Everything that `mention_from` needs, one row a mention."""
    who = [authors.c[name].label(f"author_{name}") for name in ("native_id", "handle", "name", "bio", "followers")]
    born = authors.c.account_created_at.label("author_created_at")
    return select(mentions, *who, born).select_from(mentions.outerjoin(authors, authors.c.author == mentions.c.author))


def mention_from(row: Mapping[str, Any]) -> Mention:
    """The mention as it was collected, less its raw record."""
    return Mention(
        platform=row["platform"],
        id=row["native_id"],
        text=row["text"],
        created_at=row["posted_at"],
        url=row["url"],
        kind=row["kind"],
        author=Author(
            id=row["author_native_id"],
            handle=row["author_handle"],
            name=row["author_name"],
            bio=row["author_bio"],
            followers=row["author_followers"],
            created_at=row["author_created_at"],
        ),
        lang=row["platform_lang"],
        conversation_id=row["conversation_id"],
        in_reply_to=_parent(row),
        media=tuple(Media(**media) for media in row["media"]),
        links=tuple(row["links"]),
        metrics=Metrics(**{name: row[name] for name in Metrics.model_fields}),
        matched_terms=tuple(row["matched_terms"]),
    )


def _parent(row: Mapping[str, Any]) -> Parent | None:
    if not any(row[column] for column in ("parent_id", "parent_author_handle", "parent_text")):
        return None
    handle = row["parent_author_handle"]
    return Parent(id=row["parent_id"], author=Author(handle=handle) if handle else None, text=row["parent_text"])


def _metrics(metrics: Metrics) -> Row:
    counts = metrics.model_dump()
    if metrics.rating is not None and not math.isfinite(metrics.rating):
        counts["rating"] = None  # NaN: no rating
    return counts


def _handle(author: Author) -> str | None:
    handle = plain_handle(author.handle)
    return handle[:HANDLE_LIMIT] if handle else None


def chunks(ids: Sequence[str], size: int = 5000) -> list[Sequence[str]]:
    """Slices that fit into one statement's parameters on both databases."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]
