"""Mastodon's search as an instance answers it: bounds of whole seconds, pages that are cut and then sifted.

All posts here are invented.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.mastodon import PAGE_SIZE, Mastodon
from collectors.mastodon_ids import SECOND
from policies.policy import Policy
from tests.collectors.conformance import native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.test_mastodon import FLAKES, status
from tests.collectors.words import words_only

START = 1_790_000_000


def number(second: int, nth: int) -> int:
    return (START + second) * SECOND + nth


class Search:
    """Posts by number; `hidden` are left out of a page when it is cut already, as those of blocked authors are."""

    def __init__(self, numbers: list[int], hidden: set[int]) -> None:
        self.numbers = numbers
        self.hidden = hidden

    def __call__(self, asked: Asked) -> Reply:
        assert asked.path == "/api/v2/search"
        before = int(asked.params["max_id"]) // SECOND if "max_id" in asked.params else START * 2
        after = int(asked.params["min_id"]) // SECOND if "min_id" in asked.params else 0
        start = int(asked.params["offset"])
        found = sorted((each for each in self.numbers if after < each // SECOND < before), reverse=True)
        page = [each for each in found[start : start + PAGE_SIZE] if each not in self.hidden]
        return Reply.of({"accounts": [], "hashtags": [], "statuses": [status(each) for each in page]})


def collector(url: str, policy: Policy, manners: Manners, **options: Any) -> Mastodon:
    options = {"settle": timedelta(0), **options}
    return Mastodon(url, [words_only(policy)], access_token="invented", manners=manners, **options)


def test_a_page_that_comes_short_is_not_the_last(serve: Any, policy: Policy, brisk: Manners) -> None:
    numbers = [number(each, 0) for each in range(100)]
    server = serve(Search(numbers, {numbers[-1], numbers[40]}))
    batches, error = run(collector(server.url, policy, brisk))
    assert (error, batches[-1].more) == (None, False)
    assert set(native_ids(batches)) == {str(each) for each in numbers} - {str(numbers[-1]), str(numbers[40])}


def test_a_gap_that_begins_within_a_second_loses_nothing_of_it(serve: Any, policy: Policy, brisk: Manners) -> None:
    search = Search([number(each // 50, each) for each in range(200)], set())
    server = serve(search)
    read, checkpoint = set[str](), None
    manners = replace(brisk, requests=100)
    for _ in range(12):
        batches, error = run(collector(server.url, policy, manners, pages=1), checkpoint)
        assert error is None
        read |= set(native_ids(batches))
        checkpoint = batches[-1].checkpoint
    assert read == set(map(str, search.numbers))
    search.numbers.append(number(3, 999))  # in the second of the newest
    batches, _ = run(collector(server.url, policy, manners), checkpoint)
    assert native_ids(batches) == [str(number(3, 999))]


def test_a_search_that_takes_no_offset_ends_with_its_page(serve: Any, policy: Policy, brisk: Manners) -> None:
    found = [{**status(1), "id": flake} for flake in FLAKES]
    server = serve(lambda asked: Reply.of({"accounts": [], "hashtags": [], "statuses": found}))
    batches, error = run(collector(server.url, policy, brisk))
    assert (error, batches[-1].more) == (None, False)
    assert native_ids(batches) == list(FLAKES)


@pytest.mark.parametrize("visibility", ["direct", "private", "local", "mutuals_only"])
def test_what_only_our_account_may_see_is_neither_kept_nor_quarantined(
    visibility: str, serve: Any, policy: Policy, brisk: Manners
) -> None:
    sent = [status(number(2, 0), visibility=visibility), status(number(1, 0), visibility=visibility, account=None)]
    shown = [status(number(0, nth), visibility=open_) for nth, open_ in enumerate(("public", "unlisted", None))]
    server = serve(
        lambda asked: Reply.of({"statuses": [*sent, *shown] if asked.params["offset"] == "0" else [], "accounts": []})
    )
    batches, error = run(collector(server.url, policy, brisk))
    assert error is None
    assert set(native_ids(batches)) == {post["id"] for post in shown}
    assert [each for batch in batches for each in batch.quarantined] == []


def test_a_stored_post_that_is_not_public_is_gone(ask: Any) -> None:
    posts = {"1": status(1), "2": status(2, visibility="direct"), "3": status(3, visibility="private")}
    told, _ = ask(
        lambda url, pack, manners: Mastodon(url, [pack], access_token="invented", manners=manners),
        lambda asked: Reply.of(list(posts.values())),
        tuple(posts),
    )
    assert (told.gone, [mention.id for mention in told.present]) == (("2", "3"), ["1"])
