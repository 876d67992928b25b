"""Exports of X and Reddit are told apart by what they hold. Small invented ones here; recorded ones where they are."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.archive import ArchiveError, parse_map, read_mentions
from collectors.archive.columns import FIELDS
from collectors.collector import Quarantined
from collectors.mention import Mention

RECORDINGS = Path(__file__).resolve().parents[2] / "../shared/recordings"

USERS = [
    {"id": "11", "username": "ada_example", "name": "Ada", "public_metrics": {"followers_count": 5}},
    {"id": "12", "username": "bob_example", "name": "Bob"},
]
REPLY = {
    "id": "1840000000000000001",
    "text": "@bob_example no &amp; never",
    "author_id": "11",
    "created_at": "2026-10-01T09:15:00.000Z",
    "conversation_id": "1840000000000000000",
    "referenced_tweets": [{"type": "replied_to", "id": "1840000000000000000"}],
    "attachments": {"media_keys": ["3_1"]},
    "public_metrics": {"like_count": 3, "retweet_count": 2, "reply_count": 1, "impression_count": 90},
}
PARENT = {"id": "1840000000000000000", "text": "Will it ever work?", "author_id": "12"}
PICTURE = {"media_key": "3_1", "type": "photo", "url": "https://pics.example/1.jpg", "alt_text": "a queue"}
PAGE = {
    "data": [REPLY],
    "includes": {"users": USERS, "tweets": [PARENT], "media": [PICTURE]},
    "meta": {"result_count": 1},
}
FLATTENED = {
    **REPLY,
    "author": USERS[0],
    "attachments": {"media_keys": ["3_1"], "media": [PICTURE]},
    "referenced_tweets": [{"type": "replied_to", **PARENT, "author": USERS[1]}],
    "__twarc": {"version": "2.14.0"},
}
TWEET_V1 = {
    "id": 1050118621198921700,
    "id_str": "1050118621198921728",
    "created_at": "Wed Oct 10 20:19:24 +0000 2018",
    "full_text": "a &lt;b&gt; c",
    "user": {"id_str": "11", "screen_name": "ada_example", "followers_count": 5},
    "in_reply_to_status_id_str": "9",
    "in_reply_to_screen_name": "bob_example",
    "extended_entities": {"media": [{"type": "photo", "media_url_https": "https://pics.example/2.jpg"}]},
    "favorite_count": 4,
}
COMMENT = {
    "id": "c1",
    "name": "t1_c1",
    "author": "ada_example",
    "author_fullname": "t2_a",
    "body": "2 &gt; 1",
    "created_utc": 1790846100.0,
    "link_id": "t3_s1",
    "parent_id": "t3_s1",
    "permalink": "/r/example/comments/s1/_/c1/",
    "score": -3,
}
SUBMISSION = {
    "id": "s1",
    "name": "t3_s1",
    "author": "[deleted]",
    "title": "A title",
    "selftext": "and a text",
    "created_utc": 1790846000.0,
    "permalink": "/r/example/comments/s1/a_title/",
    "is_self": True,
    "num_comments": 1,
}


def listing(*children: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "children": list(children)}}


def thread() -> list[dict[str, Any]]:
    answer = {**COMMENT, "id": "c2", "name": "t1_c2", "parent_id": "t1_c1"}
    replies = listing({"kind": "t1", "data": {**answer, "replies": ""}}, {"kind": "more", "data": {"children": ["x"]}})
    return [
        listing({"kind": "t3", "data": SUBMISSION}),
        listing({"kind": "t1", "data": {**COMMENT, "replies": replies}}),
    ]


def read(*values: Any, indent: int | None = None, **how: Any) -> list[Mention]:
    data = "\n".join(json.dumps(value, indent=indent) for value in values).encode()
    found = list(read_mentions(io.BytesIO(data), **how))
    assert not [item for item in found if isinstance(item, Quarantined)]
    return [item for item in found if isinstance(item, Mention)]


@pytest.mark.parametrize("value", [PAGE, FLATTENED], ids=["page", "flattened"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_v2_post_reads_the_same_from_a_page_and_flattened(value: Any, indent: int | None) -> None:
    (mention,) = read(value, indent=indent)
    assert (mention.mention_id, mention.kind, mention.text) == (
        "x:1840000000000000001",
        "reply",
        "@bob_example no & never",
    )
    assert (mention.author.handle, mention.author.followers) == ("ada_example", 5)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.author.handle, mention.in_reply_to.text) == ("bob_example", "Will it ever work?")
    assert (mention.media[0].type, mention.media[0].alt_text) == ("image", "a queue")
    assert (mention.metrics.likes, mention.metrics.views) == (3, 90)


def test_pages_come_one_or_many_in_a_file() -> None:
    other = {"data": [{**REPLY, "id": "1840000000000000002"}], "meta": {"result_count": 1}}
    alone = {"data": {**REPLY, "id": "1840000000000000003"}}
    ids = ["1840000000000000001", "1840000000000000002", "1840000000000000003"]
    assert [mention.id for mention in read(PAGE, other, alone)] == ids
    assert [mention.id for mention in read(PAGE, other, alone, indent=1)] == ids
    assert [mention.id for mention in read([PAGE, other, alone], indent=1)] == ids
    assert read({"meta": {"result_count": 0}}) == []


def test_one_bad_post_in_a_page_does_not_cost_the_page() -> None:
    page = {**PAGE, "data": [{"id": "1"}, 7, REPLY, {**REPLY, "created_at": "2999-01-01T00:00:00Z"}]}
    found = list(read_mentions(io.BytesIO(json.dumps(page).encode())))
    assert [isinstance(item, Mention) for item in found] == [False, False, True, False]
    reasons = [item.reason for item in found if isinstance(item, Quarantined)]
    assert reasons[0] == "text is missing"
    assert "not a JSON object" in reasons[1]
    assert "2999" in reasons[2]


def test_a_large_page_on_one_line_is_read_though_a_large_record_is_not() -> None:
    tweets = [{**REPLY, "id": str(1840000000000000000 + n), "note_tweet": {"text": "long " * 800}} for n in range(500)]
    assert len(json.dumps(tweets)) > 2_000_000
    assert len(read({**PAGE, "data": tweets}, format="jsonl")) == 500


def test_a_v1_tweet_is_read_by_its_text_id() -> None:
    for value in (TWEET_V1, {"statuses": [TWEET_V1], "search_metadata": {}}, {"results": [TWEET_V1]}):
        (mention,) = read(value)
        assert (mention.id, mention.text, mention.kind) == ("1050118621198921728", "a <b> c", "reply")
        assert mention.created_at.isoformat() == "2018-10-10T20:19:24+00:00"
        assert mention.url == "https://x.com/ada_example/status/1050118621198921728"
        assert mention.media[0].url == "https://pics.example/2.jpg"


def test_a_v1_repost_has_the_whole_text_of_the_original() -> None:
    original = {**TWEET_V1, "full_text": "the whole of it", "user": {"screen_name": "bob_example"}}
    (mention,) = read({**TWEET_V1, "full_text": "RT @bob_example: the wh…", "retweeted_status": original})
    assert (mention.kind, mention.text) == ("repost", "RT @bob_example: the whole of it")


@pytest.mark.parametrize("indent", [None, 2])
def test_a_reddit_thread_is_read_in_order_with_its_replies(indent: int | None) -> None:
    post, comment, answer = read(thread(), indent=indent)
    assert [post.id, comment.id, answer.id] == ["t3_s1", "t1_c1", "t1_c2"]
    assert (post.text, post.author.handle, post.metrics.replies) == ("A title\n\nand a text", None, 1)
    assert (comment.kind, comment.text, comment.conversation_id) == ("comment", "2 > 1", "t3_s1")
    assert comment.metrics.likes == 0
    assert answer.in_reply_to is not None
    assert answer.in_reply_to.id == "t1_c1"


def test_pushshift_lines_are_the_same_mentions_as_the_api_gives() -> None:
    bare = {name: value for name, value in COMMENT.items() if name != "name"}
    old = {name: value for name, value in SUBMISSION.items() if name not in ("name", "permalink")}
    comment, post = read(bare, {**old, "created_utc": "1790846000"})
    assert comment == read({"kind": "t1", "data": COMMENT})[0]
    assert (post.mention_id, post.url) == ("reddit:t3_s1", "https://www.reddit.com/comments/s1/")


def test_tables_are_mapped_with_constants_and_quoted_names() -> None:
    table = b'nr;"Body, full";when;stars;Extra\n0017;good;2026-10-01;4.5;kept\n'
    words = 'id=nr,"text=Body, full",created_at=when,metrics.rating=stars,platform:=trustpilot,kind:=review'
    (mention,) = read_mentions(io.BytesIO(table), column_map=parse_map(words))
    assert isinstance(mention, Mention)
    assert (mention.mention_id, mention.kind, mention.metrics.rating) == ("trustpilot:0017", "review", 4.5)
    assert mention.raw["Extra"] == "kept"


def test_a_tsv_and_an_unnamed_table_are_told_by_their_header(tmp_path: Path) -> None:
    rows = [("id", "text", "created_at", "platform"), ("570306133677760513", "a, b; c", "2026-10-01", "Reddit")]
    for name in ("posts.tsv", "posts.txt", "posts"):
        (tmp_path / name).write_text("\n".join("\t".join(row) for row in rows))
        (mention,) = read_mentions(tmp_path / name)
        assert isinstance(mention, Mention)
        assert (mention.mention_id, mention.text) == ("reddit:570306133677760513", "a, b; c")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("text", "is not ours=theirs"),
        ("text=", "is not ours=theirs"),
        ("=body", "is not ours=theirs"),
        ("text=a,,id=b", "is not ours=theirs"),
        ("text=a,text=b", "names 'text' twice"),
        ("autor.handle=name", "did you mean 'author.handle'"),
        ("zzz=name", "The fields are: platform, id, text"),
    ],
)
def test_a_mapping_with_a_mistake_says_what_to_write(words: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        parse_map(words)


def test_an_empty_mapping_is_none_and_every_field_can_be_mapped() -> None:
    assert parse_map("") == {}
    assert set(parse_map(",".join(f"{field}={field}" for field in FIELDS))) == set(FIELDS)


def recorded_reddit() -> Iterator[tuple[str, bytes]]:
    for path in sorted((RECORDINGS / "reddit/praw").glob("*Listings*.json")):
        for exchange in json.loads(path.read_text())["interactions"]:
            body = exchange["response"]["body"].get("string") or ""
            if '"Listing"' in body and '"created_utc"' in body:
                yield path.name, body.encode()


def test_recorded_listings_of_reddit_are_read_whole() -> None:
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not beside this checkout")
    seen = 0
    for name, body in recorded_reddit():
        things = [child for child in json.loads(body)["data"]["children"] if child["kind"] in ("t1", "t3")]
        found = list(read_mentions(io.BytesIO(body)))
        assert [item.id if isinstance(item, Mention) else item.reason for item in found] == [
            child["data"]["name"] for child in things
        ], name
        seen += len(found)
    assert seen > 500


@pytest.mark.parametrize("path", ["dogsheep/tweets.json", "huginn/search_tweets.json", "twitter-ruby/statuses.json"])
def test_recorded_tweets_of_v1_are_read_whole(path: str) -> None:
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not beside this checkout")
    value = json.loads((RECORDINGS / "x" / path).read_text())
    tweets = value if isinstance(value, list) else value["statuses"]
    found = list(read_mentions(RECORDINGS / "x" / path))
    assert [item.id if isinstance(item, Mention) else item.reason for item in found] == [t["id_str"] for t in tweets]
