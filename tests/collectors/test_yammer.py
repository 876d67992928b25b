"""Viva Engage (Yammer) against a server on the loopback that answers as its documents say. Invented messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.collector import AccessDenied
from collectors.manners import Manners
from collectors.yammer import Yammer, YammerSettings
from collectors.yammer_message import referenced, to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

USER = {"type": "user", "id": 5, "name": "invented_one", "full_name": "Invented One", "job_title": "Fitter"}
FIRST = 700_000_000


def message(number: int, text: str = "Quillmere Water", **others: Any) -> dict[str, Any]:
    """An invented message."""
    return {
        "id": FIRST + number,
        "sender_id": 5,
        "sender_type": "user",
        "replied_to_id": None,
        "thread_id": FIRST + number,
        "created_at": "2026/10/01 09:15:00 +0000",
        "web_url": f"https://www.yammer.com/quill.example/messages/{FIRST + number}",
        "body": {"plain": text, "parsed": text, "rich": text},
        "message_type": "update",
        "direct_message": False,
        "system_message": False,
        "privacy": "public",
        "attachments": [],
        "liked_by": {"count": 2, "names": []},
        **others,
    }


class Network:
    """A network: what is public, and what only a search finds."""

    def __init__(self, public: list[dict[str, Any]], hidden: list[dict[str, Any]] | None = None) -> None:
        self.public = public
        self.hidden = hidden or []

    def __call__(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer invented"
        if asked.path == "/search.json":
            assert asked.params["search"] == "Quillmere Water"
            start = 20 * (int(asked.params["page"]) - 1)
            matching = [each for each in [*self.hidden, *self.public] if "Quillmere" in each["body"]["plain"]]
            listed = {"messages": matching[start : start + 20], "references": [USER]}
            return Reply.of({"count": {"messages": len(matching)}, "messages": listed, "users": []})
        if asked.path == "/messages.json":
            below = int(asked.params.get("older_than", 10**12))
            left = [each for each in self.public if each["id"] < below]
            meta = {"older_available": len(left) > 20}
            return Reply.of({"messages": left[:20], "references": [USER], "meta": meta})
        number = int(asked.path.removeprefix("/messages/").removesuffix(".json"))
        known = {each["id"]: each for each in [*self.public, *self.hidden]}
        return Reply.of(known[number]) if number in known else Reply.of({"response": "none"}, status=404)


class TestYammer(Conformance):
    """Forty-six messages: three the search finds too, one it alone finds."""

    posts = frozenset(str(FIRST + number) for number in range(1, 47))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Yammer:
        packs = [words_only(policy)]
        return Yammer("invented", packs, base_url=url, settle=timedelta(0), pause_s=0.0, manners=manners)

    def answer(self, asked: Asked) -> Reply:
        texts = {number: "Quillmere Water" if number > 42 else "Good morning" for number in range(46, 0, -1)}
        listed = [message(number, text) for number, text in texts.items()]
        return Network(listed[1:], listed[:1])(asked)

    settled = False  # what the search finds is read again, as its order is its own

    def loop(self, asked: Asked) -> Reply:
        if asked.path == "/search.json":
            return Reply.of({"messages": {"messages": []}})
        return Reply.of({"messages": [message(7)], "meta": {"older_available": True}})

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(self.loop)
        assert error is not None
        assert error.outcome == "unexpected_response"
        assert sum(each.path == "/messages.json" for each in asked) == 2


def test_a_message_becomes_a_mention() -> None:
    parent = message(1, "No water")
    files = [
        {
            "type": "image",
            "content_type": "image/png",
            "url": "https://www.yammer.com/api/1",
            "web_url": "https://y.example/1",
        },
        {"type": "file", "content_type": "video/mp4", "url": "https://www.yammer.com/api/2"},
        {"type": "ymodule", "web_url": "https://example.org/bill"},
    ]
    reply = message(
        2, "see https://example.org/a.", replied_to_id=FIRST + 1, thread_id=FIRST + 1, attachments=files, language="en"
    )
    known = referenced({"messages": [reply], "references": [USER, parent]})
    mention = to_mention(reply, known)
    assert (mention.id, mention.kind, mention.lang) == (str(FIRST + 2), "reply", "en")
    assert mention.created_at == datetime(2026, 10, 1, 9, 15, tzinfo=UTC)
    assert mention.url == f"https://www.yammer.com/quill.example/messages/{FIRST + 2}"
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("5", "invented_one", "Invented One")
    assert mention.links == ("https://example.org/a", "https://example.org/bill")
    assert [(item.type, item.url) for item in mention.media] == [
        ("image", "https://y.example/1"),
        ("video", "https://www.yammer.com/api/2"),
    ]
    assert (mention.conversation_id, mention.metrics.likes) == (str(FIRST + 1), 2)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == (str(FIRST + 1), "No water")
    assert mention.in_reply_to.author.handle == "invented_one"


def test_an_announcement_has_its_title() -> None:
    assert to_mention(message(1, "at nine", title="No water")).text == "No water\n\nat nine"


def collect(url: str, policy: Policy, manners: Manners, checkpoint: Any = None, **others: Any) -> Any:
    collector = Yammer("invented", [words_only(policy)], base_url=url, manners=manners, **others)
    return run(collector, checkpoint)


def test_notices_and_private_words_are_passed_over_and_the_broken_quarantined(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    listed: list[Any] = [
        message(9, system_message=True),
        message(8, direct_message=True),
        {"id": FIRST + 7},
        "no message",
        message(6, created_at="soon"),
        message(5),
    ]
    answers = {"/messages.json": {"messages": listed}, "/search.json": {"messages": {"messages": []}}}
    batches, error = collect(serve(lambda asked: Reply.of(answers[asked.path])).url, policy, brisk, pause_s=0.0)
    assert (error, native_ids(batches)) == (None, [str(FIRST + 5)])
    refused = [item.where for batch in batches for item in batch.quarantined]
    assert refused == [f"yammer {FIRST + 7}", "yammer without id", f"yammer {FIRST + 6}"]


def test_a_search_is_read_on_until_it_brings_nothing_new(serve: Any, policy: Policy, brisk: Manners) -> None:
    network = Network([], [message(number) for number in range(45, 0, -1)])
    server = serve(network)
    first, error = collect(server.url, policy, brisk, pause_s=0.0)
    assert (error, sorted(native_ids(first))) == (None, sorted(str(FIRST + number) for number in range(1, 46)))
    network.hidden = [message(46), *network.hidden]
    server.asked.clear()
    second, _ = collect(server.url, policy, brisk, first[-1].checkpoint, pause_s=0.0)
    assert str(FIRST + 46) in native_ids(second)
    assert [each.params["page"] for each in server.asked if each.path == "/search.json"] == ["1", "2"]


def test_the_quota_of_ten_calls_in_thirty_seconds_is_kept(serve: Any, policy: Policy, brisk: Manners) -> None:
    waits: list[float] = []
    network = Network([message(number) for number in range(250, 0, -1)])
    manners = replace(brisk, sleep=waits.append)
    server = serve(network)
    _, error = collect(server.url, policy, manners)
    assert error is None
    assert waits == [3.0] * (len(server.asked) - 10)
    assert len(server.asked) > 20


def test_what_was_deleted_is_a_404_and_an_edit_is_as_it_is_now(serve: Any, policy: Policy, brisk: Manners) -> None:
    network = Network([message(2, "No water, Quillmere Water")])
    collector = Yammer("invented", [words_only(policy)], base_url=serve(network).url, manners=brisk)
    told = collector.recheck([str(FIRST + 1), str(FIRST + 2)])
    assert told.gone == (str(FIRST + 1),)
    assert [(mention.id, mention.text) for mention in told.present] == [(str(FIRST + 2), "No water, Quillmere Water")]
    assert told.requests == 3  # the network itself is asked for, lest a wrong address empty the warehouse


def test_of_a_group_that_was_left_nothing_is_known_and_the_others_are_asked_about(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    network = Network([message(4)])

    def answer(asked: Asked) -> Reply:
        left = {f"/messages/{FIRST + number}.json" for number in (1, 2)}
        return Reply(status=403) if asked.path in left else network(asked)

    collector = Yammer("invented", [words_only(policy)], base_url=serve(answer).url, manners=brisk)
    told = collector.recheck([str(FIRST + number) for number in (1, 2, 3, 4)])
    assert (told.gone, [mention.id for mention in told.present]) == ((str(FIRST + 3),), [str(FIRST + 4)])
    assert told.requests == 5  # the network itself is asked for once


def test_a_token_that_is_refused_everywhere_is_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(status=401))
    with pytest.raises(AccessDenied, match="TOCSIN_YAMMER_ACCESS_TOKEN") as refusal:
        Yammer("invented", [words_only(policy)], base_url=server.url, manners=brisk).recheck(["1", "2", "3"])
    assert refusal.value.requests == len(server.asked) == 2


def test_without_a_token_it_is_not_read(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_YAMMER_ACCESS_TOKEN"):
        Yammer.from_settings(YammerSettings(), [policy], Manners())
