"""YouTube's quotas last the day: searches, and what is said under videos, are asked for no oftener than they allow."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.youtube import YouTube, YouTubeSettings
from collectors.youtube_run import Daily
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import run
from tests.collectors.server import Asked, Reply
from tests.collectors.youtube_posts import KEY, answering, refusal, result

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
NAMES = tuple(f"Quillmere Water of the town by the river, district {number}" for number in range(28))
SEARCHES = 4  # that so many names take


class Day:
    """Runs at a platform that shows two videos, by the minute of the day."""

    def __init__(self, serve: Any, policy: Policy, manners: Manners, **others: Any) -> None:
        shown: dict[str, Any] = {"search": [result(1, NOW), result(2, NOW)], "commentThreads": [], **others}
        self.server = serve(answering(**shown))
        self.packs = [policy.model_copy(update={"vocabulary": Vocabulary(names=NAMES), "accounts": ()})]
        self.manners = manners
        self.checkpoint: Any = None
        self.error: Any = None
        self.more = False

    def run(self, minute: int) -> Counter[str]:
        """What is asked, by kind of call."""
        before = len(self.server.asked)
        daily = Daily(units=200, now=lambda: NOW + timedelta(minutes=minute))
        collector = YouTube(KEY, self.packs, base_url=self.server.url, daily=daily, manners=self.manners)
        collector.pages = 1
        batches, self.error = run(collector, self.checkpoint)
        self.checkpoint = batches[-1].checkpoint if batches else self.checkpoint
        self.more = bool(batches) and batches[-1].more
        return Counter(asked.path.rpartition("/")[2] for asked in self.server.asked[before:])


def test_searches_and_comments_come_as_often_as_their_quotas_allow(serve: Any, policy: Policy, brisk: Manners) -> None:
    day = Day(serve, policy, brisk)
    asked = [day.run(minute) for minute in range(0, 90, 15)]
    assert day.error is None
    assert [each["search"] for each in asked] == [SEARCHES, 0, 0, 0, 0, SEARCHES]  # 100 a day: one in 16 minutes
    assert [each["commentThreads"] for each in asked] == [2, 0, 2, 0, 2, 0]  # 200 a day: one in 10 minutes


def test_a_backlog_of_searches_is_made_up_for_and_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    def endless(asked: Asked) -> Reply:
        page = int(asked.params.get("pageToken", "0"))
        items = [result(1, NOW - timedelta(days=3, minutes=page))]
        return Reply.of({"items": items, "nextPageToken": str(page + 1)})

    day = Day(serve, policy, brisk, search=endless)
    assert (day.run(0)["search"], day.more) == (SEARCHES, True)
    assert (day.run(5), day.more) == (Counter(), True)
    assert (day.run(30), day.more) == (Counter({"commentThreads": 1}), True)
    searched = day.run(75)["search"]
    assert searched >= 2 * SEARCHES  # of each a page of news, and one of backlog
    assert day.run(75 + 16 * searched - 1)["search"] == 0
    assert day.run(75 + 16 * searched)["search"] > 0


def test_a_quota_that_is_used_up_costs_the_comments_nothing_when_it_is_tried_again(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    day = Day(serve, policy, brisk)
    day.run(0)
    day.server.answer = answering(search=refusal(403, "quotaExceeded"))
    assert day.run(75) == Counter({"search": 1, "commentThreads": 2})
    assert day.error.outcome == "rate_limited"
    assert day.run(76)["commentThreads"] == 0


@pytest.mark.parametrize("name", ["searches_a_day", "units_a_day"])
def test_a_project_may_have_other_quotas(policy: Policy, name: str) -> None:
    settings = YouTubeSettings(**{"api_key": KEY, name: 500})
    assert getattr(settings, name) == 500
    assert YouTube.from_settings(settings, [policy], Manners())
    with pytest.raises(ValueError, match=name):
        YouTubeSettings(**{"api_key": KEY, name: 0})
