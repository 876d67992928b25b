"""Flickr against a server on the loopback that answers as its documents say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.flickr import Flickr, FlickrSettings
from collectors.flickr_photo import comment_to_mention, photo_of, to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

START = 1_790_000_000
OWNER = "5@N01"


def photo(number: int, posted: int | None = None, **others: Any) -> dict[str, Any]:
    """An invented photo, as the search tells it."""
    return {
        "id": str(number),
        "owner": OWNER,
        "ownername": "Invented One",
        "pathalias": "invented_one",
        "secret": "s",
        "server": "65535",
        "title": "Quillmere Water",
        "description": {"_content": ""},
        "dateupload": str(START + number if posted is None else posted),
        "tags": "",
        "media": "photo",
        "views": "7",
        **others,
    }


def comment(number: int, under: str, **others: Any) -> dict[str, Any]:
    return {
        "id": f"5-{under}-{number}",
        "author": "6@N01",
        "authorname": "Q",
        "datecreate": str(START + number),
        "permalink": f"https://www.flickr.com/photos/invented_one/{under}/#comment{number}",
        "_content": "No water here either",
        **others,
    }


def failure(code: int, said: str) -> Reply:
    return Reply.of({"stat": "fail", "code": code, "message": said})


class Site:
    """Photos by the second of posting, the last first, and the comments on them."""

    def __init__(self, photos: list[dict[str, Any]], comments: dict[str, list[dict[str, Any]]] | None = None) -> None:
        self.photos = photos
        self.comments = comments or {}
        self.a_page = 3
        self.most = 4_000

    def __call__(self, asked: Asked) -> Reply:
        assert asked.path == "/services/rest/"
        assert (asked.params["api_key"], asked.params["format"]) == ("invented", "json")
        method = asked.params["method"].removeprefix("flickr.photos.")
        return {"search": self.search, "comments.getList": self.said, "getInfo": self.info}[method](asked.params)

    def search(self, asked: dict[str, str]) -> Reply:
        assert (asked["sort"], asked["text"]) == ("date-posted-desc", '"Quillmere Water"')
        since, until = int(asked.get("min_upload_date", 0)), int(asked.get("max_upload_date", 2**40))
        left = [each for each in self.photos if since <= int(each["dateupload"]) <= until]
        page, pages = int(asked["page"]), -(-len(left) // self.a_page)
        shown = left[: self.most][(page - 1) * self.a_page : page * self.a_page]
        return Reply.of({"photos": {"page": page, "pages": pages, "photo": shown}, "stat": "ok"})

    def said(self, asked: dict[str, str]) -> Reply:
        if asked["photo_id"] not in {each["id"] for each in self.photos}:
            return failure(1, "Photo not found")
        since = int(asked.get("min_comment_date", 0))
        said = [one for one in self.comments.get(asked["photo_id"], []) if int(one["datecreate"]) >= since]
        return Reply.of({"comments": {"photo_id": asked["photo_id"], "comment": said}, "stat": "ok"})

    def info(self, asked: dict[str, str]) -> Reply:
        for each in self.photos:
            if each["id"] == asked["photo_id"]:
                return Reply.of({"photo": each, "stat": "ok"})
        return failure(1, "Photo not found")


class TestFlickr(Conformance):
    """Nine photos, of which some share their second, and three comments."""

    photos = tuple(photo(number, START + number // 2) for number in range(9, 0, -1))
    comments = {"8": [comment(1, "8"), comment(2, "8")], "3": [comment(3, "3")]}  # noqa: RUF012
    posts = frozenset(map(str, range(1, 10))) | {"5-8-1", "5-8-2", "5-3-3"}
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> Flickr:
        return Flickr("invented", [words_only(policy)], base_url=url, settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        return Site(list(self.photos), self.comments)(asked)

    def loop(self, asked: Asked) -> Reply:
        if asked.params.get("method") != "flickr.photos.search":
            return self.answer(asked)
        return Reply.of({"photos": {"page": 1, "pages": 99, "photo": [photo(1)]}, "stat": "ok"})

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(self.loop)
        assert error is not None
        assert error.outcome == "unexpected_response"
        assert sum(each.params["method"] == "flickr.photos.search" for each in asked) == 2

    def test_a_page_that_is_repeated_for_ever_ends(self, read: Any) -> None:
        def repeating(asked: Asked) -> Reply:
            return self.answer(replace(asked, params={**asked.params, "page": "1"}))

        batches, error, _ = read(repeating)
        assert error is not None
        found = native_ids(batches)
        assert len(found) == len(set(found)) > 0


def test_a_photo_becomes_a_mention() -> None:
    described = 'No <b>water</b> &amp; no word, see <a href="https://example.org/bill">this</a>'
    mention = to_mention(
        photo(
            2, description={"_content": described}, tags="water burst app:filter=no", url_l="https://live.example/2.jpg"
        )
    )
    assert mention.text == "Quillmere Water\n\nNo water & no word, see this\n\n#burst #water"
    assert (mention.id, mention.url) == ("2", "https://www.flickr.com/photos/invented_one/2/")
    assert mention.created_at == datetime.fromtimestamp(START + 2, UTC)
    assert (mention.author.id, mention.author.handle, mention.author.name) == (OWNER, "invented_one", "Invented One")
    assert mention.links == ("https://example.org/bill",)
    assert [(item.type, item.url) for item in mention.media] == [("image", "https://live.example/2.jpg")]
    assert mention.metrics.views == 7
    bare = to_mention(photo(3, pathalias=None, media="video"))
    assert bare.url == f"https://www.flickr.com/photos/{OWNER}/3/"
    assert (bare.media[0].type, bare.media[0].url) == ("video", "https://live.staticflickr.com/65535/3_s_b.jpg")


def test_a_photo_asked_for_alone_is_the_same_mention() -> None:
    told = photo(2, description={"_content": "No water"}, tags="burst water")
    alone = {
        "id": "2",
        "secret": "s",
        "server": "65535",
        "owner": {"nsid": OWNER, "username": "Invented One", "path_alias": "invented_one"},
        "title": {"_content": "Quillmere Water"},
        "description": {"_content": "No water"},
        "dates": {"posted": str(START + 2)},
        "tags": {
            "tag": [
                {"_content": "water", "raw": "Water", "machine_tag": 0},
                {"_content": "burst", "raw": "Burst", "machine_tag": 0},
                {"_content": "app:filter=no", "raw": "app:filter=no", "machine_tag": 1},
            ]
        },
        "media": "photo",
        "views": "7",
    }
    assert to_mention(alone).model_dump() == to_mention(told).model_dump()


def test_a_comment_becomes_a_mention_under_its_photo() -> None:
    mention = comment_to_mention(comment(4, "2"), "2")
    assert (mention.id, mention.kind, mention.text) == ("5-2-4", "comment", "No water here either")
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.conversation_id) == ("2", "2")
    assert (mention.author.id, mention.author.name) == ("6@N01", "Q")
    assert mention.url == "https://www.flickr.com/photos/invented_one/2/#comment4"
    assert (photo_of(mention.id), photo_of("2")) == ("2", None)


def collect(url: str, policy: Policy, manners: Manners, checkpoint: Any = None, **others: Any) -> Any:
    return run(Flickr("invented", [words_only(policy)], base_url=url, manners=manners, **others), checkpoint)


def test_a_later_comment_is_found_and_an_overlapping_run_repeats_little(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    site = Site([photo(1)], {"1": [comment(2, "1")]})
    server = serve(site)
    first, _ = collect(server.url, policy, brisk, settle=timedelta(0))
    site.comments["1"].append(comment(9, "1"))
    second, error = collect(server.url, policy, brisk, first[-1].checkpoint, settle=timedelta(0))
    assert error is None
    assert "5-1-9" in native_ids(second)


def test_a_photo_that_is_gone_is_told_where_its_comments_are_asked_for(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    site = Site([photo(2), photo(1)])
    server = serve(site)
    first, _ = collect(server.url, policy, brisk, settle=timedelta(0))
    site.photos.pop()
    second, error = collect(server.url, policy, brisk, first[-1].checkpoint, settle=timedelta(0))
    assert (error, [gone for batch in second for gone in batch.gone]) == (None, ["1"])
    third, _ = collect(server.url, policy, brisk, second[-1].checkpoint, settle=timedelta(0))
    assert [gone for batch in third for gone in batch.gone] == []


def test_more_than_a_search_gives_is_asked_for_by_time(serve: Any, policy: Policy, brisk: Manners) -> None:
    site = Site([photo(number) for number in range(4_150, 0, -1)])
    site.a_page = 100
    generous = replace(brisk, requests=400)
    batches, error = collect(serve(site).url, policy, generous, settle=timedelta(0))
    assert error is None
    assert sorted(map(int, native_ids(batches))) == list(range(1, 4_151))


def test_a_broken_photo_or_comment_is_quarantined_and_the_rest_goes_on(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    site = Site([photo(5), photo(3)], {"3": [{"id": "5-3-1"}, comment(2, "3")]})
    broken: list[Any] = [photo(5), {"id": "4"}, "no photo", photo(2, title=None, dateupload="soon"), photo(3)]

    def answer(asked: Asked) -> Reply:
        if asked.params["method"] == "flickr.photos.search":
            return Reply.of({"photos": {"page": 1, "pages": 1, "photo": broken}, "stat": "ok"})
        if asked.params["photo_id"] == "3":
            return Reply.of({"comments": {"comment": site.comments["3"]}, "stat": "ok"})
        return site(asked)

    batches, error = collect(serve(answer).url, policy, brisk)
    assert (error, native_ids(batches)) == (None, ["5", "3", "5-3-2"])
    refused = [item.where for batch in batches for item in batch.quarantined]
    assert refused == ["flickr 4", "flickr without id", "flickr 2", "flickr 5-3-1"]


@pytest.mark.parametrize(
    ("code", "outcome", "calls"),
    [
        (100, "access_denied", 1),
        (98, "access_denied", 1),
        (105, "unavailable", 3),
        (10, "unavailable", 3),
        (3, "unexpected_response", 1),
        (112, "unexpected_response", 1),
    ],
)
def test_a_failure_that_comes_as_an_answer_has_its_name(
    code: int, outcome: str, calls: int, serve: Any, policy: Policy, brisk: Manners
) -> None:
    server = serve(lambda _: failure(code, "No"))
    batches, error = collect(server.url, policy, brisk)
    assert (native_ids(batches), error.outcome, len(server.asked)) == ([], outcome, calls)
    assert "invented" not in str(error)


def test_hashtags_are_tags(serve: Any, policy: Policy, brisk: Manners) -> None:
    settings = FlickrSettings(
        base_url=serve(lambda _: Reply.of({"photos": {"pages": 0, "photo": []}, "stat": "ok"})).url, api_key="invented"
    )
    (collector,) = Flickr.from_settings(settings, [policy], brisk)
    assert collector.queries == ("Quillmere Water", "#quillmere")
    _, error = run(collector)
    assert error is None


def test_without_a_key_it_is_not_read(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_FLICKR_API_KEY"):
        Flickr.from_settings(FlickrSettings(), [policy], Manners())
