"""Whatever a platform answers, a call ends in bounded time with a named outcome."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.collector import AccessDenied, CollectError, RateLimited, Unavailable, UnexpectedResponse
from collectors.manners import Manners, Visit, asked_to_wait, judge


def test_asked_to_wait_reads_seconds_dates_and_resets() -> None:
    assert asked_to_wait({"retry-after": "7"}) == 7
    assert asked_to_wait({"retry-after": formatdate(time.time() + 90)}) == pytest.approx(90, abs=2)
    assert asked_to_wait({"x-rate-limit-reset": str(int(time.time()) + 60)}) == pytest.approx(60, abs=2)
    assert asked_to_wait({"x-ratelimit-reset": "33"}) == 33
    assert asked_to_wait({"ratelimit-reset": str(int(time.time()) + 60)}) == pytest.approx(60, abs=2)
    assert asked_to_wait({}) is None


@pytest.mark.parametrize("zone", ["Z", "+00:00", ""])
def test_a_reset_in_iso_8601_is_a_moment(zone: str) -> None:
    """As Mastodon writes it. One that is past asks for no wait, and is understood all the same."""
    soon, past = (f"{datetime.now(UTC) + timedelta(seconds=by):%Y-%m-%dT%H:%M:%S.%f}{zone}" for by in (90, -90))
    assert asked_to_wait({"x-ratelimit-reset": soon}) == pytest.approx(90, abs=2)
    assert asked_to_wait({"x-ratelimit-reset": past}) == 0


def test_a_call_that_is_limited_until_a_moment_is_not_repeated_before(brisk: Manners) -> None:
    reset = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    with pytest.raises(RateLimited) as caught:
        judge(429, {"x-ratelimit-reset": reset}, b"", "The platform", "Mend it.")
    failing = Failing(caught.value)
    with pytest.raises(RateLimited):
        Visit(brisk).ask(failing)
    assert failing.calls == 1


@given(st.dictionaries(st.sampled_from(["retry-after", "x-rate-limit-reset", "x-ratelimit-reset"]), st.text()))
def test_no_header_makes_a_negative_or_endless_wait(headers: dict[str, str]) -> None:
    wait = asked_to_wait(headers)
    assert wait is None or 0 <= wait < float("inf")


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        (b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}', 1.5),
        (b'{"message": "You are being rate limited.", "retry_after": 64.57, "global": false}', 64.57),
        (b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 5}}', 5.0),
        (b'{"retry_after": -3}', 0.0),
        (b'{"retry_after": Infinity}', None),
        (b'{"retry_after": "soon", "parameters": []}', None),
        (b"<html>", None),
    ],
)
def test_a_wait_that_only_the_body_names_is_obeyed(body: bytes, wait: float | None) -> None:
    with pytest.raises(RateLimited) as caught:
        judge(429, {}, body, "The platform", "Mend it.")
    assert caught.value.retry_after_s == wait
    with pytest.raises(RateLimited) as caught:
        judge(429, {"retry-after": "7"}, body, "The platform", "Mend it.")
    assert caught.value.retry_after_s == 7


@given(st.integers(300, 599), st.binary(max_size=300))
def test_every_status_is_judged_by_name_or_left_to_the_client(status: int, body: bytes) -> None:
    expected = {401: AccessDenied, 402: AccessDenied, 403: AccessDenied, 429: RateLimited, 408: Unavailable}
    expected |= {425: Unavailable, **dict.fromkeys(range(500, 600), Unavailable)}
    expected |= {code: UnexpectedResponse for code in range(300, 400) if code != 304}
    if status not in expected:
        judge(status, {}, body, "The platform", "Mend it.")
        return
    with pytest.raises(expected[status], match=str(status)):
        judge(status, {}, body, "The platform", "Mend it.")


def test_a_refusal_of_access_names_the_fix() -> None:
    with pytest.raises(AccessDenied, match="Mend it"):
        judge(401, {}, b"", "The platform", "Mend it.")


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://elsewhere.example:8443/rest?api_key=invented-key", "to https://elsewhere.example:8443"),
        ("https://invented-key@elsewhere.example/botinvented-key/getUpdates", "to https://elsewhere.example"),
        ("//elsewhere.example/?api_key=invented-key", "to //elsewhere.example"),
        ("/login?key=invented-key", "to another path of the same host"),
        ("https://[invented-key", "to what is no address"),
        ("", "to nowhere"),
    ],
)
def test_a_redirect_is_told_without_the_key_that_it_sends_back(location: str, told: str) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        judge(301, {"location": location}, b"", "The platform", "Mend it.")
    assert str(caught.value).endswith(told)


class Failing:
    """Answers with one error for ever, and counts the calls."""

    def __init__(self, error: CollectError) -> None:
        self.error = error
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        raise self.error


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (Unavailable("down"), 3),
        (RateLimited("slow down"), 3),
        (RateLimited("at once", 0.0), 3),
        (RateLimited("tomorrow", 86_400.0), 1),
        (AccessDenied("no"), 1),
        (UnexpectedResponse("what?"), 1),
    ],
)
def test_only_what_may_pass_is_tried_again_and_not_for_ever(error: CollectError, calls: int, brisk: Manners) -> None:
    failing, visit = Failing(error), Visit(brisk)
    with pytest.raises(type(error)):
        visit.ask(failing)
    assert failing.calls == visit.requests == calls


def test_a_short_wait_is_obeyed_and_never_shortened() -> None:
    slept: list[float] = []
    visit = Visit(Manners(attempts=2, patience_s=5, backoff_s=0.001, sleep=slept.append))
    with pytest.raises(RateLimited):
        visit.ask(Failing(RateLimited("soon", 4.0)))
    assert slept == [pytest.approx(4.0)]


@pytest.mark.parametrize("prefix", ["x-rate-limit", "x-ratelimit", "ratelimit"])
def test_an_empty_quota_holds_back_the_next_call(prefix: str) -> None:
    visit = Visit(Manners(patience_s=5))
    visit.heed({f"{prefix}-remaining": "0.0", f"{prefix}-reset": "300"})
    with pytest.raises(RateLimited) as caught:
        visit.ask(lambda: "answer")
    assert caught.value.retry_after_s == pytest.approx(300, abs=1)
    assert visit.requests == 0


def test_an_empty_quota_of_its_own_holds_back_no_other_call() -> None:
    visit = Visit(Manners(patience_s=5))
    with visit.apart():
        visit.heed({"ratelimit-remaining": "0", "ratelimit-reset": "86400"})
    assert visit.ask(lambda: "answer") == "answer"


def test_a_run_has_a_limit_of_its_own() -> None:
    visit = Visit(Manners(requests=2))
    assert [visit.ask(lambda: "answer"), visit.ask(lambda: "answer")] == ["answer", "answer"]
    assert visit.spent
    with pytest.raises(RateLimited, match="2 calls"):
        visit.ask(lambda: "answer")
    with pytest.raises(RateLimited, match="own limit of 0 s"):
        Visit(Manners(run_s=0)).ask(lambda: "answer")


def test_a_body_is_bounded_in_size_and_time() -> None:
    visit = Visit(Manners(max_bytes=10, answer_s=0.05))
    with pytest.raises(UnexpectedResponse, match="larger than 10 bytes"):
        visit.read(b"12345" for _ in range(1_000_000))
    with pytest.raises(Unavailable, match="longer than"):
        visit.read(b"" for _ in iter(lambda: time.sleep(0.01), 1))
