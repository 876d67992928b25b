"""A status of Mastodon's API as a mention, also as other software with that API writes it.

Public for whoever reads stored answers: `to_mention(status)` for each status.
"""

from collections.abc import Iterator
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention, known_time

PLATFORM = "mastodon"
MEDIA = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}


def is_public(status: dict[str, Any]) -> bool:
    """Whether everybody may see it; to an account an instance shows also what was sent to that account alone."""
    return (status.get("visibility") or "public") in ("public", "unlisted")


def to_mention(status: dict[str, Any]) -> Mention:
    """Read one status. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    original = status.get("reblog")
    shown = original or status
    quoted = _quoted(status)
    body = Markup.of(shown.get("content") or "")  # Pixelfed: null, where there is a picture alone
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": status["id"],
            "text": _text(shown, body),
            "created_at": status["created_at"],
            "url": status.get("url") or status.get("uri"),
            "kind": _kind(status, original, quoted),
            "author": _author(status["account"]),
            "lang": shown.get("language"),
            "conversation_id": status.get("in_reply_to_id") or status["id"],
            "in_reply_to": _parent(status, original or quoted),
            "media": list(_media(shown.get("media_attachments") or ())),
            "links": list(dict.fromkeys(body.links)),
            "metrics": {
                "likes": shown.get("favourites_count"),
                "reposts": shown.get("reblogs_count"),
                "replies": shown.get("replies_count"),
            },
            "_raw": status,
        }
    )


def _text(shown: dict[str, Any], body: Markup) -> str:
    """What is said, below its content warning; of a poll also what may be answered."""
    options = (option.get("title") for option in (shown.get("poll") or {}).get("options") or ())
    parts = (shown.get("spoiler_text"), body.text, "\n".join(filter(None, options)))
    return "\n\n".join(part for part in parts if part)


def _quoted(status: dict[str, Any]) -> dict[str, Any] | None:
    """The quoted post. Mastodon wraps it or names it alone; Akkoma, Fedibird and others give it bare, Pleroma apart."""
    apart = status.get("pleroma") or {}
    quote = status.get("quote") or apart.get("quote") or {}
    whole: dict[str, Any] | None = quote if "content" in quote else quote.get("quoted_status")
    native_id = quote.get("quoted_status_id") or status.get("quote_id") or apart.get("quote_id")
    return whole or ({"id": native_id} if native_id else None)


def _kind(status: dict[str, Any], original: Any, quoted: Any) -> str:
    if original:
        return "repost"
    if status.get("in_reply_to_id"):
        return "reply"
    return "quote" if quoted else "post"


def _author(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": account.get("id"),
        "handle": account.get("acct") or account.get("username"),  # name@instance for those of others
        "name": account.get("display_name") or None,
        "bio": Markup.of(account.get("note") or "").text or None,
        "followers": account["followers_count"] if (account.get("followers_count") or -1) >= 0 else None,
        "created_at": known_time(account.get("created_at")),  # some software writes the year 1 or 1970
    }


def _parent(status: dict[str, Any], other: dict[str, Any] | None) -> dict[str, Any] | None:
    if status.get("in_reply_to_id"):
        return {"id": status["in_reply_to_id"], "author": _answered(status)}
    if not other:
        return None
    if "content" not in other:
        return {"id": other["id"]}
    body = Markup.of(other["content"] or "")
    return {"id": other.get("id"), "author": _author(other.get("account") or {}), "text": _text(other, body)}


def _answered(status: dict[str, Any]) -> dict[str, Any]:
    """Whom a reply answers; the handle stands among its mentions, unless people answer themselves."""
    account_id = status.get("in_reply_to_account_id")
    people = {each.get("id"): each.get("acct") for each in (*(status.get("mentions") or ()), status["account"])}
    return {"id": account_id, "handle": people.get(account_id)}


def _media(attachments: Any) -> Iterator[dict[str, Any]]:
    for item in attachments:
        if kind := MEDIA.get(item.get("type")):
            yield {"type": kind, "url": item.get("url") or item.get("remote_url"), "alt_text": item.get("description")}
