"""Lemmy through our client, against a server on the loopback that answers as an instance does. Invented posts."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.admission import admit
from collectors.collector import AccessDenied, Quarantined
from collectors.lemmy import Lemmy
from collectors.lemmy_view import to_mention
from collectors.manners import Manners
from collectors.mention import Mention
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = datetime(2026, 10, 1, 9, 15, tzinfo=UTC)
CREATOR = {"id": 7, "name": "invented_one", "actor_id": "https://elsewhere.example/u/invented_one"}
POST = {"id": 12, "name": "Dry taps", "published": "2026-10-01T09:15:00.123456Z", "ap_id": "https://l.example/post/12"}


def post(number: int, **others: Any) -> dict[str, Any]:
    """An invented post, as the search has it."""
    published = (NEWEST + timedelta(seconds=number // 2)).isoformat().replace("+00:00", "Z")
    own = {"id": number, "name": "Quillmere Water", "published": published, "ap_id": f"https://l.example/post/{number}"}
    return {"post": {**own, **others}, "creator": CREATOR, "counts": {"upvotes": 3, "comments": 2}}


def comment(number: int, path: str, **others: Any) -> dict[str, Any]:
    own = {"id": number, "post_id": 12, "content": "Quillmere Water again", "path": path}
    own |= {"published": "2026-10-01T10:00:00.5Z", "ap_id": f"https://elsewhere.example/comment/{number + 900}"}
    return {"comment": {**own, **others}, "post": POST, "creator": CREATOR, "counts": {"upvotes": 1, "child_count": 0}}


class TestLemmy(Conformance):
    """Seven posts, some of one second, three to a page, and a comment."""

    numbers = tuple(range(7, 0, -1))
    posts = frozenset({*(f"l.example/post/{number}" for number in range(1, 8)), "l.example/comment/1"})
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> Lemmy:
        return Lemmy(url, [words_only(policy)], site="l.example", settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        assert (asked.path, asked.params["q"], asked.params["sort"]) == ("/api/v3/search", "Quillmere Water", "New")
        start = 3 * (int(asked.params["page"]) - 1)
        if asked.params["type_"] == "Comments":
            return Reply.of({"comments": [comment(1, "0.1")][start : start + 3]})
        return Reply.of({"posts": [post(number) for number in self.numbers][start : start + 3]})


def test_a_post_becomes_a_mention() -> None:
    body = "No word. ![a dry tap](https://l.example/pictrs/tap.png) [bill](https://example.org/bill)."
    mention = to_mention(post(12, body=body, url="https://example.org/main.jpg", alt_text="a burst main"), "l.example")
    assert (mention.id, mention.kind, mention.url) == ("l.example/post/12", "post", "https://l.example/post/12")
    assert mention.text == f"Quillmere Water\n\n{body}"
    assert mention.created_at == NEWEST + timedelta(seconds=6)
    assert mention.author.id == "https://elsewhere.example/u/invented_one"
    assert mention.author.handle == "invented_one@elsewhere.example"
    assert mention.links == ("https://example.org/main.jpg", "https://example.org/bill")
    assert [(item.url, item.alt_text) for item in mention.media] == [
        ("https://example.org/main.jpg", "a burst main"),
        ("https://l.example/pictrs/tap.png", "a dry tap"),
    ]
    assert (mention.metrics.likes, mention.metrics.replies) == (3, 2)


def test_a_time_without_a_zone_is_utc() -> None:
    mention = to_mention(comment(1, "0.1", published="2023-06-10T12:34:56.789"), "l.example")
    assert mention.created_at == datetime(2023, 6, 10, 12, 34, 56, 789_000, tzinfo=UTC)


def test_a_comment_answers_its_post_or_another_comment(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v3/comment" and asked.params["id"] == "5":
            return Reply.of({"comment_view": comment(5, "0.5", content="It is fine here")})
        if asked.path == "/api/v3/comment":
            return Reply(b'{"error": "couldnt_find_comment"}', status=400)
        shown = [comment(8, "0.5.8"), comment(7, "0.6.7"), comment(6, "0.6")]
        first = asked.params["page"] == "1" and asked.params["type_"] == "Comments"
        return Reply.of({"posts": [], "comments": shown if first else []})

    batches, error = run(Lemmy(serve(answer).url, [words_only(policy)], site="l.example", manners=brisk))
    assert error is None
    mentions = {mention.id: mention.in_reply_to for batch in batches for mention in batch.mentions}
    parents = {key: (told.id, told.text) for key, told in mentions.items() if told}
    assert parents == {
        "l.example/comment/8": ("l.example/comment/5", "It is fine here"),
        "l.example/comment/7": ("l.example/comment/6", None),
        "l.example/comment/6": ("l.example/post/12", "Dry taps"),
    }


def test_what_was_taken_back_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    views = {"3": post(3), "2": post(2, deleted=True), "1": post(1, removed=True)}

    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v3/post":
            view = views.get(asked.params["id"])
            return Reply.of({"post_view": view}) if view else Reply(b'{"error": "couldnt_find_post"}', status=404)
        first = asked.params["page"] == "1" and asked.params["type_"] == "Posts"
        return Reply.of({"posts": list(views.values()) if first else [], "comments": []})

    collector = Lemmy(serve(answer).url, [words_only(policy)], site="l.example", manners=brisk)
    batches, error = run(collector)
    assert error is None
    assert native_ids(batches) == ["l.example/post/3"]
    assert [each for batch in batches for each in batch.gone] == ["l.example/post/2", "l.example/post/1"]
    told = collector.recheck([f"l.example/post/{number}" for number in range(4)])
    assert told.gone == ("l.example/post/0", "l.example/post/1", "l.example/post/2")
    assert [mention.id for mention in told.present] == ["l.example/post/3"]


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "soon"])
def test_an_account_of_an_impossible_age_costs_no_post(said: str) -> None:
    mention = to_mention({**post(12), "creator": {**CREATOR, "published": said}}, "l.example")
    assert (mention.author.id, mention.author.created_at) == (CREATOR["actor_id"], None)


def test_what_is_refused_is_not_known_and_the_others_are_asked_about(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v3/search":
            return Reply.of({"posts": []})
        number = int(asked.params["id"])
        return Reply(status=403) if number < 3 else Reply.of({"post_view": post(number)})

    server = serve(answer)
    told = Lemmy(server.url, [words_only(policy)], site="l.example", manners=brisk).recheck(
        [f"l.example/post/{number}" for number in (1, 2, 3)]
    )
    assert (told.gone, [mention.id for mention in told.present]) == ((), ["l.example/post/3"])
    assert told.requests == len(server.asked) == 4


def test_where_the_search_is_refused_too_that_is_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(status=403))
    with pytest.raises(AccessDenied, match="TOCSIN_LEMMY_BASE_URL") as refusal:
        Lemmy(server.url, [words_only(policy)], site="l.example", manners=brisk).recheck(
            [f"l.example/post/{number}" for number in range(50)]
        )
    assert refusal.value.requests == len(server.asked) == 2


def test_a_term_that_another_finds_too_is_not_asked_for(policy: Policy) -> None:
    assert Lemmy("https://l.example", [policy]).queries == (
        "Posts Quillmere Water",
        "Comments Quillmere Water",
        "Posts #quillmere",
        "Comments #quillmere",
    )
    words = Vocabulary(names=("Quillmere Water", "the Quillmere Water Company"), ambiguous=("QW",), context=("bill",))
    longer = policy.model_copy(update={"vocabulary": words, "accounts": ()})
    assert {query.partition(" ")[2] for query in Lemmy("https://l.example", [longer]).queries} == {
        "Quillmere Water",
        "QW",
    }


def test_no_listing_starves_where_a_site_ends_every_run_early(serve: Any, policy: Policy, brisk: Manners) -> None:
    words = Vocabulary(names=("Quillmere Water", "Quillmere Ltd", "Quillmere Board"))
    wide = policy.model_copy(update={"vocabulary": words, "accounts": ()})
    asked_for: set[tuple[str, str]] = set()
    checkpoint = None
    for _ in range(60):
        calls = iter(range(9))

        def answer(asked: Asked, calls: Any = calls) -> Reply:
            if next(calls, 9) >= 2:
                return Reply(status=429, headers={"Retry-After": "600"})
            asked_for.add((asked.params["type_"], asked.params["q"]))
            return Reply.of({"posts": [], "comments": []})

        batches, error = run(Lemmy(serve(answer).url, [wide], site="l.example", manners=brisk), checkpoint)
        assert error is not None
        checkpoint = batches[-1].checkpoint
    assert len(asked_for) == 6


def test_an_instance_that_says_400_where_it_means_429(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(b'{"error": "rate_limit_error"}', status=400))
    _, error = run(Lemmy(server.url, [words_only(policy)], manners=brisk))
    assert error is not None
    assert (error.outcome, len(server.asked)) == ("rate_limited", 3)


def test_broken_views_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [post(3), "no view", {"post": {"id": 2}}, post(1, published="soon"), post(0)]

    def answer(asked: Asked) -> Reply:
        first = asked.params["page"] == "1" and asked.params["type_"] == "Posts"
        return Reply.of({"posts": rows if first else [], "comments": []})

    batches, error = run(Lemmy(serve(answer).url, [words_only(policy)], site="l.example", manners=brisk))
    assert error is None
    assert native_ids(batches) == ["l.example/post/3", "l.example/post/0"]
    refused = [item.where for batch in batches for item in batch.quarantined]
    assert refused == ["lemmy:l.example without id", "lemmy:l.example post/2", "lemmy:l.example post/1"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
names = st.sampled_from(["id", "name", "published", "content", "path", "post_id", "url", "body", "actor_id"])


@given(st.dictionaries(st.sampled_from(["post", "comment", "creator", "counts"]), st.dictionaries(names, json_values)))
def test_whatever_comes_is_a_mention_or_is_refused(view: dict[str, Any]) -> None:
    admitted = admit(view, "lemmy", partial(to_mention, site="l.example"))
    assert isinstance(admitted, Mention | Quarantined)


def test_a_view_of_version_1_is_read_too() -> None:
    creator = {"id": 7, "name": "invented_one", "ap_id": "https://elsewhere.example/u/invented_one"}
    shown = {**POST, "upvotes": 3, "comments": 2, "published_at": "2026-10-01T09:15:00.5Z"}
    del shown["published"]
    said = {"id": 1, "post_id": 12, "content": "Quillmere Water", "path": "0.1", "upvotes": 4, "child_count": 1}
    said |= {"published_at": "2026-10-01T10:00:00Z", "ap_id": "https://l.example/comment/1"}
    of_post = to_mention({"post": shown, "creator": creator}, "l.example")
    of_comment = to_mention({"comment": said, "post": shown, "creator": creator}, "l.example")
    for mention in (of_post, of_comment):
        assert (mention.author.id, mention.author.handle) == (creator["ap_id"], "invented_one@elsewhere.example")
    assert (of_post.metrics.likes, of_post.metrics.replies) == (3, 2)
    assert (of_comment.metrics.likes, of_comment.metrics.replies) == (4, 1)
    assert of_post.created_at == NEWEST + timedelta(milliseconds=500)
    assert of_comment.created_at == NEWEST + timedelta(minutes=45)


def test_a_view_of_piefed_is_read_too() -> None:
    creator = {
        "id": 7,
        "user_name": "invented_one",
        "title": "Invented",
        "actor_id": "https://p.example/u/invented_one",
    }
    shown = {"id": 12, "title": "Dry taps", "body": "at home", "published": "2026-10-01T09:15:00Z"}
    said = {"id": 1, "post_id": 12, "body": "Quillmere Water", "path": "0.1", "published": "2026-10-01T10:00:00Z"}
    of_post = to_mention({"post": shown, "creator": creator, "counts": {"upvotes": 3}}, "p.example")
    of_comment = to_mention({"comment": said, "post": shown, "creator": creator}, "p.example")
    assert (of_post.text, of_comment.text) == ("Dry taps\n\nat home", "Quillmere Water")
    assert of_comment.in_reply_to is not None
    assert of_comment.in_reply_to.text == "Dry taps"
    assert (of_post.author.handle, of_post.author.name) == ("invented_one@p.example", "Invented")
