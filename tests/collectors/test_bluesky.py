"""Bluesky through atproto itself, against a server on the loopback, and against recorded answers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.bluesky import Bluesky, BlueskySettings
from collectors.bluesky_post import sorted_at, to_mention
from collectors.collector import CollectError
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import distinct, exchanges, found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import ambiguous_too, words_only

SESSION = {"accessJwt": "a", "refreshJwt": "r", "handle": "invented.example", "did": "did:plc:invented"}
START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def uri(number: int) -> str:
    return f"at://did:plc:invented/app.bsky.feed.post/{number}"


def post(number: int, created_at: datetime = START, **record: Any) -> dict[str, Any]:
    """An invented post view."""
    said = created_at.isoformat()
    return {
        "uri": uri(number),
        "cid": "b",
        "author": {"did": "did:plc:invented", "handle": "invented.example", "displayName": "Invented One"},
        "record": {"$type": "app.bsky.feed.post", "text": "Quillmere Water", "createdAt": said, **record},
        "indexedAt": said,
    }


def public(appview: str, policy: Policy, manners: Manners) -> Bluesky:
    """A collector whose account's server is not to be spoken to."""
    packs = [words_only(policy)]
    return Bluesky(
        "invented.example", "password", packs, base_url="http://127.0.0.1:1", appview_url=appview, manners=manners
    )


def moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


class TestBluesky(Conformance):
    """Nine posts, of which some share their moment; three to a page."""

    times = {number: START + timedelta(seconds=number // 2) for number in range(9, 0, -1)}  # noqa: RUF012
    posts = frozenset(map(uri, times))
    settled = False  # what shares the moment of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> Bluesky:
        packs = [words_only(policy)]
        return Bluesky("invented.example", "password", packs, base_url=url, settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("searchPosts")

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of(SESSION)
        assert asked.headers["authorization"] == "Bearer a"
        since = moment(asked.params.get("since", "2000-01-01T00:00:00Z"))
        until = moment(asked.params.get("until", "2100-01-01T00:00:00Z"))
        left = [number for number, at in self.times.items() if since <= at < until]
        start = int(asked.params.get("cursor", 0))
        shown = [post(number, self.times[number]) for number in left[start : start + 3]]
        return Reply.of({"posts": shown, **({"cursor": str(start + 3)} if start + 3 < len(left) else {})})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"posts": [], "cursor": "same"})


def test_a_post_becomes_a_mention() -> None:
    view = post(
        3,
        reply={"parent": {"uri": uri(2), "cid": "b"}, "root": {"uri": uri(1), "cid": "b"}},
        langs=["en"],
        facets=[{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/bill"}]}],
    )
    view["embed"] = {"images": [{"fullsize": "https://img.example/1.jpg", "alt": "a dry tap"}]}
    mention = to_mention(view)
    assert mention.url == "https://bsky.app/profile/invented.example/post/3"
    assert (mention.kind, mention.lang, mention.conversation_id) == ("reply", "en", uri(1))
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.id == uri(2)
    assert mention.links == ("https://example.org/bill",)
    assert mention.media[0].alt_text == "a dry tap"


def test_a_quotation_names_its_original_with_media_or_without() -> None:
    inner = {"uri": uri(1), "author": {"did": "did:plc:other"}, "value": {"text": "No water"}}
    for embed in ({"record": inner}, {"record": {"record": inner}, "media": {"images": [{"fullsize": "https://i"}]}}):
        mention = to_mention({**post(4), "embed": embed})
        assert mention.kind == "quote"
        assert mention.in_reply_to is not None
        assert (mention.in_reply_to.id, mention.in_reply_to.text) == (uri(1), "No water")


def test_a_time_that_cannot_be_gives_way_to_the_index_and_a_backdated_one_does_not() -> None:
    late = {**post(1, datetime(2001, 1, 1, tzinfo=UTC)), "indexedAt": START.isoformat()}
    assert to_mention(late).created_at.year == sorted_at(late).year == 2001
    for impossible in ("soon", "0001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
        view = post(1)
        view["record"]["createdAt"] = impossible
        assert to_mention(view).created_at == START


def test_a_fresh_post_that_nobody_asked_for_leaves_the_overlap_window_open(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    now = datetime.now(UTC)
    views = [post(2, now - timedelta(minutes=1), text="QW"), post(1, now - timedelta(days=1), text="A bill of QW")]

    def answer(asked: Asked) -> Reply:
        return Reply.of(SESSION if asked.method == "POST" else {"posts": views if "QW" in asked.params["q"] else []})

    server = serve(answer)
    collector = Bluesky("invented.example", "password", [ambiguous_too(policy)], base_url=server.url, manners=brisk)
    batches, _ = run(collector)
    assert native_ids(batches) == [uri(1)]
    views.insert(1, post(3, now - timedelta(hours=1), text="Another bill of QW"))  # the index was slow to learn of it
    later, _ = run(collector, batches[-1].checkpoint)
    assert native_ids(later) == [uri(3)]
    assert moment(server.asked[-1].params["since"]) < now - timedelta(hours=1)


def test_credentials_that_are_refused_name_the_setting(serve: Any, policy: Policy, brisk: Manners) -> None:
    refusal = {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
    server = serve(lambda asked: Reply.of(refusal, status=401))
    settings = BlueskySettings(base_url=server.url, handle="invented.example", app_password="wrong")
    batches, error = run(*Bluesky.from_settings(settings, [policy], brisk))
    assert error is not None
    assert (batches, error.outcome, error.requests) == ([], "access_denied", 1)
    assert "TOCSIN_BLUESKY_APP_PASSWORD" in str(error)
    assert "wrong" not in str(error)
    assert json.loads(server.asked[0].body)["identifier"] == "invented.example"


def test_every_recorded_post_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    def is_post(value: dict[str, Any]) -> bool:
        return {"uri", "author", "record", "indexedAt"} <= value.keys()

    bodies = [exchange.json() for exchange in exchanges(recordings / "bluesky" / "atproto-py")]
    posts = distinct((view for body in bodies for view in found(body, is_post)), "uri")
    if not posts:
        pytest.skip("the recordings hold no post view")
    views = sorted(posts.values(), key=sorted_at, reverse=True)
    server = serve(lambda asked: Reply.of({"posts": views} if asked.method == "GET" else SESSION))
    batches, error = run(TestBluesky().collector(server.url, policy, brisk))
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert set(mentions) == set(posts)
    for key, view in posts.items():
        assert mentions[key].text == view["record"]["text"]
        assert mentions[key].created_at == moment(view["record"]["createdAt"])
        assert mentions[key].author.handle == view["author"]["handle"]


def test_what_is_gone_and_what_is_still_there_is_told_apart(serve: Any, policy: Policy, brisk: Manners) -> None:
    """The public AppView is asked, without a login."""
    appview = serve(lambda asked: Reply.of({"posts": [post(2)]}))
    told = public(appview.url, policy, brisk).recheck([uri(1), uri(2)])
    assert (told.gone, [mention.id for mention in told.present], told.requests) == ((uri(1),), [uri(2)], 1)
    assert [(asked.method, "authorization" in asked.headers) for asked in appview.asked] == [("GET", False)]


def test_a_fault_while_asking_again_says_nothing_of_what_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    appview = serve(lambda asked: Reply.of({"error": "oops"}))
    with pytest.raises(CollectError):
        public(appview.url, policy, brisk).recheck([uri(1)])


def test_a_refused_login_is_not_tried_again_before_its_time(serve: Any, policy: Policy, brisk: Manners) -> None:
    tomorrow = str(int(datetime.now(UTC).timestamp()) + 86_400)
    limits = {"ratelimit-limit": "100", "ratelimit-remaining": "0", "ratelimit-reset": tomorrow}
    server = serve(lambda asked: Reply(b'{"error": "RateLimitExceeded"}', 429, limits))
    _, error = run(TestBluesky().collector(server.url, policy, brisk))
    assert error is not None
    assert (error.outcome, len(server.asked)) == ("rate_limited", 1)


def test_the_last_login_of_a_day_still_reads(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        reply = TestBluesky().answer(asked)
        if asked.method == "POST":
            reply.headers |= {"ratelimit-remaining": "0", "ratelimit-reset": "86400"}
        return reply

    batches, error = run(TestBluesky().collector(serve(answer).url, policy, brisk))
    assert error is None
    assert set(native_ids(batches)) == TestBluesky.posts


def test_a_gallery_shows_each_of_its_pictures() -> None:
    items = [{"thumbnail": "t", "fullsize": f"https://cdn.example/{n}.jpg", "alt": f"tap {n}"} for n in range(6)]
    gallery = {"$type": "app.bsky.embed.gallery#view", "items": items}
    beside = {"$type": "app.bsky.embed.recordWithMedia#view", "media": gallery, "record": {}}
    for embed in (gallery, beside):
        shown = to_mention({**post(1), "embed": embed}).media
        assert [(item.url, item.alt_text) for item in shown] == [(each["fullsize"], each["alt"]) for each in items]
