"""What was posted since a day, read in portions for judging it once more. Reads, and writes nothing.

Each portion is a short transaction of its own, so that however long the judging takes, it holds up no writer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import Engine, func, select

from classifiers.finding import Finding, Judgement
from collectors.mention import Mention
from incidents.incident import Exhibit
from warehouse.campaigns import KINDS
from warehouse.case_rows import withheld
from warehouse.judgement_rows import finding_id
from warehouse.pseudonyms import plain_handle
from warehouse.rows import mention_from, mentions_with_authors
from warehouse.schema import mentions


@dataclass(frozen=True)
class Post:
    """A stored mention with the pseudonym of its author."""

    mention: Mention
    author: str


@dataclass(frozen=True)
class Extent:
    """How much there is to read: posts, those of them without words (a picture; emptied under a platform's terms)."""

    posts: int
    wordless: int
    first: date | None  # the day of the oldest


class StoredPosts:
    """Stored mentions since a day (UTC), by when they were posted."""

    def __init__(self, engine: Engine, since: date) -> None:
        self._engine = engine
        self._recent = mentions.c.posted_on >= since

    def extent(self) -> Extent:
        """How much there is."""
        counted = select(func.count(), func.min(mentions.c.posted_on)).select_from(mentions).where(self._recent)
        with self._engine.connect() as connection:
            posts, first = connection.execute(counted).one()
            wordless = connection.execute(counted.where(mentions.c.text == "")).one()[0]
        return Extent(posts, wordless, first)

    def portions(self, size: int) -> Iterator[list[Post]]:
        """All of it, oldest day first, `size` at once; what is deleted meanwhile is left out."""
        ids = (mention_id for day in self._days() for mention_id in self._ids(day))
        while some := list(islice(ids, size)):
            yield self._read(some)

    def _days(self) -> list[date]:
        query = select(mentions.c.posted_on).where(self._recent).distinct().order_by(mentions.c.posted_on)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def _ids(self, day: date) -> list[str]:
        query = select(mentions.c.mention_id).where(mentions.c.posted_on == day)
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(mentions.c.posted_at, mentions.c.mention_id)))

    def _read(self, ids: list[str]) -> list[Post]:
        query = mentions_with_authors().where(mentions.c.mention_id.in_(ids))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(mentions.c.posted_at, mentions.c.mention_id)).mappings().all()
        return [Post(mention_from(dict(row)), row["author"] or withheld(row["mention_id"])) for row in rows]


def exhibits(post: Post, judgement: Judgement) -> list[Exhibit]:
    """The findings of a judgement as `Casebook.ungrouped` would give them, had they been stored."""
    policy, _, version = judgement.assessment.policy.partition("@")
    return [_exhibit(post, found, policy, version, judgement.assessment.model) for found in judgement.findings]


def campaign_posts(judgement: Judgement) -> dict[str, frozenset[str]]:
    """Of the findings of a judgement that are part of a campaign, by id: as `Casebook.campaign_posts` would."""
    policy = judgement.assessment.policy.partition("@")[0]
    found = {
        finding_id(each, policy): frozenset(
            step.mention_id for behaviour in each.behaviours if behaviour.kind in KINDS for step in behaviour.steps
        )
        for each in judgement.findings
    }
    return {name: posts for name, posts in found.items() if posts}


def _exhibit(post: Post, found: Finding, policy: str, version: str, model: str) -> Exhibit:
    mention = post.mention
    views, followers = mention.metrics.views, mention.author.followers
    return Exhibit(
        finding_id=finding_id(found, policy),
        mention_id=found.mention_id,
        category=found.category,
        clauses=found.clauses,
        severity=found.severity,
        confidence=found.confidence,
        target_kind=found.target.kind,
        target_handle=found.target.handle,
        why=found.why,
        policy=policy,
        policy_version=version,
        model=model,
        platform=mention.platform,
        url=mention.url,
        author=post.author,
        author_handle=plain_handle(mention.author.handle),
        text=mention.text,
        spans=found.spans,
        posted_at=mention.created_at,
        reach=followers if views is None else views,
    )
