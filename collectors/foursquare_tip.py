"""A tip of Foursquare's Places API as a mention.

Public for whoever reads stored answers: `to_mention(tip)` for each tip, of the API of 2025 or of those before it:
version 3, and version 2, which named the author and is still open to older accounts.
"""

from collections.abc import Iterator
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "foursquare"
SITE = "https://foursquare.com/item/"


def to_mention(tip: dict[str, Any], place: str | None = None) -> Mention:
    """Read one tip of a place. Raises pydantic.ValidationError, KeyError, TypeError or ValueError if malformed."""
    text, native_id = tip["text"], identity(tip)
    venue, person, liked = tip.get("venue") or {}, tip.get("user") or {}, tip.get("likes") or {}
    linked = [tip["url"]] if tip.get("url") else []
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": tip["created_at"] if "created_at" in tip else tip["createdAt"],
            "url": tip.get("canonicalUrl") or f"{SITE}{native_id}",
            "kind": "review",
            "author": {"id": person.get("id"), "name": _name(person)},
            "lang": tip.get("lang"),
            "conversation_id": place or venue.get("id"),
            "media": list(_media(tip)),
            "links": list(dict.fromkeys([*links(text), *linked])),
            "metrics": {"likes": tip.get("agree_count", tip.get("agreeCount", liked.get("count")))},
            "_raw": tip,
        }
    )


def identity(tip: dict[str, Any]) -> Any:
    """A tip's id, by its name of 2025 or its former one."""
    return tip.get("fsq_tip_id") or tip.get("id")


def _name(person: dict[str, Any]) -> str | None:
    return " ".join(part for part in (person.get("firstName"), person.get("lastName")) if part) or None


def _media(tip: dict[str, Any]) -> Iterator[dict[str, Any]]:
    photo = tip.get("photo") or {}
    if photo.get("prefix") and photo.get("suffix"):
        yield {"type": "image", "url": f"{photo['prefix']}original{photo['suffix']}"}
    elif tip.get("photourl"):
        yield {"type": "image", "url": tip["photourl"]}
