"""Days of the window that stood out, each with what explains it: the report of a calm day still tells the story."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from reports import measures
from reports.reading import telling_post
from reports.report import DayPoint, PlatformLine, Standout, TopicShare, known
from reports.terms import Term, over_represented
from warehouse.marts import read

DAYS = 3
TERMS, TOPICS = 6, 4
CLEAR = 3.0  # deviations; of 30 calm days, about one in 25 windows has a day beyond it
FEW_ON_TOPIC = 5
FEW = 10  # posts of a day below which its share of negative posts says little


def standouts(
    engine: Engine, policy: str, window: Sequence[DayPoint], texts: pd.DataFrame, ignored: Sequence[str]
) -> tuple[Standout, ...]:
    """The days before the last that stood out, oldest first, at most three.

    They are the spikes, the largest first; where there is none, the days clearly more negative than the rest of the
    window, by how many posts more than usual were negative. `texts` holds `posted_on` and `text` of the window's posts;
    `ignored` are names that are no terms.
    """
    chosen = sorted(_chosen(window), key=lambda point: point.day)
    if not chosen:
        return ()
    days = {point.day for point in chosen}
    rest = [point for point in known(window) if point.day not in days]
    is_rest = texts["posted_on"].isin({point.day for point in rest})
    return tuple(
        _standout(
            engine,
            policy,
            point,
            rest,
            over_represented(
                texts.loc[texts["posted_on"] == point.day, "text"], texts.loc[is_rest, "text"], ignored, TERMS
            ),
        )
        for point in chosen
    )


def _chosen(window: Sequence[DayPoint]) -> list[DayPoint]:
    earlier = window[:-1]
    spikes = [point for point in earlier if point.spike]
    if spikes:
        return sorted(spikes, key=lambda point: point.feeling.mentions / (point.baseline.mean or 1), reverse=True)[
            :DAYS
        ]
    sour = [(_surplus(point, known(window)), point) for point in earlier if point.feeling.mentions >= FEW]
    return [point for surplus, point in sorted(sour, key=lambda found: -found[0]) if surplus > 0][:DAYS]


def _surplus(point: DayPoint, window: Sequence[DayPoint]) -> float:
    """Negative posts beyond the share of the other days; 0 where the share is not clearly higher."""
    others = measures.total(other for other in window if other.day != point.day)
    felt = point.feeling
    z = measures.deviations(felt.negative, felt.mentions, others.negative, others.mentions)
    return felt.negative - others.negative_share * felt.mentions if z > CLEAR else 0.0


def _standout(
    engine: Engine, policy: str, point: DayPoint, rest: Sequence[DayPoint], terms: tuple[Term, ...]
) -> Standout:
    topics = _topics(engine, policy, point, rest)
    return Standout(
        point=point,
        others=measures.total(rest),
        other_days=len(rest),
        platforms=_platforms(engine, policy, point.day),
        topics=topics,
        terms=terms,
        post=telling_post(engine, policy, point.day, terms, {line.topic for line in topics}),
    )


def _topics(engine: Engine, policy: str, point: DayPoint, rest: Sequence[DayPoint]) -> tuple[TopicShare, ...]:
    """Topics with a clearly larger share of the day's posts than of the rest of the window, clearest first."""
    days = {other.day for other in rest}
    since, until = min(days | {point.day}), max(days | {point.day})
    frame = read(engine, "topic_sentiment", policy=policy, since=since, until=until)
    of_day, of_rest = point.feeling.mentions, measures.total(rest).mentions
    found = []
    # By group too: two may have a topic of the same name, and a post that touches both is one post.
    for (_, topic), rows in frame.groupby(["topic_group", "topic"]) if of_rest else ():
        felt = measures.feeling(rows[rows["day"] == point.day])
        other = int(rows.loc[rows["day"].isin(days), "mentions"].sum())
        z = measures.deviations(felt.mentions, of_day, other, of_rest)
        if felt.mentions >= FEW_ON_TOPIC and z > CLEAR:
            found.append((z, TopicShare(str(topic), felt, felt.mentions / of_day, other / of_rest)))
    return tuple(line for _, line in sorted(found, key=lambda one: (-one[0], one[1].topic))[:TOPICS])


def _platforms(engine: Engine, policy: str, day: date) -> tuple[PlatformLine, ...]:
    """The platforms that spiked or, where none did, the loudest."""
    lines = [line for line in measures.platforms(engine, policy, day) if line.feeling.mentions]
    return tuple(line for line in lines if line.spike)[:3] or tuple(lines[:1])
