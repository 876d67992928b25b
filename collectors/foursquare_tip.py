"""A tip of Foursquare's Places API as a mention.

Public for whoever reads stored answers: `to_mention(tip)` for each tip, of the API of 2025 or of the one before it.
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
    linked = [tip["url"]] if tip.get("url") else []
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": tip["created_at"],
            "url": f"{SITE}{native_id}",
            "kind": "review",
            "lang": tip.get("lang"),
            "conversation_id": place,
            "media": list(_media(tip.get("photo"))),
            "links": list(dict.fromkeys([*links(text), *linked])),
            "metrics": {"likes": tip.get("agree_count")},
            "_raw": tip,
        }
    )


def identity(tip: dict[str, Any]) -> Any:
    """A tip's id, by its name of 2025 or its former one."""
    return tip.get("fsq_tip_id") or tip.get("id")


def _media(photo: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if photo and photo.get("prefix") and photo.get("suffix"):
        yield {"type": "image", "url": f"{photo['prefix']}original{photo['suffix']}"}
