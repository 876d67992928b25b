"""What became of stored photos and comments of Flickr: against a server on the loopback, and recorded answers."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from collectors.flickr import Flickr
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.replay import exchanges
from tests.collectors.server import Asked, Reply
from tests.collectors.test_flickr import START, Site, comment, failure, photo
from tests.collectors.words import words_only


def test_the_re_check_tells_the_gone_from_the_edited(serve: Any, policy: Policy, brisk: Manners) -> None:
    edited = photo(2, title="No water, Quillmere Water")
    broken = photo(3, dateupload="soon")
    site = Site([edited, broken], {"2": [comment(1, "2")]})
    server = serve(site)
    collector = Flickr("invented", [words_only(policy)], base_url=server.url, manners=brisk)
    told = collector.recheck(["1", "2", "3", "5-2-1", "5-2-7", "5-9-1"])
    assert told.gone == ("1", "5-2-7", "5-9-1")  # the third is there, though we cannot read it
    assert {mention.id: mention.text for mention in told.present} == {
        "2": "No water, Quillmere Water",
        "5-2-1": "No water here either",
    }
    assert told.requests == len(server.asked) == 5


def test_a_comment_that_lies_beyond_what_is_read_is_not_called_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        last = int(asked.params.get("max_comment_date", START))
        shown = [{**comment(1, "2"), "id": f"5-2-{at}", "datecreate": str(at)} for at in range(last - 99, last + 1)]
        return Reply.of({"comments": {"comment": shown}, "stat": "ok"})

    server = serve(answer)
    collector = Flickr("invented", [words_only(policy)], base_url=server.url, manners=brisk)
    told = collector.recheck(["5-2-7", f"5-2-{START}"])
    assert (told.gone, [mention.id for mention in told.present]) == ((), [f"5-2-{START}"])
    assert told.requests == len(server.asked) == 5


LISTS = {"tag", "url", "note", "person"}  # elements of which there may be several


def as_json(element: ElementTree.Element) -> Any:
    """What Flickr makes of its XML where JSON is asked for: attributes are keys, text is `_content`, several a list."""
    told: dict[str, Any] = dict(element.attrib)
    for child in element:
        if child.tag in LISTS:
            told.setdefault(child.tag, []).append(as_json(child))
        else:
            told[child.tag] = as_json(child)
    if (element.text or "").strip() or not told:
        told["_content"] = element.text or ""
    return told


def recorded(folder: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """The answers about single photos in the cassettes, which asked for XML: the photo's id, and the answer."""
    for exchange in exchanges(folder):
        if "method=flickr.photos.getInfo" in exchange.uri:
            native_id = exchange.uri.partition("photo_id=")[2].partition("&")[0]
            yield native_id, ElementTree.fromstring(exchange.body)  # noqa: S314 - a recording


def test_every_recorded_photo_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    answers = dict(recorded(recordings / "flickr"))

    def answer(asked: Asked) -> Reply:
        told = answers[asked.params["photo_id"]]
        if told.get("stat") == "ok":
            return Reply.of({"photo": as_json(told[0]), "stat": "ok"})
        return failure(int(told[0].get("code") or 0), told[0].get("msg") or "")

    collector = Flickr("invented", [words_only(policy)], base_url=serve(answer).url, manners=brisk)
    told = collector.recheck(list(answers))
    shown = {native_id: each[0] for native_id, each in answers.items() if each.get("stat") == "ok"}
    assert {mention.id for mention in told.present} == set(shown)
    assert len(told.present) == len(shown) >= 4
    assert set(told.gone) == set(answers) - set(shown)
    for mention in told.present:
        raw = shown[mention.id]
        owner = raw.find("owner")
        assert owner is not None
        assert (mention.author.id, mention.author.handle) == (owner.get("nsid"), owner.get("path_alias") or None)
        assert mention.author.name == owner.get("username")
        assert mention.created_at.timestamp() == int(raw.get("dateuploaded") or 0)
        assert mention.text.startswith((raw.findtext("title") or "").strip())
        said = html.unescape(re.sub(r"<[^>]+>", " ", raw.findtext("description") or "")).split()
        assert "".join(said) in "".join(mention.text.split())
        assert mention.url == raw.findtext("urls/url[@type='photopage']")
        assert [item.type for item in mention.media] == ["image"]
        assert mention.metrics.views == int(raw.get("views") or 0)
