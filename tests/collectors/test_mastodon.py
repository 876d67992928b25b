"""Mastodon through Mastodon.py itself, against a server on the loopback, and against recorded answers."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from collectors.collector import Checkpoint
from collectors.manners import Manners
from collectors.mastodon import Mastodon, MastodonSettings
from collectors.mastodon_ids import id_at, place_of
from collectors.mastodon_status import to_mention
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import distinct, exchanges, found
from tests.collectors.server import Asked, Reply

AUTHOR: dict[str, Any] = {"id": "7", "username": "invented_one", "acct": "invented_one@elsewhere.example"}


def status(number: int, **others: Any) -> dict[str, Any]:
    """An invented post."""
    return {
        "id": str(number),
        "created_at": "2026-10-01T09:15:00.000Z",
        "content": "<p>No water from <strong>Quillmere Water</strong> &amp; no word</p>",
        "account": AUTHOR,
        "url": f"https://elsewhere.example/@invented_one/{number}",
        "visibility": "public",
        **others,
    }


def by_tag(policy: Policy) -> Policy:
    return policy.model_copy(
        update={"vocabulary": Vocabulary(names=("Quillmere Water",), hashtags=("quillmere",)), "accounts": ()}
    )


class TestMastodon(Conformance):
    numbers = tuple(range(115_000_000_000_000_009, 115_000_000_000_000_000, -1))
    posts = frozenset(map(str, numbers))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Mastodon:
        return Mastodon(url, [by_tag(policy)], settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return "timelines" in asked.path

    def answer(self, asked: Asked) -> Reply:
        above, below = int(asked.params.get("since_id", 0)), int(asked.params.get("max_id", 10**19))
        left = [number for number in self.numbers if above < number < below]
        next_page = (
            f'<http://{asked.headers["host"]}{asked.path}?max_id={left[2]}>; rel="next"' if len(left) > 3 else ""
        )
        return self.page([status(number) for number in left[:3]], next_page)

    def loop(self, asked: Asked) -> Reply:
        return self.page([status(5)], f'<http://127.0.0.1{asked.path}?max_id=5>; rel="next"')

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(self.loop)
        assert error is not None
        assert (error.outcome, sum(map(self.is_listing, asked))) == ("unexpected_response", 2)

    @staticmethod
    def page(statuses: list[dict[str, Any]], link: str) -> Reply:
        reply = Reply.of(statuses)
        reply.headers = {**reply.headers, **({"Link": link} if link else {})}
        return reply


def test_marks_of_another_instance_are_not_taken_for_ones_own(serve: Any, policy: Policy, brisk: Manners) -> None:
    former, here = serve(TestMastodon().answer), serve(lambda _: TestMastodon.page([status(7)], ""))
    there, _ = run(TestMastodon().collector(former.url, policy, brisk))
    kept = there[-1].checkpoint
    moved, error = run(TestMastodon().collector(here.url.replace("127.0.0.1", "localhost"), policy, brisk), kept)
    assert (native_ids(moved), error) == (["7"], None)
    assert "since_id" not in here.asked[0].params
    unnamed = Checkpoint(kept.source, {name: state for name, state in kept.state.items() if name != "instance"})
    for checkpoint in (kept, unnamed):  # checkpoints from before they named their instance hold on
        assert native_ids(run(TestMastodon().collector(former.url, policy, brisk), checkpoint)[0]) == []


def test_a_status_becomes_a_mention() -> None:
    mention = to_mention(
        status(
            12,
            spoiler_text="water",
            content='<p><a href="https://m.example/@q" class="u-url mention">@<span>Q</span></a> see '
            '<a href="https://example.org/bill"><span class="invisible">https://</span>example.org/bill</a><br>Thanks</p>',
            in_reply_to_id="11",
            in_reply_to_account_id="8",
            mentions=[{"id": "8", "acct": "Q"}],
            media_attachments=[{"type": "gifv", "url": "https://m.example/1.mp4", "description": "a dry tap"}],
            language="en",
            favourites_count=3,
        )
    )
    assert mention.text == "water\n\n@Q see https://example.org/bill\nThanks"
    assert mention.links == ("https://example.org/bill",)
    assert (mention.kind, mention.lang, mention.metrics.likes) == ("reply", "en", 3)
    assert mention.created_at == datetime(2026, 10, 1, 9, 15, tzinfo=UTC)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.author.handle) == ("11", "Q")
    assert [(item.type, item.alt_text) for item in mention.media] == [("video", "a dry tap")]


def test_boosts_and_quotations_name_their_original() -> None:
    boost = to_mention(status(13, content="", reblog=status(12)))
    assert (boost.kind, boost.text) == ("repost", "No water from Quillmere Water & no word")
    quote = to_mention(status(14, quote={"state": "accepted", "quoted_status": status(12)}))
    for mention in (boost, quote):
        assert mention.in_reply_to is not None
        assert mention.in_reply_to.id == "12"
        assert mention.in_reply_to.text == "No water from Quillmere Water & no word"
    assert quote.kind == "quote"


def test_with_a_token_the_terms_are_searched_for_too(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer invented"
        if asked.path == "/api/v2/search":
            assert (asked.params["type"], asked.params["limit"]) == ("statuses", "40")
            found = [status(20)] if asked.params["offset"] == "0" else []
            return Reply.of({"accounts": [], "hashtags": [], "statuses": found})
        return Reply.of([status(20)])

    server = serve(answer)
    settings = MastodonSettings(base_url=server.url, access_token=SecretStr("invented"))
    (collector,) = Mastodon.from_settings(settings, [policy], brisk)
    batches, error = run(collector)
    assert error is None
    assert {asked.path for asked in server.asked} >= {"/api/v2/search", "/api/v1/timelines/tag/quillmere"}
    assert {mention.id for batch in batches for mention in batch.mentions} == {"20"}
    assert batches[0].mentions[0].matched_terms == ("Quillmere Water",)


def test_without_token_and_hashtags_there_is_nothing_to_read(policy: Policy) -> None:
    words = policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",)), "accounts": ()})
    with pytest.raises(ValueError, match="TOCSIN_MASTODON_ACCESS_TOKEN"):
        Mastodon("https://m.example", [words])


def test_every_recorded_status_that_is_public_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    def is_status(value: dict[str, Any]) -> bool:
        return {"id", "content", "account", "visibility", "created_at"} <= value.keys()

    bodies = (exchange.json() for exchange in exchanges(recordings / "mastodon"))
    statuses = distinct((post for body in bodies for post in found(body, is_status)), "id")
    newest_first = [statuses[key] for key in sorted(statuses, key=int, reverse=True)]
    server = serve(lambda asked: Reply.of(newest_first))
    batches, error = run(Mastodon(server.url, [by_tag(policy)], settle=timedelta(0), manners=brisk))
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert [item for batch in batches for item in batch.quarantined] == []
    public = {key: post for key, post in statuses.items() if post["visibility"] in ("public", "unlisted")}
    assert mentions.keys() == public.keys()
    assert sum(len(batch.mentions) for batch in batches) == len(mentions) > 100
    for key, post in public.items():
        mention, shown = mentions[key], post["reblog"] or post
        assert mention.created_at == datetime.fromisoformat(post["created_at"])
        assert (mention.author.id, mention.author.handle) == (post["account"]["id"], post["account"]["acct"])
        assert mention.url == (post["url"] or post["uri"])
        words = html.unescape(re.sub(r"<[^>]+>", " ", shown["content"])).split()
        assert "".join(words) in "".join(mention.text.split())
        assert len(mention.media) == len([m for m in shown["media_attachments"] if m["type"] != "unknown"])
        parent = mention.in_reply_to.id if mention.in_reply_to else None
        quoted = ((post.get("quote") or {}).get("quoted_status") or {}).get("id")
        assert parent == (post["in_reply_to_id"] or (post["reblog"] or {}).get("id") or quoted)


def test_a_poll_says_what_may_be_answered() -> None:
    asked = status(15, content="<p>Which tap?</p>", poll={"options": [{"title": "Hot"}, {"title": "Quillmere Water"}]})
    assert to_mention(asked).text == "Which tap?\n\nHot\nQuillmere Water"


@pytest.mark.parametrize(
    "others",
    [
        {"quote": status(12), "quote_id": "12"},  # Akkoma, Fedibird, Misskey's kin
        {"quote_id": "12", "pleroma": {"quote": status(12), "quote_id": "12"}},
    ],
)
def test_other_software_quotes_in_its_own_way(others: dict[str, Any]) -> None:
    quote = to_mention(status(14, **others))
    assert quote.kind == "quote"
    assert quote.in_reply_to is not None
    assert (quote.in_reply_to.id, quote.in_reply_to.text) == ("12", "No water from Quillmere Water & no word")


@pytest.mark.parametrize(
    "others",
    [
        {"quote": {"state": "accepted", "quoted_status_id": "12"}},
        {"quote": {"state": "pending", "quoted_status": None}, "quote_id": "12"},
        {"quote": None, "pleroma": {"quote": None, "quote_id": "12"}},
    ],
)
def test_a_quoted_post_may_be_named_alone(others: dict[str, Any]) -> None:
    quote = to_mention(status(14, **others))
    assert (quote.kind, quote.in_reply_to and quote.in_reply_to.id) == ("quote", "12")


def test_a_picture_without_words_is_a_post() -> None:
    picture = {"type": "image", "url": "https://p.example/1.jpg", "description": "a dry tap"}
    mention = to_mention(status(16, content=None, media_attachments=[picture, {"id": "2"}], mentions=[{"id": "8"}]))
    assert (mention.text, [item.alt_text for item in mention.media]) == ("", ["a dry tap"])


FLAKES = tuple(f"AzQuillmere0000{number:02}" for number in range(9, 0, -1))


class TestLetteredIds(TestMastodon):
    """Pleroma, Akkoma, GoToSocial and Misskey's kin: ids of letters and digits that sort as text."""

    posts = frozenset(FLAKES)

    def answer(self, asked: Asked) -> Reply:
        above, below = asked.params.get("since_id", ""), asked.params.get("max_id", "z")
        left = [flake for flake in FLAKES if above < flake < below]
        link = f'<http://{asked.headers["host"]}{asked.path}?max_id={left[2]}>; rel="next"' if len(left) > 3 else ""
        return self.page([{**status(1), "id": flake} for flake in left[:3]], link)


def test_lettered_ids_are_asked_about_one_by_one(ask: Any) -> None:
    def answer(asked: Asked) -> Reply:
        assert asked.path != "/api/v1/statuses"
        native_id = asked.path.rpartition("/")[2]
        if native_id == FLAKES[1]:
            return Reply(b'{"error": "Record not found"}', status=404, headers={"Content-Type": "application/json"})
        return Reply.of({**status(1), "id": native_id} if native_id in FLAKES else {})

    told, _ = ask(lambda url, pack, manners: Mastodon(url, [pack], manners=manners), answer, FLAKES[:3])
    assert told.gone == (FLAKES[1],)
    assert {mention.id for mention in told.present} == {FLAKES[0], FLAKES[2]}


@pytest.mark.parametrize("written", ["115000000000000009", FLAKES[0], "01J8XZ6Q5V2N4M7K9R3T1W0YBC", "9zquillmere0"])
def test_a_position_leads_back_to_its_id(written: str) -> None:
    place = place_of(written)
    assert place is not None
    assert id_at(place) == written
    assert str(id_at(place + 1)) > written[:-1]


@pytest.mark.parametrize("written", [None, True, "", "a/b", "no-id", "x" * 41, "1" * 9_999])
def test_what_is_no_id_has_no_position(written: Any) -> None:
    assert place_of(written) is None


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", "", None, "soon"])
def test_an_account_of_an_impossible_age_costs_no_post(said: str | None) -> None:
    mention = to_mention(status(17, account={**AUTHOR, "created_at": said}))
    assert (mention.author.id, mention.author.created_at) == ("7", None)


def test_what_may_be_missing_costs_no_post() -> None:
    bare = {"id": "18", "created_at": "2026-10-01T09:15:00Z", "account": {"username": "invented_one"}}
    mention = to_mention({**bare, "reblog": {"id": "12", "spoiler_text": "water"}, "poll": {"options": [{}]}})
    assert (mention.text, mention.kind, mention.author.handle) == ("water", "repost", "invented_one")
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.id == "12"
