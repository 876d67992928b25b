"""JSON Feed (jsonfeed.org, versions 1 and 1.1) in feedparser's terms, since feedparser 6 reads XML only."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def looks_like_one(body: bytes) -> bool:
    """Whether a feed's bytes are JSON rather than XML."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parse(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    """The feed's own properties and its entries. Raises ValueError or TypeError for anything else."""
    feed = json.loads(body)
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        raise ValueError("it is JSON, but not a JSON Feed: it has no version of jsonfeed.org")
    items = feed.get("items")
    if not isinstance(items, list):
        raise TypeError("its items are not a list")
    return {"language": feed.get("language")}, [_entry(item) if isinstance(item, dict) else item for item in items]


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever is wrong in one item must not hide the others, so nothing is raised here."""
    authors = _listed(item.get("authors")) or [item.get("author")]
    texts = [("text/html", item.get("content_html")), ("text/plain", item.get("content_text"))]
    author = authors[0] if isinstance(authors[0], dict) else {}
    return {
        "id": str(item["id"]) if item.get("id") not in (None, "") else None,
        "link": item.get("url") or item.get("external_url"),
        "title_detail": {"type": "text/plain", "value": item.get("title")},
        "summary_detail": {"type": "text/plain", "value": item.get("summary")},
        "content": [{"type": kind, "value": value} for kind, value in texts if value],
        "published_parsed": _moment(item.get("date_published")),
        "updated_parsed": _moment(item.get("date_modified")),
        "author_detail": {"name": author.get("name"), "href": author.get("url")},
        "language": item.get("language"),
        "enclosures": [
            {"href": enclosed.get("url"), "type": enclosed.get("mime_type")}
            for enclosed in _listed(item.get("attachments"))
            if isinstance(enclosed, dict)
        ],
        "item": dict(item),
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _moment(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).utctimetuple()
    except (TypeError, ValueError, OverflowError):  # the last: the first hours of the year 1, east of Greenwich
        return None
