"""Instagram through facebook-business, against a server on the loopback, and against recorded answers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from collectors.graph import Account
from collectors.instagram import Instagram, InstagramSettings
from collectors.instagram_post import comment_to_mention, to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import exchanges, found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TOKEN = "invented-token"
USER = "17841"


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def media(number: int, moment: datetime = START, **others: Any) -> dict[str, Any]:
    """An invented picture."""
    said = {"id": str(number), "caption": "Quillmere Water, again #quillmere", "timestamp": written(moment)}
    shown = {"media_type": "IMAGE", "media_url": f"https://img.example/{number}.jpg"}
    address = f"https://www.instagram.com/p/invented{number}/"
    return {**said, **shown, "permalink": address, "username": "invented_one", **others}


def comment(number: int, moment: datetime = START, **others: Any) -> dict[str, Any]:
    """An invented comment."""
    return {"id": str(number), "text": "No water", "timestamp": written(moment), "username": "invented_two", **others}


def instagram(url: str, policy: Policy, manners: Manners, **others: Any) -> Instagram:
    account = Account(USER, TOKEN, base_url=url)
    return Instagram(account, [policy], settle=timedelta(0), manners=manners, **others)


def edge(asked: Asked) -> str:
    assert asked.params["access_token"] == TOKEN
    return asked.path.rpartition("/")[2]


def gone() -> Reply:
    return Reply.of({"error": {"message": "invented", "code": 100, "error_subcode": 33}}, status=400)


class TestInstagram(Conformance):
    """Nine pictures that tag the account, some of one second, three to a page."""

    times: ClassVar[Mapping[int, datetime]] = {
        number: START + timedelta(seconds=number // 2) for number in range(9, 0, -1)
    }
    posts = frozenset(map(str, times))
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> Instagram:
        return instagram(url, words_only(policy), manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/tags")

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of({"data": []})
        numbers, start = list(self.times), int(asked.params.get("after", 0))
        shown = [media(number, self.times[number]) for number in numbers[start : start + 3]]
        onward = f"https://graph.facebook.com/v26.0/{USER}/tags?access_token={TOKEN}&limit=50&after={start + 3}"
        paging = {"cursors": {"after": str(start + 3)}, **({"next": onward} if start + 3 < len(numbers) else {})}
        return Reply.of({"data": shown, "paging": paging})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"data": [], "paging": {"next": "https://graph.facebook.com/v26.0/1/tags?after=same"}})


def collect(serve: Any, policy: Policy, brisk: Manners, edges: Mapping[str, Any], **others: Any) -> Any:
    def answer(asked: Asked) -> Reply:
        said = edges.get(edge(asked), [])
        said = said(asked) if callable(said) else said
        return said if isinstance(said, Reply) else Reply.of({"data": said} if isinstance(said, list) else said)

    server = serve(answer)
    collector = instagram(server.url, policy, brisk, **others)
    batches, error = run(collector)
    return batches, error, server


def test_media_become_mentions() -> None:
    mention = to_mention(media(1, like_count=3, comments_count=2, owner={"id": "7"}))
    assert (mention.url, mention.author.id) == ("https://www.instagram.com/p/invented1/", "7")
    assert (mention.author.handle, mention.metrics.likes, mention.metrics.replies) == ("invented_one", 3, 2)
    assert mention.created_at == START
    album = media(2, media_type="CAROUSEL_ALBUM", children={"data": [media(3), media(4, media_type="VIDEO")]})
    assert [item.type for item in to_mention(album).media] == ["image", "video"]


def test_comments_name_what_they_answer() -> None:
    top = comment_to_mention(comment(5), media(1))
    assert top.in_reply_to is not None
    assert (top.kind, top.conversation_id, top.in_reply_to.id) == ("comment", "1", "1")
    assert top.in_reply_to.text == "Quillmere Water, again #quillmere"
    said = {**comment(6), "from": {"id": "8", "username": "invented_three"}}
    reply = comment_to_mention(said, media(1), comment(5))
    assert reply.in_reply_to is not None
    assert reply.in_reply_to.author is not None
    assert (reply.kind, reply.in_reply_to.id, reply.in_reply_to.text) == ("reply", "5", "No water")
    assert (reply.author.id, reply.in_reply_to.author.handle) == ("8", "invented_two")


def test_comments_on_own_media_are_read_with_all_replies(serve: Any, policy: Policy, brisk: Manners) -> None:
    onward = f"https://graph.facebook.com/v26.0/5/replies?after=r2&access_token={TOKEN}"
    first = comment(5, replies={"data": [comment(6)], "paging": {"next": onward}})
    edges = {
        "media": [media(1)],
        "comments": [first, comment(8, START - timedelta(days=400))],
        "replies": lambda asked: [comment(7)] if asked.params["after"] == "r2" else [],
    }
    batches, error, server = collect(serve, words_only(policy), brisk, edges)
    assert error is None
    assert native_ids(batches) == ["1", "5", "6", "7", "8"]
    parents = {mention.id: mention.in_reply_to for batch in batches for mention in batch.mentions}
    assert [parents[each].id for each in ("5", "6", "7", "8")] == ["1", "5", "5", "1"]
    assert TOKEN not in json.dumps(batches[-1].checkpoint.state)
    assert sum(batch.requests for batch in batches) == len(server.asked) == 4


@pytest.mark.parametrize("listed", [True, False])
def test_a_late_reply_under_an_old_comment_is_found(listed: bool, serve: Any, policy: Policy, brisk: Manners) -> None:
    """Three pages of comments, of which a run that knows them reads the first alone. A cursor is good for one run."""
    said = [comment(number, START + timedelta(minutes=number)) for number in range(16, 10, -1)]
    count, nth = len(said), 1

    def below(asked: Asked) -> Any:
        of, start = map(int, asked.params.get("after", f"{nth}-0").split("-"))
        onward = f"https://graph.facebook.com/v26.0/1/comments?after={nth}-{start + 2}&access_token={TOKEN}"
        expired = Reply.of({"error": {"message": "invented", "code": 100}}, status=400)
        return (
            {"data": said[start : start + 2], "paging": {"next": onward} if start < 4 else {}} if of == nth else expired
        )

    def own(asked: Asked) -> Any:
        shown = media(1, comments_count=count)
        return shown if edge(asked) == "1" else [shown] if listed or nth == 1 else []

    edges = {"media": own, "comments": below, "1": own}
    batches, error, server = collect(serve, words_only(policy), brisk, edges)
    assert (error, len(native_ids(batches))) == (None, 7)
    said[5]["replies"] = {"data": [comment(17, START + timedelta(days=9))]}
    count, nth = 7, 2
    batches, error = run(instagram(server.url, words_only(policy), brisk, pages=1), batches[-1].checkpoint)
    assert (error, "17" in native_ids(batches), batches[-1].more) == (None, False, True)
    nth = 3
    batches, error = run(instagram(server.url, words_only(policy), brisk), batches[-1].checkpoint)
    assert error is None
    parents = {each.id: each.in_reply_to for batch in batches for each in batch.mentions if each.in_reply_to}
    assert (parents["17"].id, parents["11"].id) == ("11", "1")
    assert parents["11"].text == "Quillmere Water, again #quillmere"
    assert TOKEN not in json.dumps(batches[-1].checkpoint.state)
    server.asked.clear()
    run(instagram(server.url, words_only(policy), brisk), batches[-1].checkpoint)
    assert [edge(asked) for asked in server.asked].count("comments") == 1  # nothing was added since


def test_hashtags_are_looked_up_once_for_good(serve: Any, policy: Policy, brisk: Manners) -> None:
    unnamed = {key: value for key, value in media(1).items() if key != "username"}
    edges = {"ig_hashtag_search": [{"id": "900"}], "recent_media": [unnamed, {**media(2), "timestamp": None}]}
    batches, error, server = collect(serve, policy, brisk, edges)
    assert error is None
    assert native_ids(batches) == ["1"]
    assert [item.where for batch in batches for item in batch.quarantined] == ["instagram 2"]
    assert batches[-1].checkpoint.state["hashtags"] == {"quillmere": "900"}
    _, error = run(instagram(server.url, policy, brisk), batches[-1].checkpoint)
    assert error is None
    assert [edge(asked) for asked in server.asked].count("ig_hashtag_search") == 1
    (search,) = (asked for asked in server.asked if edge(asked) == "ig_hashtag_search")
    assert (search.params["q"], search.params["user_id"]) == ("quillmere", USER)


def test_an_old_picture_that_is_tagged_later_is_found(serve: Any, policy: Policy, brisk: Manners) -> None:
    shown = [media(9)]
    batches, _, server = collect(serve, words_only(policy), brisk, {"tags": lambda asked: shown})
    shown.append(media(3, START - timedelta(days=900)))
    batches, error = run(instagram(server.url, words_only(policy), brisk), batches[-1].checkpoint)
    assert error is None
    assert "3" in native_ids(batches)


def test_mentions_that_a_webhook_told_of_are_read(serve: Any, policy: Policy, brisk: Manners, tmp_path: Path) -> None:
    told = tmp_path / "mentions.jsonl"

    def notification(**value: str) -> str:
        changes = [{"field": "mentions", "value": value}, {"field": "comments", "value": {"id": "1"}}]
        return json.dumps({"object": "instagram", "entry": [{"id": USER, "changes": changes}]}) + "\n"

    asked_for: list[str] = []

    def user(asked: Asked) -> Any:
        asked_for.append(asked.params["fields"].partition("{")[0])
        shown = {
            "mentioned_comment.comment_id(41)": {"mentioned_comment": comment(41, media={"id": "4"}), "id": USER},
            "mentioned_media.media_id(5)": {"mentioned_media": media(5), "id": USER},
        }
        return shown.get(asked_for[-1]) or gone()

    told.write_text(
        notification(media_id="4", comment_id="41")
        + "no json\n"
        + notification(media_id="5")
        + notification(media_id="6")
    )
    batches, error, server = collect(serve, words_only(policy), brisk, {USER: user}, mentions=told)
    assert error is None
    assert native_ids(batches) == ["41", "5"]
    assert [item.payload for batch in batches for item in batch.quarantined] == ["no json\n"]
    with told.open("a") as file:
        file.write(notification(comment_id="7){id},media_id(8") + notification(media_id="5")[:-1])
    again, error = run(instagram(server.url, words_only(policy), brisk, mentions=told), batches[-1].checkpoint)
    assert error is None
    assert native_ids(again) == []  # one that names nothing, and one that is not written to its end
    assert [item.where for batch in again for item in batch.quarantined] == ["instagram webhook"]
    assert len(asked_for) == 3


def test_without_account_and_token_it_is_not_read(serve: Any, policy: Policy, brisk: Manners) -> None:
    with pytest.raises(ValueError, match=r"TOCSIN_INSTAGRAM_USER_ID .* TOCSIN_INSTAGRAM_ACCESS_TOKEN"):
        Instagram.from_settings(InstagramSettings(), [policy], brisk)
    server = serve(lambda asked: Reply.of({"data": [{"id": "1"}] if edge(asked) == "ig_hashtag_search" else []}))
    settings = InstagramSettings(user_id=USER, access_token=SecretStr(TOKEN), base_url=server.url, mentions="")
    (collector,) = Instagram.from_settings(settings, [policy], brisk)
    assert run(collector)[1] is None
    assert collector.queries == ("tags", "media", "#quillmere")


def test_every_recorded_medium_and_comment_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners, tmp_path: Path
) -> None:
    """Each body is served by the call that it answers; media and comments are counted in the raw bodies."""
    counted = 0
    folder = recordings / "facebook_instagram" / "python-facebook" / "instagram" / "apidata"
    for exchange in [each for part in ("users", "medias", "comments", "hashtags") for each in exchanges(folder / part)]:
        body = exchange.json()
        told = tmp_path / f"{exchange.where}.jsonl"
        edges = _edges(exchange.where, body, told)
        shown = [*found(body, lambda value: {"media_type", "timestamp"} <= value.keys() and "shortcode" not in value)]
        said = list(found(body, lambda value: {"text", "timestamp"} <= value.keys()))
        if not edges or not (shown or said):
            continue
        batches, error, _ = collect(serve, words_only(policy), brisk, edges, mentions=told)
        assert error is None, exchange.where
        mentions = {mention.id: mention for batch in batches for mention in batch.mentions if mention.id != "1"}
        assert set(mentions) == {record["id"] for record in [*shown, *said]}, exchange.where
        assert sum(len(batch.mentions) for batch in batches) - ("comments" in edges) == len(mentions)
        counted += len(mentions)
        for record in [*shown, *said]:
            mention = mentions[record["id"]]
            assert mention.text == (record.get("caption") or record.get("text") or "")
            assert mention.created_at == datetime.fromisoformat(record["timestamp"])
            assert mention.author.handle == record.get("username")
            if record in shown:
                assert mention.url == record.get("permalink")
                assert len(mention.media) == max(1, len((record.get("children") or {}).get("data", [])))
    assert counted > 20


def _edges(where: str, body: Any, told: Path) -> dict[str, Any]:
    """Which call a recorded body answers."""
    for kind in ("media", "comment"):
        if f"mentioned_{kind}" in body:
            value = {f"{kind}_id": body[f"mentioned_{kind}"]["id"]}
            told.write_text(json.dumps({"entry": [{"changes": [{"field": "mentions", "value": value}]}]}) + "\n")
            return {USER: body}
    records = body["data"] if isinstance(body.get("data"), list) else None
    if records is None:
        records = [body] if "id" in body else list(body.values())
    if records and isinstance(records[0], dict) and "text" in records[0]:
        return {"media": [media(1)], "comments": records}
    return {"tags": records} if records and isinstance(records[0], dict) and "timestamp" in records[0] else {}


def test_a_comment_without_words_is_a_comment() -> None:
    said = {name: value for name, value in comment(5).items() if name != "text"}
    assert comment_to_mention(said).text == ""
