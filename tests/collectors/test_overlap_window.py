"""What is young and not kept leaves the overlap window open: what comes late, below it, is read by the next run.

Each platform shows a young record that is no mention for us above a settled post; at the next run a young post stands
between the two. All posts are invented.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.collector import Collector
from collectors.discord import Discord
from collectors.hackernews import HackerNews
from collectors.lemmy import Lemmy
from collectors.manners import Manners
from collectors.mastodon import Mastodon
from collectors.mastodon_ids import SECOND
from policies.policy import Policy, Vocabulary
from tests.collectors import discord_server, test_lemmy, test_mastodon
from tests.collectors.conformance import native_ids, run
from tests.collectors.server import Answer, Asked, Reply
from tests.collectors.words import ambiguous_too, words_only

Record = Callable[[int, datetime], dict[str, Any]]
Make = Callable[[str, Policy, Manners], Collector]
WANTED, UNWANTED = "Quillmere Water", "QW"


def hackernews(words: str) -> Record:
    return lambda number, at: {
        "objectID": str(number),
        "title": words,
        "author": "invented_one",
        "created_at_i": int(at.timestamp()),
    }


def mastodon(**others: Any) -> Record:
    return lambda number, at: test_mastodon.status(
        int(at.timestamp()) * SECOND + number, **{"created_at": at.isoformat(), **others}
    )


def discord(**others: Any) -> Record:
    return lambda number, at: discord_server.message(
        number, **{"id": discord_server.native_id(number, at), "timestamp": at.isoformat(), **others}
    )


def lemmy(**others: Any) -> Record:
    return lambda number, at: test_lemmy.post(number, **{"published": at.isoformat(), **others})


def hits(rows: list[Any]) -> Answer:
    return lambda asked: Reply.of({"hits": rows if WANTED in asked.params["query"] else [], "nbPages": 1})


def views(rows: list[Any]) -> Answer:
    def answer(asked: Asked) -> Reply:
        shown = asked.params["type_"] == "Posts" and asked.params["page"] == "1"
        return Reply.of({"posts": rows if shown else [], "comments": []})

    return answer


def messages(rows: list[Any]) -> Answer:
    kept = discord_server.Server()
    kept.messages[discord_server.CHANNEL] = rows
    return kept


def statuses(rows: list[Any]) -> Answer:
    return lambda asked: Reply.of(rows)


def tagged(url: str, policy: Policy, manners: Manners) -> Mastodon:
    words = Vocabulary(names=("Quillmere Water",), hashtags=("quillmere",), ambiguous=("QW",), context=("bill",))
    return Mastodon(url, [policy.model_copy(update={"vocabulary": words})], manners=manners)


def searched(url: str, policy: Policy, manners: Manners) -> HackerNews:
    return HackerNews(url, [ambiguous_too(policy)], manners=manners)


def of_site(url: str, policy: Policy, manners: Manners) -> Lemmy:
    return Lemmy(url, [words_only(policy)], site="l.example", manners=manners)


def in_channels(url: str, policy: Policy, manners: Manners) -> Discord:
    return Discord("invented", [policy], base_url=url, manners=manners)


CASES: dict[str, tuple[Make, Callable[[list[Any]], Answer], Record, Record]] = {
    "Hacker News, not asked for": (searched, hits, hackernews(WANTED), hackernews(UNWANTED)),
    "Mastodon, not asked for": (tagged, statuses, mastodon(), mastodon(content=UNWANTED)),
    "Mastodon, not public": (tagged, statuses, mastodon(), mastodon(visibility="private")),
    "Mastodon, broken": (tagged, statuses, mastodon(), mastodon(account=None)),
    "Discord, a notice": (in_channels, messages, discord(), discord(type=7, content="")),
    "Discord, broken": (in_channels, messages, discord(), discord(timestamp="soon")),
    "Lemmy, withdrawn": (of_site, views, lemmy(), lemmy(deleted=True)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_young_and_not_kept_leaves_the_overlap_window_open(
    case: str, serve: Any, policy: Policy, brisk: Manners
) -> None:
    make, answer, kept, unkept = CASES[case]
    now = datetime.now(UTC)
    young, late = unkept(3, now - timedelta(minutes=1)), kept(2, now - timedelta(minutes=2))
    settled = kept(1, now - timedelta(days=1))
    rows = [young, settled]
    server = serve(answer(rows))
    first, error = run(make(server.url, policy, brisk))
    assert error is None
    assert len(native_ids(first)) == 1
    rows.insert(1, late)
    second, error = run(make(server.url, policy, brisk), first[-1].checkpoint)
    assert error is None
    assert len(native_ids(second)) == 1
    assert native_ids(second) != native_ids(first)
