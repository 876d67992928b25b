"""What every HTTP collector must stand: faults of every kind, at once and half-way, pages and cursors in circles.

A platform joins in its own test file:

    class TestQuill(Conformance):
        posts = frozenset({"1", "2", "3"})             # the native ids that `answer` serves, over at least two pages
        def collector(self, url, policy, manners): return Quill("token", [policy], base_url=url, manners=manners)
        def answer(self, asked): return Reply.of(…)    # the platform in good health, tokens and all; invented posts
        def loop(self, asked): return Reply.of(…)      # no post, and a cursor that always leads to the same place

`is_listing` tells the calls that list posts from those that only log in; `outcomes` may say otherwise than `FAULTS`;
`gone` names those faults that, half-way, are how the platform says that what was asked about was deleted.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pytest

from collectors.collector import Batch, Checkpoint, CollectError, Collector
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.server import Answer, Asked, Reply, Server

HTML = b"<!doctype html><html><body><h1>Something is wrong</h1></body></html>"
PAGE_OF_HTML = {"Content-Type": "text/html"}
JSON_TYPE = {"Content-Type": "application/json"}
LONGEST_S = 15.0  # no fault may hold a run longer, with the manners that these tests have


@dataclass(frozen=True)
class Fault:
    """One thing that a platform may do, and what the run must then be called. `calls`: at most so many of one kind."""

    reply: Mapping[str, Any]
    outcome: str
    calls: int = 3  # the attempts of `brisk`; 1 where trying again is of no use
    hasty: bool = field(default=False)


FAULTS = {
    "400": Fault({"status": 400, "body": b'{"error": "bad request"}', "headers": JSON_TYPE}, "unexpected_response", 1),
    "401": Fault({"status": 401, "body": b'{"error": "who?"}', "headers": JSON_TYPE}, "access_denied", 1),
    "403": Fault({"status": 403, "body": b'{"error": "no"}', "headers": JSON_TYPE}, "access_denied", 1),
    "404": Fault({"status": 404, "body": b'{"error": "none"}', "headers": JSON_TYPE}, "unexpected_response", 1),
    "429": Fault({"status": 429, "body": b'{"error": "slow"}'}, "rate_limited"),
    "429, 0 s": Fault({"status": 429, "headers": {"Retry-After": "0"}}, "rate_limited"),
    "429, a day": Fault({"status": 429, "headers": {"Retry-After": "86400"}}, "rate_limited", 1),
    "500": Fault({"status": 500, "body": b'{"error": "oops"}'}, "unavailable"),
    "502 as HTML": Fault({"status": 502, "body": HTML, "headers": PAGE_OF_HTML}, "unavailable"),
    "200 as HTML": Fault({"body": HTML, "headers": PAGE_OF_HTML}, "unexpected_response", 1),
    "200 as HTML called JSON": Fault({"body": HTML, "headers": JSON_TYPE}, "unexpected_response", 1),
    "truncated JSON": Fault({"body": b'{"data": [{"id": "1"', "headers": JSON_TYPE}, "unexpected_response", 1),
    "JSON of another shape": Fault({"body": b'"maintenance"', "headers": JSON_TYPE}, "unexpected_response", 1),
    "redirect elsewhere": Fault({"status": 302, "headers": {"Location": "/login"}}, "unexpected_response", 5),
    "cut": Fault({"body": b"{}" + b" " * 5000, "headers": JSON_TYPE, "cut": True}, "unavailable"),
    "stall": Fault({"body": b"{}", "headers": JSON_TYPE, "stall": 5.0}, "unavailable", hasty=True),
    "50 MB": Fault({"body": b" " * 50_000_000, "headers": JSON_TYPE}, "unexpected_response", 1),
}


def run(collector: Collector, checkpoint: Checkpoint | None = None) -> tuple[list[Batch], CollectError | None]:
    """All the batches of a run, and the error that ended it; what came before the error is kept."""
    batches: list[Batch] = []
    try:
        batches.extend(collector.collect(checkpoint))
    except CollectError as error:
        return batches, error
    return batches, None


def native_ids(batches: list[Batch]) -> list[str]:
    """The ids of all mentions, in the order in which they came."""
    return [mention.id for batch in batches for mention in batch.mentions]


class Conformance:
    """The tests themselves; pytest collects them in each platform's subclass."""

    posts: ClassVar[frozenset[str]]
    outcomes: ClassVar[Mapping[str, str]] = {}  # where a platform's documents give a fault another meaning
    gone: ClassVar[frozenset[str]] = frozenset()  # faults that, half-way, are the platform's word for "deleted"
    settled: ClassVar[bool] = True  # whether a second run of an unchanged platform finds nothing at all

    def collector(self, url: str, policy: Policy, manners: Manners) -> Collector:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def loop(self, asked: Asked) -> Reply | None:
        """Pages without a post whose cursor goes in circles; None where the platform has no cursor."""
        return None

    def is_listing(self, asked: Asked) -> bool:
        return True

    @pytest.fixture
    def read(self, serve: Callable[[Answer], Server], policy: Policy, brisk: Manners, hasty: Manners) -> Any:
        """Runs the collector against a server that answers so; gives batches, error, what was asked, seconds."""

        def read(answer: Answer, checkpoint: Checkpoint | None = None, *, impatient: bool = False) -> Any:
            server = serve(answer)
            manners = replace(hasty if impatient else brisk, requests=40)
            began = time.monotonic()
            batches, error = run(self.collector(server.url, policy, manners), checkpoint)
            took = time.monotonic() - began
            assert took < LONGEST_S
            assert len(server.asked) <= manners.requests
            # A call on a connection that the server had closed is counted too, though the server never saw it.
            assert sum(batch.requests for batch in batches) + (error.requests if error else 0) >= len(server.asked)
            return batches, error, server.asked

        return read

    def test_in_good_health_every_post_is_read_once_and_never_again(self, read: Any) -> None:
        batches, error, _ = read(self.answer)
        assert error is None
        assert sorted(native_ids(batches)) == sorted(self.posts)
        assert len({mention.mention_id for batch in batches for mention in batch.mentions}) == len(self.posts)
        assert not batches[-1].more
        again, error, _ = read(self.answer, batches[-1].checkpoint)
        assert error is None
        assert set(native_ids(again)) <= (set() if self.settled else self.posts)

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_at_once_ends_by_name(self, read: Any, name: str) -> None:
        fault = FAULTS[name]
        batches, error, asked = read(lambda _: Reply(**fault.reply), impatient=fault.hasty)
        assert error is not None, f"{name} passed for an empty platform"
        assert error.outcome == self.outcomes.get(name, fault.outcome), error
        assert native_ids(batches) == []
        same = max(sum((each.path, each.params) == (one.path, one.params) for each in asked) for one in asked)
        assert same <= fault.calls + 1, f"{same} times the same call"

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_half_way_loses_nothing(self, read: Any, name: str) -> None:
        fault, listed = FAULTS[name], 0

        def failing(asked: Asked) -> Reply:
            nonlocal listed
            listed += self.is_listing(asked)
            return Reply(**fault.reply) if listed > 1 and self.is_listing(asked) else self.answer(asked)

        batches, error, _ = read(failing, impatient=fault.hasty)
        if name in self.gone:
            assert error is None
            assert set() < set(native_ids(batches)) < self.posts
            return
        assert error is not None
        assert error.outcome == self.outcomes.get(name, fault.outcome), error
        after, error, _ = read(self.answer, batches[-1].checkpoint if batches else None)
        assert error is None
        assert set(native_ids(batches) + native_ids(after)) == self.posts

    @pytest.mark.parametrize("kept", [0, 1])
    def test_a_run_killed_between_two_batches_repeats_what_was_not_stored(self, read: Any, kept: int) -> None:
        batches = read(self.answer)[0][:kept]
        after, error, _ = read(self.answer, batches[-1].checkpoint if batches else None)
        assert error is None
        assert set(native_ids(batches) + native_ids(after)) == self.posts

    def test_a_page_that_is_repeated_for_ever_ends(self, read: Any) -> None:
        first: dict[str, Reply] = {}

        def repeating(asked: Asked) -> Reply:
            if not self.is_listing(asked):
                return self.answer(asked)
            return first.setdefault(asked.path, self.answer(asked))

        batches, _, _ = read(repeating)
        found = native_ids(batches)
        assert len(found) == len(set(found)) > 0

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        def looping(asked: Asked) -> Reply:
            reply = self.loop(asked) if self.is_listing(asked) else None
            return reply or self.answer(asked)

        probe = self.loop(Asked("GET", "/", {}, {}))
        if probe is None:
            pytest.skip("this platform has no cursor")
        batches, error, _ = read(looping)
        assert error is not None
        assert error.outcome == "unexpected_response"
        assert native_ids(batches) == []
