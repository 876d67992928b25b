"""What a Tumblr post says, in either of Tumblr's formats: the blocks of its Neue Post Format, and the older types."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from collectors.markup import Markup

PLAYED = re.compile(r"""\bsrc=["'](https?://[^"']+)""")


@dataclass
class Content:
    """Text in paragraphs, links, media as `Mention` takes them."""

    paragraphs: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(paragraph for paragraph in self.paragraphs if paragraph)

    def show(self, kind: str, address: Any, words: Any = None) -> None:
        """Add a picture, a video or a recording, once."""
        if address and all(address != item["url"] for item in self.media):
            self.media.append({"type": kind, "url": address, "alt_text": words or None})

    def say(self, markup: Any) -> None:
        """Add a piece of HTML."""
        body = Markup.of(markup or "")
        self.paragraphs.append(body.text)
        self.links += body.links
        for address, words in body.images:
            self.show("image", address, words)


def of_blocks(blocks: Iterable[Mapping[str, Any]]) -> Content:
    """Read the blocks of the Neue Post Format; a kind that is not known gives its text, if it has any."""
    content = Content()
    for block in blocks:
        kind, media = block["type"], block.get("media")
        file = (media[0] if isinstance(media, list) and media else media or {}) if media else {}
        content.paragraphs += map(_tidy, _words(block))
        content.links += [each["url"] for each in block.get("formatting") or () if each.get("url")]
        if kind == "image":
            content.show("image", file.get("url"), block.get("alt_text"))
        elif kind in ("video", "audio"):
            content.show(kind, file.get("url") or block.get("url"), block.get("alt_text"))
        elif kind == "link":
            content.links.append(block["url"])
    return content


def of_older(post: Mapping[str, Any]) -> Content:
    """Read a post of the older types: text, photo, quote, link, chat, audio, video, answer."""
    content = Content()
    for name in ("title", "track_name", "artist"):
        content.paragraphs.append(Markup.of(post.get(name) or "").text)
    for name in ("question", "text", "source", "description", "caption", "answer"):
        content.say(post.get(name))
    if post.get("dialogue"):
        content.paragraphs.append("\n".join(_spoken(post["dialogue"])))
    else:
        content.say(post.get("body"))
    content.links += [post[name] for name in ("url", "link_url") if post.get(name)]
    for photo in post.get("photos") or ():
        largest: dict[str, Any] = photo.get("original_size") or next(iter(photo.get("alt_sizes") or ()), {})
        content.show("image", largest.get("url"), photo.get("caption"))
    played = {post.get("type"): _played(post.get("player"))}
    content.show("video", post.get("video_url") or post.get("permalink_url") or played.get("video"))
    content.show("audio", post.get("audio_url") or post.get("audio_source_url") or played.get("audio"))
    return content


def _played(player: Any) -> str | None:
    """What a player plays: a recording's stands alone, a video's in several sizes, where it is still to be had."""
    codes = [each.get("embed_code") for each in player] if isinstance(player, list) else [player]
    found = PLAYED.search(str(codes[-1])) if codes else None
    return unescape(found[1]) if found else None


def _words(block: Mapping[str, Any]) -> list[str]:
    """A poll has a question and answers, a link a title and a description, a recording a title and an artist."""
    names = ("text", "question", "title", "artist", "description", "caption")
    said = [str(block[name]) for name in names if block.get(name)]
    return said + [str(each.get("answer_text") or "") for each in block.get("answers") or ()]


def _tidy(words: str) -> str:
    """White space as HTML shows it, so that both formats of a post read the same."""
    return Markup.read({"type": "text/plain", "value": words}).text


def _spoken(dialogue: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for line in dialogue:
        yield Markup.of(f"{escape(line.get('label') or '')} {line.get('phrase') or ''}").text
