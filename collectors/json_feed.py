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
    authors = item.get("authors") or [item["author"]] if item.get("authors") or item.get("author") else []
    texts = [("text/html", item.get("content_html")), ("text/plain", item.get("content_text"))]
    author = authors[0] if authors and isinstance(authors[0], dict) else {}
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
            for enclosed in item.get("attachments") or ()
            if isinstance(enclosed, dict)
        ],
        "item": dict(item),
    }


def _moment(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).utctimetuple()
