"""Foursquare's tips through our client, against a server on the loopback. All tips are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from collectors.collector import Checkpoint
from collectors.foursquare import Foursquare, FoursquareSettings
from collectors.foursquare_tip import to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply


def tip(number: int, **others: Any) -> dict[str, Any]:
    """An invented tip; two of them share each minute."""
    return {
        "fsq_tip_id": f"t{number}",
        "created_at": f"2026-10-01T09:{number // 2:02d}:00.000Z",
        "text": "No water in the wash room.",
        **others,
    }


class TestFoursquare(Conformance):
    """Nine tips about three places; each place is one page."""

    posts = frozenset(f"t{number}" for number in range(9))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Foursquare:
        places = ("p0", "p1", "p2")
        settings = FoursquareSettings(base_url=url, api_key=SecretStr("invented"), places=places)
        (collector,) = Foursquare.from_settings(settings, [policy], manners)
        collector._settle = timedelta(0)
        return collector

    def answer(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer invented"
        assert asked.headers["x-places-api-version"] == "2025-06-17"
        assert asked.params == {"limit": "50", "sort": "NEWEST"}
        place = int(asked.path.removeprefix("/places/p").removesuffix("/tips"))
        return Reply.of([tip(number) for number in (3 * place + 2, 3 * place + 1, 3 * place)])


def test_a_tip_becomes_a_mention() -> None:
    photo = {"prefix": "https://m.example/", "suffix": "/1.jpg", "width": 10, "height": 10}
    mention = to_mention(tip(4, lang="en", agree_count=3, photo=photo, url="https://example.org/bill"), "p0")
    assert (mention.id, mention.kind, mention.lang, mention.metrics.likes) == ("t4", "review", "en", 3)
    assert mention.created_at == datetime(2026, 10, 1, 9, 2, tzinfo=UTC)
    assert mention.media[0].url == "https://m.example/original/1.jpg"
    assert mention.links == ("https://example.org/bill",)
    assert mention.conversation_id == "p0"
    former = {"id": "5a", "created_at": "2026-10-01T09:15:00.000Z", "text": "Dry."}
    assert to_mention(former).id == "5a"


def test_a_tip_of_the_second_version_names_its_author_and_its_place() -> None:
    person = {"id": "7", "firstName": "Invented", "lastName": "O."}
    tip_of_two = {"id": "5b", "createdAt": 1_790_000_000, "text": "Dry.", "user": person, "venue": {"id": "p9"}}
    mention = to_mention({**tip_of_two, "photourl": "https://m.example/1.jpg", "likes": {"count": 2}})
    assert (mention.author.id, mention.author.name) == ("7", "Invented O.")
    assert mention.created_at == datetime.fromtimestamp(1_790_000_000, UTC)
    assert (mention.conversation_id, mention.metrics.likes) == ("p9", 2)
    assert [item.url for item in mention.media] == ["https://m.example/1.jpg"]
    own = to_mention({**tip_of_two, "agreeCount": 4, "canonicalUrl": "https://fsq.example/item/5b", "user": None}, "p0")
    assert (own.conversation_id, own.metrics.likes, own.url) == ("p0", 4, "https://fsq.example/item/5b")
    assert own.author.id is None


def test_broken_tips_are_quarantined_and_what_was_missed_is_named(serve: Any, brisk: Manners) -> None:
    tips = [tip(90), "none", tip(89, created_at="soon"), {"text": "x"}, *(tip(number) for number in range(88, 40, -1))]
    server = serve(lambda asked: Reply.of(tips))
    old = Checkpoint("foursquare", {"timelines": {"p0": {"mark": 1, "gaps": []}}})
    batches, error = run(Foursquare("invented", ["p0"], base_url=server.url, manners=brisk), old)
    assert error is None
    assert len(native_ids(batches)) == 49
    broken = [item for batch in batches for item in batch.quarantined]
    assert [item.where for item in broken[:3]] == ["foursquare without id", "foursquare t89", "foursquare without id"]
    assert "newest 50" in broken[3].reason
