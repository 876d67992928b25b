"""Discord against a server on the loopback that keeps servers, roles and channels as Discord does. Invented posts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.discord import Discord, DiscordSettings
from collectors.discord_channels import ADMINISTRATOR, READ, allowed
from collectors.discord_message import to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.discord_server import CHANNEL, GUILD, ME, Server, message, native_id
from tests.collectors.server import Asked, Reply


class TestDiscord(Conformance):
    """A hundred and four messages in one channel, and one in a thread."""

    posts = frozenset(map(native_id, range(1, 106)))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Discord:
        return Discord("invented", [policy], base_url=url, settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/messages")

    def answer(self, asked: Asked) -> Reply:
        server = Server()
        server.messages[CHANNEL] = [message(number) for number in range(104, 0, -1)]
        server.threads = [{"id": "950", "parent_id": CHANNEL, "guild_id": GUILD, "thread_metadata": {}}]
        server.messages["950"] = [message(105, channel_id="950")]
        return server(asked)

    def loop(self, asked: Asked) -> Reply:
        return Reply.of([message(1)] * 100)

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(lambda asked: self.loop(asked) if self.is_listing(asked) else self.answer(asked))
        assert error is not None
        assert (error.outcome, sum(map(self.is_listing, asked))) == ("unexpected_response", 4)  # each listing twice


def test_a_message_becomes_a_mention() -> None:
    mention = to_mention(
        message(
            2,
            content="see [the bill](https://example.org/bill_(1)), <https://example.org/a>",
            type=19,
            message_reference={"type": 0, "message_id": native_id(1), "channel_id": CHANNEL, "guild_id": GUILD},
            referenced_message=message(1, content="No water"),
            reactions=[{"count": 2, "emoji": {}}, {"count": 1, "emoji": {}}],
            attachments=[
                {"filename": "tap.png", "url": "https://cdn.example/1", "description": "a dry tap"},
                {"filename": "x", "content_type": "video/mp4", "url": "https://cdn.example/2"},
                {"filename": "bill.pdf", "content_type": "application/pdf", "url": "https://cdn.example/3"},
            ],
        ),
        GUILD,
    )
    assert (mention.kind, mention.metrics.likes) == ("reply", 3)
    assert mention.url == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{native_id(2)}"
    assert mention.links == ("https://example.org/bill_(1)", "https://example.org/a")
    assert [(item.type, item.alt_text) for item in mention.media] == [("image", "a dry tap"), ("video", None)]
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == (native_id(1), "No water")
    assert mention.in_reply_to.author.handle == "invented_one"
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("5", "invented_one", "Invented One")


def test_a_bot_speaks_in_cards_and_in_components() -> None:
    card = {"title": "Water", "description": None, "fields": [{"name": "Pressure", "value": "none"}]}
    assert to_mention(message(2, content="", embeds=[card])).text == "Water\nPressure\nnone"
    shown = [{"type": 17, "components": [{"type": 10, "content": "No water"}, {"type": 999}]}]
    assert to_mention(message(2, content="", components=shown)).text == "No water"


def test_a_sticker_is_a_picture_and_a_message_without_a_type_is_one() -> None:
    stuck = to_mention(message(2, content="", sticker_items=[{"id": "5", "name": "dry tap", "format_type": 1}]))
    assert [(item.type, item.url, item.alt_text) for item in stuck.media] == [("image", None, "dry tap")]
    untyped = message(2, message_reference={"message_id": native_id(1)})
    del untyped["type"]
    assert to_mention(untyped).kind == "message"


def test_a_forwarded_message_names_its_original_and_says_what_it_said() -> None:
    snapshot = {"message": {"content": "No water", "attachments": [], "embeds": [], "type": 0}}
    reference = {"type": 1, "message_id": native_id(1), "channel_id": "8"}
    mention = to_mention(message(2, content="", message_reference=reference, message_snapshots=[snapshot]))
    assert (mention.kind, mention.text, mention.url) == ("repost", "No water", None)
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == (native_id(1), "No water")


def test_an_answer_to_what_was_deleted_keeps_its_id() -> None:
    reference = {"message_id": native_id(1), "channel_id": CHANNEL}
    mention = to_mention(message(2, type=19, message_reference=reference, referenced_message=None))
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.author) == (native_id(1), None)


def test_polls_and_cards_are_read() -> None:
    poll = {"question": {"text": "Water?"}, "answers": [{"answer_id": 1, "poll_media": {"text": "None"}}]}
    assert to_mention(message(1, content="", poll=poll)).text == "Water?\nNone"
    card = {"type": "rich", "title": "Burst main", "description": "Quillmere Water"}
    assert to_mention(message(1, content="", embeds=[card])).text == "Burst main\nQuillmere Water"
    assert to_mention(message(1, embeds=[card])).text == "Quillmere Water"  # the preview of a link is nobody's words


def collect(server: Any, policy: Policy, manners: Manners, checkpoint: Any = None, **others: Any) -> Any:
    return run(Discord("invented", [policy], base_url=server.url, manners=manners, **others), checkpoint)


def test_notices_are_passed_over_and_the_broken_are_quarantined(serve: Any, policy: Policy, brisk: Manners) -> None:
    kept = Server()
    kept.messages[CHANNEL] = [
        message(9, type=7, content=""),
        message(8, content=""),
        "no message",  # type: ignore[list-item]
        {"id": native_id(6)},
        message(5, timestamp="soon"),
        message(4),
    ]
    (batch,), error = collect(serve(kept), policy, brisk)
    assert (error, [mention.id for mention in batch.mentions]) == (None, [native_id(4)])
    refused = {item.where: item.reason for item in batch.quarantined}
    assert set(refused) == {f"discord {native_id(number)}" for number in (5, 6, 8)} | {"discord without id"}
    assert "message content intent" in refused[f"discord {native_id(8)}"]


def test_edits_are_seen_in_the_overlap_and_deletions_among_the_newest(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    now = datetime.now(UTC)
    ids = {number: native_id(number, now) for number in (1, 2, 3)}
    young = {number: message(number, id=ids[number], timestamp=now.isoformat()) for number in ids}
    kept = Server()
    kept.messages[CHANNEL] = [young[3], young[2], young[1]]
    server = serve(kept)
    first, _ = collect(server, policy, brisk)
    kept.messages[CHANNEL] = [{**young[3], "content": "edited"}, young[1]]
    second, error = collect(server, policy, brisk, first[-1].checkpoint)
    assert error is None
    assert {mention.id: mention.text for mention in second[0].mentions}[ids[3]] == "edited"
    assert second[0].gone == (ids[2],)
    third, _ = collect(server, policy, brisk, second[-1].checkpoint)
    assert third[0].gone == ()
    kept.messages[CHANNEL] = []  # so answers a channel whose history is closed to the bot
    fourth, _ = collect(server, policy, brisk, third[-1].checkpoint)
    assert fourth[0].gone == ()


def test_what_sank_below_the_first_page_was_not_deleted(serve: Any, policy: Policy, brisk: Manners) -> None:
    kept = Server()
    kept.messages[CHANNEL] = [message(number) for number in range(60, 0, -1)]
    server = serve(kept)
    first, _ = collect(server, policy, brisk, settle=timedelta(0))
    kept.messages[CHANNEL] = [message(number) for number in range(300, 0, -1) if number != 250]
    second, _ = collect(server, policy, brisk, first[-1].checkpoint, settle=timedelta(0))
    assert [gone for batch in second for gone in batch.gone] == []
    assert len(native_ids(second)) == 239


def test_only_channels_that_the_bot_may_read_are_asked(serve: Any, policy: Policy, brisk: Manners) -> None:
    deny = {"id": GUILD, "type": 0, "allow": "0", "deny": str(READ)}
    grant = {"id": "role", "type": 0, "allow": str(READ), "deny": "0"}
    kept = Server()
    kept.channels += [
        {"id": "902", "type": 0, "permission_overwrites": [deny]},
        {"id": "903", "type": 0, "permission_overwrites": [deny, grant]},
        {"id": "904", "type": 4},
        {"id": "905", "type": 15},
    ]
    kept.threads = [{"id": "950", "parent_id": "905"}, {"id": "951", "parent_id": "902"}]
    server = serve(kept)
    _, error = collect(server, policy, brisk)
    assert error is None
    asked = [each.path.split("/")[-2] for each in server.asked if each.path.endswith("/messages")]
    assert sorted(asked) == [CHANNEL, "903", "950"]


bits = st.integers(0, 1 << 20)
overwrite = st.tuples(st.sampled_from([GUILD, "a", "b", "c", ME]), bits, bits)


@given(bits, st.lists(overwrite, max_size=6, unique_by=lambda each: each[0]))
def test_permissions_are_those_of_the_documents(base: int, given: list[tuple[str, int, int]]) -> None:
    overwrites = [{"id": whose, "allow": str(allow), "deny": str(deny)} for whose, allow, deny in given]
    by_id = {whose: (allow, deny) for whose, allow, deny in given}
    expected = base
    for whose in (GUILD,), ("a", "b"), (ME,):
        pairs = [by_id[each] for each in whose if each in by_id]
        for _, deny in pairs:
            expected &= ~deny
        for allow, _ in pairs:
            expected |= allow
    seen = allowed(base, overwrites, GUILD, {"a", "b"}, ME)
    assert seen == (bool(base & ADMINISTRATOR) or expected & READ == READ)


def test_a_named_channel_that_refuses_is_told_after_the_others_were_read(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    kept = Server()
    kept.messages[CHANNEL] = [message(1)]
    kept.refused.add("902")
    settings = DiscordSettings(base_url=serve(kept).url, bot_token="invented", channels=f"902,{CHANNEL}")
    (collector,) = Discord.from_settings(settings, [policy], brisk)
    batches, error = run(collector)
    assert error is not None
    assert (error.outcome, "Missing Access" in str(error), native_ids(batches)) == (
        "access_denied",
        True,
        [native_id(1)],
    )


def test_a_channel_that_is_no_number_is_refused(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_DISCORD_CHANNELS"):
        Discord("invented", [policy], channels=["#water"])


def test_the_wait_of_an_exhausted_bucket_is_kept(serve: Any, policy: Policy, brisk: Manners) -> None:
    kept, waits = Server(), list[float]()
    kept.messages[CHANNEL] = [message(number) for number in range(150, 0, -1)]

    def answer(asked: Asked) -> Reply:
        reply = kept(asked)
        if asked.path.endswith("/messages"):
            reply.headers |= {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset-After": "0.1",
                "X-RateLimit-Reset": "0.1",
            }
        return reply

    batches, error = collect(serve(answer), policy, replace(brisk, sleep=waits.append))
    assert (error, len(native_ids(batches))) == (None, 150)
    assert [0 < wait <= 0.1 for wait in waits] == [True]


def test_the_invented_messages_are_such_as_discord_documents(recordings: Path) -> None:
    documents = json.loads((recordings / "discord/openapi/openapi.json").read_bytes())
    schema = {"$ref": "#/components/schemas/MessageResponse", "components": documents["components"]}
    reply = message(2, type=19, message_reference={"type": 0, "channel_id": CHANNEL}, referenced_message=message(1))
    for each in (message(1), reply):
        jsonschema.validate(each, schema)
        assert to_mention(each).text == "Quillmere Water"
    parameters = documents["paths"]["/channels/{channel_id}/messages"]["get"]["parameters"]
    assert {"before", "limit"} <= {each["name"] for each in parameters}
    asked = ("/users/@me", "/users/@me/guilds", "/guilds/{guild_id}/channels", "/guilds/{guild_id}/members/{user_id}")
    assert {*asked, "/guilds/{guild_id}/threads/active", "/channels/{channel_id}"} <= documents["paths"].keys()
