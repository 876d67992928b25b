"""Google Play through Google's own client, against a server on the loopback. All reviews, and the key, are invented."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collectors.collector import AccessDenied
from collectors.googleplay import GooglePlay, GooglePlaySettings
from collectors.googleplay_api import ServiceAccount
from collectors.googleplay_review import to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, run
from tests.collectors.server import Asked, Reply

BEGAN = 1_790_000_000
PAGES = "/androidpublisher/v3/applications/org.example.water/reviews"


def review(number: int, **others: Any) -> dict[str, Any]:
    """An invented review; two of them share each second."""
    said = {
        "text": "No meter\tIt cannot read my meter.",
        "lastModified": {"seconds": str(BEGAN + number // 2), "nanos": 5_000_000},
        "starRating": 2,
        "reviewerLanguage": "en",
        "device": "example",
        "thumbsUpCount": 3,
        "thumbsDownCount": 0,
        **others,
    }
    answer = {"developerComment": {"text": "Please write to us.", "lastModified": {"seconds": str(BEGAN + 99)}}}
    return {"reviewId": f"r{number}", "authorName": "Invented One", "comments": [{"userComment": said}, answer]}


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


class TestGooglePlay(Conformance):
    """Nine reviews, three to a page."""

    numbers = range(9, 0, -1)
    posts = frozenset(f"r{number}" for number in numbers)

    @pytest.fixture(autouse=True)
    def _key(self, pem: str, tmp_path: Path) -> None:
        self.pem, self.folder = pem, tmp_path

    def collector(self, url: str, policy: Policy, manners: Manners) -> GooglePlay:
        key = {"client_email": "tocsin@example.org", "private_key": self.pem, "token_uri": f"{url}/token"}
        path = self.folder / "key.json"
        path.write_text(json.dumps(key))
        settings = GooglePlaySettings(base_url=url, key_file=str(path), apps=("org.example.water",))
        (collector,) = GooglePlay.from_settings(settings, [policy], manners)
        collector._settle = timedelta(0)
        return collector

    def is_listing(self, asked: Asked) -> bool:
        return asked.path != "/token"

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            assert b"assertion=" in asked.body
            return Reply.of({"access_token": "invented", "token_type": "Bearer", "expires_in": 3600})
        assert (asked.path, asked.params["maxResults"]) == (PAGES, "100")
        assert asked.headers["authorization"] == "Bearer invented"
        start = int(asked.params.get("token", 0))
        shown = [review(number) for number in self.numbers[start : start + 3]]
        more = {"tokenPagination": {"nextPageToken": str(start + 3)}} if start + 3 < len(self.numbers) else {}
        return Reply.of({"reviews": shown, "pageInfo": {"totalResults": 9}, **more})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"reviews": [], "tokenPagination": {"nextPageToken": "same"}})

    def test_a_key_that_is_refused_names_the_setting(self, read: Any) -> None:
        _, error, _ = read(lambda _: Reply.of({"error": "invalid_grant", "error_description": "no"}, status=400))
        assert error is not None
        assert error.outcome == "access_denied"
        assert "TOCSIN_GOOGLEPLAY_KEY_FILE" in str(error)

    def test_a_quota_that_is_used_up_is_no_matter_of_access(self, read: Any) -> None:
        said = {"error": {"code": 403, "message": "no", "errors": [{"reason": "quotaExceeded"}]}}
        _, error, _ = read(lambda asked: Reply.of(said, status=403) if self.is_listing(asked) else self.answer(asked))
        assert error is not None
        assert error.outcome == "rate_limited"

    def test_a_week_without_reviews_is_no_fault(self, read: Any) -> None:
        batches, error, _ = read(lambda asked: Reply.of({}) if self.is_listing(asked) else self.answer(asked))
        assert error is None
        assert [batch.mentions for batch in batches] == [()]

    def test_a_broken_review_is_quarantined_and_the_rest_goes_on(self, read: Any) -> None:
        reviews = [review(9), "none", {"reviewId": "x", "comments": []}, review(8, lastModified={}), review(7)]
        page = Reply.of({"reviews": reviews})
        batches, error, _ = read(lambda asked: page if self.is_listing(asked) else self.answer(asked))
        assert error is None
        assert [mention.id for batch in batches for mention in batch.mentions] == ["r9", "r7"]
        assert [item.where for batch in batches for item in batch.quarantined] == [
            "googleplay without id",
            "googleplay x",
            "googleplay r8",
        ]


def test_a_review_becomes_a_mention() -> None:
    mention = to_mention(review(4), "org.example.water")
    assert mention.text == "No meter\n\nIt cannot read my meter."
    assert (mention.kind, mention.metrics.rating, mention.metrics.likes, mention.lang) == ("review", 2.0, 3, "en")
    assert mention.created_at == datetime.fromtimestamp(BEGAN + 2, UTC) + timedelta(milliseconds=5)
    assert mention.author.name == "Invented One"
    assert mention.url == "https://play.google.com/store/apps/details?id=org.example.water&reviewId=r4"


def test_of_a_review_that_was_rewritten_the_latest_words_count() -> None:
    first, answer = review(1)["comments"]
    (second, _) = review(8, text="Now it can.", starRating=5)["comments"]
    mention = to_mention({"reviewId": "r1", "comments": [first, answer, second]})
    assert (mention.text, mention.metrics.rating) == ("Now it can.", 5)
    assert mention.created_at == datetime.fromtimestamp(BEGAN + 4, UTC) + timedelta(milliseconds=5)


@pytest.mark.parametrize("content", [None, "no JSON", "[]", '{"client_email": "a@example.org"}'])
def test_what_is_no_key_file_is_named_before_anybody_is_asked(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)
    _, error = run(GooglePlay(ServiceAccount(str(path)), ["org.example.water"]))
    assert isinstance(error, AccessDenied)
    assert "TOCSIN_GOOGLEPLAY_KEY_FILE" in str(error)
