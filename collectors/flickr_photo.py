"""A photo or video of Flickr, and a comment on one, as mentions.

Public for whoever reads stored answers, in the JSON that Flickr makes of its documents: `to_mention(photo)` for a photo
of flickr.photos.search or flickr.photos.getInfo, `comment_to_mention(comment, photo_id)` for one of
flickr.photos.comments.getList.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention

PLATFORM = "flickr"
SITE = "https://www.flickr.com/photos"
FILES = "https://live.staticflickr.com"
SIZES = ("url_l", "url_c", "url_z", "url_m", "url_o")
COMMENT_PARTS = 3  # an id of a comment: its photo's owner, its photo, itself


def to_mention(photo: dict[str, Any]) -> Mention:
    """Read one photo. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    title, said = _content(photo["title"]), Markup.of(_content(photo.get("description")))
    tags = " ".join(f"#{tag}" for tag in _tags(photo.get("tags")))
    author = _owner(photo)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": photo["id"],
            "text": "\n\n".join(part for part in (title, said.text, tags) if part),
            "created_at": posted_at(photo),
            "url": f"{SITE}/{author['handle'] or author['id']}/{photo['id']}/",
            "kind": "post",
            "author": author,
            "conversation_id": photo["id"],
            "media": [{"type": _kind(photo), "url": _file(photo), "alt_text": title or None}],
            "links": list(dict.fromkeys(said.links)),
            "metrics": {
                "views": _count(photo.get("views")),
                "likes": _count(photo.get("count_faves")),
                "replies": _count(photo.get("count_comments", _content(photo.get("comments")))),
            },
            "_raw": photo,
        }
    )


def comment_to_mention(comment: dict[str, Any], photo_id: str) -> Mention:
    """Read one comment on a photo. Raises as `to_mention` does."""
    said = Markup.of(comment["_content"])
    author = {"id": comment["author"], "handle": comment.get("path_alias") or None}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": comment["id"],
            "text": said.text,
            "created_at": datetime.fromtimestamp(int(comment["datecreate"]), UTC),
            "url": comment.get("permalink"),
            "kind": "comment",
            "author": {**author, "name": comment.get("authorname") or None},
            "conversation_id": photo_id,
            "in_reply_to": {"id": photo_id},
            "links": list(dict.fromkeys(said.links)),
            "_raw": comment,
        }
    )


def photo_of(native_id: str) -> str | None:
    """The id of the photo that a comment, known by its id, is on; None for the id of a photo."""
    parts = native_id.split("-")
    return parts[1] if len(parts) == COMMENT_PARTS else None


def posted_at(photo: Mapping[str, Any]) -> datetime:
    """When it was posted, to the second: what the search sorts by."""
    told = photo.get("dateupload") or photo.get("dateuploaded") or (photo.get("dates") or {}).get("posted")
    if told is None:
        raise ValueError("the photo has no date")
    return datetime.fromtimestamp(int(told), UTC)


def _content(part: Any) -> str:
    """A text, that stands alone or as the content of an element."""
    return str(part.get("_content") or "") if isinstance(part, dict) else str(part or "")


def _tags(tags: Any) -> list[str]:
    """The author's tags as Flickr compares them; those for machines left out. In an order that both answers share."""
    if isinstance(tags, dict):
        each = [tag["_content"] for tag in tags.get("tag") or () if not int(tag.get("machine_tag") or 0)]
    else:
        each = [tag for tag in str(tags or "").split() if ":" not in tag]
    return sorted(set(each))


def _owner(photo: Mapping[str, Any]) -> dict[str, Any]:
    """The account: its number, the name in its addresses if it has chosen one, and the name that it shows."""
    owner = photo["owner"]
    if isinstance(owner, dict):
        return {"id": owner["nsid"], "handle": owner.get("path_alias") or None, "name": owner.get("username") or None}
    return {"id": owner, "handle": photo.get("pathalias") or None, "name": photo.get("ownername") or None}


def _kind(photo: Mapping[str, Any]) -> str:
    return "video" if photo.get("media") == "video" else "image"


def _file(photo: Mapping[str, Any]) -> str | None:
    """Where the picture is: the largest size that was told, or the address that its parts make."""
    return next(_files(photo), None)


def _files(photo: Mapping[str, Any]) -> Iterator[str]:
    yield from (photo[size] for size in SIZES if photo.get(size))
    if photo.get("server") and photo.get("secret"):
        yield f"{FILES}/{photo['server']}/{photo['id']}_{photo['secret']}_b.jpg"


def _count(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None
