"""Judgements: which mentions wait for one, who has claimed them, and what was said of them.

A claim is work for one process. On PostgreSQL it is a transaction that locks its queue rows and skips those of others,
so a killed worker releases it by dying. On SQLite nothing is held while the classifier thinks: two workers may judge
the same mention, and the second finds it done. On both, a mention whose text changed meanwhile stays in the queue.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, delete, exists, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from classifiers.finding import Judgement
from collectors.mention import Mention
from policies.policy import Policy
from warehouse.behaviours import write_behaviours
from warehouse.bulk import load, replace_all
from warehouse.case_schema import evidence
from warehouse.custody import take_rest_of_course
from warehouse.judgement_rows import assessment_row, behaviours_of, finding_rows, newer_finding, topic_rows
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import chunks, mention_from, mentions_with_authors
from warehouse.runs import Clock, utc_now
from warehouse.schema import assessments, findings, mentions, policy_versions, topics, unassessed
from warehouse.traces import trace_missed


class Claim:
    """Some waiting mentions, and the pen to write what is said of them."""

    def __init__(
        self,
        engine: Engine,
        connection: Connection | None,
        rows: Sequence[Any],
        pseudonyms: Pseudonyms,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._claimed = {row["mention_id"]: (row["revision"], row["queued_at"]) for row in rows}
        self._engine = engine
        self._connection = connection
        self._pseudonyms = pseudonyms
        self._clock = clock

    @property
    def ids(self) -> list[str]:
        """The mentions that are claimed, in the order of the queue."""
        return list(self._claimed)

    @cached_property
    def mentions(self) -> list[Mention]:
        """What is claimed, whole. Raises ValidationError where a row is none that a mention can be made of."""
        return [mention_from(row) for row in self._rows]

    def write(self, judgements: Iterable[Judgement]) -> int:
        """Write judgements and take their mentions out of the queue, in one transaction; returns how many were written.

        A judgement of a mention that is no longer in the queue, whose text has changed or that was queued anew is left
        out. A claimed mention of which no judgement speaks keeps waiting.
        """
        said = list(judgements)
        if self._connection is not None:
            return self._write(self._connection, said)
        with self._engine.begin() as connection:
            return self._write(connection, said)

    def _write(self, connection: Connection, said: Sequence[Judgement]) -> int:
        wanted = [*dict.fromkeys(j.assessment.mention_id for j in said)]
        if strangers := [mention_id for mention_id in wanted if mention_id not in self._claimed]:
            raise KeyError(f"not of this claim: {strangers[:3]}")
        still = self._still_waiting(connection, wanted)
        kept = [judgement for judgement in said if judgement.assessment.mention_id in still]
        _write_judgements(connection, kept, self._clock)
        for some in chunks(sorted(still)):
            connection.execute(delete(unassessed).where(unassessed.c.mention_id.in_(some)))
        trace_missed(connection, self._pseudonyms, still, self._clock())
        return len(kept)

    def _still_waiting(self, connection: Connection, ids: Sequence[str]) -> set[str]:
        queued = select(mentions.c.mention_id, mentions.c.revision, unassessed.c.queued_at).join(unassessed)
        found: set[str] = set()
        for some in chunks(ids):
            for mention_id, *stands in connection.execute(queued.where(mentions.c.mention_id.in_(some))):
                if self._claimed[mention_id] == tuple(stands):
                    found.add(mention_id)
        return found


class JudgementStore:
    """The queue of mentions to be judged, and the judgements in force."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms
        self._clock = clock

    def register(self, policy: Policy) -> None:
        """Keep the exact pack that findings will cite. The first version of a new pack queues every stored mention."""
        row = {
            "policy": policy.id,
            "policy_version": policy.version,
            "content": policy.model_dump(mode="json"),
            "first_used_at": self._clock(),
        }
        with self._engine.begin() as connection:
            known = connection.execute(
                select(func.count()).select_from(policy_versions).where(policy_versions.c.policy == policy.id)
            ).scalar_one()
            load(connection, policy_versions, [row])
            if not known:
                _queue_everything(connection, self._clock)

    def waiting(self, batch_size: int) -> list[tuple[int, int]]:
        """The queue cut into ranges of positions, first and last, each of `batch_size` mentions at most."""
        number = func.row_number().over(order_by=unassessed.c.position)
        numbered = select(unassessed.c.position, ((number - 1) // batch_size).label("part")).subquery()
        ranges = select(func.min(numbered.c.position), func.max(numbered.c.position)).group_by(numbered.c.part)
        with self._engine.connect() as connection:
            return [(first, last) for first, last in connection.execute(ranges.order_by(numbered.c.part))]

    @contextmanager
    def claim(self, first: int, last: int, limit: int, without: Collection[str] = ()) -> Iterator[Claim]:
        """Claim up to `limit` mentions that wait at positions first…last; leaving with an exception releases them.

        without: ids of a few that are left where they are.
        """
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                rows = _waiting_rows(connection, first, last, limit, without)
            yield Claim(self._engine, None, rows, self._pseudonyms, self._clock)
            return
        with self._engine.begin() as connection:
            rows = _waiting_rows(connection, first, last, limit, without)
            yield Claim(self._engine, connection, rows, self._pseudonyms, self._clock)


def _waiting_rows(connection: Connection, first: int, last: int, limit: int, without: Collection[str]) -> Sequence[Any]:
    """Queue rows are locked (where the database can) and their mentions read, in the order of the queue."""
    wanted = unassessed.c.position.between(first, last), unassessed.c.mention_id.not_in(without)
    query = mentions_with_authors().join(unassessed, unassessed.c.mention_id == mentions.c.mention_id).where(*wanted)
    ordered = query.add_columns(unassessed.c.queued_at).order_by(unassessed.c.position).limit(limit)
    return connection.execute(ordered.with_for_update(of=unassessed, skip_locked=True)).mappings().all()


def _queue_everything(connection: Connection, clock: Clock) -> None:
    """All but what was emptied under a platform's terms: there is nothing left to judge, and a judgement to lose."""
    everything = select(mentions.c.mention_id, literal(clock(), unassessed.c.queued_at.type))
    holds_something = or_(mentions.c.text != "", cast(mentions.c.media, Text) != "[]")
    ordered = everything.where(holds_something).order_by(mentions.c.posted_at)
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    queue = dialect.insert(unassessed).from_select(["mention_id", "queued_at"], ordered)
    connection.execute(queue.on_conflict_do_nothing(index_elements=["mention_id"]))


def _write_judgements(connection: Connection, said: Sequence[Judgement], clock: Clock) -> None:
    now = clock()
    pairs = {(j.assessment.mention_id, j.assessment.policy): j for j in said}  # of two for one pair, the last
    last = list(pairs.values())
    found = {row["finding_id"]: row for j in last for row in finding_rows(j, now)}
    load(connection, assessments, [assessment_row(j.assessment, now) for j in last], replace_all(assessments))
    _forget_former(connection, last, set(found))
    load(connection, topics, [row for j in last for row in topic_rows(j.assessment)])
    load(connection, findings, list(found.values()), newer_finding)
    shown = behaviours_of(last)
    write_behaviours(connection, shown, now)
    _take_rest_of_courses(connection, [finding_id for finding_id, several in shown.items() if several], now)


def _take_rest_of_courses(connection: Connection, finding_ids: Sequence[str], now: datetime) -> None:
    """An incident's finding, judged again, may rest on more posts than it did: what arrived late is evidence too.

    Of an incident whose evidence has been disposed of nothing is taken in again: its finding stands, its case is over.
    """
    resting: dict[str, list[str]] = {}
    has_evidence = exists().where(evidence.c.incident_id == findings.c.incident_id)
    for some in chunks(sorted(finding_ids)):
        query = select(findings.c.incident_id, findings.c.finding_id).where(findings.c.finding_id.in_(some))
        for incident_id, finding_id in connection.execute(query.where(has_evidence)):
            resting.setdefault(incident_id, []).append(finding_id)
    for incident_id, several in sorted(resting.items()):
        take_rest_of_course(connection, incident_id, several, now)


def _forget_former(connection: Connection, said: Sequence[Judgement], found: set[str]) -> None:
    """Former topics go; so do former findings that were not made again, unless an incident rests on them."""
    by_policy: dict[str, list[str]] = {}
    for judgement in said:
        policy = judgement.assessment.policy.partition("@")[0]
        by_policy.setdefault(policy, []).append(judgement.assessment.mention_id)
    for policy, ids in by_policy.items():
        for some in chunks(ids):
            connection.execute(delete(topics).where(topics.c.policy == policy, topics.c.mention_id.in_(some)))
            former = select(findings.c.finding_id).where(findings.c.policy == policy, findings.c.mention_id.in_(some))
            gone = sorted(set(connection.execute(former).scalars()) - found)
            ungrouped = findings.c.incident_id.is_(None)
            connection.execute(delete(findings).where(findings.c.finding_id.in_(gone), ungrouped))
