"""What is held of a post when it becomes evidence, as one document: the platform's record, words, author, media.

The document is kept as the very bytes that were hashed. Media themselves are not fetched: it says so, and what the
platform told of them (address, alternative text, and any hash in its own record) is in it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from classifiers.normalise import normalise
from warehouse.rows import chunks
from warehouse.schema import authors, mentions, payloads, revisions

NOT_FETCHED = "the bytes were not fetched, so there is no hash of them; the platform's record has what it told"
NO_PAGE = "no picture of the page was taken: the platform's record was read through its interface, not its pages"
PROFILE = ("author", "native_id", "handle", "name", "bio", "followers", "account_created_at")
OURS = ("media", "author", "loaded_at", "posted_on")  # told elsewhere in the document, or of no interest in it


def originals_of(connection: Connection, mention_ids: Sequence[str]) -> dict[str, str]:
    """By mention id, the canonical JSON of all that is held of it now. Of a mention that is gone there is none."""
    told: dict[str, str] = {}
    for some in chunks(sorted(set(mention_ids)), size=500):
        records = _records(connection, some)
        earlier = _former_texts(connection, some)
        people = _people(connection, some)
        for row in connection.execute(select(mentions).where(mentions.c.mention_id.in_(some))).mappings():
            mention_id = row["mention_id"]
            parts = (people.get(row["author"]), records.get(mention_id), earlier[mention_id])
            told[mention_id] = _canonical(_document(dict(row), *parts))
    return told


def sha256(original: str) -> str:
    """Of the document as it is kept, as 64 hex digits."""
    return hashlib.sha256(original.encode("ascii")).hexdigest()


def _document(
    mention: dict[str, Any], author: dict[str, Any] | None, payload: Any, former_texts: list[dict[str, Any]]
) -> dict[str, Any]:
    media = [{**each, "sha256": None, "note": NOT_FETCHED} for each in mention["media"]]
    return {
        "mention": {name: value for name, value in mention.items() if name not in OURS},
        "author": author,
        "normalised_text": normalise(mention["text"]).text,
        "former_texts": former_texts,
        "media": media,
        "rendered_page": {"sha256": None, "note": NO_PAGE},
        "payload": payload,  # null where the platform's terms have ended its keeping
    }


def _canonical(document: dict[str, Any]) -> str:
    separators = (",", ":")
    return json.dumps(document, sort_keys=True, separators=separators, allow_nan=False, default=_moment)


def _moment(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an original")


def _people(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    theirs = select(mentions.c.author).where(mentions.c.mention_id.in_(ids))
    query = select(*(authors.c[name] for name in PROFILE)).where(authors.c.author.in_(theirs))
    return {row["author"]: dict(row) for row in connection.execute(query).mappings()}


def _records(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    rows = connection.execute(select(payloads).where(payloads.c.mention_id.in_(ids)))
    return {row.mention_id: row.payload for row in rows}


def _former_texts(connection: Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    query = select(revisions).where(revisions.c.mention_id.in_(ids)).order_by(revisions.c.revision)
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(query):
        told[row.mention_id].append({"revision": row.revision, "text": row.text, "replaced_at": row.replaced_at})
    return told
