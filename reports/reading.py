"""The posts that a person should read, ranked, each with the reasons that put it there."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from classifiers.language import is_read
from policies.policy import SEVERITIES
from reports.cells import text_of, worded
from reports.names import category_name
from reports.report import PostToRead
from reports.terms import Term, words_of
from warehouse.marts import read

EXCERPT = 320  # characters
TOXIC = 0.8  # words that a reader should choose to see; honest anger that swears is below it
ALIKE = 0.7  # of the shorter post's words are in the other: one reading serves both (overlap coefficient)
FEW_WORDS = 5  # a post as short as this is alike only to its equal
WIDE_REACH = 10_000  # people
COLUMNS = [
    *("mention_id", "platform", "url", "author", "text", "language", "posted_at"),
    *("reach", "likes", "reposts", "replies", "sentiment", "sentiment_score", "toxicity", "sexual_explicit"),
]


@dataclass(frozen=True)
class Reasons:
    """What a post is measured by: the findings in it, and the terms and topics that stand out on the day."""

    findings: Mapping[str, tuple[str, int]]  # mention -> (words, severity rank from 1)
    terms: Sequence[Term]
    topics: Mapping[str, Collection[str]]  # mention -> topics that rose


def posts_to_read(
    engine: Engine, policy: str, day: date, terms: Sequence[Term], rising: Collection[str], limit: int
) -> tuple[PostToRead, ...]:
    """The day's posts, most deserving first, posts with the same words told once."""
    frame = worded(read(engine, "relevant_mentions", policy=policy, since=day, until=day, columns=COLUMNS))
    if frame.empty:
        return ()
    reasons = Reasons(_findings(engine, policy, day), terms, _rising(engine, policy, day, rising))
    frame["worth"] = [_worth(row, reasons) for row in frame.to_dict("records")]
    ranked = frame.sort_values(["worth", "mention_id"], ascending=[False, True]).to_dict("records")
    return tuple(_post(row, copies, reasons) for row, copies in _distinct(ranked, limit))


def telling_post(
    engine: Engine, policy: str, day: date, terms: Sequence[Term], topics: Collection[str]
) -> PostToRead | None:
    """The most read post of a day that says what the day was about; none with a finding, which is no explanation."""
    frame = worded(read(engine, "relevant_mentions", policy=policy, since=day, until=day, columns=COLUMNS))
    frame = frame[~frame["mention_id"].isin(list(_findings(engine, policy, day)))]
    reasons = Reasons({}, terms, _rising(engine, policy, day, topics))
    rows = [row for row in frame.to_dict("records") if row["toxicity"] < TOXIC and row["sexual_explicit"] < TOXIC]
    telling = [row for row in rows if row["mention_id"] in reasons.topics or _terms_in(row["text"], terms)]
    ranked = sorted(telling or rows, key=lambda row: (-_number(row["reach"]), -_worth(row, reasons), row["mention_id"]))
    return _post(ranked[0], 0, reasons) if ranked else None


def _distinct(ranked: Sequence[Mapping[Any, Any]], limit: int) -> list[tuple[Mapping[Any, Any], int]]:
    """The first `limit` posts that are not nearly the same as one before them, with how many such each has.

    Posts without a word (emoji, a link) are compared as they stand: they have no words to be the same in.
    """
    kept: list[tuple[Mapping[Any, Any], frozenset[str]]] = []
    copies: Counter[int] = Counter()
    for row in ranked:
        words = frozenset(_sameness(row["text"]).split()) or frozenset([row["text"].strip()])
        place = next((place for place, (_, other) in enumerate(kept) if _alike(words, other)), None)
        if place is not None:
            copies[place] += 1
        elif len(kept) < limit:
            kept.append((row, words))
    return [(row, copies[place]) for place, (row, _) in enumerate(kept)]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter > FEW_WORDS and len(one & other) >= ALIKE * shorter)


def _findings(engine: Engine, policy: str, day: date) -> dict[str, tuple[str, int]]:
    frame = read(engine, "mention_findings", policy=policy, since=day, until=day)
    found: dict[str, tuple[str, int]] = {}
    for row in frame[frame["suppressed_why"].isna()].to_dict("records"):
        rank = SEVERITIES.index(row["severity"]) + 1
        if rank > found.get(row["mention_id"], ("", 0))[1]:
            incident = text_of(row["incident_id"])  # none until the finding is grouped
            told = f"{row['severity']} finding: {category_name(row['category'])}"
            found[row["mention_id"]] = (f"{told}, {incident}" if incident else told, rank)
    return found


def _rising(engine: Engine, policy: str, day: date, rising: Collection[str]) -> dict[str, list[str]]:
    if not rising:
        return {}
    frame = read(engine, "mention_topics", policy=policy, since=day, until=day, where={"topic": list(rising)})
    return (
        {str(mention): sorted(set(rows["topic"])) for mention, rows in frame.groupby("mention_id")}
        if len(frame)
        else {}
    )


def _worth(row: Mapping[Any, Any], reasons: Reasons) -> float:
    """A finding outweighs all else; then how many people it met, what stands out in it, how strongly it feels."""
    _, rank = reasons.findings.get(row["mention_id"], ("", 0))
    return (
        20 * rank
        + 4 * math.log10(1 + _number(row["reach"]))
        + 3 * math.log10(1 + _reactions(row))
        + min(6, 2 * len(_terms_in(row["text"], reasons.terms)))
        + (4 if reasons.topics.get(row["mention_id"]) else 0)
        + (3 * abs(float(row["sentiment_score"])) if is_read(row["language"]) else 0)
    )


def _post(row: Mapping[Any, Any], copies: int, reasons: Reasons) -> PostToRead:
    finding, _ = reasons.findings.get(row["mention_id"], ("", 0))
    return PostToRead(
        mention_id=row["mention_id"],
        platform=row["platform"],
        url=text_of(row["url"]),
        author=text_of(row["author"]),
        excerpt=excerpt(row["text"]),
        sentiment=row["sentiment"],
        reach=None if pd.isna(row["reach"]) else int(row["reach"]),
        posted_at=pd.Timestamp(row["posted_at"]).to_pydatetime(),
        language=row["language"],
        reasons=tuple(_spoken(row, finding, copies, reasons)),
        copies=copies,
        sensitive=bool(finding) or row["toxicity"] >= TOXIC or row["sexual_explicit"] >= TOXIC,
    )


def _spoken(row: Mapping[Any, Any], finding: str, copies: int, reasons: Reasons) -> list[str]:
    spoken = [finding] if finding else []
    if _number(row["reach"]) >= WIDE_REACH:
        spoken.append("wide reach")
    if (reactions := _reactions(row)) >= 10:
        spoken.append(f"{reactions:,} reactions")
    if topics := reasons.topics.get(row["mention_id"]):
        spoken.append(f"about {' and '.join(topics)}, which rose")
    elif terms := _terms_in(row["text"], reasons.terms):
        spoken.append(f"says “{terms[0]}”")
    if copies >= 2:
        spoken.append(f"stands for {copies + 1} posts")
    if not is_read(row["language"]):
        return [*spoken, "in a language that the model does not read"]
    return spoken or [f"strongly {row['sentiment']}" if row["sentiment"] != "neutral" else "representative of the day"]


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """The beginning of a text on one line, cut between words where it can be."""
    flat = re.sub(r"\s+", " ", text[: limit * 4]).strip()
    if len(flat) <= limit:
        return flat
    return flat[:limit].rsplit(" ", 1)[0].rstrip(".,;:") + " …"


def _sameness(text: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"https?://\S+|@\w+", "", text.casefold())).strip()


def _terms_in(text: str, terms: Sequence[Term]) -> list[str]:
    said = f" {' '.join(words_of(text))} "
    return [term.words for term in terms if f" {term.words} " in said]


def _reactions(row: Mapping[Any, Any]) -> int:
    return int(sum(_number(row[name]) for name in ("likes", "reposts", "replies")))


def _number(value: Any) -> float:
    return 0.0 if value is None or pd.isna(value) else float(value)
