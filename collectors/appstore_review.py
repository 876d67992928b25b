"""A review of Apple's feed of customer reviews, in its JSON form, as a mention.

Public for whoever reads stored answers: `to_mention(entry)` for each of `feed.entry` for which `is_review` holds.
Every value of that JSON stands in a `label`, since it was XML once.
"""

import re
from datetime import datetime
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "appstore"
DATED_BY_FEED = "the feed's date: the review has none"
AUTHOR = re.compile(r"/id(\d+)")


def is_review(entry: Any) -> bool:
    """Whether an entry is a review: the first one of a feed may be the app itself."""
    return not (isinstance(entry, dict) and "im:name" in entry and "im:rating" not in entry)


def to_mention(entry: dict[str, Any], feed_updated: str | None = None) -> Mention:
    """Read one entry; `feed_updated` dates one that has no date. Raises ValueError, KeyError or TypeError."""
    text = "\n\n".join(part for part in (label(entry.get("title")), label(entry.get("content"))) if part)
    author = entry.get("author") or {}
    page = AUTHOR.search(label(author.get("uri")) or "")
    own = label(entry.get("updated"))
    if not (own or feed_updated):
        raise ValueError("neither the review nor its feed has a date")
    dated_by = {} if own else {"dated_by": DATED_BY_FEED}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": label(entry["id"]),
            "text": text,
            "created_at": datetime.fromisoformat(own or feed_updated or ""),
            "url": _url(entry.get("link")),
            "kind": "review",
            "author": {"id": page[1] if page else None, "name": label(author.get("name"))},
            "links": links(text),
            "metrics": {"rating": _number(entry.get("im:rating")), "likes": _number(entry.get("im:voteSum"))},
            "_raw": {**entry, **dated_by},
        }
    )


def label(value: Any) -> str | None:
    """What stands in a `label`; None where there is none."""
    return value.get("label") or None if isinstance(value, dict) else value


def _url(link: Any) -> str | None:
    first = link[0] if isinstance(link, list) and link else link
    return ((first or {}).get("attributes") or {}).get("href")


def _number(value: Any) -> int | None:
    said = label(value)
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else None
