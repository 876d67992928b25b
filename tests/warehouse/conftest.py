"""What the warehouse's own tests share: a clock that stands still until it is moved, and makers of invented rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select

from classifiers.assessment import TOXICITY_LABELS, Assessment, Sentiment
from classifiers.finding import Finding, Judgement, Target
from collectors.collector import Batch, Checkpoint
from collectors.mention import Mention
from policies.policy import Category, CategoryName, Clause, Organisation, Policy, Retention, Route, Vocabulary
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore, StoreCounts
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings


class Clock:
    """Tells the time that it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **parts: float) -> None:
        """Move on by a timedelta's parts."""
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    """Noon of an autumn day."""
    return Clock(datetime(2026, 10, 12, 12, 0, tzinfo=UTC))


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    """Pseudonyms under a key of the tests' own."""
    return Pseudonyms(b"a key that only tests know, 32 b")


@pytest.fixture
def store(engine: Engine, pseudonyms: Pseudonyms, clock: Clock) -> MentionStore:
    """The store of mentions, on each database in turn."""
    return MentionStore(engine, pseudonyms, clock)


@pytest.fixture
def judge(engine: Engine, pseudonyms: Pseudonyms, clock: Clock) -> JudgementStore:
    """The store of judgements, on each database in turn."""
    return JudgementStore(engine, pseudonyms, clock)


@pytest.fixture
def post() -> Callable[..., Mention]:
    """Makes an invented post: `post(3, text="…")`."""

    def make(number: int = 1, **record: Any) -> Mention:
        return Mention.from_record(
            {
                "platform": "x",
                "id": str(number),
                "text": f"The queue at the Example Office was long today ({number})",
                "created_at": "2026-10-01T09:00:00Z",
                "author": {"id": "a1", "handle": "@invented_1", "name": "Invented One"},
                **record,
            }
        )

    return make


@pytest.fixture
def batch() -> Callable[..., Batch]:
    """Makes a batch of a source called "test": `batch(post(1), post(2), at=2)`."""

    def make(*mentions: Mention, at: int = 1, source: str = "test", **parts: Any) -> Batch:
        return Batch(mentions, Checkpoint(source, {"at": at}), **parts)

    return make


@pytest.fixture
def keep(store: MentionStore, batch: Callable[..., Batch]) -> Callable[..., StoreCounts]:
    """Stores posts, in a run of their own."""

    def write(*mentions: Mention, **parts: Any) -> StoreCounts:
        run_id = store.start_run(parts.get("source", "test"), "x")
        counts = store.store(run_id, batch(*mentions, **parts))
        store.finish_run(run_id, "completed")
        return counts

    return write


@pytest.fixture
def judgement() -> Callable[..., Judgement]:
    """Makes a judgement: `judgement("x:1", "threat", relevant=True)` with a finding for each category named."""

    def make(mention_id: str, *categories: CategoryName, target: str = "jo_invented", **parts: Any) -> Judgement:
        chosen = {"policy": "dwp@0123456789ab", "relevant": True, "topics": (("service", "queues"),), **parts}
        assessment = Assessment(
            mention_id=mention_id,
            language="en",
            sentiment=Sentiment("negative", -0.5),
            toxicity=dict.fromkeys(TOXICITY_LABELS, 0.25),
            scope="in",
            model="test@1",
            **chosen,
        )
        findings = tuple(
            Finding(
                mention_id, name, ("DWP-SMP 4.1",), "high", 0.9, Target("employee", target), ((0, 3),), "It says so."
            )
            for name in categories
        )
        return Judgement(assessment, findings)

    return make


@pytest.fixture
def judge_all(judge: JudgementStore) -> Callable[..., int]:
    """Claims everything that waits and writes what the function given says of each mention."""

    def run(decide: Callable[[Mention], Judgement | None]) -> int:
        written = 0
        for first, last in judge.waiting(100):
            with judge.claim(first, last, 100) as claim:
                said = [decide(mention) for mention in claim.mentions]
                written += claim.write([one for one in said if one is not None])
        return written

    return run


@pytest.fixture
def rows(engine: Engine) -> Callable[[Table], list[dict[str, Any]]]:
    """Everything in a table, in the order of its key."""

    def read(table: Table) -> list[dict[str, Any]]:
        with engine.connect() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    return read


@pytest.fixture
def pack() -> Callable[..., Policy]:
    """Makes a small policy pack: `pack("dwp", mentions_days=30)`."""

    def make(name: str = "dwp", version: str = "0123456789ab", **terms: int) -> Policy:
        return Policy(
            id=name,
            title="A pack of the tests",
            organisation=Organisation(name="Example Office"),
            clauses=(Clause(id="DWP-SMP 4.1", document="Policy", paragraph="4.1", text="Be civil."),),
            vocabulary=Vocabulary(names=("Example Office",)),
            categories={"threat": Category(clauses=("DWP-SMP 4.1",), severity="high", route="team")},
            routes={"team": Route(name="Team")},
            retention=Retention(**terms),
            version=version,
        )

    return make


@pytest.fixture
def incident(engine: Engine, clock: Clock) -> Callable[..., str]:
    """Opens an incident that rests on one row of findings, with its evidence and its alert; returns its id."""
    numbers = count(1001)

    def make(finding: dict[str, Any], **columns: Any) -> str:
        number = next(numbers)
        incident_id = f"TOC-{number}"
        case = {"number": number, "incident_id": incident_id} | _case(finding, clock()) | columns
        with engine.begin() as connection:
            connection.execute(incidents.insert().values(**case))
            connection.execute(evidence.insert().values(**_exhibit(finding, incident_id, clock())))
            connection.execute(outbox.insert().values(**_alert(incident_id, clock())))
            found = findings.c.finding_id == finding["finding_id"]
            connection.execute(findings.update().where(found).values(incident_id=incident_id))
        return incident_id

    return make


def _case(finding: dict[str, Any], opened_at: datetime) -> dict[str, Any]:
    """An open incident upon a row of findings."""
    shared = ("policy", "policy_version", "category", "target_kind", "severity", "clauses", "why")
    return {
        **{name: finding[name] for name in shared},
        "author": "au_invented",
        "target": finding["target_handle"],
        "status": "open",
        "route": "team",
        "opened_at": opened_at,
        "opened_on": opened_at.date(),
        "first_seen_at": opened_at,
        "last_seen_at": opened_at,
        "mention_count": 1,
    }


def _exhibit(finding: dict[str, Any], incident_id: str, captured_at: datetime) -> dict[str, Any]:
    return {
        "evidence_id": sha256(incident_id.encode()).hexdigest(),
        "incident_id": incident_id,
        "finding_id": finding["finding_id"],
        "mention_id": finding["mention_id"],
        "exhibit": {"text": "as it stood"},
        "sha256": "0" * 64,
        "captured_at": captured_at,
    }


def _alert(incident_id: str, created_at: datetime) -> dict[str, Any]:
    return {
        "notification_id": incident_id.replace("TOC", "n"),
        "incident_id": incident_id,
        "reason": "new_incident",
        "route": "team",
        "card": {"excerpt": "as it stood", "excerpt_url": "https://example.org/1", "why": "It says so."},
        "state": "delivered",
        "created_at": created_at,
    }
