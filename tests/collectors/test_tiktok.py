"""TikTok's Research API through our client, against a server on the loopback, and against recorded answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr

from collectors.manners import Manners
from collectors.tiktok import TikTok, TikTokSettings
from collectors.tiktok_post import comment_to_mention, to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

TODAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FINE = {"code": "ok", "message": "", "log_id": "invented"}


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def video(number: int, moment: datetime = TODAY, **others: Any) -> dict[str, Any]:
    """An invented video."""
    said = {
        "id": 7000000000000000000 + number,
        "video_description": "Quillmere Water, again",
        "username": "invented_one",
    }
    return {**said, "create_time": seconds(moment), **others}


def comment(number: int, of: int = 1, **others: Any) -> dict[str, Any]:
    """An invented comment."""
    under = 7000000000000000000 + of
    said = {"id": 7100000000000000000 + number, "video_id": under, "parent_comment_id": under, "text": "No water here"}
    return {**said, "create_time": seconds(TODAY) + number, **others}


def tiktok(url: str, policy: Policy, manners: Manners, now: datetime = TODAY) -> TikTok:
    return TikTok("key", "secret", [words_only(policy)], base_url=url, now=lambda: now, manners=manners)


def kind(asked: Asked) -> str:
    """token, query or list."""
    last = asked.path.rstrip("/").rpartition("/")[2]
    if last == "token":
        login = dict(parse_qsl(asked.body.decode()))
        assert login == {"client_key": "key", "client_secret": "secret", "grant_type": "client_credentials"}
    else:
        assert asked.headers["authorization"] == "Bearer clt.invented"
    return last


TOKEN = Reply.of({"access_token": "clt.invented", "expires_in": 7200, "token_type": "Bearer"})


def page(name: str, found: list[Any], start: int, size: int) -> Reply:
    more = start + size < len(found)
    data = {name: found[start : start + size], "cursor": start + size, "has_more": more, "search_id": "s1"}
    return Reply.of({"data": data, "error": FINE})


def refusal(status: int, code: str) -> Reply:
    return Reply.of({"data": {}, "error": {"code": code, "message": "invented"}}, status=status)


class TestTikTok(Conformance):
    """Nine videos, three to a page."""

    numbers = range(1, 10)
    posts = frozenset(str(7000000000000000000 + number) for number in numbers)
    settled = False  # the last days are read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> TikTok:
        return tiktok(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/query/")

    def answer(self, asked: Asked) -> Reply:
        if kind(asked) == "token":
            return TOKEN
        body = json.loads(asked.body)
        if kind(asked) == "list":
            return page("comments", [], 0, 3)
        assert body["query"] == {
            "or": [{"operation": "IN", "field_name": "keyword", "field_values": ["Quillmere Water"]}]
        }
        assert (body["max_count"], body["end_date"]) == (100, "20261120")
        assert body.get("search_id") == ("s1" if body["cursor"] else None)
        return page("videos", [video(number) for number in self.numbers], body["cursor"], 3)

    def loop(self, asked: Asked) -> Reply:
        data = {"videos": [], "cursor": 100, "has_more": True, "search_id": "s1"}
        return Reply.of({"data": data, "error": FINE})


class TestTikTokComments(Conformance):
    """One video with nine comments, three to a page."""

    posts = frozenset(["7000000000000000001", *(str(7100000000000000000 + number) for number in range(1, 10))])
    settled = False
    gone = frozenset({"400", "404"})  # the video is gone, or takes no comments

    def collector(self, url: str, policy: Policy, manners: Manners) -> TikTok:
        return tiktok(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/list/")

    def answer(self, asked: Asked) -> Reply:
        if kind(asked) == "token":
            return TOKEN
        body = json.loads(asked.body)
        if kind(asked) == "query":
            return page("videos", [video(1)], 0, 100)
        assert body["video_id"] == 7000000000000000001
        return page("comments", [comment(number) for number in range(1, 10)], body["cursor"], 3)

    test_a_fault_at_once_ends_by_name = None  # the video comes before any comment: half-way is the earliest


def answering(query: Callable[[dict[str, Any]], Reply], comments: Reply | None = None) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        if kind(asked) == "token":
            return TOKEN
        if kind(asked) == "list":
            return comments or page("comments", [], 0, 100)
        return query(json.loads(asked.body))

    return answer


def test_videos_and_comments_become_mentions() -> None:
    mention = to_mention(video(1, like_count=3, share_count=2, comment_count=1, view_count=9))
    assert mention.url == "https://www.tiktok.com/@invented_one/video/7000000000000000001"
    assert (mention.author.handle, mention.created_at) == ("invented_one", TODAY)
    assert (mention.metrics.likes, mention.metrics.reposts, mention.metrics.views) == (3, 2, 9)
    top = comment_to_mention(comment(1), "invented_one")
    reply = comment_to_mention(comment(2, parent_comment_id=7100000000000000001))
    assert top.in_reply_to is not None
    assert reply.in_reply_to is not None
    assert (top.kind, top.in_reply_to.id, top.url) == ("comment", "7000000000000000001", mention.url)
    assert (reply.kind, reply.in_reply_to.id, reply.url) == ("reply", "7100000000000000001", None)


def test_a_first_run_reads_a_month_and_a_late_one_every_day_between(serve: Any, policy: Policy, brisk: Manners) -> None:
    days: list[tuple[str, str]] = []

    def query(body: dict[str, Any]) -> Reply:
        days.append((body["start_date"], body["end_date"]))
        return page("videos", [], 0, 100)

    server = serve(answering(query))
    batches, error = run(tiktok(server.url, policy, brisk))
    assert (error, days) == (None, [("20261022", "20261120")])
    later = TODAY + timedelta(days=40)
    batches, error = run(tiktok(server.url, policy, brisk, later), batches[-1].checkpoint)
    assert error is None
    assert days[1:] == [("20261116", "20261215"), ("20261216", "20261230")]
    run(tiktok(server.url, policy, brisk, later), batches[-1].checkpoint)
    assert days[3:] == [("20261226", "20261230")]


def test_a_search_that_has_expired_is_begun_anew(serve: Any, policy: Policy, brisk: Manners) -> None:
    expired = {"now": False}

    def query(body: dict[str, Any]) -> Reply:
        if body["cursor"] and expired["now"]:
            return refusal(400, "invalid_params")
        if body["cursor"]:
            return refusal(429, "rate_limit_exceeded")
        return page("videos", [video(1), video(2)], 0, 2 if expired["now"] else 1)

    server = serve(answering(query))
    batches, error = run(tiktok(server.url, policy, brisk))
    assert error is not None
    assert (error.outcome, native_ids(batches)) == ("rate_limited", ["7000000000000000001"])
    expired["now"] = True
    after, error = run(tiktok(server.url, policy, brisk), batches[-1].checkpoint)
    assert (error, native_ids(after)) == (None, ["7000000000000000001", "7000000000000000002"])


@pytest.mark.parametrize(
    ("reply", "outcome", "calls"),
    [
        (refusal(429, "daily_quota_limit_exceeded"), "rate_limited", 1),
        (refusal(200, "rate_limit_exceeded"), "rate_limited", 3),
        (refusal(401, "access_token_invalid"), "access_denied", 1),
        (refusal(200, "scope_not_authorized"), "access_denied", 1),
        (refusal(200, "internal_error"), "unavailable", 3),
        (refusal(200, "invalid_params"), "unexpected_response", 1),
    ],
)
def test_tiktok_says_by_its_code_what_is_wrong(
    serve: Any, policy: Policy, brisk: Manners, reply: Reply, outcome: str, calls: int
) -> None:
    server = serve(answering(lambda body: reply))
    batches, error = run(tiktok(server.url, policy, brisk))
    assert error is not None
    assert (batches, error.outcome, len(server.asked)) == ([], outcome, calls + 1)
    assert "secret" not in str(error).replace("TOCSIN_TIKTOK_CLIENT_SECRET", "")


def test_a_broken_record_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    found = [video(1), video(1), {"id": 5}, "no video", {**video(3), "create_time": "soon"}, video(4)]
    comments = page("comments", [comment(1), {"id": 9}, comment(2, text="again")], 0, 100)
    server = serve(answering(lambda body: page("videos", found, 0, 100), comments))
    batches, error = run(tiktok(server.url, policy, brisk))
    assert error is None
    ids = native_ids(batches)
    assert ids[:2] == ["7000000000000000001", "7000000000000000004"]
    where = [item.where for item in batches[0].quarantined]
    assert where == ["tiktok 5", "tiktok without id", "tiktok 7000000000000000003"]
    assert {item.where for batch in batches[1:] for item in batch.quarantined} == {"tiktok 9"}


def test_hashtags_are_a_condition_of_their_own_and_credentials_are_needed(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    with pytest.raises(ValueError, match=r"TOCSIN_TIKTOK_CLIENT_KEY .* TOCSIN_TIKTOK_CLIENT_SECRET"):
        TikTok.from_settings(TikTokSettings(), [policy], brisk)
    conditions: list[dict[str, Any]] = []

    def query(body: dict[str, Any]) -> Reply:
        conditions.extend(body["query"]["or"])
        return page("videos", [], 0, 100)

    server = serve(answering(query))
    settings = TikTokSettings(client_key="key", client_secret=SecretStr("secret"), base_url=server.url)
    (collector,) = TikTok.from_settings(settings, [policy], brisk)
    assert run(collector)[1] is None
    assert {each["field_name"]: each["field_values"] for each in conditions} == {
        "keyword": ["Quillmere Water"],
        "hashtag_name": ["quillmere"],
    }


def test_every_recorded_video_and_comment_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    folder = recordings / "tiktok" / "traktok"
    if not folder.is_dir():
        pytest.skip("the recordings hold no page of TikTok")
    videos = json.loads((folder / "example_resp_q_videos.json").read_text())
    comments = json.loads((folder / "example_resp_comments.json").read_text())
    videos["data"]["has_more"] = comments["data"]["has_more"] = False
    server = serve(answering(lambda body: Reply.of(videos), Reply.of(comments)))
    batches, error = run(tiktok(server.url, policy, brisk))
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    recorded = {str(each.get("id", each.get("video_id"))): each for each in videos["data"]["videos"]}
    recorded |= {str(each["id"]): each for each in comments["data"]["comments"]}
    assert sum(len(batch.mentions) for batch in batches) == len(mentions) == len(recorded) >= 2
    for native_id, record in recorded.items():
        mention = mentions[native_id]
        assert mention.text == record.get("text", record.get("video_description"))
        assert seconds(mention.created_at) == record["create_time"]
        if "parent_comment_id" in record:
            assert mention.in_reply_to is not None
            assert mention.in_reply_to.id == str(record["parent_comment_id"])


def test_a_comment_without_words_is_a_comment() -> None:
    said = {"id": 5, "video_id": 2, "parent_comment_id": 2, "create_time": 1_790_000_000, "text": None}
    assert (comment_to_mention(said).text, comment_to_mention(said).kind) == ("", "comment")
