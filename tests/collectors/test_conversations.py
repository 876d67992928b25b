"""What is said around a post, fetched by each platform's own client from a server on the loopback. All is invented."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from collectors.collector import CollectError, UnexpectedResponse
from collectors.conversation import MOST_POSTS, Conversation, Conversing, Seed, Thread, paged, told
from collectors.hackernews import HackerNews
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.x import X
from policies.policy import Policy
from tests.collectors.conformance import FAULTS, LONGEST_S
from tests.collectors.server import Asked, Reply
from tests.collectors.talk import no_token
from tests.collectors.talks import TALKS
from tests.collectors.words import words_only


@pytest.fixture
def fetch(serve: Any, policy: Policy, brisk: Manners) -> Callable[..., list[Conversation]]:
    """Fetches a platform's conversation from a server that answers so."""

    def fetch(platform: str, answer: Any = None, manners: Manners = brisk) -> list[Conversation]:
        talk = TALKS[platform]
        collector = talk.make(serve(answer or talk.answer).url, policy, manners)
        assert isinstance(collector, Conversing)
        return list(collector.conversations([talk.seed]))

    return fetch


@pytest.mark.parametrize("platform", TALKS)
def test_every_post_of_a_conversation_is_found_once(platform: str, fetch: Any) -> None:
    talk = TALKS[platform]
    (found,) = fetch(platform)
    assert (found.outcome, found.error, found.refused) == (talk.outcome, None, 0)
    assert sorted(post.id for post in found.posts) == sorted(talk.posts)
    assert {post.platform for post in found.posts} == {platform}
    assert all(post.text for post in found.posts)
    assert found.seed == talk.seed
    assert 1 <= found.requests <= 12


@pytest.mark.parametrize("platform", TALKS)
def test_a_conversation_that_is_no_more_says_so(platform: str, fetch: Any) -> None:
    (found,) = fetch(platform, TALKS[platform].gone)
    assert (found.outcome, found.posts) == ("gone", ())
    assert found.error


def outcome_of(fetch: Callable[[], list[Conversation]]) -> tuple[str, int]:
    """How a fetching ended that brought nothing, and its calls: a fault ends the run, or that one conversation."""
    try:
        (found,) = fetch()
    except CollectError as error:
        return error.outcome, error.requests
    assert found.posts == ()
    return found.outcome, found.requests


@pytest.mark.parametrize("platform", TALKS)
@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_a_name_and_an_end(platform: str, name: str, request: Any, fetch: Any) -> None:
    fault = FAULTS[name]
    asked: list[Asked] = []

    def answer(one: Asked) -> Reply:
        asked.append(one)
        return Reply(**fault.reply)

    manners = request.getfixturevalue("hasty" if fault.hasty else "brisk")
    outcome, calls = outcome_of(partial(fetch, platform, no_token(answer), replace(manners, run_s=LONGEST_S)))
    assert outcome == fault.outcome or (name == "404" and outcome == "gone")
    assert calls >= 1
    assert 1 <= len(asked) <= 5


def test_one_that_is_refused_stops_no_other(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return Reply.of({"error": "no"}, status=403)
        return TALKS["hackernews"].answer(asked)

    collector = HackerNews(serve(answer).url, [words_only(policy)], manners=brisk)
    found = list(collector.conversations([Seed("7", ("7",)), Seed("40", ("42",))]))
    assert [each.outcome for each in found] == ["access_denied", "completed"]


def test_x_is_not_asked_where_nothing_may_be_spent(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(TALKS["x"].answer)
    collector = X("token", [policy], base_url=server.url, manners=brisk)
    collector.conversation_pages = 0
    assert list(collector.conversations([TALKS["x"].seed])) == []
    assert server.asked == []


def test_a_reply_knows_its_place_and_its_author(fetch: Any) -> None:
    (found,) = fetch("x")
    reply = next(post for post in found.posts if post.id.endswith("5"))
    assert (reply.author.handle, reply.in_reply_to.id) == ("invented_two", "1990000000000000001")
    (found,) = fetch("youtube")
    reply = next(post for post in found.posts if post.id.endswith(".b"))
    assert reply.in_reply_to.text == "What began it"


def post(number: int) -> Mention:
    return Mention(platform="quill", id=str(number), text="said", created_at="2026-10-01T09:00:00Z")  # type: ignore[arg-type]


def test_a_conversation_too_long_is_a_part_and_a_run_ends_with_its_calls(brisk: Manners) -> None:
    visit = Visit(brisk, "http://quill.invalid")
    long = Thread(tuple(map(post, range(MOST_POSTS + 1))))
    (found,) = told(visit, [Seed(None, ("1",))], lambda _seed: long)
    assert (found.outcome, len(found.posts)) == ("partial", MOST_POSTS)
    spent = Visit(replace(brisk, requests=0), "http://quill.invalid")
    assert list(told(spent, [Seed(None, ("1",))], lambda _seed: long)) == []


def test_pages_are_bounded_and_a_loop_is_named() -> None:
    assert paged(lambda cursor: ([cursor], str(int(cursor or 0) + 1)), 3) == ([None, "1", "2"], False)
    assert paged(lambda cursor: ([1], None), 3) == ([1], True)
    with pytest.raises(UnexpectedResponse, match="in circles"):
        paged(lambda cursor: ([1], "same"), 9)


@pytest.mark.parametrize("platform", ["matrix", "discord"])
def test_a_room_that_is_not_known_is_not_asked_for(platform: str, serve: Any, policy: Policy, brisk: Manners) -> None:
    talk = TALKS[platform]
    server = serve(talk.answer)
    for url in (None, "https://elsewhere.example/1", "https://discord.com/channels/900/../1", "javascript:alert(1)"):
        (found,) = talk.make(server.url, policy, brisk).conversations([replace(talk.seed, url=url)])
        assert (found.outcome, found.posts, found.requests) == ("unexpected_response", (), 0)
    assert server.asked == []
