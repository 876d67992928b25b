"""Digests: which notifications are told in one message, written in one transaction, and what that message says."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, exists, func, insert, or_, select, update

from incidents.card import card_of, card_record, notification_id
from incidents.digest import FLOOD_AT, HOUR, Flood, Fold, Place, Waiting, flooded, gathered
from incidents.notification import Card, DigestCard, Notification
from incidents.outbox import Denied
from policies.policy import SEVERITIES
from warehouse.case_entries import add_notification, portions
from warehouse.case_rows import notification
from warehouse.case_schema import deliveries, incident_events, incidents, outbox, threads
from warehouse.encoding import storable
from warehouse.quiet_schema import digests

Address = Callable[[Notification], str]
SHOWN = 10  # of the gravest, by id


def fold(connection: Connection, address: Address, now: datetime, flood_at: int = FLOOD_AT) -> None:
    """Fold what has gathered for long enough, and what is a flood. The caller holds the outbox, and commits."""
    places = Places(connection, address)
    _release(connection, places)
    folds = gathered(_due(connection, places, now))
    floods = _floods(connection, now)
    lately = _lately(connection, now)
    if floods or _pending(connection, now) + max(lately.values(), default=0) > flood_at:
        folds += flooded(_waiting(connection, places, now), lately, floods, flood_at)
    for each in folds:
        _write(connection, each, now, flood_at)


class Places:
    """Where each incident has a thread, and where a notification would go."""

    def __init__(self, connection: Connection, address: Address) -> None:
        waits = select(outbox.c.incident_id).where(outbox.c.state.in_(("pending", "gathering")))
        query = select(threads.c.incident_id, threads.c.channel).where(threads.c.incident_id.in_(waits))
        self._threads = {(row.incident_id, row.channel) for row in connection.execute(query)}
        self._address = address

    def of(self, told: Notification) -> str | None:
        """The channel's own name; None where there is none to go to."""
        try:
            return self._address(told)
        except Denied:
            return None

    def has_thread(self, told: Notification) -> bool:
        """Whether what is told of this incident hangs below a message already."""
        return (told.incident_id, self.of(told)) in self._threads


def _release(connection: Connection, places: Places) -> None:
    """What waits for a digest goes out singly where its incident has a thread, or is about to get one."""
    about_to = select(outbox.c.incident_id).where(outbox.c.state.in_(("pending", "sending")))
    query = select(outbox, outbox.c.incident_id.in_(about_to).label("moves")).where(outbox.c.state == "gathering")
    freed = [
        row.notification_id for row in connection.execute(query) if row.moves or places.has_thread(notification(row))
    ]
    _set(connection, freed, state="pending")


def _due(connection: Connection, places: Places, now: datetime) -> Iterable[tuple[Place, Notification]]:
    query = select(outbox).where(outbox.c.state == "gathering", outbox.c.digest_at <= now).order_by(outbox.c.sequence)
    for row in connection.execute(query):
        told = notification(row)
        address = places.of(told)
        if address is not None and isinstance(told.card, Card):
            yield Place(address, told.card.organisation, told.route), told


def _waiting(connection: Connection, places: Places, now: datetime) -> Iterable[Waiting]:
    """What nobody has begun to send, of incidents that have no thread where it goes and are not being told of."""
    begun = select(outbox.c.incident_id).where(
        outbox.c.state.in_(("sending", "failed")), outbox.c.incident_id.is_not(None)
    )
    query = select(outbox, by_person().label("by_person")).where(
        _rings(now),
        outbox.c.told_in.is_(None),
        outbox.c.incident_id.is_not(None),
        outbox.c.incident_id.not_in(begun),
    )
    for row in connection.execute(query.order_by(outbox.c.sequence)):
        told = notification(row)
        address = places.of(told)
        if address is not None and isinstance(told.card, Card) and not places.has_thread(told):
            yield Waiting(told, told.card, address, row.by_person)


def by_person() -> ColumnElement[bool]:
    """The condition on `outbox` that somebody's own act is told: an event of the same moment."""
    acts = incident_events.c
    same = (acts.incident_id == outbox.c.incident_id) & (acts.act == outbox.c.reason) & (acts.at == outbox.c.created_at)
    return exists().where(same, acts.origin != "pipeline")


def _rings(now: datetime) -> ColumnElement[bool]:
    """What waits and is not held back by quiet hours."""
    return (outbox.c.state == "pending") & or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)


def _pending(connection: Connection, now: datetime) -> int:
    query = select(func.count(outbox.c.incident_id.distinct())).where(_rings(now))
    return int(connection.execute(query).scalar_one())


def _lately(connection: Connection, now: datetime) -> dict[str, int]:
    """How many incidents each channel was first told of in the last hour."""
    query = (
        select(deliveries.c.channel, func.count(outbox.c.incident_id.distinct()).label("incidents"))
        .join(outbox, outbox.c.notification_id == deliveries.c.notification_id)
        .where(deliveries.c.attempted_at > now - HOUR, deliveries.c.remote_id.is_not(None))
        .where(outbox.c.reason == "new_incident")
        .group_by(deliveries.c.channel)
    )
    return {row.channel: row.incidents for row in connection.execute(query)}


def _floods(connection: Connection, now: datetime) -> dict[Place, Flood]:
    """The floods that are not over, by place; a digest that the channel does not take is not added to."""
    query = (
        select(digests)
        .join(outbox, outbox.c.notification_id == digests.c.notification_id)
        .where(digests.c.kind == "flood", digests.c.begun_at > now - HOUR, outbox.c.state != "failed")
    )
    return {
        Place(row.channel, row.organisation, row.route): Flood(row.notification_id, row.singly, row.urgent)
        for row in connection.execute(query)
    }


def _write(connection: Connection, each: Fold, now: datetime, flood_at: int) -> None:
    if not each.members and not each.through:
        return
    name = each.into or _begin(connection, each, now)
    _set(connection, [one.id for one in each.members], state="digested", told_in=name)
    _set(connection, [one.id for one in each.through], told_in=name)
    digest = digests.c.notification_id == name
    counts = {"singly": digests.c.singly + each.singly, "urgent": digests.c.urgent + each.urgent}
    connection.execute(update(digests).where(digest).values(counts))
    row = connection.execute(select(digests).where(digest)).one()
    if each.into is None:
        first = each.members[0]
        card = _card(connection, row, flood_at, first.card.told if isinstance(first.card, Card) else "")
        add_notification(
            connection, Notification(name, row.digest_id, "digest", each.place.route, first.channel, card, now)
        )
        return
    before = connection.execute(select(outbox).where(outbox.c.notification_id == name)).one()
    standing = card_of(before.card)
    card = _card(connection, row, flood_at, standing.told if isinstance(standing, DigestCard) else "")
    state = "pending" if before.state == "delivered" else before.state
    _set(connection, [name], card=card_record(card), state=state)


def _begin(connection: Connection, each: Fold, now: datetime) -> str:
    number = connection.execute(select(func.coalesce(func.max(digests.c.number), 0))).scalar_one() + 1
    digest_id = f"DIG-{number}"
    name = notification_id(digest_id, "digest", "")
    row = {
        "number": number,
        "digest_id": digest_id,
        "notification_id": name,
        "kind": each.kind,
        "channel": each.place.address,
        "organisation": each.place.organisation,
        "route": each.place.route,
        "begun_at": now,
        "singly": 0,
        "urgent": 0,
    }
    connection.execute(insert(digests).values(row))
    return name


def _card(connection: Connection, row: Row[Any], flood_at: int, told: str) -> DigestCard:
    """What the digest says, counted over all that it tells."""
    members = (outbox.c.told_in == row.notification_id) & (outbox.c.state == "digested")
    since, until = connection.execute(
        select(func.min(outbox.c.created_at), func.max(outbox.c.created_at)).where(members)
    ).one()
    told_of = incidents.c.incident_id.in_(select(outbox.c.incident_id).where(members))
    total, targets, authors = connection.execute(
        select(
            func.count(), func.count(incidents.c.target.distinct()), func.count(incidents.c.author.distinct())
        ).where(told_of)
    ).one()
    severities = dict(_counts(connection, incidents.c.severity, told_of))
    return DigestCard(
        digest_id=row.digest_id,
        kind=row.kind,
        organisation=row.organisation,
        incidents=total,
        reasons=_counts(connection, outbox.c.reason, members),
        severities=tuple((each, severities[each]) for each in reversed(SEVERITIES) if each in severities),
        categories=_counts(connection, incidents.c.category, told_of),
        target_kinds=_counts(connection, incidents.c.target_kind, told_of),
        targets=targets,
        authors=authors,
        gravest=gravest(connection, told_of),
        since=since,
        until=until,
        told=told,
        singly=row.singly,
        limit=flood_at,
    )


def in_bulletin(bulletin_id: str) -> ColumnElement[bool]:
    """The condition on `incidents` that a digest (DIG-3) told of one, or that a silence (SIL-3) kept it quiet."""
    name = storable(bulletin_id.strip().upper())
    own = select(digests.c.notification_id).where(digests.c.digest_id == name).scalar_subquery()
    told = or_((outbox.c.told_in == own) & (outbox.c.state == "digested"), outbox.c.silenced_by == name)
    return incidents.c.incident_id.in_(select(outbox.c.incident_id).where(told))


def gravest(connection: Connection, condition: ColumnElement[bool]) -> tuple[tuple[str, str, str], ...]:
    """Id, severity and category of the gravest incidents that meet a condition, the oldest of each severity first."""
    ranks = case({name: place for place, name in enumerate(SEVERITIES)}, value=incidents.c.severity)
    query = select(incidents).where(condition).order_by(ranks.desc(), incidents.c.number).limit(SHOWN)
    return tuple((row.incident_id, row.severity, row.category) for row in connection.execute(query))


def _counts(connection: Connection, column: Any, condition: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    number = func.count().label("number")
    query: Select[Any] = select(column, number).where(condition).group_by(column).order_by(number.desc(), column)
    return tuple((row[0], row.number) for row in connection.execute(query))


def _set(connection: Connection, names: list[str], **values: Any) -> None:
    for some in portions(names):
        connection.execute(update(outbox).where(outbox.c.notification_id.in_(some)).values(values))
