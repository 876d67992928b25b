"""Tumblr through our client, against a server on the loopback that answers as its API does, and its pages' examples."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collectors.admission import admit
from collectors.collector import AccessDenied, Quarantined
from collectors.manners import Manners
from collectors.mention import Mention
from collectors.tumblr import Tumblr, TumblrSettings
from collectors.tumblr_post import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import distinct, found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = 1_790_000_000
BLOG = {"name": "invented-one", "title": "Invented One", "uuid": "t:invented"}


def post(number: int, **others: Any) -> dict[str, Any]:
    """An invented post; some share their second."""
    return {
        "blog_name": "invented-one",
        "blog": BLOG,
        "id": number,
        "id_string": str(number),
        "timestamp": NEWEST + number // 2,
        "post_url": f"https://invented-one.tumblr.com/post/{number}",
        "tags": ["quillmere water", "bills"],
        "content": [{"type": "text", "text": "No word yet"}],
        "note_count": 3,
        **others,
    }


class TestTumblr(Conformance):
    """Seven posts under one tag, three to a page."""

    posts = frozenset(f"invented-one/{number}" for number in range(1, 8))
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> Tumblr:
        return Tumblr(url, "invented", [words_only(policy)], settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        assert (asked.path, asked.params["tag"]) == ("/v2/tagged", "quillmere water")
        assert (asked.params["api_key"], asked.params["npf"]) == ("invented", "true")
        before = int(asked.params.get("before", 2**40))
        rows = [row for row in map(post, range(7, 0, -1)) if row["timestamp"] < before]
        return Reply.of({"meta": {"status": 200, "msg": "OK"}, "response": rows[:3]})


def test_a_post_of_blocks_becomes_a_mention() -> None:
    blocks = [
        {"type": "text", "text": "See", "formatting": [{"type": "link", "url": "https://example.org/bill"}]},
        {"type": "image", "media": [{"url": "https://t.example/1.jpg"}], "alt_text": "a dry tap"},
        {"type": "video", "media": {"url": "https://t.example/1.mp4"}},
        {"type": "audio", "url": "https://t.example/song", "title": "Drip", "provider": "other"},
        {"type": "link", "url": "https://example.org/main", "title": "Burst main"},
        {"type": "poll", "question": "Wet?", "answers": [{"answer_text": "no"}]},
        {"type": "not yet known"},
    ]
    mention = to_mention(post(12, content=blocks))
    assert (mention.id, mention.kind) == ("invented-one/12", "post")
    assert mention.text == "See\n\nDrip\n\nBurst main\n\nWet?\n\nno\n\n#quillmere water #bills"
    assert mention.links == ("https://example.org/bill", "https://example.org/main")
    assert [(item.type, item.url, item.alt_text) for item in mention.media] == [
        ("image", "https://t.example/1.jpg", "a dry tap"),
        ("video", "https://t.example/1.mp4", None),
        ("audio", "https://t.example/song", None),
    ]
    assert mention.created_at == datetime.fromtimestamp(NEWEST + 6, UTC)
    assert (mention.author.id, mention.author.handle, mention.author.name) == (
        "t:invented",
        BLOG["name"],
        BLOG["title"],
    )


def older(kind: str, **fields: Any) -> dict[str, Any]:
    whole = {**post(5), "type": kind, "tags": [], **fields}
    return {name: value for name, value in whole.items() if name != "content"}


@pytest.mark.parametrize(
    ("record", "text", "media"),
    [
        (older("text", title="Taps", body="<p>Dry &amp; cold</p>"), "Taps\n\nDry & cold", 0),
        (older("photo", caption="<p>Dry</p>", photos=[{"alt_sizes": [{"url": "https://t.example/1"}]}]), "Dry", 1),
        (older("quote", text="Dry", source="<em>a neighbour</em>"), "Dry\n\na neighbour", 0),
        (older("link", title="Bill", url="https://example.org", description="<p>late</p>"), "Bill\n\nlate", 0),
        (older("chat", body="A: Dry?", dialogue=[{"label": "A:", "phrase": "Dry?"}]), "A: Dry?", 0),
        (older("audio", caption="<p>drip</p>", audio_url="https://t.example/a"), "drip", 1),
        (older("video", caption="<p>drip</p>", video_url="https://t.example/v"), "drip", 1),
        (older("video", caption="<p>drip</p>", player=[{"width": 250, "embed_code": False}]), "drip", 0),
        (older("answer", question="Dry?", answer="<p>Yes</p>"), "Dry?\n\nYes", 0),
    ],
)
def test_a_post_of_an_older_type_becomes_a_mention(record: dict[str, Any], text: str, media: int) -> None:
    mention = to_mention(record)
    assert (mention.text, len(mention.media)) == (text, media)


def test_what_an_older_post_plays_and_where_its_picture_leads_is_kept() -> None:
    code = "<iframe src='https://v.example/embed/{}?a=1&amp;b=2'></iframe>"
    video = to_mention(older("video", player=[{"embed_code": code.format(1)}, {"embed_code": code.format(2)}]))
    assert [(item.type, item.url) for item in video.media] == [("video", "https://v.example/embed/2?a=1&b=2")]
    audio = to_mention(older("audio", player=code.format(3)))
    assert [(item.type, item.url) for item in audio.media] == [("audio", "https://v.example/embed/3?a=1&b=2")]
    photo = older(
        "photo", link_url="https://example.org/tap", photos=[{"original_size": {"url": "https://t.example/1"}}]
    )
    assert to_mention(photo).links == ("https://example.org/tap",)


def test_both_formats_of_a_post_read_the_same() -> None:
    """So that a post that was stored in the one is not called edited when it comes in the other."""
    said = older("text", body="<p>No word  yet </p><p>not&nbsp;one<br>at all</p>")
    blocks = [{"type": "text", "text": "No word  yet "}, {"type": "text", "text": "not\u00a0one\nat all"}]
    assert to_mention(said).text == "No word yet\n\nnot one\nat all"
    assert to_mention(post(5, content=blocks, tags=[])).text == to_mention(said).text


def trail(*items: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"blog": {"name": name}, "post": {"id": number}, "content": [{"type": "text", "text": said}]}
        for name, number, said in items
    ]


def test_reblogs_name_what_they_stand_on() -> None:
    stack = trail(("root-blog", "1", "the root"), ("other-blog", "2", "the parent"))
    added = to_mention(post(9, trail=stack, tags=[]))
    assert added.in_reply_to is not None
    assert added.in_reply_to.author is not None
    assert (added.kind, added.text, added.conversation_id) == ("quote", "No word yet", "root-blog/1")
    assert (added.in_reply_to.id, added.in_reply_to.author.handle, added.in_reply_to.text) == (
        "other-blog/2",
        "other-blog",
        "the parent",
    )
    bare = to_mention(post(9, trail=stack, content=[], tags=[]))
    assert (bare.kind, bare.text) == ("repost", "the parent")
    broken = to_mention(post(9, trail=[{"broken_blog_name": "gone-blog", "content": [], "layout": []}]))
    assert broken.in_reply_to is not None
    assert broken.in_reply_to.author is not None
    assert (broken.in_reply_to.id, broken.in_reply_to.author.handle) == (None, "gone-blog")


def test_an_older_reblog_says_what_was_added_apart() -> None:
    record = older(
        "text",
        body="<p>other-blog:</p><blockquote>the parent</blockquote><p>mine</p>",
        reblog={"comment": "<p>mine</p>", "tree_html": "<p>other-blog:</p>"},
        trail=[
            {"blog": {"name": "other-blog"}, "post": {"id": "2"}, "content_raw": "<p>the parent</p>"},
            {"blog": BLOG, "post": {"id": "5"}, "content_raw": "<p>mine</p>", "is_current_item": True},
        ],
    )
    mention = to_mention(record)
    assert mention.in_reply_to is not None
    assert (mention.kind, mention.text, mention.in_reply_to.text) == ("quote", "mine", "the parent")


def test_blogs_are_read_whole_and_a_pinned_post_does_not_hide_the_others(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    pinned = post(1, is_pinned=True, tags=[])

    def answer(asked: Asked) -> Reply:
        if asked.path == "/v2/tagged":
            return Reply.of({"response": []})
        assert (asked.path, asked.params["npf"]) == ("/v2/blog/invented-one/posts", "true")
        before = int(asked.params.get("before", 2**40))
        rows = [post(number, tags=[]) for number in (9, 7, 5, 3) if post(number)["timestamp"] < before]
        return Reply.of({"response": {"blog": BLOG, "posts": [pinned, *rows[:2]] if rows else []}})

    settings = TumblrSettings(base_url=serve(answer).url, api_key=SecretStr("invented"), blogs="invented-one")
    (collector,) = Tumblr.from_settings(settings, [words_only(policy)], brisk)
    batches, error = run(collector)
    assert error is None
    assert set(native_ids(batches)) == {f"invented-one/{number}" for number in (9, 7, 5, 3, 1)}


def test_a_featured_tag_has_an_order_of_its_own(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [
        post(number, featured_timestamp=NEWEST + 100 - at, timestamp=NEWEST - number)
        for at, number in enumerate((3, 9, 1, 7))
    ]

    def answer(asked: Asked) -> Reply:
        before = int(asked.params.get("before", 2**40))
        return Reply.of({"response": [row for row in rows if row["featured_timestamp"] < before][:2]})

    batches, error = run(Tumblr(serve(answer).url, "k", [words_only(policy)], settle=timedelta(0), manners=brisk))
    assert error is None
    assert set(native_ids(batches)) == {f"invented-one/{number}" for number in (3, 9, 1, 7)}


def test_what_is_deleted_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.params["id"] == "1":
            return Reply(b'{"meta": {"status": 404, "msg": "Not Found"}}', status=404)
        return Reply.of({"response": {"posts": [post(2)]}})

    server = serve(answer)
    told = Tumblr(server.url, "invented", [policy], manners=brisk).recheck(["invented-one/1", "invented-one/2"])
    assert (told.gone, [mention.id for mention in told.present]) == (("invented-one/1",), ["invented-one/2"])
    assert {asked.path for asked in server.asked} == {"/v2/blog/invented-one/posts"}


def test_of_a_private_blog_nothing_is_known_and_the_others_are_asked_about(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/v2/tagged":
            return Reply.of({"response": []})
        return Reply(status=403) if asked.params["id"] in "12" else Reply.of({"response": {"posts": [post(3)]}})

    server = serve(answer)
    told = Tumblr(server.url, "k", [words_only(policy)], blogs=["invented-two"], manners=brisk).recheck(
        [f"invented-one/{number}" for number in (1, 2, 3)]
    )
    assert (told.gone, [mention.id for mention in told.present]) == ((), ["invented-one/3"])
    assert told.requests == len(server.asked) == 4  # that we are let in is looked at once


def test_a_key_that_is_refused_everywhere_is_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(status=401))
    with pytest.raises(AccessDenied, match="TOCSIN_TUMBLR_API_KEY") as refusal:
        Tumblr(server.url, "k", [policy], manners=brisk).recheck(["invented-one/1", "invented-one/2"])
    assert refusal.value.requests == len(server.asked) == 2


def test_broken_posts_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [post(3), "no post", {"id": 2, "blog_name": "b"}, post(1, timestamp="soon"), post(0)]
    server = serve(lambda asked: Reply.of({"response": [] if "before" in asked.params else rows}))
    batches, error = run(Tumblr(server.url, "invented", [words_only(policy)], manners=brisk))
    assert error is None
    assert native_ids(batches) == ["invented-one/3", "invented-one/0"]
    refused = [item.where for batch in batches for item in batch.quarantined]
    assert refused == ["tumblr without id", "tumblr b/2", "tumblr invented-one/1"]


def test_every_post_in_the_documents_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    """The examples are JSON but for strings that are broken over lines and for "..."."""
    written = (recordings / "tumblr/docs/api.md").read_text()
    blocks = [re.sub(r"\n\s*", "", block) for block in re.findall(r"```json\n(.*?)```", written, re.S | re.I)]
    bodies = []
    for block in blocks:
        try:
            bodies.append(json.loads(re.sub(r"\{ *\.\.\. *\}", "{}", re.sub(r", *\.\.\.(?=[\]}])", "", block))))
        except ValueError:
            continue  # an example of something else, with comments in it
    needs = {"blog_name", "id", "post_url", "timestamp"}
    posts = distinct((each for body in bodies for each in found(body, lambda value: needs <= value.keys())), "id")
    newest = sorted(posts.values(), key=lambda each: each["timestamp"], reverse=True)

    def answer(asked: Asked) -> Reply:
        before = int(asked.params.get("before", 2**40))
        return Reply.of({"response": [each for each in newest if each["timestamp"] < before][:20]})

    batches, error = run(Tumblr(serve(answer).url, "k", [words_only(policy)], settle=timedelta(0), manners=brisk))
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert len(native_ids(batches)) == len(mentions) == len(posts) >= 5
    for each in posts.values():
        mention = mentions[f"{each['blog_name']}/{each['id']}"]
        assert (mention.url, mention.author.handle) == (each["post_url"], each["blog_name"])
        assert mention.created_at == datetime.fromtimestamp(each["timestamp"], UTC)
        for name in ("title", "body", "caption", "text", "description", "answer"):
            words = "".join(html.unescape(re.sub(r"<[^>]+>", "", str(each.get(name) or ""))).split())
            assert words in "".join(mention.text.split()) or each.get("dialogue")
        assert len(mention.media) >= len(each.get("photos") or ())


json_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)
names = ["blog_name", "id", "timestamp", "content", "trail", "tags", "body", "photos", "dialogue", "reblog", "blog"]


@given(st.dictionaries(st.sampled_from(names), json_values))
def test_whatever_comes_is_a_mention_or_is_refused(record: dict[str, Any]) -> None:
    assert isinstance(admit(record, "tumblr", to_mention), Mention | Quarantined)
