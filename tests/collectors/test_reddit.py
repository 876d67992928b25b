"""Reddit through praw itself, against a server on the loopback. All posts here are invented."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.manners import Manners
from collectors.reddit import App, Reddit, RedditSettings
from policies.policy import Policy, Vocabulary
from tests.collectors.reddit_posts import ANSWER, COMMENT, CROSSPOST, PICTURES, SUBMISSION, TOKEN, listing


def run(reddit: Reddit, checkpoint: Checkpoint | None = None) -> tuple[list[Batch], CollectError | None]:
    batches: list[Batch] = []
    try:
        batches.extend(reddit.collect(checkpoint))  # what came before an error is kept
    except CollectError as error:
        return batches, error
    return batches, None


def reddit_at(url: str, policy: Policy, manners: Manners, **others: Any) -> Reddit:
    app = App("an-id", "a-secret", base_url=url, oauth_url=f"{url}/oauth")
    return Reddit(app, [policy], manners=manners, settle=timedelta(0), **others)


@pytest.fixture
def answering(serve: Any, reply: Any) -> Any:
    """A Reddit that gives tokens, and answers listings by path with what it is told."""

    def start(pages: dict[str, Any]) -> Any:
        def answer(asked: Any) -> Any:
            if asked.path == "/api/v1/access_token":
                return reply.of(TOKEN)
            return reply.of(pages.get(asked.path.removeprefix("/oauth/"), listing()))

        return serve(answer)

    return start


def test_submissions_and_comments_become_mentions(answering: Any, policy: Policy, brisk: Manners) -> None:
    server = answering(
        {
            "r/all/search": listing(SUBMISSION, PICTURES, CROSSPOST),
            "r/quillmere/comments": listing(COMMENT, ANSWER),
        }
    )
    batches, error = run(reddit_at(server.url, policy, brisk))
    assert error is None
    own, pictures, crosspost, comment, answer = (item for batch in batches for item in batch.mentions)
    assert own.mention_id == "reddit:t3_zz9"
    assert own.text == "Quillmere Water again\n\nRead https://example.org/report."
    assert own.url == "https://www.reddit.com/r/quillmere/comments/zz9/quillmere_water_again/"
    assert (own.author.id, own.author.handle) == ("t2_aa1", "invented_redditor")
    assert own.created_at.timestamp() == 1790845200
    assert own.links == ("https://example.org/report",)
    assert (own.metrics.likes, own.metrics.replies, own.metrics.reposts) == (0, 7, 1)
    assert own.matched_terms == ("Quillmere Water",)
    assert own.raw["data"]["score"] == -4
    assert (pictures.author.id, pictures.author.handle) == (None, None)
    assert [(item.url, item.alt_text) for item in pictures.media] == [
        ("https://i.example.org/m1.jpg", "a brown tap"),
        (None, None),
    ]
    assert crosspost.kind == "repost"
    assert [(item.type, item.url) for item in crosspost.media] == [("video", "https://v.example.org/1.mp4")]
    assert crosspost.in_reply_to is not None
    assert (crosspost.in_reply_to.id, crosspost.in_reply_to.text) == ("t3_yy1", own.text)
    assert (comment.kind, comment.id, comment.conversation_id) == ("comment", "t1_cc2", "t3_zz9")
    assert comment.links == ("https://example.org/a_", "https://example.org/c")
    parent = comment.in_reply_to
    assert parent is not None
    assert parent.author is not None
    assert (parent.id, parent.author.handle, parent.text) == (
        "t3_zz9",
        "invented_redditor",
        "Quillmere Water again",
    )
    assert answer.in_reply_to is not None
    assert (answer.in_reply_to.id, answer.in_reply_to.author) == ("t1_cc0", None)
    assert answer.url == "https://www.reddit.com/comments/zz9/_/cc1"


def test_what_the_platform_is_asked(answering: Any, policy: Policy, brisk: Manners) -> None:
    server = answering({})
    batches, error = run(reddit_at(server.url, policy, brisk))
    token, search, new, comments = server.asked
    assert error is None
    counted = [batch.requests for batch in batches]
    assert len(counted) == 3
    assert min(counted) >= 1
    assert counted[0] >= 2, "the token counts too"
    assert sum(counted) <= len(server.asked) + 1, "a call that a busy machine cut short counts, and is made again"
    assert (token.method, token.path) == ("POST", "/api/v1/access_token")
    assert token.headers["authorization"].startswith("Basic ")
    assert search.headers["authorization"] == "bearer given"
    assert "tocsin" in search.headers["user-agent"]
    assert search.path == "/oauth/r/all/search"
    assert search.params["q"] == '"Quillmere Water" OR "#quillmere"'
    assert (search.params["sort"], search.params["limit"]) == ("new", "100")
    assert [new.path, comments.path] == ["/oauth/r/quillmere/new", "/oauth/r/quillmere/comments"]


def test_one_bad_record_among_good_is_quarantined(answering: Any, policy: Policy, brisk: Manners) -> None:
    bad: list[Any] = [
        None,
        "a string",
        {"kind": "t3"},
        {"kind": "t5", "data": {"name": "t5_sub"}},
        {"kind": "t3", "data": {**SUBMISSION["data"], "name": "t3_b1", "created_utc": "yesterday"}},
        {"kind": "t3", "data": {**SUBMISSION["data"], "name": "t3_b2", "created_utc": 1e300}},
        {"kind": "t3", "data": {**SUBMISSION["data"], "name": "t3_b3", "title": None}},
        {"kind": "t1", "data": {**COMMENT["data"], "name": "t1_b4", "body": "null \x00"}},
        {"kind": "t3", "data": {**SUBMISSION["data"], "name": "t3_b5", "crosspost_parent_list": "x"}},
    ]
    server = answering({"r/all/search": listing(bad[0], SUBMISSION, *bad[1:])})
    batches, error = run(reddit_at(server.url, policy, brisk))
    assert error is None
    assert [item.id for batch in batches for item in batch.mentions] == ["t3_zz9"]
    assert len([item for batch in batches for item in batch.quarantined]) == len(bad)
    reasons = {item.where: item.reason for batch in batches for item in batch.quarantined}
    assert "null byte" in reasons["reddit t1_b4"]
    assert "neither a submission" in reasons["reddit t5_sub"]


def test_a_listing_after_a_post_that_is_gone_is_read_again_from_the_top(
    serve: Any, reply: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return reply.of(TOKEN)
        if not asked.path.endswith("search"):
            return reply.of(listing())
        return reply.of(listing() if asked.params.get("after") == "t3_zz8" else listing(SUBMISSION, CROSSPOST))

    server = serve(answer)
    name = 'search "Quillmere Water" OR "#quillmere"'
    zz9, zz8 = int("zz9", 36), int("zz8", 36)
    state = {"timelines": {name: {"mark": zz9, "gaps": [{"above": None, "below": zz8}]}}}
    batches, error = run(reddit_at(server.url, policy, brisk), Checkpoint("reddit", state))
    assert error is None
    assert "t3_zz7" in [item.id for batch in batches for item in batch.mentions]
    assert batches[-1].checkpoint.state["timelines"][name]["gaps"] == []


def test_a_listing_that_ends_too_early_is_named(answering: Any, policy: Policy, brisk: Manners) -> None:
    server = answering({"r/all/search": listing(SUBMISSION)})
    name = 'search "Quillmere Water" OR "#quillmere"'
    state = {"timelines": {name: {"mark": 40, "gaps": []}}}
    batches, error = run(reddit_at(server.url, policy, brisk), Checkpoint("reddit", state))
    assert error is None
    (note,) = batches[0].quarantined
    assert (note.where, "1,000" in note.reason) == ("reddit /r/all/search after t3_14", True)


def test_one_private_subreddit_does_not_stop_the_rest(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return reply.of(TOKEN)
        if "/r/secret/" in asked.path:
            return reply.of({"reason": "private", "error": 403}, status=403)
        return reply.of(listing(COMMENT) if asked.path.endswith("comments") else listing())

    words = Vocabulary(names=("Quillmere Water",), subreddits=("secret", "r/quillmere"))
    server = serve(answer)
    reddit = reddit_at(server.url, policy.model_copy(update={"vocabulary": words}), brisk)
    batches, error = run(reddit)
    assert error is not None
    assert error.outcome == "access_denied"
    assert "TOCSIN_REDDIT_CLIENT_ID" in str(error)
    assert [item.id for batch in batches for item in batch.mentions] == ["t1_cc2"]


HTML = b"<html><body>Our CDN was unable to reach our servers</body></html>"
BODY = json.dumps(listing(SUBMISSION)).encode()
FAULTS: list[tuple[str, dict[str, Any], str, int]] = [
    ("400", {"status": 400, "body": b'{"message": "Bad Request", "error": 400}'}, "unexpected_response", 1),
    ("400 as HTML", {"status": 400, "body": HTML}, "unexpected_response", 1),
    ("401 without a header", {"status": 401}, "access_denied", 1),
    ("403", {"status": 403, "body": HTML}, "access_denied", 1),
    ("404", {"status": 404, "body": b'{"message": "Not Found", "error": 404}'}, "unexpected_response", 1),
    ("418", {"status": 418}, "unexpected_response", 1),
    ("429", {"status": 429}, "rate_limited", 3),
    ("429 later", {"status": 429, "headers": {"Retry-After": "3600"}}, "rate_limited", 1),
    ("500", {"status": 500}, "unavailable", 3),
    ("502 as HTML", {"status": 502, "body": HTML}, "unavailable", 3),
    ("redirect", {"status": 302, "headers": {"Location": "/subreddits/search"}}, "unexpected_response", 1),
    ("200 as HTML", {"body": HTML}, "unexpected_response", 1),
    ("200 with nothing", {"body": b""}, "unexpected_response", 1),
    ("200 as a list", {"body": b"[]"}, "unexpected_response", 1),
    ("not a listing", {"body": b'{"kind": "t5", "data": {}}'}, "unexpected_response", 1),
    ("children no list", {"body": b'{"kind": "Listing", "data": {"children": 1}}'}, "unexpected_response", 1),
    ("truncated JSON", {"body": BODY[:200]}, "unexpected_response", 1),
    ("cut", {"body": BODY, "cut": True}, "unavailable", 3),
    ("stall", {"body": BODY, "stall": 5.0}, "unavailable", 3),
    ("50 MB", {"body": b" " * 50_000_000}, "unexpected_response", 1),
]


@pytest.mark.parametrize("case", FAULTS, ids=[f[0] for f in FAULTS])
@pytest.mark.parametrize("where", ["token", "second page"])
def test_every_fault_ends_by_name_in_bounded_time_and_loses_nothing(
    where: str, case: tuple[str, dict[str, Any], str, int], serve: Any, reply: Any, policy: Policy, request: Any
) -> None:
    _, fault, outcome, calls = case
    manners = request.getfixturevalue("hasty" if "stall" in fault else "brisk")

    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return reply(**fault) if where == "token" else reply.of(TOKEN)
        if "after" in asked.params:
            return reply(**fault)
        return reply.of(listing(SUBMISSION, after="t3_zz9"))

    words = Vocabulary(names=("Quillmere Water",))
    server = serve(answer)
    reddit = reddit_at(server.url, policy.model_copy(update={"vocabulary": words}), manners)
    started = time.monotonic()
    batches, error = run(reddit)
    assert time.monotonic() - started < 15
    assert error is not None
    assert error.outcome == outcome, error
    if where == "token":
        assert (batches, len(server.asked)) == ([], calls)
        return
    assert len(server.asked) == 2 + calls
    (timeline,) = batches[-1].checkpoint.state["timelines"].values()
    assert timeline == {"mark": int("zz9", 36), "gaps": [{"above": None, "below": int("zz9", 36)}]}


def test_a_refused_token_names_the_settings(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({"error": "unsupported_grant_type"}))
    batches, error = run(reddit_at(server.url, policy, brisk))
    assert batches == []
    assert error is not None
    assert (error.outcome, "TOCSIN_REDDIT_CLIENT_SECRET" in str(error)) == ("access_denied", True)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "0", "x-ratelimit-used": "600", "x-ratelimit-reset": "500"},
        {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "500"},
    ],
)
def test_an_empty_quota_ends_the_run_instead_of_sleeping(
    headers: dict[str, str], serve: Any, reply: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return reply.of(TOKEN)
        return reply(BODY, headers=headers)

    server = serve(answer)
    started = time.monotonic()
    batches, error = run(reddit_at(server.url, policy, brisk))
    assert time.monotonic() - started < 15
    assert [len(batch.mentions) for batch in batches] == [1]
    assert error is not None
    assert error.outcome == "rate_limited"
    assert getattr(error, "retry_after_s", 0) == pytest.approx(500, abs=2)


def test_a_loop_is_named(answering: Any, policy: Policy, brisk: Manners) -> None:
    server = answering({"r/all/search": listing(SUBMISSION, after="t3_zz9")})
    _, error = run(reddit_at(server.url, policy, brisk))
    assert error is not None
    assert error.outcome == "unexpected_response"
    assert "repeats a page" in str(error)
    assert len(server.asked) == 5


def test_a_setting_that_is_missing_is_named(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_REDDIT_CLIENT_SECRET"):
        Reddit.from_settings(RedditSettings(client_id="an-id"), [policy], Manners())
