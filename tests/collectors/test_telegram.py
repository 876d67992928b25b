"""Telegram against a server on the loopback that forgets what is confirmed, and against recorded answers."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.telegram import Telegram, TelegramSettings
from collectors.telegram_message import is_said, to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import exchanges, found
from tests.collectors.server import Asked, Reply

TOKEN = "77:invented"
GROUP = {"id": -1009, "type": "supergroup", "title": "Water"}
PERSON = {"id": 5, "is_bot": False, "first_name": "Invented", "last_name": "One", "username": "invented_one"}


def message(number: int, **others: Any) -> dict[str, Any]:
    """An invented message."""
    return {
        "message_id": number,
        "date": 1_790_000_000,
        "chat": GROUP,
        "from": PERSON,
        "text": "Quillmere Water",
    } | others


def update(number: int, kind: str = "message", **others: Any) -> dict[str, Any]:
    return {"update_id": number, kind: message(number, **others)}


class Api:
    """A bot's updates: those below an offset that was asked for are forgotten."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.updates = list(updates)

    def __call__(self, asked: Asked) -> Reply:
        assert asked.path == f"/bot{TOKEN}/getUpdates"
        assert json.loads(asked.params["allowed_updates"])[0] == "message"
        offset = int(asked.params.get("offset", 0))
        self.updates = [each for each in self.updates if each["update_id"] >= offset]
        return Reply.of({"ok": True, "result": self.updates[: int(asked.params["limit"])]})


class TestTelegram(Conformance):
    """A hundred and thirty messages, of which the server forgets nothing, as a test asks for them again."""

    posts = frozenset(f"-1009/{number}" for number in range(1, 131))
    outcomes = {"404": "access_denied"}  # noqa: RUF012 - so it answers a token that it does not know

    def collector(self, url: str, policy: Policy, manners: Manners) -> Telegram:
        return Telegram(TOKEN, [policy], base_url=url, manners=manners)

    def answer(self, asked: Asked) -> Reply:
        return Api(*map(update, range(1, 131)))(asked)

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"ok": True, "result": [{"update_id": number, "poll": {}} for number in range(100)]})


def test_a_message_becomes_a_mention() -> None:
    text = "🚱 see the bill, example.org and https://example.org/a"
    entities = [
        {"type": "text_link", "offset": 7, "length": 8, "url": "https://example.org/bill"},
        {"type": "url", "offset": 17, "length": 11},
        {"type": "url", "offset": 33, "length": 21},
    ]
    answered = message(1, **{"from": {"id": 6, "first_name": "Q", "username": "q"}}, text="No water")
    mention = to_mention(update(2, text=text, entities=entities, reply_to_message=answered))
    assert (mention.id, mention.text, mention.kind) == ("-1009/2", text, "reply")
    assert mention.links == ("https://example.org/bill", "http://example.org", "https://example.org/a")
    assert mention.created_at == datetime.fromtimestamp(1_790_000_000, UTC)
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("5", "invented_one", "Invented One")
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == ("-1009/1", "No water")
    assert mention.in_reply_to.author.handle == "q"


@pytest.mark.parametrize(
    ("chat", "address"),
    [
        ({"id": -1001234, "type": "channel", "username": "water"}, "https://t.me/water/3"),
        ({"id": -1001234, "type": "supergroup"}, "https://t.me/c/1234/3"),
        ({"id": -12, "type": "group"}, None),
        ({"id": 5, "type": "private", "username": "invented_one"}, None),
    ],
)
def test_a_message_has_an_address_where_there_is_one(chat: dict[str, Any], address: str | None) -> None:
    assert to_mention(update(3, chat=chat)).url == address


def test_a_channel_speaks_for_itself_and_so_does_a_hidden_administrator() -> None:
    channel = {"id": -1001, "type": "channel", "title": "Water", "username": "water"}
    post = {"update_id": 1, "channel_post": {"message_id": 2, "date": 1_790_000_000, "chat": channel, "caption": "Dry"}}
    post["channel_post"]["photo"] = [{"file_id": "a", "width": 90}, {"file_id": "b", "width": 900}]
    mention = to_mention(post)
    assert (mention.kind, mention.text, mention.author.handle, mention.author.name) == ("post", "Dry", "water", "Water")
    assert [(item.type, item.url) for item in mention.media] == [("image", None)]
    hidden = to_mention(update(3, sender_chat=GROUP))
    assert (hidden.author.id, hidden.author.name) == ("-1009", "Water")


CHANNEL = {"id": -1001, "type": "channel", "title": "Water", "username": "water"}


@pytest.mark.parametrize(
    ("forwarded", "parent", "author"),
    [
        ({"forward_origin": {"type": "channel", "chat": CHANNEL, "message_id": 7}}, "-1001/7", "water"),
        ({"forward_origin": {"type": "user", "sender_user": {"id": 6, "first_name": "Q", "username": "q"}}}, None, "q"),
        ({"forward_origin": {"type": "hidden_user", "sender_user_name": "Q"}}, None, None),
        ({"forward_date": 1, "forward_from_chat": CHANNEL, "forward_from_message_id": 7}, "-1001/7", "water"),
        ({"forward_date": 1, "forward_from": {"id": 6, "first_name": "Q", "username": "q"}}, None, "q"),
    ],
)
def test_a_forwarded_message_names_its_original(
    forwarded: dict[str, Any], parent: str | None, author: str | None
) -> None:
    mention = to_mention(update(3, **forwarded))
    assert mention.kind == "repost"
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.author.handle) == (parent, author)
    assert mention.in_reply_to.text == "Quillmere Water"


def test_a_topic_is_a_conversation_and_no_answer() -> None:
    beginning = message(1, forum_topic_created={"name": "Leaks"})
    mention = to_mention(update(3, message_thread_id=1, is_topic_message=True, reply_to_message=beginning))
    assert (mention.kind, mention.conversation_id, mention.in_reply_to) == ("message", "-1009/1", None)


def test_an_answer_to_another_chat_keeps_what_it_quotes() -> None:
    origin = {"type": "channel", "chat": CHANNEL, "message_id": 7}
    reply = {"external_reply": {"origin": origin, "chat": CHANNEL, "message_id": 7}, "quote": {"text": "Dry"}}
    mention = to_mention(update(3, **reply))
    assert mention.in_reply_to is not None
    assert (mention.kind, mention.in_reply_to.id, mention.in_reply_to.text) == ("reply", "-1001/7", "Dry")


@pytest.mark.parametrize(
    ("part", "kinds"),
    [
        ({"video": {"file_id": "a"}}, ["video"]),
        ({"voice": {"file_id": "a"}}, ["audio"]),
        ({"animation": {"file_id": "a"}, "document": {"mime_type": "video/mp4"}}, ["video"]),
        ({"document": {"mime_type": "image/png"}}, ["image"]),
        ({"document": {"mime_type": "application/pdf"}}, []),
        (
            {"paid_media": {"paid_media": [{"type": "photo"}, {"type": "preview"}, {"type": "video"}]}},
            ["image", "video"],
        ),
        ({"sticker": {"emoji": "🚱", "is_video": False}}, ["image"]),
    ],
)
def test_files_are_media_without_an_address(part: dict[str, Any], kinds: list[str]) -> None:
    mention = to_mention(update(3, **part))
    assert [(item.type, item.url) for item in mention.media] == [(kind, None) for kind in kinds]


def test_polls_are_said_and_notices_are_not() -> None:
    poll = {"question": "Water?", "options": [{"text": "none", "voter_count": 1}]}
    asked = {"update_id": 1, "message": {**message(1), "poll": poll}}
    del asked["message"]["text"]
    assert is_said(asked)
    assert to_mention(asked).text == "Water?\nnone"
    place = {"update_id": 1, "message": {**message(1), "venue": {"title": "Reservoir", "address": "1 Dry Lane"}}}
    del place["message"]["text"]
    assert to_mention(place).text == "Reservoir\n1 Dry Lane"
    joined = {"update_id": 2, "message": {**message(2), "new_chat_members": [PERSON]}}
    del joined["message"]["text"]
    assert not is_said(joined)
    assert not is_said({"update_id": 3, "poll": poll})


def collect(url: str, policy: Policy, manners: Manners, checkpoint: Any = None, **others: Any) -> Any:
    return run(Telegram(TOKEN, [policy], base_url=url, manners=manners, **others), checkpoint)


def test_nothing_is_confirmed_before_it_is_stored(serve: Any, policy: Policy, brisk: Manners) -> None:
    api = Api(*map(update, range(1, 131)))
    server = serve(api)
    reading = Telegram(TOKEN, [policy], base_url=server.url, manners=brisk).collect(None)
    first = next(reading)
    reading.close()  # the run dies here: what it read but did not store is still there
    assert len(api.updates) == 130
    rest, error = collect(server.url, policy, brisk, first.checkpoint)
    assert (error, len(native_ids([first])), len(native_ids(rest))) == (None, 100, 30)
    assert len(api.updates) == 30  # the last page is confirmed by the next run


def test_an_edit_comes_under_the_same_id(serve: Any, policy: Policy, brisk: Manners) -> None:
    api = Api(update(1))
    server = serve(api)
    first, _ = collect(server.url, policy, brisk)
    api.updates.append({"update_id": 2, "edited_message": message(1, text="No water", edit_date=1_790_000_060)})
    second, _ = collect(server.url, policy, brisk, first[-1].checkpoint)
    assert [(mention.id, mention.text) for mention in second[0].mentions] == [("-1009/1", "No water")]
    assert second[0].mentions[0].created_at == first[0].mentions[0].created_at


def test_numbers_that_begin_anew_after_a_silent_week_lose_nothing(serve: Any, policy: Policy, brisk: Manners) -> None:
    api, now = Api(update(900_000)), datetime(2026, 10, 1, tzinfo=UTC)
    server = serve(api)
    first, _ = collect(server.url, policy, brisk, now=lambda: now)
    api.updates = [update(17), update(18)]  # the last one is long forgotten; a week later the numbers are others
    second, error = collect(server.url, policy, brisk, first[-1].checkpoint, now=lambda: now + timedelta(days=8))
    assert (error, native_ids(second)) == (None, ["-1009/17", "-1009/18"])
    third, _ = collect(server.url, policy, brisk, second[-1].checkpoint, now=lambda: now + timedelta(days=8, hours=1))
    assert (native_ids(third), api.updates) == ([], [])


def test_a_broken_update_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    broken = [{"update_id": 2, "message": "no message"}, update(3, date="soon"), update(4, chat=None)]
    (batch,), error = collect(serve(Api(update(1), *broken, update(5))).url, policy, brisk)
    assert (error, [mention.id for mention in batch.mentions]) == (None, ["-1009/1", "-1009/5"])
    assert [item.where for item in batch.quarantined] == [f"telegram update {number}" for number in (2, 3, 4)]


def test_a_message_to_the_bot_alone_is_read_only_where_its_chat_is_named(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    def read(chats: str) -> list[str]:
        api = Api(update(1), update(2, chat={"id": 5, "type": "private"}))
        settings = TelegramSettings(base_url=serve(api).url, bot_token=TOKEN, chats=chats)
        return native_ids(run(Telegram.from_settings(settings, [policy], brisk)[0])[0])

    assert read("") == ["-1009/1"]
    assert read("5") == ["5/2"]


def test_only_the_named_chats_are_read(serve: Any, policy: Policy, brisk: Manners) -> None:
    api = Api(update(1), update(2, chat=CHANNEL), update(3, chat={"id": 5, "type": "private"}))
    settings = TelegramSettings(base_url=serve(api).url, bot_token=TOKEN, chats="-1009, @Water")
    (collector,) = Telegram.from_settings(settings, [policy], brisk)
    batches, error = run(collector)
    assert (error, native_ids(batches)) == (None, ["-1009/1", "-1001/2"])


@pytest.mark.parametrize(
    ("status", "said", "fix"),
    [
        (404, {"ok": False, "error_code": 404, "description": "Not Found"}, "TOCSIN_TELEGRAM_BOT_TOKEN"),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, "TOCSIN_TELEGRAM_BOT_TOKEN"),
        (409, {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates"}, "webhook"),
    ],
)
def test_a_refusal_says_what_to_do(
    status: int, said: Any, fix: str, serve: Any, policy: Policy, brisk: Manners
) -> None:
    _, error = collect(serve(lambda _: Reply.of(said, status=status)).url, policy, brisk)
    assert (error.outcome, fix in str(error)) == ("access_denied", True)


def test_the_token_is_neither_logged_nor_told(
    serve: Any, policy: Policy, brisk: Manners, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    elsewhere = Reply(status=302, headers={"Location": f"https://elsewhere.example/bot{TOKEN}/getUpdates"})
    _, error = collect(serve(lambda _: elsewhere).url, policy, brisk)
    assert str(error).endswith("redirects to https://elsewhere.example")
    assert TOKEN not in str(error) + caplog.text


def test_every_recorded_message_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    def is_message(value: dict[str, Any]) -> bool:  # one written to the bot alone is no public mention
        return {"message_id", "chat", "date", "text"} <= value.keys() and value["chat"]["type"] != "private"

    count = 0
    for exchange in exchanges(recordings / "telegram"):
        body = exchange.json()
        said = {f"{each['chat']['id']}/{each['message_id']}": each for each in found(body, is_message)}
        api = Api(*(each for each in body["result"] if isinstance(each, dict)))
        batches, error = collect(serve(api).url, policy, brisk)
        assert error is None
        mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
        assert sorted(native_ids(batches)) == sorted(said)
        for key, each in said.items():
            mention, sender = mentions[key], each["from"]
            assert (mention.text, mention.created_at.timestamp()) == (each["text"], each["date"])
            assert (mention.author.id, mention.author.handle) == (str(sender["id"]), sender.get("username"))
            assert (mention.in_reply_to, mention.media, mention.url) == (None, (), None)
        count += len(said)
    assert count >= 4
