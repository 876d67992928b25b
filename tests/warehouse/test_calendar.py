"""Days on which nobody posted are rows of the marts, and count in their baselines."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from collectors.mention import Mention
from warehouse.calendar import LOOKED_BACK
from warehouse.marts import definitions, read
from warehouse.mentions import MentionStore
from warehouse.operations_schema import days

Keep = Callable[..., Any]
Rows = Callable[[Table], list[dict[str, Any]]]
MONDAY = date(2026, 10, 5)


@pytest.fixture
def posted(keep: Keep, post: Callable[..., Mention], judge_all: Keep, judgement: Keep) -> Callable[..., None]:
    """Stores so many posts of each day, in one run, and judges them relevant: `posted({MONDAY: 2})`."""
    numbers = count(1)

    def write(volumes: dict[date, int]) -> None:
        moments = [f"{day}T09:00:00Z" for day, volume in volumes.items() for _ in range(volume)]
        keep(*(post(next(numbers), created_at=moment) for moment in moments))
        judge_all(lambda mention: judgement(mention.mention_id))

    return write


def test_six_posts_are_a_spike_where_two_on_mondays_are_usual(engine: Engine, posted: Callable[..., None]) -> None:
    loud = MONDAY + timedelta(days=3)
    posted({MONDAY - timedelta(weeks=back): 2 for back in range(10)} | {loud: 6})
    for mart in ("volume_baseline", "total_volume_baseline", "topic_baseline"):
        frame = read(engine, mart)
        [row] = frame[frame["day"] == loud].to_dict("records")
        assert (row["volume"], row["baseline_days"], row["spike"]) == (6, 28, True), mart
        assert row["baseline_mean"] == pytest.approx(4 * 2 / 28), mart
        assert list(frame[frame["spike"]]["day"]) == [loud], mart


def test_a_baseline_of_seven_days_takes_a_week(engine: Engine, posted: Callable[..., None]) -> None:
    posted({MONDAY - timedelta(days=7): 2, MONDAY: 6})
    [row] = read(engine, "volume_baseline", since=MONDAY).head(1).to_dict("records")
    assert (row["day"], row["baseline_days"], row["spike"]) == (MONDAY, 7, True)


def test_a_day_on_which_a_source_ran_and_nobody_posted_is_a_row(
    engine: Engine, store: MentionStore, posted: Callable[..., None], clock: Any
) -> None:
    posted({MONDAY: 1})
    today = clock.now.date()
    clock.pass_by(days=20)
    store.start_run("test", "x")
    volumes = {row["day"]: row["volume"] for row in read(engine, "daily_volume").to_dict("records")}
    assert set(volumes) == {MONDAY + timedelta(days=step) for step in range((today - MONDAY).days + 21)}
    assert sum(volumes.values()) == volumes[MONDAY] == 1


@pytest.mark.parametrize("stop", [11, 60])
def test_days_on_which_nothing_ran_count_as_days_behind(
    engine: Engine, keep: Keep, store: Any, clock: Any, stop: int
) -> None:
    keep()
    clock.pass_by(days=stop)
    store.finish_run(store.start_run("test", "x"), "unavailable")
    assert list(read(engine, "source_coverage")["days_behind"]) == list(range(stop + 1))


def test_an_archive_is_not_behind(store: MentionStore, clock: Any, rows: Rows) -> None:
    store.start_run("archive:posts.jsonl", "archive")
    clock.pass_by(days=300)
    store.start_run("archive:posts.jsonl", "archive")
    assert len(rows(days)) == 2 * (LOOKED_BACK + 1)


def test_a_fresh_installation_has_no_baseline_before_its_first_post(
    engine: Engine, keep: Keep, posted: Callable[..., None], clock: Any
) -> None:
    keep()
    assert read(engine, "daily_volume").empty
    posted({clock.now.date(): 9})
    [row] = read(engine, "volume_baseline").to_dict("records")
    assert (row["baseline_days"], row["spike"]) == (0, False)


def test_an_archive_of_years_ago_brings_its_days_and_not_those_since(
    engine: Engine, posted: Callable[..., None], rows: Rows, clock: Any
) -> None:
    old, today = date(2015, 3, 2), clock.now.date()
    posted({old: 1, today: 1})
    known = {day - timedelta(days=back) for day in (old, today) for back in range(29)}
    assert {row["day"] for row in rows(days)} == known
    [row] = read(engine, "volume_baseline", since=today).to_dict("records")
    assert (row["baseline_days"], row["baseline_mean"]) == (28, 0)


def test_the_calendar_goes_back_as_far_as_any_baseline() -> None:
    found = {int(back) for mart in definitions().values() for back in re.findall(r"BETWEEN (\d+) PRECEDING", mart)}
    assert max(found) <= LOOKED_BACK
