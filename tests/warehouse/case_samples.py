"""Findings laid into a warehouse as the judge would lay them: with their mention and author."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select

from incidents.incident import Exhibit
from incidents.notification import Notification
from incidents.raising import RaiseCounts, raise_incidents
from policies.policy import Policy
from tests.incidents.samples import NOON, POLICY, exhibit, notification
from tests.warehouse.conftest import Clock
from warehouse.behaviour_schema import behaviours, timeline
from warehouse.case_entries import add_notification
from warehouse.case_schema import deliveries, evidence, incident_events, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.schema import authors, findings, mentions


def lay(engine: Engine, exhibits: Iterable[Exhibit]) -> None:
    """Write each exhibit as a finding that waits; mentions and authors once each."""
    with engine.begin() as connection:
        for each in exhibits:
            if each.author:
                _once(connection, authors, "author", _author(each))
            _once(connection, mentions, "mention_id", _mention(each))
            connection.execute(insert(findings).values(_finding(each)))


def mark(engine: Engine, one: Exhibit, posts: Iterable[Exhibit], kind: str = "pile_on") -> None:
    """Say that a finding rests on the posts of others beside its own, as behaviour over time does."""
    key = {"finding_id": one.finding_id, "kind": kind}
    steps = [
        {**key, "position": position, "mention_id": each.mention_id, "platform": each.platform}
        | {"posted_at": each.posted_at, "counted_as": "hostile to them"}
        for position, each in enumerate(posts, start=1)
    ]
    with engine.begin() as connection:
        connection.execute(insert(behaviours).values(**key, why="One of several people: a pile-on", found_at=NOON))
        connection.execute(insert(timeline), steps)


def casebook_of(engine: Engine) -> WarehouseCasebook:
    """The casebook, nine hours after the first post."""
    return WarehouseCasebook(engine, Clock(NOON + timedelta(hours=9)))


def graver_and_lighter(engine: Engine) -> WarehouseCasebook:
    """TOC-1001, a critical threat, and after it TOC-1002, trolling by the same author at the same person."""
    lay(engine, [exhibit(1, category="threat", severity="critical")])
    raise_in(engine)
    lay(engine, [exhibit(2, category="trolling", severity="low")])
    raise_in(engine)
    return casebook_of(engine)


def reasons(engine: Engine, incident_id: str) -> list[str]:
    """Why people were told of an incident, in order."""
    with engine.connect() as connection:
        query = select(outbox.c.reason).where(outbox.c.incident_id == incident_id)
        return list(connection.execute(query.order_by(outbox.c.sequence)).scalars())


def notes(engine: Engine, incident_id: str) -> list[str]:
    """What just happened, as each message about an incident says it, in order."""
    with engine.connect() as connection:
        query = select(outbox.c.card).where(outbox.c.incident_id == incident_id)
        return [card["note"] for card in connection.execute(query.order_by(outbox.c.sequence)).scalars()]


def lay_many(engine: Engine, exhibits: Sequence[Exhibit]) -> None:
    """The same for many exhibits, each by an author and in a mention of its own."""
    with engine.begin() as connection:
        for table, row in ((authors, _author), (mentions, _mention), (findings, _finding)):
            connection.execute(insert(table), [row(each) for each in exhibits])


def raise_in(engine: Engine, pack: Policy = POLICY) -> RaiseCounts:
    """One run of triage's last step under one pack."""
    return raise_incidents(WarehouseCasebook(engine), {pack.id: pack}, NOON)


def fill(engine: Engine, cases: int, each: int) -> list[Notification]:
    """An outbox of `cases` incidents with `each` notifications, one incident's among the others'."""
    made = [notification(number, case) for number in range(1, each + 1) for case in range(1, cases + 1)]
    with engine.begin() as connection:
        connection.execute(insert(incidents), [_incident(case) for case in range(1, cases + 1)])
        for one in made:
            add_notification(connection, one)
    return made


def counts(engine: Engine) -> dict[str, int]:
    """Rows of the casebook's tables."""
    tables: Sequence[Table] = (incidents, incident_events, evidence, outbox, deliveries)
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }


def _incident(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "incident_id": f"TOC-{1000 + number}",
        "policy": "sample",
        "policy_version": "0123456789ab",
        "author": f"author-{number}",
        "target": "sample_worker",
        "category": "cyberbullying",
        "target_kind": "employee",
        "severity": "high",
        "status": "open",
        "route": "security",
        "clauses": ["EW 1.1"],
        "why": "It calls an employee names.",
        "opened_at": NOON,
        "opened_on": NOON.date(),
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "mention_count": 1,
    }


def _once(connection: Connection, table: Table, key: str, row: dict[str, Any]) -> None:
    if connection.execute(select(table.c[key]).where(table.c[key] == row[key])).first() is None:
        connection.execute(insert(table).values(row))


def _author(each: Exhibit) -> dict[str, Any]:
    return {
        "author": each.author,
        "platform": each.platform,
        "handle": each.author_handle,
        "followers": each.reach,
        "first_collected_at": NOON,
        "last_collected_at": NOON,
    }


def _mention(each: Exhibit) -> dict[str, Any]:
    return {
        "mention_id": each.mention_id,
        "platform": each.platform,
        "native_id": each.mention_id.partition(":")[2],
        "kind": "post",
        "url": each.url,
        "author": each.author or None,
        "text": each.text,
        "media": [],
        "links": [],
        "matched_terms": [],
        "source": "sample",
        "posted_at": each.posted_at,
        "posted_on": each.posted_at.date(),
        "collected_at": NOON,
        "loaded_at": NOON,
        "revision": 0,
    }


def _finding(each: Exhibit) -> dict[str, Any]:
    return {
        "finding_id": each.finding_id,
        "mention_id": each.mention_id,
        "policy": each.policy,
        "policy_version": each.policy_version,
        "model": each.model,
        "category": each.category,
        "clauses": list(each.clauses),
        "severity": each.severity,
        "confidence": each.confidence,
        "target_kind": each.target_kind,
        "target_handle": each.target_handle,
        "spans": [list(span) for span in each.spans],
        "why": each.why,
        "found_at": NOON,
    }
