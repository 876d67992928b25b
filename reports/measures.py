"""The numbers of a daily report, read from the marts."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from reports.report import Baseline, CrossTable, DayPoint, Feeling, PlatformLine, TopicLine
from warehouse.marts import read

COUNTS = ["mentions", "negative", "neutral", "positive"]
CROSS_MINIMUM = 100  # posts in pairs on the day; with fewer the table shows the whole window
WORST_POSTS = 10  # of a cell, before it may be called the worst of its row
CROSS_ROWS, CROSS_COLUMNS = 10, 7


def feeling(frame: pd.DataFrame) -> Feeling:
    """Add up rows of a mart with the columns of daily_sentiment."""
    if frame.empty:
        return Feeling()
    mentions, negative, neutral, positive = (int(frame[name].sum()) for name in COUNTS)
    weighted = float((frame["mean_score"] * frame["mentions"]).sum())
    mean = round(weighted / mentions, 6) if mentions else None  # databases add in orders of their own
    return Feeling(mentions, negative, neutral, positive, mean)


def window(engine: Engine, policy: str, day: date, days: int) -> tuple[DayPoint, ...]:
    """Every day of the window, oldest first and `day` last, empty ones too."""
    since = day - timedelta(days=days - 1)
    sentiment = read(engine, "daily_sentiment", policy=policy, since=since, until=day)
    volumes = read(engine, "total_volume_baseline", policy=policy, since=since, until=day)
    by_day = {found: feeling(rows) for found, rows in _groups(sentiment, "day")}
    baselines = {row["day"]: row for row in _records(volumes)}
    return tuple(
        DayPoint(
            one, by_day.get(one, Feeling()), _baseline(baselines.get(one)), bool(baselines.get(one, {}).get("spike"))
        )
        for one in (since + timedelta(days=step) for step in range(days))
    )


def platforms(engine: Engine, policy: str, day: date) -> tuple[PlatformLine, ...]:
    """Every platform that is watched, the loudest of the day first."""
    sentiment = read(engine, "daily_sentiment", policy=policy, since=day, until=day)
    felt = {name: feeling(rows) for name, rows in _groups(sentiment, "platform")}
    volumes = read(engine, "volume_baseline", policy=policy, since=day, until=day)
    lines = [
        PlatformLine(row["platform"], felt.get(row["platform"], Feeling()), _baseline(row), bool(row["spike"]))
        for row in _records(volumes)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.feeling.mentions, line.platform)))


def topics(engine: Engine, policy: str, day: date) -> tuple[TopicLine, ...]:
    """Topics of the day and of the days before it, the most spoken of first."""
    sentiment = read(engine, "topic_sentiment", policy=policy, since=day, until=day)
    felt = {pair: feeling(rows) for pair, rows in _groups(sentiment, ["topic_group", "topic"])}
    lines = [
        TopicLine(group, topic, felt.get((group, topic), Feeling()), _baseline(row), bool(row["spike"]))
        for row in _records(read(engine, "topic_baseline", policy=policy, since=day, until=day))
        for group, topic in [(row["topic_group"], row["topic"])]
        if row["volume"] or row["baseline_mean"]
    ]
    return tuple(sorted(lines, key=lambda line: (-line.feeling.mentions, -(line.baseline.mean or 0), line.topic)))


def cross_table(engine: Engine, policy: str, day: date, days: int) -> CrossTable | None:
    """The two groups of topics with most posts in common, against each other; None where no post touches two."""
    frame = read(engine, "topic_pairs", policy=policy, since=day - timedelta(days=days - 1), until=day)
    if frame.empty:
        return None
    today = frame[frame["day"] == day]
    over_window = int(today["mentions"].sum()) < CROSS_MINIMUM
    frame = frame if over_window else today
    groups = frame.groupby(["first_group", "second_group"])["mentions"].sum()
    busiest: Any = groups.idxmax()
    first, second = busiest
    frame = frame[(frame["first_group"] == first) & (frame["second_group"] == second)]
    ones, others = _busiest(frame, "first_topic"), _busiest(frame, "second_topic")
    cells = {pair: feeling(rows) for pair, rows in _groups(frame, ["first_topic", "second_topic"])}
    if len(ones) < len(others):  # the longer list reads better downwards
        cells = {(other, one): cell for (one, other), cell in cells.items()}
        first, second, ones, others = second, first, others, ones
    rows, columns = tuple(ones[:CROSS_ROWS]), tuple(others[:CROSS_COLUMNS])
    worst = frozenset(found for row in rows if (found := worst_of(row, columns, cells)))
    return CrossTable(first, second, rows, columns, cells, over_window, worst)


def worst_of(row: str, columns: Iterable[str], cells: Mapping[tuple[str, str], Feeling]) -> tuple[str, str] | None:
    """The cell of a row whose share of negative posts is highest and clearly above the rest of the row's."""
    felt = {column: cells[row, column] for column in columns if (row, column) in cells}
    enough = [column for column, cell in felt.items() if cell.mentions >= WORST_POSTS]
    if not enough:
        return None
    column = max(enough, key=lambda name: felt[name].negative_share)
    cell, others = felt[column], [other for name, other in felt.items() if name != column]
    negative, mentions = sum(one.negative for one in others), sum(one.mentions for one in others)
    return (row, column) if deviations(cell.negative, cell.mentions, negative, mentions) > 2 else None


def total(points: Iterable[DayPoint]) -> Feeling:
    """Several days taken together."""
    felt = [point.feeling for point in points]
    rows = pd.DataFrame(
        [(one.mentions, one.negative, one.neutral, one.positive, one.mean_score or 0.0) for one in felt],
        columns=[*COUNTS, "mean_score"],
    )
    return feeling(rows)


def deviations(one: int, of: int, other: int, of_other: int) -> float:
    """By how many deviations the share `one` / `of` is above `other` / `of_other`: a two-proportion z test."""
    if not of or not of_other:
        return 0.0
    pooled = (one + other) / (of + of_other)
    error = (pooled * (1 - pooled) * (1 / of + 1 / of_other)) ** 0.5
    return (one / of - other / of_other) / error if error else 0.0


def _busiest(frame: pd.DataFrame, column: str) -> list[str]:
    counts = frame.groupby(column)["mentions"].sum()
    return sorted(counts.index, key=lambda name: (-int(counts[name]), name))


def _baseline(row: dict[str, Any] | None) -> Baseline:
    if row is None or pd.isna(row["baseline_mean"]):
        return Baseline()
    return Baseline(float(row["baseline_mean"]), math.sqrt(float(row["baseline_variance"])), int(row["baseline_days"]))


def _groups(frame: pd.DataFrame, by: Any) -> Iterable[tuple[Any, pd.DataFrame]]:
    return () if frame.empty else frame.groupby(by)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]
