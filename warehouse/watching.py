"""What platforms did with posts, told: events, custody entries and notifications of every incident that it concerns."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, or_, select, update

from collectors.register import NOBODY, StaffRegister
from incidents.briefing import Briefing
from incidents.card import card_of, card_record
from incidents.custody import Handling
from incidents.incident import OPEN, Exhibit
from incidents.lifecycle import Event
from incidents.notification import Card
from incidents.quiet import hushed_by
from incidents.unquoted import unquoted
from incidents.watching import ACTS, GONE, PostChange, Quoted, Shown, concerns, followed, may_quote, taken_back
from policies.policy import Policy
from warehouse.case_entries import PIPELINE, add_event, add_notification
from warehouse.case_rows import last_told, read_evidence
from warehouse.case_schema import held_bells, incidents, outbox
from warehouse.course_schema import in_custody
from warehouse.custody import append
from warehouse.deadlocks import retry_deadlocks
from warehouse.runs import Clock, utc_now
from warehouse.schema import mentions
from warehouse.watching_schema import post_changes

AT_ONCE = 200  # changes in one transaction


class WatchBook:
    """Tells incidents what became of their posts."""

    def __init__(
        self,
        engine: Engine,
        policies: Mapping[str, Policy],
        register: StaffRegister = NOBODY,
        clock: Clock = utc_now,
    ) -> None:
        self._engine = engine
        self._policies = policies
        self._register = register
        self._clock = clock

    def tell(self) -> int:
        """Tell all that waits; how many notifications were written. May be killed at any line and run again."""
        told = 0
        while (written := self._tell_some()) is not None:
            told += written
        return told

    @retry_deadlocks
    def _tell_some(self) -> int | None:
        """One portion, in one transaction; None where nothing waits."""
        with self._engine.begin() as connection:
            rows = connection.execute(_waiting().with_for_update(skip_locked=True)).all()
            if not rows:
                return None
            changes = [_change(row) for row in rows]
            told = 0
            for row in _concerned(connection, [each.mention_id for each in changes]):
                told += self._tell_incident(connection, row, changes)
            ids = [row.change_id for row in rows]
            connection.execute(
                update(post_changes).where(post_changes.c.change_id.in_(ids)).values(told_at=self._clock())
            )
            return told

    def _tell_incident(self, connection: Connection, row: Row[Any], changes: Sequence[PostChange]) -> int:
        own = set(connection.scalars(select(in_custody.c.mention_id).where(_rests_on(row.incident_id))))
        ours = [change for change in changes if change.mention_id in own]
        before = last_told(connection, row.incident_id)
        card = before.card if before else None
        exhibits = [each.exhibit for each in read_evidence(connection, row.incident_id)]
        quoted = may_quote(row.severity, row.why, exhibits)
        told = 0
        for kind, same in groupby(ours, key=lambda change: change.kind):
            alike = list(same)
            if kind in GONE:  # whether or not anybody hears of it
                _take_back(connection, row, alike, quoted)
            if row.status not in OPEN:  # of one that is over people hear only where its message has to follow
                alike = [change for change in alike if isinstance(card, Card) and concerns(card, change, quoted)]
            if alike:
                self._write(connection, row, alike, exhibits, quoted)
                told += 1
        return told

    def _write(
        self,
        connection: Connection,
        row: Row[Any],
        changes: Sequence[PostChange],
        exhibits: Sequence[Exhibit],
        quoted: Quoted,
    ) -> None:
        now = self._clock()
        act = ACTS[changes[0].kind]
        detail = {"posts": [change.record for change in changes]}
        number = add_event(connection, Event(row.incident_id, act, PIPELINE, now, detail=detail))
        append(connection, row.incident_id, Handling(act, PIPELINE, detail=detail), now)
        if (before := last_told(connection, row.incident_id)) is not None:  # None: its bell never rang
            present = self._present(connection, row, changes, exhibits)
            told = followed(before, changes, number, row.status, present, quoted, now)
            add_notification(connection, hushed_by(self._policies, row.policy, told, now))

    def _present(
        self, connection: Connection, row: Row[Any], changes: Sequence[PostChange], exhibits: Sequence[Exhibit]
    ) -> dict[str, Shown]:
        """What may be shown now of those posts that stand; nothing where the pack is in force no more."""
        policy = self._policies.get(row.policy)
        standing = [change.mention_id for change in changes if change.kind not in GONE]
        if policy is None or row.category not in policy.categories or not standing or not exhibits:
            return {}
        briefing = Briefing.of(policy, row.category, exhibits, self._register)
        found = connection.execute(select(mentions).where(mentions.c.mention_id.in_(standing)))
        return {
            each.mention_id: Shown(
                briefing.excerpt(each.text, (), each.posted_at.date()), None if briefing.withheld else each.url
            )
            for each in found
            if each.text
        }


def _waiting() -> Any:
    untold = post_changes.c.told_at.is_(None)
    return select(post_changes).where(untold).order_by(post_changes.c.change_id).limit(AT_ONCE)


def _concerned(connection: Connection, mention_ids: Sequence[str]) -> list[Row[Any]]:
    """The incidents that rest on any of the posts, each held until the end of the transaction, in order."""
    resting = select(in_custody.c.incident_id).where(in_custody.c.mention_id.in_(mention_ids))
    into = select(incidents.c.merged_into).where(incidents.c.incident_id.in_(resting))
    theirs = or_(incidents.c.incident_id.in_(resting), incidents.c.incident_id.in_(into))
    return list(
        connection.execute(select(incidents).where(theirs).order_by(incidents.c.number).with_for_update()).all()
    )


def _rests_on(incident_id: str) -> ColumnElement[bool]:
    """The condition on `in_custody` that an incident rests on it, or one that was merged into it."""
    merged = select(incidents.c.incident_id).where(incidents.c.merged_into == incident_id)
    return or_(in_custody.c.incident_id == incident_id, in_custody.c.incident_id.in_(merged))


def _change(row: Row[Any]) -> PostChange:
    return PostChange(row.mention_id, row.kind, row.noticed_at, row.former_sha256, row.present_sha256)


def _take_back(connection: Connection, row: Row[Any], changes: Sequence[PostChange], quoted: Quoted) -> None:
    """No message that has yet to go out, and no copy of ours, shows words that their platform shows no more.

    Nor does one that is made later: the incident's reason goes with the post that it quotes.
    """
    for table, key in ((outbox, outbox.c.notification_id), (held_bells, held_bells.c.notification_id)):
        rows = connection.execute(select(key, table.c.card).where(table.c.incident_id == row.incident_id)).all()
        for notification_id, record in rows:
            if isinstance(card := card_of(record), Card):
                emptied = reduce(lambda left, change: taken_back(left, change.mention_id, quoted), changes, card)
                if emptied != card:
                    values = update(table).where(key == notification_id).values(card=card_record(emptied))
                    connection.execute(values)
    if any(change.mention_id in quoted.get(row.severity, ()) for change in changes):
        told = unquoted(row.category, row.severity, row.target_kind, row.clauses)
        connection.execute(update(incidents).where(incidents.c.incident_id == row.incident_id).values(why=told))
