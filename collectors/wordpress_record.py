"""A post or a comment of WordPress as a mention: as every site's own API has it, and as that of WordPress.com does.

Public for whoever reads stored answers: `to_mention(record, site)`; without `site` the host of its link is taken.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from collectors.markup import Markup
from collectors.mention import Mention

PLATFORM = "wordpress"


def to_mention(record: dict[str, Any], site: str = "", platform: str = PLATFORM) -> Mention:
    """Read one record. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    site = site or urlsplit(record.get("link") or record.get("URL") or "").netloc
    found = _of_wordpress_com(record, site) if "ID" in record else _of_a_site(record, site)
    return Mention.model_validate({"platform": platform, **found, "_raw": record})


def post_id(site: str, number: Any) -> str:
    """The id of a post: each site numbers its own, and numbers posts and comments apart."""
    return f"{site}/posts/{number}"


def comment_id(site: str, number: Any) -> str:
    """The id of a comment."""
    return f"{site}/comments/{number}"


def _of_a_site(record: dict[str, Any], site: str) -> dict[str, Any]:
    """wp/v2, with what it embeds: authors, the post and the comment that a comment answers, the featured picture."""
    body, embedded = Markup.of(record["content"]["rendered"]), record.get("_embedded") or {}
    shared = {"created_at": record["date_gmt"], "url": record.get("link"), "links": _distinct(body.links)}
    if "post" in record:
        return shared | _comment_of_a_site(record, site, body, embedded)
    title = Markup.of((record.get("title") or {}).get("rendered") or "").text
    pictures = [(item.get("source_url"), item.get("alt_text")) for item in embedded.get("wp:featuredmedia") or ()]
    writer = _first(embedded.get("author"))
    return shared | {
        "id": post_id(site, record["id"]),
        "text": _joined(title, body.text),
        "kind": "article",
        "author": {
            "id": f"{site}/users/{record['author']}" if record.get("author") else None,
            "handle": writer.get("slug"),
            "name": writer.get("name"),
            "bio": writer.get("description") or None,
        },
        "conversation_id": post_id(site, record["id"]),
        "media": list(_pictures([*pictures, *body.images])),
    }


def _comment_of_a_site(record: dict[str, Any], site: str, body: Markup, embedded: dict[str, Any]) -> dict[str, Any]:
    answered = _first(embedded.get("in-reply-to"))
    said = (answered.get("content") or {}).get("rendered")
    title = (_first(embedded.get("up")).get("title") or {}).get("rendered")
    parent: dict[str, Any] = {"id": post_id(site, record["post"]), "text": Markup.of(title).text if title else None}
    if record.get("parent"):
        parent = {"id": comment_id(site, record["parent"]), "text": Markup.of(said).text if said else None}
        parent["author"] = {"name": answered.get("author_name")}
    return {
        "id": comment_id(site, record["id"]),
        "text": body.text,
        "kind": "comment",
        "author": {
            "id": f"{site}/users/{record['author']}" if record.get("author") else None,
            "name": record.get("author_name") or None,
        },
        "conversation_id": post_id(site, record["post"]),
        "in_reply_to": parent,
        "media": list(_pictures(body.images)),
    }


def _of_wordpress_com(record: dict[str, Any], site: str) -> dict[str, Any]:
    """The API of WordPress.com itself, version 1.1: the Reader's posts, and the comments of its sites."""
    body, writer = Markup.of(record.get("content") or ""), record.get("author") or {}
    answered, parent = record.get("post") or {}, record.get("parent") or {}
    shared = {
        "created_at": record["date"],
        "url": record.get("URL"),
        "author": {
            "id": writer.get("ID") or None,
            "handle": writer.get("login") or writer.get("nice_name") or None,
            "name": writer.get("name") or None,
        },
        "links": _distinct(body.links),
        "metrics": {
            "likes": record.get("like_count"),
            "replies": (record.get("discussion") or {}).get("comment_count"),
        },
    }
    if answered:
        up = comment_id(site, parent["ID"]) if parent else post_id(site, answered["ID"])
        return shared | {
            "id": comment_id(site, record["ID"]),
            "text": body.text,
            "kind": "comment",
            "conversation_id": post_id(site, answered["ID"]),
            "in_reply_to": {"id": up, "text": None if parent else answered.get("title")},
            "media": list(_pictures(body.images)),
        }
    return shared | {
        "id": post_id(site, record["ID"]),
        "text": _joined(Markup.of(record.get("title") or "").text, body.text),
        "kind": "article",
        "conversation_id": post_id(site, record["ID"]),
        "media": list(_pictures([(record.get("featured_image"), None), *body.images])),
    }


def _first(embedded: Any) -> dict[str, Any]:
    """What is embedded first; a refusal to show it stands there with a `code`."""
    found = next(iter(embedded or ()), None) or {}
    return {} if "code" in found else found


def _pictures(images: list[tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    shown = {address: words for address, words in reversed(images) if address}
    for address, words in reversed(shown.items()):
        yield {"type": "image", "url": address, "alt_text": words or None}


def _joined(title: str, text: str) -> str:
    return "\n\n".join(part for part in (title, text) if part)


def _distinct(found: list[str]) -> list[str]:
    return list(dict.fromkeys(found))
