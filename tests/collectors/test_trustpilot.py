"""Trustpilot through our client, against a server on the loopback. All reviews are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from collectors.collector import AccessDenied
from collectors.manners import Manners
from collectors.trustpilot import Trustpilot, TrustpilotSettings
from collectors.trustpilot_review import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, run
from tests.collectors.server import Asked, Reply


def review(number: int, **others: Any) -> dict[str, Any]:
    """An invented review; two of them share each minute."""
    return {
        "links": [],
        "id": f"5f{number:022d}",
        "consumer": {"id": "5e01", "displayName": "Invented One", "displayLocation": "Quillmere"},
        "businessUnit": {"id": "unit", "identifyingName": "water.example", "displayName": "Quillmere Water"},
        "stars": 1,
        "title": "Dry again",
        "text": "No water since Monday, see https://example.org/tap.",
        "language": "en",
        "createdAt": f"2026-10-01T09:{number // 2:02d}:00Z",
        "updatedAt": None,
        "numberOfLikes": 3,
        "companyReply": None,
        "isVerified": True,
        "status": "active",
        **others,
    }


class TestTrustpilot(Conformance):
    """Nine reviews, three to a page."""

    reviews = [review(number) for number in range(9, 0, -1)]  # noqa: RUF012
    posts = frozenset(each["id"] for each in reviews)

    def collector(self, url: str, policy: Policy, manners: Manners) -> Trustpilot:
        return Trustpilot("invented", ["unit"], base_url=url, settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        assert asked.path == "/v1/business-units/unit/reviews"
        assert asked.headers["apikey"] == "invented"
        assert (asked.params["orderBy"], asked.params["perPage"]) == ("createdat.desc", "100")
        start = 3 * (int(asked.params["page"]) - 1)
        return Reply.of({"links": [], "reviews": self.reviews[start : start + 3]})


def test_a_review_becomes_a_mention() -> None:
    mention = to_mention(review(4))
    assert mention.text == "Dry again\n\nNo water since Monday, see https://example.org/tap."
    assert (mention.kind, mention.metrics.rating, mention.metrics.likes, mention.lang) == ("review", 1.0, 3, "en")
    assert (mention.author.id, mention.author.name) == ("5e01", "Invented One")
    assert mention.created_at == datetime(2026, 10, 1, 9, 2, tzinfo=UTC)
    assert mention.url == f"https://www.trustpilot.com/reviews/{mention.id}"
    assert mention.links == ("https://example.org/tap",)
    assert to_mention(review(5, title=None)).text.startswith("No water")
    assert to_mention(review(5, consumer=None)).author.id is None


def test_a_broken_review_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    reviews = [review(9), "none", review(8, createdAt="soon"), {"id": "x"}, review(7)]
    server = serve(lambda asked: Reply.of({"reviews": reviews if asked.params["page"] == "1" else []}))
    settings = TrustpilotSettings(base_url=server.url, api_key=SecretStr("invented"), business_units=("unit",))
    (collector,) = Trustpilot.from_settings(settings, [policy], brisk)
    batches, error = run(collector)
    assert error is None
    assert [mention.id for batch in batches for mention in batch.mentions] == [review(9)["id"], review(7)["id"]]
    assert [item.where for batch in batches for item in batch.quarantined] == [
        "trustpilot without id",
        f"trustpilot {review(8)['id']}",
        "trustpilot x",
    ]


def test_a_review_that_is_gone_is_told_from_one_that_was_edited(serve: Any, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == f"/v1/reviews/{review(1)['id']}":
            return Reply.of(review(1, text="Water again"))
        return Reply.of({"message": "not found"}, status=404)

    collector = Trustpilot("invented", ["unit"], base_url=serve(answer).url, manners=brisk)
    told = collector.recheck([review(1)["id"], review(2)["id"]])
    assert told.gone == (review(2)["id"],)
    assert [mention.text for mention in told.present] == ["Dry again\n\nWater again"]
    assert told.requests == 2


def test_of_a_review_that_is_refused_nothing_is_known_and_the_others_are_asked_about(
    serve: Any, brisk: Manners
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/v1/business-units/unit/reviews":
            return Reply.of({"reviews": []})
        return Reply.of(review(3)) if asked.path == f"/v1/reviews/{review(3)['id']}" else Reply(status=403)

    server = serve(answer)
    told = Trustpilot("invented", ["unit"], base_url=server.url, manners=brisk).recheck(
        [review(number)["id"] for number in (1, 2, 3)]
    )
    assert (told.gone, [mention.id for mention in told.present]) == ((), [review(3)["id"]])
    assert told.requests == len(server.asked) == 4  # that we are let in is looked at once


def test_a_key_that_is_refused_everywhere_is_told(serve: Any, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(status=401))
    with pytest.raises(AccessDenied, match="TOCSIN_TRUSTPILOT_API_KEY") as refusal:
        Trustpilot("invented", ["unit"], base_url=server.url, manners=brisk).recheck(["5f01", "5f02"])
    assert refusal.value.requests == len(server.asked) == 2
