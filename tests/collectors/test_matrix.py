"""Matrix against a server on the loopback that keeps rooms as a homeserver does, and against recorded answers."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.matrix import Matrix, MatrixSettings
from collectors.matrix_event import MESSAGES, edited, redacted, to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.matrix_server import ROOM, Homeserver, edit, event
from tests.collectors.replay import exchanges, found
from tests.collectors.server import Asked, Reply


class TestMatrix(Conformance):
    """Nine messages in one room and two in another; three to a page."""

    posts = frozenset(f"${number}" for number in range(1, 12))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Matrix:
        return Matrix(url, "invented", [policy], manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith(("/sync", "/messages"))

    def answer(self, asked: Asked) -> Reply:
        server = Homeserver()
        server.say(*map(event, range(1, 10)))
        server.say(*map(event, range(10, 12)), room="!other:quill.example")
        return server(asked)

    def loop(self, asked: Asked) -> Reply:
        if not asked.path.endswith("/messages"):
            timeline = {"events": [], "limited": True, "prev_batch": "a"}
            return Reply.of({"next_batch": "s9", "rooms": {"join": {ROOM: {"timeline": timeline}}}})
        return Reply.of({"chunk": [], "end": "b" if asked.params.get("from") == "a" else "a"})


def test_a_message_becomes_a_mention() -> None:
    content = {
        "msgtype": "m.text",
        "body": "> <@q:quill.example> The main has burst\n> again\n\nSee https://example.org/bill.",
        "format": "org.matrix.custom.html",
        "formatted_body": '<a href="https://matrix.to/#/@q:quill.example">Q</a> <a href="https://example.org/bill">see</a>',
        "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}},
    }
    mention = to_mention(event(2, content, room_id=ROOM), {"@invented_one:quill.example": "Invented One"})
    assert (mention.id, mention.text, mention.kind) == ("$2", "See https://example.org/bill.", "reply")
    assert mention.created_at == datetime.fromtimestamp(1_790_000_000.002, UTC)
    assert mention.url == "https://matrix.to/#/!room%3Aquill.example/%242"
    assert (mention.author.id, mention.author.name) == ("@invented_one:quill.example", "Invented One")
    assert mention.links == ("https://example.org/bill",)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == ("$1", "The main has burst\nagain")
    assert mention.in_reply_to.author.handle == "@q:quill.example"


def test_what_a_thread_answers_only_for_old_clients_is_its_root() -> None:
    relation = {"rel_type": "m.thread", "event_id": "$1", "is_falling_back": True, "m.in_reply_to": {"event_id": "$7"}}
    mention = to_mention(event(8, {"msgtype": "m.text", "body": "and here", "m.relates_to": relation}, room_id=ROOM))
    assert mention.in_reply_to is not None
    assert (mention.conversation_id, mention.in_reply_to.id) == ("$1", "$1")
    real = to_mention(
        event(
            8, {"msgtype": "m.text", "body": "x", "m.relates_to": {**relation, "is_falling_back": False}}, room_id=ROOM
        )
    )
    assert real.in_reply_to is not None
    assert (real.conversation_id, real.in_reply_to.id) == ("$1", "$7")


@pytest.mark.parametrize(
    ("kind", "content", "media"),
    [
        ("m.room.message", {"msgtype": "m.image", "body": "tap.jpg", "url": "mxc://q/1"}, ("image", "mxc://q/1")),
        ("m.room.message", {"msgtype": "m.video", "body": "x", "file": {"url": "mxc://q/2"}}, ("video", "mxc://q/2")),
        (
            "m.room.message",
            {"msgtype": "m.file", "body": "x", "url": "mxc://q/3", "info": {"mimetype": "audio/ogg"}},
            ("audio", "mxc://q/3"),
        ),
        ("m.sticker", {"body": "a dry tap", "url": "mxc://q/4"}, ("image", "mxc://q/4")),
        ("m.room.message", {"msgtype": "m.file", "body": "x", "url": "mxc://q/5"}, None),
    ],
)
def test_pictures_and_recordings_are_media(kind: str, content: dict[str, Any], media: tuple[str, str] | None) -> None:
    mention = to_mention(event(3, content, type=kind, room_id=ROOM))
    assert [(item.type, item.url) for item in mention.media] == ([media] if media else [])
    assert mention.text == content["body"]


def test_a_poll_says_what_it_asks() -> None:
    content = {"m.text": [{"body": "Is your water back? 1. yes 2. no"}], "m.poll": {"question": {}}}
    assert to_mention(event(3, content, type="m.poll.start", room_id=ROOM)).text == "Is your water back? 1. yes 2. no"


@pytest.mark.parametrize(
    ("poll", "form"), [("m.poll", "m.text"), ("org.matrix.msc3381.poll", "org.matrix.msc1767.text")]
)
def test_a_poll_without_words_for_others_is_read_itself(poll: str, form: str) -> None:
    def words(said: str) -> dict[str, Any]:
        return {form: [{"body": said}] if form == "m.text" else said}

    asked = {"question": words("Is it back?"), "answers": [{"id": "1", **words("yes")}, {"id": "2", **words("no")}]}
    start = f"{poll}.start"
    content = {poll if poll == "m.poll" else start: asked}
    assert to_mention(event(3, content, type=start, room_id=ROOM)).text == "Is it back?\nyes\nno"


def read(server: Any, policy: Policy, manners: Manners, checkpoint: Any = None) -> tuple[list[Any], Any]:
    batches, error = run(Matrix(server.url, "invented", [policy], manners=manners), checkpoint)
    assert error is None
    return batches, batches[-1].checkpoint


def texts(batches: list[Any]) -> dict[str, str]:
    return {mention.id: mention.text for batch in batches for mention in batch.mentions}


def test_an_edit_replaces_the_text_and_keeps_the_rest(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver()
    room.say(event(1))
    server = serve(room)
    _, kept = read(server, policy, brisk)
    room.say(edit(2, 1, "no"), edit(3, 1, "No water from Quillmere Water"))
    batches, _ = read(server, policy, brisk, kept)
    (mention,) = (mention for batch in batches for mention in batch.mentions)
    assert (mention.id, mention.text) == ("$1", "No water from Quillmere Water")
    assert mention.created_at == datetime.fromtimestamp(1_790_000_000.001, UTC)
    assert mention.matched_terms == ("Quillmere Water",)


def test_an_edit_and_its_original_in_one_answer_are_one_mention(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver()
    room.say(event(1), event(2), edit(3, 1, "No water"), edit(4, 2, "not mine", sender="@other:quill.example"))
    batches, _ = read(serve(room), policy, brisk)
    found = [(mention.id, mention.text) for batch in batches for mention in batch.mentions]
    assert sorted(found) == [("$1", "No water"), ("$2", "Quillmere Water")]
    assert [item.where for batch in batches for item in batch.quarantined] == ["matrix $4"]


def test_what_was_edited_comes_once_and_never_in_its_former_words(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver(most=2)
    room.say(*map(event, range(1, 6)), edit(6, 1, "the latest"))
    batches, _ = read(serve(room), policy, brisk)
    assert sorted(native_ids(batches)) == [f"${number}" for number in range(1, 6)]
    assert texts(batches)["$1"] == "the latest"


def test_an_edit_by_somebody_else_is_refused_and_one_of_an_unknown_message_stands_alone(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    room = Homeserver()
    room.say(event(1), edit(2, 1, "words put into a mouth", sender="@other:quill.example"), edit(3, 99, "left over"))
    batches, _ = read(serve(room), policy, brisk)
    assert texts(batches) == {"$1": "Quillmere Water", "$3": "left over"}
    assert [(item.where, "another author" in item.reason) for item in batches[0].quarantined] == [("matrix $2", True)]


def test_an_older_message_comes_as_its_server_knows_it_was_edited(serve: Any, policy: Policy, brisk: Manners) -> None:
    bundled = {"m.relations": {"m.replace": edit(9, 1, "the latest")}}
    room = Homeserver(most=1)
    room.say(event(1, unsigned=bundled), event(2))
    assert texts(read(serve(room), policy, brisk)[0]) == {"$1": "the latest", "$2": "Quillmere Water"}


def test_a_redaction_is_told_and_what_was_redacted_before_is_never_stored(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    room = Homeserver()
    room.say(event(1), event(2), event(3, {}, unsigned={"redacted_because": {}}))
    server = serve(room)
    batches, kept = read(server, policy, brisk)
    assert (sorted(texts(batches)), batches[0].gone) == (["$1", "$2"], ("$3",))
    room.say(
        event(4, {}, type="m.room.redaction", redacts="$1"),
        event(5, {"redacts": "$2", "reason": "mine"}, type="m.room.redaction"),
    )
    batches, _ = read(server, policy, brisk, kept)
    assert (texts(batches), [gone for batch in batches for gone in batch.gone]) == ({}, ["$1", "$2"])


def test_what_is_encrypted_is_counted_and_what_is_broken_does_no_harm(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    room = Homeserver(most=9)
    room.say(event(1), event(2, {"ciphertext": "x"}, type="m.room.encrypted"), event(3, {"msgtype": "m.text"}))
    room.say(
        event(4, {"m.relates_to": []}), {"type": "m.room.message"}, "no event", event(5, {"body": "\x00"}), event(6)
    )  # type: ignore[arg-type]
    batches, _ = read(serve(room), policy, brisk)
    assert sorted(texts(batches)) == ["$1", "$6"]
    refused = {item.where: item.reason for batch in batches for item in batch.quarantined}
    assert "end-to-end encrypted" in refused["matrix $2"]
    assert set(refused) == {"matrix $2", "matrix $3", "matrix $4", "matrix without id", "matrix $5"}


def test_news_come_before_a_long_history_and_late_events_are_found(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver(most=2)
    room.say(*map(event, range(1, 10)))
    server = serve(room)
    first, error = run(Matrix(server.url, "invented", [policy], pages=2, manners=brisk))
    assert (error, first[-1].more, native_ids(first)) == (None, True, ["$8", "$9", "$6", "$7"])
    room.say(event(0))  # another server's, of an hour ago: it comes last all the same
    second, _ = read(server, policy, brisk, first[-1].checkpoint)
    assert native_ids(second)[:1] == ["$0"]
    assert sorted(native_ids(second)) == [f"${number}" for number in range(6)]


def test_the_history_of_a_room_that_was_joined_later_is_read_whole(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver()
    room.say(event(1))
    room.say(*map(event, range(20, 30)), room="!new:quill.example")
    new = room.rooms.pop("!new:quill.example")
    server = serve(room)
    _, kept = read(server, policy, brisk)
    room.rooms["!new:quill.example"] = new
    room.say(event(30), room="!new:quill.example")
    batches, _ = read(server, policy, brisk, kept)
    assert sorted(native_ids(batches)) == [f"${number}" for number in range(20, 31)]


def test_a_room_that_the_bot_had_to_leave_is_named_and_holds_up_no_other(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    room = Homeserver()
    room.say(*map(event, range(1, 10)))
    room.say(*map(event, range(20, 30)), room="!other:quill.example")
    room.closed.add(ROOM)
    batches, _ = read(serve(room), policy, brisk)
    (lost,) = (item for batch in batches for item in batch.quarantined)
    assert (lost.where, "is not in the room" in lost.reason) == (f"matrix {ROOM}", True)
    assert set(native_ids(batches)) >= {f"${number}" for number in range(20, 30)}


def test_rooms_may_be_named_by_alias(serve: Any, policy: Policy, brisk: Manners) -> None:
    room = Homeserver()
    room.say(event(1))

    def answer(asked: Asked) -> Reply:
        if "/directory/room/" in asked.path:
            return Reply.of({"room_id": ROOM, "servers": []})
        if asked.path.endswith("/sync"):
            assert json.loads(asked.params["filter"])["room"]["rooms"] == [ROOM]
        return room(asked)

    settings = MatrixSettings(base_url=serve(answer).url, access_token="invented", rooms="#water:quill.example")
    (collector,) = Matrix.from_settings(settings, [policy], brisk)
    batches, error = run(collector)
    assert (error, native_ids(batches)) == (None, ["$1"])


def messages(folder: Path) -> Iterator[dict[str, Any]]:
    """Every event in the recorded bodies that a person wrote into a room."""
    for exchange in exchanges(folder):
        for each in found(exchange.json(), lambda value: {"event_id", "sender", "content"} <= value.keys()):
            if each.get("type") in MESSAGES and "origin_server_ts" in each:
                yield each


def test_every_recorded_message_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    raw = list(messages(recordings / "matrix"))
    # One file stands for one server: ids repeat from file to file, and a server has each event once.
    alone = {json.dumps(each, sort_keys=True): each for each in raw}
    count = Counter[str]()
    for each in alone.values():
        room = Homeserver()
        room.say(each)
        batches, _ = read(serve(room), policy, brisk)
        (batch,) = batches
        if redacted(each) is not None:
            assert (batch.mentions, batch.gone) == ((), (each["event_id"],))
            count["gone"] += 1
            continue
        assert not edited(each)
        (mention,) = batch.mentions
        assert (mention.id, mention.author.id, mention.text) == (
            each["event_id"],
            each["sender"],
            each["content"]["body"],
        )
        assert round(mention.created_at.timestamp() * 1000) == each["origin_server_ts"]
        assert bool(mention.media) == ("url" in each["content"] or "file" in each["content"])
        count["messages"] += 1
    assert count["messages"] >= 6
    assert count["gone"] >= 1
