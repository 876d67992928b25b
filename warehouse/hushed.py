"""What silences keep quiet: which notifications, of which incidents, and what is told of them in the end."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from incidents.incident import OPEN, Incident
from incidents.notification import SilenceCard
from incidents.silence import Case, Silence, Where, words_of
from policies.policy import SEVERITIES
from warehouse.case_entries import portions
from warehouse.case_rows import notification, read_incidents
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.digests import Places, by_person, gravest


def keep_quiet(connection: Connection, acting: Sequence[Silence], places: Places, now: datetime) -> None:
    """Mark the notifications that ring no bell, each with the silence that covers it."""
    cases = _cases(connection, acting)
    query = select(outbox, by_person().label("by_person")).where(outbox.c.state.in_(("pending", "gathering")))
    hushed: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        case = cases.get(row.incident_id)
        if case is None:
            continue
        in_thread = places.has_thread(notification(row))
        for each in (one for one in acting if row.route in one.routes):
            if each.keeps_quiet(case, row.reason, now, by_person=row.by_person, in_thread=in_thread):
                hushed[each.id].append(row.notification_id)
                break
    for silence_id, names in hushed.items():
        for some in portions(names):
            mine = update(outbox).where(outbox.c.notification_id.in_(some))
            connection.execute(mine.values(state="silenced", silenced_by=silence_id))


def silence_card(connection: Connection, silence: Silence, where: Where) -> SilenceCard:
    """What a message in one channel says of a silence: what it kept quiet for the people there."""
    kept = _kept(silence, where)
    still = kept & incidents.c.status.in_(OPEN)
    number = func.count().label("number")
    counted = select(incidents.c.severity, number).where(still).group_by(incidents.c.severity)
    severities = {row.severity: row.number for row in connection.execute(counted)}
    note = f"ended by {silence.ended_by}: {silence.end_reason}" if silence.ended_by else ""
    return SilenceCard(
        silence_id=silence.id,
        organisation=where.organisation,
        covers=words_of(silence.matcher),
        owner=silence.owner,
        reason=silence.reason,
        starts_at=silence.starts_at,
        ends_at=silence.ends_at,
        kept_quiet=connection.execute(select(func.count()).select_from(incidents).where(kept)).scalar_one(),
        severities=tuple((each, severities[each]) for each in reversed(SEVERITIES) if each in severities),
        still_open=gravest(connection, still),
        told=where.told,
        note=note,
    )


def tell_what_was_kept(connection: Connection, silence: Silence, told: Iterable[tuple[Where, str]]) -> None:
    """Say of what was kept quiet in which message it is told."""
    for where, name in told:
        mine = (outbox.c.silenced_by == silence.id) & outbox.c.route.in_(where.routes)
        connection.execute(update(outbox).where(mine).values(told_in=name))


def _kept(silence: Silence, where: Where) -> ColumnElement[bool]:
    mine = (outbox.c.silenced_by == silence.id) & outbox.c.route.in_(where.routes)
    return incidents.c.incident_id.in_(select(outbox.c.incident_id).where(mine))


def _cases(connection: Connection, acting: Sequence[Silence]) -> dict[str, Case]:
    """The incidents that something waits to be told of, as far as a silence may cover them."""
    waits = select(outbox.c.incident_id).where(outbox.c.state.in_(("pending", "gathering")))
    query = select(incidents).where(
        incidents.c.incident_id.in_(waits),
        incidents.c.policy.in_({each.matcher.policy for each in acting}),
        incidents.c.severity != "critical",
        incidents.c.category != "safeguarding",
    )
    cases = {each.id: _case(each) for each in read_incidents(connection, query)}
    if not any(each.matcher.phrase for each in acting):
        return cases
    texts: dict[str, list[str]] = defaultdict(list)
    for some in portions(sorted(cases)):
        held = select(evidence.c.incident_id, evidence.c.exhibit).where(evidence.c.incident_id.in_(some))
        for row in connection.execute(held):
            texts[row.incident_id].append(str(row.exhibit.get("text") or ""))
    return {each: replace(case, texts=tuple(texts[each])) for each, case in cases.items()}


def _case(incident: Incident) -> Case:
    key = incident.key
    return Case(key.policy, incident.authors or (key.author,), key.target, key.category, incident.severity)
