"""Rows of the casebook's tables, read as the types of `incidents/`. Reading only; `casebook.py` writes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from incidents.card import card_of
from incidents.evidence import Evidence, exhibit_of
from incidents.incident import Exhibit, GroupKey, Incident
from incidents.lifecycle import Event, IncidentUnknown
from incidents.notification import Notification
from warehouse.case_entries import portions
from warehouse.case_schema import evidence, incident_events, incidents, outbox
from warehouse.escalation_schema import escalations
from warehouse.schema import authors, findings, mentions

WITHHELD = "withheld:"  # an author that the platform does not name is a different one each time


def waiting_findings(policy: str) -> Select[Any]:
    """The query for findings of one policy that are neither grouped nor suppressed, with their mention and author."""
    return (
        select(findings, mentions, authors.c.handle, authors.c.followers)
        .join(mentions, mentions.c.mention_id == findings.c.mention_id)
        .outerjoin(authors, authors.c.author == mentions.c.author)
        .where(findings.c.policy == policy, findings.c.incident_id.is_(None), findings.c.suppressed_why.is_(None))
        .order_by(mentions.c.author, findings.c.finding_id)
    )


def exhibit(row: Row[Any]) -> Exhibit:
    """One row of `waiting_findings`."""
    of = row._mapping
    finding = {column.name: of[column] for column in findings.c}
    mention = {column.name: of[column] for column in mentions.c}
    return Exhibit(
        finding_id=finding["finding_id"],
        mention_id=finding["mention_id"],
        category=finding["category"],
        clauses=tuple(finding["clauses"]),
        severity=finding["severity"],
        confidence=finding["confidence"],
        target_kind=finding["target_kind"],
        target_handle=finding["target_handle"],
        why=finding["why"],
        policy=finding["policy"],
        policy_version=finding["policy_version"],
        model=finding["model"],
        platform=mention["platform"],
        url=mention["url"],
        author=mention["author"] or withheld(finding["mention_id"]),
        author_handle=of[authors.c.handle],
        text=mention["text"],
        spans=tuple((start, end) for start, end in finding["spans"]),
        posted_at=mention["posted_at"],
        reach=mention["views"] if mention["views"] is not None else of[authors.c.followers],
    )


def read_incidents(connection: Connection, query: Select[Any]) -> list[Incident]:
    """Incidents of a query on the table `incidents`, in its order."""
    rows = connection.execute(query).all()
    held = _held(connection, [row.incident_id for row in rows])
    named = {row.author for row in rows} | {author for posts in held.values() for author in posts.values()}
    handles = _handles(connection, named)
    further = _further_routes(connection, [row.incident_id for row in rows])
    return [_incident(row, held[row.incident_id], handles, further.get(row.incident_id, ())) for row in rows]


def one_incident(connection: Connection, incident_id: str, *, lock: bool = False) -> Incident:
    """One incident; `lock`: nobody else changes it until the transaction ends. Raises IncidentUnknown."""
    query = select(incidents).where(incidents.c.incident_id == incident_id)
    found = read_incidents(connection, query.with_for_update() if lock else query)
    if not found:
        raise IncidentUnknown(f"there is no incident {incident_id}")
    return found[0]


def read_events(connection: Connection, incident_id: str) -> list[Event]:
    """The history of one incident, oldest first."""
    query = select(incident_events).where(incident_events.c.incident_id == incident_id)
    return [
        Event(row.incident_id, row.act, row.actor, row.at, row.reason, row.origin, row.detail)
        for row in connection.execute(query.order_by(incident_events.c.event_id))
    ]


def read_evidence(connection: Connection, incident_id: str) -> list[Evidence]:
    """The evidence of one incident, oldest post first."""
    query = select(evidence).where(evidence.c.incident_id == incident_id)
    items = [
        Evidence(row.incident_id, exhibit_of(row.exhibit), row.sha256, row.captured_at)
        for row in connection.execute(query)
    ]
    return sorted(items, key=lambda item: (item.exhibit.posted_at, item.exhibit.finding_id))


def held_findings(connection: Connection, finding_ids: Iterable[str]) -> dict[str, str]:
    """Those of the findings that are evidence already: finding id to incident id."""
    held: dict[str, str] = {}
    for some in portions(sorted(finding_ids)):
        query = (
            select(evidence.c.finding_id, evidence.c.incident_id)
            .join(incidents, incidents.c.incident_id == evidence.c.incident_id)
            .where(evidence.c.finding_id.in_(some))
        )
        rows = connection.execute(query.order_by(incidents.c.number))
        held |= {row.finding_id: row.incident_id for row in rows}
    return held


def last_told(connection: Connection, incident_id: str) -> Notification | None:
    """The newest notification of an incident, whatever has become of it; None where its bell never rang.

    Of one that was escalated the newest of its first route, which is shown no less than any other.
    """
    of_first = select(incidents.c.route).where(incidents.c.incident_id == incident_id).scalar_subquery()
    query = select(outbox).where(outbox.c.incident_id == incident_id)
    query = query.order_by((outbox.c.route == of_first).desc(), outbox.c.sequence.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else notification(row)


def notification(row: Row[Any]) -> Notification:
    """One row of the outbox."""
    return Notification(
        id=row.notification_id,
        incident_id=row.incident_id or row.alarm_id or row.bulletin_id,
        reason=row.reason,
        route=row.route,
        channel=row.channel,
        card=card_of(row.card),
        created_at=row.created_at,
        digest_at=row.digest_at,
        not_before=row.not_before,
    )


def of_key(key: GroupKey) -> ColumnElement[bool]:
    """The condition on `incidents` that one key sets."""
    table = incidents.c
    return (
        (table.policy == key.policy)
        & (table.author == key.author)
        & (table.target == key.target)
        & (table.category == key.category)
    )


def _incident(
    row: Row[Any], posts: dict[str, str], handles: dict[str, str | None], further: tuple[str, ...]
) -> Incident:
    """`posts`: what it rests on, mention id to author. `further`: the routes that it was escalated to."""
    everybody = tuple(dict.fromkeys(posts.values())) or (row.author,)
    named = tuple(dict.fromkeys(handle for author in everybody if (handle := handles.get(author))))
    return Incident(
        id=row.incident_id,
        key=GroupKey(row.policy, row.author, row.target, row.category),
        severity=row.severity,
        status=row.status,
        clauses=tuple(row.clauses),
        author_handle=handles.get(row.author) or next(reversed(named), None),
        target_kind=row.target_kind,
        mention_ids=tuple(posts),
        platforms=tuple(dict.fromkeys(mention_id.partition(":")[0] for mention_id in posts)),
        opened_at=row.opened_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        why=row.why,
        assignee=row.assignee,
        route=row.route,
        authors=everybody,
        handles=named,
        merged_into=row.merged_into,
        inhibited_by=row.inhibited_by,
        escalated_to=further,
    )


def _held(connection: Connection, incident_ids: list[str]) -> dict[str, dict[str, str]]:
    """By incident: the posts that it rests on, and who wrote each."""
    held: dict[str, dict[str, str]] = defaultdict(dict)
    beside = evidence.outerjoin(mentions, mentions.c.mention_id == evidence.c.mention_id)
    for some in portions(incident_ids):
        query = select(evidence.c.incident_id, evidence.c.mention_id, mentions.c.author).select_from(beside)
        ordered = query.where(evidence.c.incident_id.in_(some)).order_by(evidence.c.captured_at, evidence.c.mention_id)
        for row in connection.execute(ordered):
            held[row.incident_id][row.mention_id] = row.author or withheld(row.mention_id)
    return held


def _further_routes(connection: Connection, incident_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """By incident: the routes that it was escalated to, in their order."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    table = escalations.c
    for some in portions(incident_ids):
        query = select(table.incident_id, table.route).where(table.incident_id.in_(some), table.kind == "escalated")
        for row in connection.execute(query.order_by(table.incident_id, table.life, table.step)):
            found[row.incident_id][row.route] = None
    return {incident_id: tuple(routes) for incident_id, routes in found.items()}


def _handles(connection: Connection, pseudonyms: Iterable[str]) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for some in portions(sorted(pseudonyms)):
        query = select(authors.c.author, authors.c.handle).where(authors.c.author.in_(some))
        known.update({row.author: row.handle for row in connection.execute(query)})
    return known


def withheld(mention_id: str) -> str:
    """Who stands as the author of a mention whose author the platform withholds."""
    return WITHHELD + hashlib.sha256(mention_id.encode()).hexdigest()[:24]
