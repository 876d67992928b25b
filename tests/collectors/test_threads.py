"""Threads through our client, against a server on the loopback that answers as its search does. Invented posts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from collectors.manners import Manners
from collectors.threads import Threads, ThreadsSettings
from collectors.threads_post import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

BEGAN = 1_790_000_000


def written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(number: int, moment: int = BEGAN, **others: Any) -> dict[str, Any]:
    """An invented post."""
    return {
        "id": str(18_000_000_000_000_000 + number),
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@invented_one/post/{number}",
        "username": "invented_one",
        "text": "Quillmere Water, again https://example.org/tap.",
        "timestamp": written(moment + number // 2),
        "is_quote_post": False,
        "has_replies": False,
        "is_reply": False,
        **others,
    }


class TestThreads(Conformance):
    """Nine posts, of which some share their second; three to a page, however many are asked for."""

    numbers = range(9, 0, -1)
    posts = frozenset(post(number)["id"] for number in numbers)
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> Threads:
        return Threads(
            "invented", [words_only(policy)], mentions=False, base_url=url, settle=timedelta(0), manners=manners
        )

    def answer(self, asked: Asked) -> Reply:
        assert asked.path == "/keyword_search"
        assert (asked.params["q"], asked.params["search_type"]) == ("Quillmere Water", "RECENT")
        assert asked.params["access_token"] == "invented"
        since, until = int(asked.params.get("since", 0)), int(asked.params.get("until", 2**40))
        assert since < until
        left = [post(number) for number in self.numbers if since <= BEGAN + number // 2 < until]
        return Reply.of({"data": left[:3]})


class TestMentions(Conformance):
    """The same posts as mentions of the account; the search finds none."""

    numbers = range(9, 0, -1)
    posts = frozenset(post(number)["id"] for number in numbers)

    def collector(self, url: str, policy: Policy, manners: Manners) -> Threads:
        settings = ThreadsSettings(base_url=url, access_token=SecretStr("invented"))
        (collector,) = Threads.from_settings(settings, [words_only(policy)], manners)
        collector._settle = timedelta(0)
        return collector

    def is_listing(self, asked: Asked) -> bool:
        return asked.path == "/me/mentions"

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of({"data": []})
        start = int(asked.params.get("after", 0))
        shown = [post(number) for number in self.numbers[start : start + 3]]
        cursors = {"before": str(start), "after": str(start + len(shown))}
        return Reply.of({"data": shown, "paging": {"cursors": cursors}})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"data": [post(5)], "paging": {"cursors": {"before": "same", "after": "same"}}})

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(lambda one: self.loop(one) if self.is_listing(one) else self.answer(one))
        assert error is not None
        assert (error.outcome, sum(map(self.is_listing, asked))) == ("unexpected_response", 2)


def test_a_reply_becomes_a_mention() -> None:
    reply = post(
        4,
        is_reply=True,
        replied_to={"id": "3"},
        root_post={"id": "1"},
        media_type="CAROUSEL_ALBUM",
        children={
            "data": [{"id": "8", "media_type": "IMAGE", "media_url": "https://m.example/8", "alt_text": "a tap"}]
        },
        link_attachment_url="https://example.org/bill",
        text_attachment={"plaintext": "And more of it."},
    )
    mention = to_mention(reply)
    assert mention.text == "Quillmere Water, again https://example.org/tap.\n\nAnd more of it."
    assert mention.links == ("https://example.org/tap", "https://example.org/bill")
    assert (mention.kind, mention.conversation_id) == ("reply", "1")
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.id == "3"
    assert [(item.type, item.url, item.alt_text) for item in mention.media] == [
        ("image", "https://m.example/8", "a tap")
    ]
    assert (mention.author.id, mention.author.handle) == (None, "invented_one")
    assert mention.created_at == datetime.fromtimestamp(BEGAN + 2, UTC)


@pytest.mark.parametrize(("name", "kind"), [("quoted_post", "quote"), ("reposted_post", "repost")])
def test_quotations_and_reposts_name_their_original(name: str, kind: str) -> None:
    other = {"id": "3", "username": "invented_two", "text": "Dry."}
    mention = to_mention(post(4, **{name: other}))
    assert mention.kind == kind
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.author.handle, mention.in_reply_to.text) == ("invented_two", "Dry.")


def test_a_picture_without_words_is_a_mention() -> None:
    picture = {name: value for name, value in post(4).items() if name != "text"}
    mention = to_mention(
        {**picture, "media_type": "IMAGE", "media_url": "https://m.example/1", "alt_text": "a dry tap"}
    )
    assert mention.text == ""
    assert mention.media[0].alt_text == "a dry tap"


ERRORS = {190: "access_denied", 10: "access_denied", 200: "access_denied", 4: "rate_limited", 2: "unavailable"}


@pytest.mark.parametrize("code", [*ERRORS, 100])
def test_metas_codes_are_understood_whatever_their_status(
    serve: Any, policy: Policy, brisk: Manners, code: int
) -> None:
    said = {"error": {"message": "no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}}
    server = serve(lambda asked: Reply.of(said, status=400))
    _, error = run(Threads("invented", [words_only(policy)], base_url=server.url, manners=brisk))
    assert error is not None
    assert error.outcome == ERRORS.get(code, "unexpected_response")
    assert "invented" not in str(error)


def test_tags_are_asked_for_as_tags(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of({"data": []}))
    batches, error = run(Threads("invented", [policy], base_url=server.url, manners=brisk))
    assert (error, native_ids(batches)) == (None, [])
    asked = {(each.params.get("search_mode"), each.params.get("q")) for each in server.asked}
    assert asked >= {("KEYWORD", "Quillmere Water"), ("TAG", "quillmere"), (None, None)}


def test_a_full_page_of_one_second_is_no_silent_end(serve: Any, policy: Policy, brisk: Manners) -> None:
    page = [post(0, id=str(number)) for number in range(100)]
    server = serve(lambda asked: Reply.of({"data": page}))
    batches, error = run(Threads("i", [words_only(policy)], mentions=False, base_url=server.url, manners=brisk))
    assert len(native_ids(batches)) == 100
    assert error is not None
    assert error.outcome == "unexpected_response"


def test_a_broken_post_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    posts = [post(9), "none", post(8, timestamp="soon"), {"id": "x"}, post(7)]
    server = serve(lambda asked: Reply.of({"data": posts if "until" not in asked.params else posts[-1:]}))
    batches, error = run(Threads("i", [words_only(policy)], mentions=False, base_url=server.url, manners=brisk))
    assert error is None
    assert native_ids(batches) == [post(9)["id"], post(7)["id"]]
    assert len([item for batch in batches for item in batch.quarantined]) == 3


def test_a_poll_says_what_may_be_answered() -> None:
    poll = {"option_a": "the brown tap", "option_b": "no tap", "total_votes": 3}
    mention = to_mention(post(1, text="Which tap?", poll_attachment=poll))
    assert mention.text == "Which tap?\n\nthe brown tap\nno tap"
