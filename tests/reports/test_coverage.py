"""What a report cannot speak for: which sources count, when one is late, and what is told of one that was taken out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert

from reports.coverage import coverage
from reports.report import Coverage, Gap
from warehouse.schema import runs
from warehouse.sources import SourceNote, note_sources

DAY = date(2026, 10, 30)
NEXT_MORNING = datetime(2026, 10, 31, 6, tzinfo=UTC)
LAST_NIGHT = datetime(2026, 10, 30, 22, tzinfo=UTC)


def _ran(
    engine: Engine, source: str, at: datetime, outcome: str = "completed", platform: str = "", **given: str
) -> None:
    run = {"run_id": str(uuid4()), "source": source, "platform": platform or source, "outcome": outcome, **given}
    with engine.begin() as connection:
        connection.execute(insert(runs).values({**run, "started_at": at, "finished_at": at}))


def _note(engine: Engine, *configured: str, **missing: str) -> None:
    notes = [SourceNote(source, source.partition(":")[0], True, "official API") for source in configured]
    notes += [SourceNote(source, source, False, "official API", why) for source, why in missing.items()]
    note_sources(engine, notes, NEXT_MORNING)


def _covered(
    engine: Engine, now: datetime = NEXT_MORNING, unconfigured: Mapping[str, str] = MappingProxyType({})
) -> Coverage:
    return coverage(engine, (), DAY, now, unconfigured)


def test_what_is_asked_beside_a_source_is_no_source(engine: Engine) -> None:
    _note(engine, "reddit")
    _ran(engine, "reddit", NEXT_MORNING)
    for aside in ("recheck:reddit", "recheck:reddit/open", "conversations:reddit", "parents:reddit"):
        _ran(engine, aside, NEXT_MORNING - timedelta(days=9), "access_denied", platform="reddit")
    covered = _covered(engine)
    assert [line.source for line in covered.sources] == ["Reddit"]
    assert covered.gaps == ()


def test_on_a_day_that_is_not_over_a_source_is_late_only_by_now(sqlite_engine: Engine) -> None:
    now = datetime(2026, 10, 30, 14, 20, tzinfo=UTC)
    _ran(sqlite_engine, "reddit", now - timedelta(minutes=20))
    _ran(sqlite_engine, "x", now - timedelta(hours=5))
    late, unfinished = _covered(sqlite_engine, now).gaps
    assert (late.subject, late.problem, late.grave) == (
        "X",
        "is late; its posts are known until 30 October, 09:20 UTC",
        True,
    )
    assert (unfinished.subject, unfinished.problem, unfinished.grave) == ("30 October", "is not over", False)


def test_an_hour_after_midnight_the_evening_must_be_known(sqlite_engine: Engine) -> None:
    _ran(sqlite_engine, "reddit", LAST_NIGHT)
    (late,) = _covered(sqlite_engine, datetime(2026, 10, 31, 1, tzinfo=UTC)).gaps
    assert late.problem == "is late; its posts are known until 30 October, 22:00 UTC"


def test_a_refusal_without_a_message_has_a_remedy(sqlite_engine: Engine) -> None:
    _ran(sqlite_engine, "reddit", NEXT_MORNING, "access_denied")
    _ran(sqlite_engine, "x", NEXT_MORNING, "access_denied", error="renew TOCSIN_X_BEARER_TOKEN")
    remedies = [gap.remedy for gap in _covered(sqlite_engine).gaps]
    assert remedies == ["See the log of its last run.", "renew TOCSIN_X_BEARER_TOKEN"]


@pytest.mark.parametrize(
    ("outcome", "success", "grave"),
    [
        ("rate_limited", NEXT_MORNING, False),
        ("rate_limited", LAST_NIGHT, True),
        ("access_denied", NEXT_MORNING, True),
    ],
)
def test_what_passes_by_itself_is_grave_only_where_posts_are_missing(
    sqlite_engine: Engine, outcome: str, success: datetime, grave: bool
) -> None:
    _ran(sqlite_engine, "reddit", success)
    _ran(sqlite_engine, "reddit", NEXT_MORNING + timedelta(minutes=15), outcome)
    assert [gap.grave for gap in _covered(sqlite_engine).gaps] == [grave]


def test_what_was_taken_out_of_the_settings_is_not_set_up_and_no_longer_late(engine: Engine) -> None:
    long_ago = datetime(2026, 10, 3, 5, tzinfo=UTC)
    for source in ("hackernews", "feeds:blog.example/rss", "feeds:news.example/rss"):
        _ran(engine, source, long_ago, platform=source.partition(":")[0])
    _ran(engine, "feeds:news.example/rss", NEXT_MORNING, platform="feeds")
    _ran(engine, "archive:posts.jsonl", long_ago, platform="archive")
    missing = {"hackernews": "set TOCSIN_HACKERNEWS_BASE_URL", "archive": "set TOCSIN_ARCHIVES"}
    _note(engine, "feeds:news.example/rss", **missing)
    covered = _covered(engine, unconfigured=missing)
    assert [line.source for line in covered.sources] == ["archive:posts.jsonl", "feeds:news.example/rss"]
    gone = "was taken out of the settings; its posts are known until 3 October, 05:00 UTC"
    assert covered.gaps == (
        Gap("feeds:blog.example/rss", gone, "", grave=False, standing=True),
        Gap("Hacker News", missing["hackernews"], "", grave=False, standing=True),
    )
