"""An entry of a feed, in feedparser's terms, as a mention: title and text without markup, links, pictures, rating."""

import calendar
import hashlib
import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collectors.markup import Markup
from collectors.mention import Kind, Mention

PLATFORM = "feeds"
LONGEST_ID = 500  # characters, as Mention has it
# Universal as they stand; any other guid ("1", "post-17") is unique in its own feed only.
UNIVERSAL = re.compile(r"(?:https?|tag|urn|at|yt|ni):", re.IGNORECASE)
RATINGS = ("im_rating", "review_rating", "rating")
# A mention must have a moment. The record says so where it is not the entry's own.
DATED_BY_FEED = "the feed's date: the entry has none"
DATED_BY_COLLECTION = "the moment of collection: neither the entry nor the feed has a date"


@dataclass(frozen=True)
class Origin:
    """What an entry does not say itself: its feed's address, language and date, and when it was collected."""

    address: str  # host and path: "example.org/rss"
    collected_at: datetime
    language: str | None = None
    dated: datetime | None = None


def to_mention(entry: Mapping[str, Any], origin: Origin) -> Mention:
    """Read one entry. Raises ValueError for an empty one, pydantic.ValidationError for one that cannot be stored."""
    title, body = Markup.read(entry.get("title_detail") or {}), Markup.read(_fullest(entry))
    text = body.text if body.text.startswith(title.text) else f"{title.text}\n\n{body.text}".strip()
    if not text:
        raise ValueError("the entry has neither title nor text")
    created_at, dated_by = _moment(entry, origin)
    rating = _rating(entry)
    parent = entry.get("thr_in-reply-to") or {}
    raw = {name: value for name, value in entry.items() if not name.endswith("_parsed")}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": identity(entry, text, origin),
            "text": text,
            "created_at": created_at,
            "url": entry.get("link"),
            "kind": _kind(rating, parent),
            "author": _author(entry),
            "lang": entry.get("language") or origin.language,
            "in_reply_to": {"id": parent.get("ref") or parent.get("href")} if parent else None,
            "media": [*_enclosed(entry), *({"type": "image", "url": src, "alt_text": alt} for src, alt in body.images)],
            "links": list(dict.fromkeys(body.links)),
            "metrics": {"replies": _count(entry.get("slash_comments")), "rating": rating},
            "_raw": {**raw, **({"dated_by": dated_by} if dated_by else {})},
        }
    )


def identity(entry: Mapping[str, Any], text: str, origin: Origin) -> str:
    """The entry's own id, else its link, else a digest of its text; qualified by the feed unless it is universal."""
    own = entry.get("id") or entry.get("link") or hashlib.sha256(text.encode()).hexdigest()
    whole = own if UNIVERSAL.match(own) else f"{origin.address}#{own}"
    return whole if len(whole) <= LONGEST_ID else f"{origin.address[:200]}#{hashlib.sha256(whole.encode()).hexdigest()}"


def moment(parsed: Any) -> datetime | None:
    """A time as feedparser parses it (a struct_time in UTC); None where it is none, as the year 0 is."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        return None


def _moment(entry: Mapping[str, Any], origin: Origin) -> tuple[datetime, str | None]:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        own = moment(entry.get(name)) if name in entry else None
        if own:
            return own, None
    return (origin.dated, DATED_BY_FEED) if origin.dated else (origin.collected_at, DATED_BY_COLLECTION)


def _fullest(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    details = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    return max(details, key=lambda detail: len(detail.get("value") or ""))


def _kind(rating: float | None, parent: Mapping[str, Any]) -> Kind:
    if rating is not None:
        return "review"
    return "comment" if parent else "article"


def _author(entry: Mapping[str, Any]) -> dict[str, Any]:
    # An e-mail address that a feed gives away is not needed here, and so is not kept as the author's identity.
    detail = entry.get("author_detail") or {}
    name = detail.get("name") or (None if detail.get("email") else entry.get("author"))
    return {"id": detail.get("href"), "name": html.unescape(name) if name else None}


def _rating(entry: Mapping[str, Any]) -> float | None:
    for name in RATINGS:
        try:
            rating = float(entry[name])
        except (KeyError, TypeError, ValueError):
            continue
        if math.isfinite(rating):
            return rating
    return None


def _count(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 10 else None


def _enclosed(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    shown = set()
    for item in [*(entry.get("media_content") or ()), *(entry.get("enclosures") or ())]:
        url = item.get("url") or item.get("href")
        family = item.get("medium") or (item.get("type") or "").partition("/")[0]
        if url and family in ("image", "video", "audio") and url not in shown:
            shown.add(url)
            yield {"type": family, "url": url, "alt_text": item.get("alt")}
