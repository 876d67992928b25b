"""The daily report: what was said on one day, how it was felt, what changed and why, what is open, what was missed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import Engine

from policies.policy import Policy
from reports import measures, words
from reports.casework import casework
from reports.coverage import coverage
from reports.reading import posts_to_read
from reports.report import DailyReport, Section
from reports.standouts import standouts
from reports.terms import Term, over_represented
from reports.unread import unread
from warehouse.marts import read

POSTS = 15  # how many a person reads over a coffee


def build(
    engine: Engine,
    policies: Sequence[Policy],
    day: date,
    window_days: int = 30,
    now: datetime | None = None,
    *,
    unconfigured: Mapping[str, str] | None = None,
) -> DailyReport:
    """Everything to be said of `day`, one section a policy, as it stands at `now` (aware; default: the present).

    The window is `window_days` days, `day` the last of them. `unconfigured` maps sources that are not set up to the
    reason. Raises ValueError for a window shorter than two days.
    """
    if window_days < 2:
        raise ValueError(f"a window needs at least two days, not {window_days}")
    moment = now or datetime.now(UTC)
    sections = tuple(_section(engine, policy, day, window_days, moment) for policy in policies)
    return DailyReport(
        day=day,
        window_days=window_days,
        generated_at=moment,
        sections=sections,
        coverage=coverage(engine, sections, day, moment, unconfigured or {}),
    )


def last_day(engine: Engine, policies: Sequence[Policy]) -> date | None:
    """The last day with a relevant mention under any of these policies: what a report over an archive is of."""
    found = [read(engine, "daily_sentiment", policy=policy.id, columns=["day"])["day"] for policy in policies]
    return max((day for days in found for day in days), default=None)


def _section(engine: Engine, policy: Policy, day: date, days: int, now: datetime) -> Section:
    points = measures.window(engine, policy.id, day, days)
    today, before = points[-1], measures.total(points[:-1])
    platforms = measures.platforms(engine, policy.id, day)
    topics = measures.topics(engine, policy.id, day)
    rising = [line for line in topics if line.rose]
    texts, names = _texts(engine, policy.id, day, days), _names(policy)
    terms = _terms(texts, day, names)
    stood_out = standouts(engine, policy.id, points, texts, names)
    cases = casework(engine, policy, day, now, days)
    posts = posts_to_read(engine, policy.id, day, terms, {line.topic for line in rising}, POSTS)
    change = words.changed(today.feeling, before)
    unjudged = unread(engine, policy.id, day)
    verdict, because = words.verdict(today, change, cases)
    return Section(
        policy=policy,
        verdict=verdict,
        because=because,
        change=change,
        headline=words.headline(today, change, topics, policy.organisation.name),
        sentences=words.sentences(today, before, change, platforms, topics, terms, cases) + words.earlier(stood_out),
        actions=words.actions(today, rising, cases, len(posts), unjudged),
        today=today,
        before=before,
        authors=_authors(engine, policy, day),
        window=points,
        platforms=platforms,
        topics=topics,
        cross=measures.cross_table(engine, policy.id, day, days),
        terms=terms,
        casework=cases,
        posts=posts,
        unread=unjudged,
        standouts=stood_out,
    )


def _texts(engine: Engine, policy: str, day: date, days: int) -> pd.DataFrame:
    """What was written in the window, and when."""
    since = day - timedelta(days=days - 1)
    return read(engine, "relevant_mentions", policy=policy, since=since, until=day, columns=["posted_on", "text"])


def _names(policy: Policy) -> tuple[str, ...]:
    """Words that every post about the organisation may hold."""
    return (policy.organisation.name, *policy.organisation.short_names, *policy.vocabulary.names)


def _terms(texts: pd.DataFrame, day: date, ignored: Sequence[str]) -> tuple[Term, ...]:
    is_today = texts["posted_on"] == day
    return over_represented(texts.loc[is_today, "text"], texts.loc[~is_today, "text"], ignored)


def _authors(engine: Engine, policy: Policy, day: date) -> int:
    """How many people posted; where a platform withholds its authors they cannot be counted."""
    frame = read(engine, "relevant_mentions", policy=policy.id, since=day, until=day, columns=["author"])
    return int(frame["author"].nunique())
