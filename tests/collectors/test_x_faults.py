"""What X may answer instead of posts: each ends by name, in bounded time, and loses nothing."""

import json
import time
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.x import X
from policies.policy import Policy
from tests.collectors.test_x import PAGE, run

HTML = b"<html><body>Over capacity</body></html>"
FAULTS: list[tuple[str, dict[str, Any], str, int]] = [
    # what, the reply, the outcome, the calls it may cost
    ("400", {"status": 400, "body": b'{"errors": [{"message": "bad query"}]}'}, "unexpected_response", 1),
    ("400 as a list", {"status": 400, "body": b"[1]"}, "unexpected_response", 1),
    ("401", {"status": 401, "body": b'{"title": "Unauthorized"}'}, "access_denied", 1),
    ("402", {"status": 402}, "access_denied", 1),
    ("403", {"status": 403, "body": HTML}, "access_denied", 1),
    ("404", {"status": 404, "body": HTML}, "unexpected_response", 1),
    ("429", {"status": 429}, "rate_limited", 3),
    ("429 now", {"status": 429, "headers": {"Retry-After": "0"}}, "rate_limited", 3),
    ("429 tomorrow", {"status": 429, "headers": {"x-rate-limit-reset": "9999999999"}}, "rate_limited", 1),
    ("429 nonsense", {"status": 429, "headers": {"x-rate-limit-reset": "soon"}}, "rate_limited", 3),
    ("500", {"status": 500}, "unavailable", 3),
    ("502 as HTML", {"status": 502, "body": HTML}, "unavailable", 3),
    ("redirect", {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, "unexpected_response", 1),
    ("200 as HTML", {"body": HTML}, "unexpected_response", 1),
    ("200 with nothing", {"body": b""}, "unexpected_response", 1),
    ("200 as a list", {"body": b"[]"}, "unexpected_response", 1),
    ("200 as null", {"body": b"null"}, "unexpected_response", 1),
    ("200 without meta", {"body": b'{"data": []}'}, "unexpected_response", 1),
    ("200 with errors alone", {"body": b'{"errors": [{"title": "x"}]}'}, "unexpected_response", 1),
    ("posts counted but not sent", {"body": b'{"meta": {"result_count": 9}}'}, "unexpected_response", 1),
    ("data no list", {"body": b'{"data": 7, "meta": {"result_count": 1}}'}, "unexpected_response", 1),
    ("truncated JSON", {"body": json.dumps(PAGE).encode()[:900]}, "unexpected_response", 1),
    ("not gzip", {"body": b"plain", "headers": {"Content-Encoding": "gzip"}}, "unavailable", 3),
    ("cut", {"body": json.dumps(PAGE).encode(), "cut": True}, "unavailable", 3),
    ("stall", {"body": json.dumps(PAGE).encode(), "stall": 5.0}, "unavailable", 3),
    ("50 MB", {"body": b" " * 50_000_000}, "unexpected_response", 1),
]


@pytest.mark.parametrize("case", FAULTS, ids=[f[0] for f in FAULTS])
def test_every_fault_ends_by_name_in_bounded_time_and_loses_nothing(
    case: tuple[str, dict[str, Any], str, int], serve: Any, reply: Any, policy: Policy, request: Any
) -> None:
    _, fault, outcome, calls = case
    manners = request.getfixturevalue("hasty" if "stall" in fault else "brisk")
    first = {**PAGE, "meta": {**PAGE["meta"], "next_token": "second"}}
    server = serve(lambda asked: reply(**fault) if "next_token" in asked.params else reply.of(first))
    started = time.monotonic()
    batches, error = run(X("token", [policy], base_url=server.url, manners=manners))
    assert time.monotonic() - started < 15
    assert error is not None
    assert error.outcome == outcome
    assert len(server.asked) == 1 + calls
    assert [len(batch.mentions) for batch in batches] == [3]
    (timeline,) = batches[-1].checkpoint.state["timelines"].values()
    assert timeline["gaps"] == [{"above": None, "below": 1990000000000000002}]
    assert "secret" not in str(error)


def test_the_wait_that_x_asks_for_is_reported(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: reply(status=429, headers={"x-rate-limit-reset": str(int(time.time()) + 600)}))
    _, error = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert getattr(error, "retry_after_s", None) == pytest.approx(600, abs=3)


@pytest.mark.parametrize("looping", ["repeated page", "looping cursor"])
def test_a_loop_is_named(looping: str, serve: Any, reply: Any, policy: Policy, brisk: Manners) -> None:
    pages = iter(range(10_000))

    def answer(_: Any) -> Any:
        number = next(pages)
        token = f"token-{number}" if looping == "repeated page" else "token"
        return reply.of({**PAGE, "meta": {"result_count": 3, "next_token": token}})

    server = serve(answer)
    batches, error = run(X("token", [policy], base_url=server.url, manners=brisk))
    assert error is not None
    assert error.outcome == "unexpected_response"
    assert len(server.asked) == 2
    assert batches[-1].more
