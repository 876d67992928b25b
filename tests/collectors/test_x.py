"""X through tweepy itself, against a server on the loopback. All posts here are invented."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.manners import Manners
from collectors.x import X, XSettings
from collectors.x_post import Includes, to_mention
from policies.policy import Policy, Vocabulary

PATH = "/2/tweets/search/recent"

PAGE: dict[str, Any] = {
    "data": [
        {
            "id": "1990000000000000004",
            "text": "@QuillmereWater where is my refund &amp; my water? https://t.co/aaa https://t.co/pic",
            "author_id": "51",
            "created_at": "2026-10-01T09:15:00.000Z",
            "lang": "en",
            "conversation_id": "1990000000000000001",
            "in_reply_to_user_id": "50",
            "referenced_tweets": [{"type": "replied_to", "id": "1990000000000000001"}],
            "attachments": {"media_keys": ["3_1", "7_2"]},
            "entities": {
                "urls": [
                    {"url": "https://t.co/aaa", "expanded_url": "https://example.org/bill"},
                    {"url": "https://t.co/pic", "expanded_url": "https://x.com/p/1", "media_key": "3_1"},
                ]
            },
            "public_metrics": {"like_count": 3, "retweet_count": 2, "reply_count": 1, "impression_count": 400},
        },
        {
            "id": "1990000000000000003",
            "text": "RT @QuillmereWater: Engineers are working on the burst main in",
            "author_id": "52",
            "created_at": "2026-10-01T09:10:00.000Z",
            "lang": "und",
            "referenced_tweets": [{"type": "retweeted", "id": "1990000000000000001"}],
        },
        {
            "id": "1990000000000000002",
            "text": "A long story about Quillmere Water…",
            "note_tweet": {
                "text": "A long story about Quillmere Water, told to its very end",
                "entities": {"urls": [{"url": "https://t.co/b", "unwound_url": "https://example.org/end"}]},
            },
            "author_id": "99",
            "created_at": "2026-10-01T09:05:00.000Z",
            "referenced_tweets": [{"type": "quoted", "id": "1980000000000000000"}],
        },
    ],
    "includes": {
        "users": [
            {"id": "50", "username": "QuillmereWater", "name": "Quillmere Water"},
            {
                "id": "51",
                "username": "invented_one",
                "name": "Invented One",
                "description": "nobody",
                "created_at": "2020-01-01T00:00:00.000Z",
                "public_metrics": {"followers_count": 12},
            },
        ],
        "tweets": [
            {
                "id": "1990000000000000001",
                "author_id": "50",
                "text": "Engineers are working on the burst main in Upper Quillmere.",
            }
        ],
        "media": [
            {"media_key": "3_1", "type": "photo", "url": "https://img.example.org/1.jpg", "alt_text": "a dry tap"},
            {
                "media_key": "7_2",
                "type": "video",
                "preview_image_url": "https://img.example.org/2.jpg",
                "variants": [
                    {"bit_rate": 100, "url": "https://v.example.org/low.mp4"},
                    {"bit_rate": 900, "url": "https://v.example.org/high.mp4"},
                    {"url": "https://v.example.org/list.m3u8"},
                ],
            },
        ],
    },
    "errors": [{"title": "Not Found Error", "resource_id": "1980000000000000000", "detail": "gone"}],
    "meta": {"result_count": 3, "newest_id": "1990000000000000004", "oldest_id": "1990000000000000002"},
}


def run(x: X, checkpoint: Checkpoint | None = None) -> tuple[list[Batch], CollectError | None]:
    batches: list[Batch] = []
    try:
        batches.extend(x.collect(checkpoint))  # what came before an error is kept
    except CollectError as error:
        return batches, error
    return batches, None


def test_a_page_of_posts_becomes_mentions(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of(PAGE))
    batches, error = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert error is None
    answer, repost, long = batches[0].mentions
    assert answer.mention_id == "x:1990000000000000004"
    assert (answer.kind, answer.lang, answer.conversation_id) == ("reply", "en", "1990000000000000001")
    assert answer.text.startswith("@QuillmereWater where is my refund & my water?")
    assert answer.url == "https://x.com/invented_one/status/1990000000000000004"
    assert answer.created_at.isoformat() == "2026-10-01T09:15:00+00:00"
    assert (answer.author.id, answer.author.handle, answer.author.followers) == ("51", "invented_one", 12)
    assert (answer.author.name, answer.author.bio) == ("Invented One", "nobody")
    parent = answer.in_reply_to
    assert parent is not None
    assert parent.author is not None
    assert (parent.id, parent.author.handle) == ("1990000000000000001", "QuillmereWater")
    assert parent.text == "Engineers are working on the burst main in Upper Quillmere."
    assert [(item.type, item.url, item.alt_text) for item in answer.media] == [
        ("image", "https://img.example.org/1.jpg", "a dry tap"),
        ("video", "https://v.example.org/high.mp4", None),
    ]
    assert answer.links == ("https://example.org/bill",)
    metrics = answer.metrics
    assert (metrics.likes, metrics.reposts, metrics.replies, metrics.views) == (3, 2, 1, 400)
    assert answer.matched_terms == ("@QuillmereWater",)
    assert answer.raw["includes"]["users"][0]["username"] == "invented_one"
    assert (repost.kind, repost.lang) == ("repost", None)
    assert repost.text == "RT @QuillmereWater: Engineers are working on the burst main in Upper Quillmere."
    assert (long.kind, long.text) == ("quote", "A long story about Quillmere Water, told to its very end")
    assert (long.author.id, long.author.handle) == ("99", None)
    assert long.links == ("https://example.org/end",)
    assert long.url == "https://x.com/i/web/status/1990000000000000002"


def test_what_the_platform_is_asked(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({"meta": {"result_count": 0}}))
    batches, error = run(X("secret-token", [policy], base_url=f"{server.url}/proxy/", manners=brisk))
    (asked,) = server.asked
    assert error is None
    assert [(batch.mentions, batch.requests, batch.more) for batch in batches] == [((), 1, False)]
    assert asked.path == "/proxy" + PATH
    assert asked.headers["authorization"] == "Bearer secret-token"
    assert asked.headers["user-agent"].startswith("tocsin")
    assert asked.params["query"] == '"Quillmere Water" OR #quillmere OR @QuillmereWater OR from:QuillmereWater'
    assert asked.params["max_results"] == "100"
    assert "note_tweet" in asked.params["tweet.fields"]


def test_a_second_run_asks_only_for_what_is_new(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({"meta": {"result_count": 0}} if "since_id" in asked.params else PAGE))
    x = X("token", [policy], base_url=server.url, manners=brisk)
    first, _ = run(x)
    second, _ = run(x, first[-1].checkpoint)
    assert server.asked[-1].params["since_id"] == "1990000000000000004"
    assert [batch.mentions for batch in second] == [()]
    assert second[-1].checkpoint == first[-1].checkpoint


def test_one_bad_record_among_good_is_quarantined(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    good = PAGE["data"][0]
    bad = [
        None,
        "a string",
        {"text": "no id"},
        {**good, "id": "1990000000000000011", "text": "null \x00 byte"},
        {**good, "id": "1990000000000000012", "created_at": "1601-01-01T00:00:00Z"},
        {**good, "id": "1990000000000000013", "entities": ["not an object"]},
        {**good, "id": "1990000000000000014", "referenced_tweets": [7]},
        {**good, "id": "9" * 5000},
    ]
    server = serve(lambda asked: reply.of({**PAGE, "data": [bad[0], good, *bad[1:]]}))
    (batch,), error = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert error is None
    assert [mention.id for mention in batch.mentions] == [good["id"]]
    assert len(batch.quarantined) == len(bad)
    named = {item.where: item.reason for item in batch.quarantined}
    assert "null byte" in named["x 1990000000000000011"]
    assert "1601" in named["x 1990000000000000012"]
    assert all("\x00" not in item.payload and len(item.payload) <= 10_000 for item in batch.quarantined)


def test_half_an_emoji_is_mended_so_that_it_can_be_stored(
    serve: Any, reply: Any, policy: Policy, brisk: Manners
) -> None:
    page = {"data": [{**PAGE["data"][1], "text": "cut \ud83d"}], "meta": {"result_count": 1}}
    server = serve(lambda asked: reply.of(page))
    (batch,), _ = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert batch.mentions[0].text == "cut \ufffd"
    json.dumps(batch.mentions[0].raw, ensure_ascii=False).encode()


def test_a_post_without_its_date_is_dated_by_its_id(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    posted = datetime(2026, 10, 1, 9, 15, 7, tzinfo=UTC)
    post_id = (int(posted.timestamp() * 1000) - 1_288_834_974_657) << 22 | 4095  # milliseconds, then 22 bits of others
    page = {"data": [{"id": str(post_id), "text": "Quillmere Water"}], "meta": {"result_count": 1}}
    server = serve(lambda asked: reply.of(page))
    (batch,), _ = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert batch.mentions[0].created_at == posted


TOO_OLD = {"title": "Invalid Request", "errors": [{"message": "'{}' must be a tweet id created after a week ago"}]}


def test_a_checkpoint_older_than_the_search_is_read_from_what_is_left(
    serve: Any, reply: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Any) -> Any:
        for name in ("until_id", "since_id"):
            if name in asked.params:
                return reply.of(json.loads(json.dumps(TOO_OLD).replace("{}", name)), status=400)
        return reply.of(PAGE)

    server = serve(answer)
    x = X("token", [policy], base_url=server.url, manners=brisk)
    query = '"Quillmere Water" OR #quillmere OR @QuillmereWater OR from:QuillmereWater'
    state = {"timelines": {query: {"mark": 1000, "gaps": [{"above": 10, "below": 500}]}}}
    batches, error = run(x, Checkpoint("x", state))
    assert error is None
    assert [len(batch.mentions) for batch in batches] == [3, 0]
    lost = [item for batch in batches for item in batch.quarantined]
    assert [item.where for item in lost] == [
        "x posts after 1000 and before the oldest in reach",
        "x posts after 10 and before 500",
    ]
    assert batches[-1].checkpoint.state["timelines"][query] == {"mark": 1990000000000000004, "gaps": []}


def test_a_long_vocabulary_is_several_queries_that_miss_no_term(
    serve: Callable[..., Any], reply: Any, policy: Policy, brisk: Manners
) -> None:
    names = tuple(f"Quillmere Reservoir Number {number}" for number in range(60))
    words = Vocabulary(names=names, ambiguous=("QW", 'the "Quill"'), context=("water", "bill", "leak"))
    server = serve(lambda asked: reply.of({"meta": {"result_count": 0}}))
    x = X("token", [policy.model_copy(update={"vocabulary": words})], base_url=server.url, pages=1, manners=brisk)
    batches, error = run(x)
    asked = [request.params["query"] for request in server.asked]
    assert error is None
    assert len(asked) == len(batches) > 3
    assert all(len(query) <= 512 for query in asked)
    assert all(sum(f'"{name}"' in query for query in asked) == 1 for name in names)
    assert asked[-1] == '("QW" OR "the Quill") ("water" OR "bill" OR "leak")'


def test_a_setting_that_is_missing_is_named(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_X_BEARER_TOKEN"):
        X.from_settings(XSettings(), [policy], Manners())
    with pytest.raises(ValueError, match=r"vocabulary\.names"):
        X("token", [])


def test_a_poll_says_what_may_be_answered() -> None:
    post = {"id": "1990000000000000004", "text": "Which tap?", "attachments": {"poll_ids": ["8"]}}
    poll = {"id": "8", "options": [{"position": 1, "label": "Hot &amp; cold"}, {"position": 2, "label": "None"}]}
    mention = to_mention(post, Includes.of({"includes": {"polls": [poll, {"id": "9", "options": []}]}}))
    assert mention.text == "Which tap?\n\nHot & cold\nNone"
    assert mention.raw["includes"]["polls"] == [poll]


def test_links_of_a_note_and_of_what_is_shown_first_are_one_list_without_own_pictures() -> None:
    first = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}]}
    first["urls"].append({"url": "https://t.co/p", "expanded_url": "https://x.com/p/1", "display_url": "pic.x.com/p"})
    note = {"text": "Quillmere Water", "entities": {"urls": [{"url": "https://example.org/b"}]}}
    post = {"id": "1990000000000000004", "text": "Quillmere", "entities": first, "note_tweet": note}
    assert to_mention(post, Includes.of({})).links == ("https://example.org/b", "https://example.org/a")
