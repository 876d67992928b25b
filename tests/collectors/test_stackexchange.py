"""Stack Exchange through our client, against a server on the loopback that answers as its API does. Invented posts."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.manners import Manners
from collectors.mention import Mention
from collectors.stackexchange import StackExchange, StackExchangeSettings
from collectors.stackexchange_item import host_of, to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = 1_790_000_000
OWNER = {"user_id": 7, "display_name": "Invented &amp; One", "link": "https://stackoverflow.com/users/7"}


def excerpt(number: int, **others: Any) -> dict[str, Any]:
    """What the search shows of an invented question; some share their second."""
    return {
        "item_type": "question",
        "question_id": number,
        "title": "Quillmere Water &amp; its API",
        "body": "the whole text",
        "excerpt": "the <span class='highlight'>text</span>&hellip;",
        "creation_date": NEWEST + number // 2,
        "score": -2,
        **others,
    }


def post(number: int, **others: Any) -> dict[str, Any]:
    return {
        "post_id": number,
        "post_type": "question",
        "owner": OWNER,
        "creation_date": NEWEST + number // 2,
        "link": f"https://stackoverflow.com/q/{number}",
        "body": '<p>The <a href="https://example.org/api">API</a></p>',
        **others,
    }


class TestStackExchange(Conformance):
    """Seven questions, three to a page."""

    posts = frozenset(f"stackoverflow/posts/{number}" for number in range(1, 8))
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> StackExchange:
        return StackExchange(url, [words_only(policy)], site="stackoverflow", settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path == "/2.3/search/excerpts"

    def answer(self, asked: Asked) -> Reply:
        assert asked.params["site"] == "stackoverflow"
        if asked.path.startswith("/2.3/posts/"):
            return Reply.of({"items": [post(int(number)) for number in asked.path.rpartition("/")[2].split(";")]})
        assert (asked.path, asked.params["q"]) == ("/2.3/search/excerpts", '"Quillmere Water"')
        until, since = int(asked.params.get("todate", 2**40)), int(asked.params.get("fromdate", 0))
        rows = [row for row in map(excerpt, range(7, 0, -1)) if since <= row["creation_date"] <= until]
        return Reply.of({"items": rows[:3], "has_more": len(rows) > 3, "quota_remaining": 99})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"items": [excerpt(5)], "has_more": True})

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(lambda asked: self.loop(asked) if self.is_listing(asked) else self.answer(asked))
        assert error is not None
        assert (error.outcome, sum(map(self.is_listing, asked))) == ("unexpected_response", 2)


def test_what_the_search_shows_in_part_becomes_a_whole_mention(serve: Any, policy: Policy, brisk: Manners) -> None:
    shown = [
        excerpt(3),
        excerpt(2, item_type="answer", answer_id=2, question_id=3, title="Quillmere Water"),
        excerpt(1),
    ]

    def answer(asked: Asked) -> Reply:
        if asked.path == "/2.3/search/excerpts":
            return Reply.of({"items": shown})
        assert (asked.path, asked.params["filter"]) == ("/2.3/posts/3;2;1", "withbody")
        return Reply.of({"items": [post(3), post(2, post_type="answer", link="https://stackoverflow.com/a/2")]})

    server = serve(answer)
    (collector,) = StackExchange.from_settings(StackExchangeSettings(base_url=server.url), [words_only(policy)], brisk)
    batches, error = run(collector)
    assert error is None
    question, reply, deleted = (mention for batch in batches for mention in batch.mentions)
    assert question.text == "Quillmere Water & its API\n\nThe API"
    assert (question.kind, question.url, question.metrics.likes) == ("post", "https://stackoverflow.com/q/3", 0)
    assert (question.author.id, question.author.handle) == ("stackoverflow/users/7", "Invented & One")
    assert question.links == ("https://example.org/api",)
    assert question.created_at == datetime.fromtimestamp(NEWEST + 1, UTC)
    assert reply.in_reply_to is not None
    assert (reply.id, reply.kind, reply.text) == ("stackoverflow/posts/2", "reply", "The API")
    assert (reply.in_reply_to.id, reply.in_reply_to.text) == ("stackoverflow/posts/3", "Quillmere Water")
    assert reply.conversation_id == question.conversation_id == question.id
    assert (deleted.text, deleted.author.id) == ("Quillmere Water & its API\n\nthe whole text", None)
    assert deleted.url == "https://stackoverflow.com/q/1"


def test_with_a_key_comments_are_read_and_those_without_a_term_are_left(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    now = int(datetime.now(UTC).timestamp())
    comments = [
        {
            "comment_id": 9,
            "post_id": 3,
            "owner": OWNER,
            "creation_date": now - 9,
            "body": "Quillmere Water &#39;s down",
        },
        {"comment_id": 8, "post_id": 3, "owner": OWNER, "creation_date": now - 99, "body": "nothing to do with it"},
    ]

    def answer(asked: Asked) -> Reply:
        assert asked.params["key"] == "invented"
        if asked.path == "/2.3/comments":
            assert now - int(asked.params["fromdate"]) <= 86_400
            return Reply.of({"items": [{**comments[0], "reply_to_user": {"display_name": "Two"}}, comments[1]]})
        return Reply.of({"items": []})

    settings = StackExchangeSettings(base_url=serve(answer).url, sites="cooking", api_key=SecretStr("invented"))
    (collector,) = StackExchange.from_settings(settings, [words_only(policy)], brisk)
    batches, error = run(collector)
    assert error is None
    (mention,) = (mention for batch in batches for mention in batch.mentions)
    assert (mention.id, mention.kind, mention.text) == ("cooking/comments/9", "comment", "Quillmere Water 's down")
    assert mention.url == "https://cooking.stackexchange.com/posts/comments/9"
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.author.name) == ("cooking/posts/3", "Two")


def test_a_backoff_is_waited_out_and_a_used_up_quota_ends_the_run(serve: Any, policy: Policy, brisk: Manners) -> None:
    slept: list[float] = []
    patient = Manners(attempts=1, sleep=slept.append)
    answers = iter([{"items": [excerpt(2)], "has_more": True, "backoff": 7}, {"items": []}, {"items": []}])
    batches, error = run(
        StackExchange(serve(lambda _: Reply.of(next(answers))).url, [words_only(policy)], site="s", manners=patient)
    )
    assert (error, native_ids(batches)) == (None, ["s/posts/2"])
    assert slept
    assert all(6 < wait <= 7 for wait in slept)  # which does not pass while nobody sleeps
    spent = {"items": [{**excerpt(2), "owner": OWNER}], "has_more": True, "quota_remaining": 0}
    server = serve(lambda _: Reply.of(spent))
    batches, error = run(StackExchange(server.url, [words_only(policy)], site="s", manners=patient))
    assert error is not None
    assert (error.outcome, len(server.asked), native_ids(batches)) == ("rate_limited", 1, ["s/posts/2"])


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"error_id": 502, "error_message": "more requests available in 72825 seconds"}, "rate_limited"),
        ({"error_id": 405, "error_message": "`key` doesn't match a known application"}, "access_denied"),
        ({"error_id": 503, "error_message": "temporarily unavailable"}, "unavailable"),
        ({"error_id": 400, "error_message": "site is required"}, "unexpected_response"),
    ],
)
def test_a_400_means_what_its_body_says(
    said: dict[str, Any], outcome: str, serve: Any, policy: Policy, brisk: Manners
) -> None:
    server = serve(lambda _: Reply.of(said, status=400))
    _, error = run(StackExchange(server.url, [words_only(policy)], site="s", manners=brisk))
    assert error is not None
    assert error.outcome == outcome
    assert len(server.asked) == (3 if outcome == "unavailable" else 1)


def test_what_is_missing_when_asked_for_again_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    comment = {"comment_id": 9, "post_id": 3, "owner": OWNER, "creation_date": NEWEST, "body": "edited"}
    question = {"question_id": 1, "title": "Quillmere Water &amp; its API", "creation_date": NEWEST}
    kinds = {"posts": post(1), "questions": question, "comments": comment}
    server = serve(lambda asked: Reply.of({"items": [kinds[asked.path.split("/")[2]]]}))
    collector = StackExchange(server.url, [words_only(policy)], site="s", manners=brisk)
    told = collector.recheck(["s/posts/1", "s/posts/2", "s/comments/9"])
    assert told.gone == ("s/posts/2",)
    assert [mention.id for mention in told.present] == ["s/posts/1", "s/comments/9"]
    assert [asked.path for asked in server.asked] == ["/2.3/posts/1;2", "/2.3/questions/1", "/2.3/comments/9"]


def test_each_site_is_a_source_on_its_own_host(policy: Policy) -> None:
    settings = StackExchangeSettings(base_url="https://api.stackexchange.com", sites="cooking, superuser,cooking")
    collectors = StackExchange.from_settings(settings, [policy], Manners())
    assert [each.source for each in collectors] == ["stackexchange:cooking", "stackexchange:superuser"]
    sites = ("cooking", "cooking.meta", "superuser", "meta.superuser", "ru.stackoverflow", "mathoverflow.net")
    assert [host_of(site) for site in sites] == [
        "cooking.stackexchange.com",
        "cooking.meta.stackexchange.com",
        "superuser.com",
        "meta.superuser.com",
        "ru.stackoverflow.com",
        "mathoverflow.net",
    ]


def test_broken_items_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [
        excerpt(3),
        "no item",
        excerpt(2, creation_date="soon"),
        {"item_type": "question"},
        excerpt(0, question_id=1),
    ]
    server = serve(lambda asked: Reply.of({"items": rows if "excerpts" in asked.path else []}))
    batches, error = run(StackExchange(server.url, [words_only(policy)], site="s", manners=brisk))
    assert error is None
    assert native_ids(batches) == ["s/posts/3", "s/posts/1"]
    refused = [item.where.removeprefix("stackexchange:s ") for batch in batches for item in batch.quarantined]
    assert refused == ["without id", "posts/2", "without id"]


json_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)
names = ["question_id", "answer_id", "post_id", "comment_id", "creation_date", "body", "title", "owner", "score"]


@given(st.dictionaries(st.sampled_from(names), json_values))
def test_whatever_comes_is_a_mention_or_is_refused(item: dict[str, Any]) -> None:
    assert isinstance(admit(item, "s", partial(to_mention, site="s")), Mention | Quarantined)
