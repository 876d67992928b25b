"""Escalation kept: each step is one transaction with its event and its notifications, and is taken once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from incidents.alarm import FURTHER, OF_INCIDENTS, Alarm, Fault, SourceState
from incidents.escalation import WAITS, Step, Taken, Waiting, next_step, waiting
from incidents.incident import Incident, Status
from incidents.lifecycle import Event, state
from incidents.oncall import person_on_call
from incidents.summons import told_of, why
from incidents.wording import moment
from policies.policy import Policy
from warehouse.alarms import WarehouseAlarms, raise_alarm
from warehouse.case_entries import PIPELINE, add_event, portions, put_notification
from warehouse.case_rows import last_told, one_incident, read_events, read_incidents
from warehouse.case_schema import incident_events, incidents, outbox
from warehouse.deadlocks import retry_deadlocks
from warehouse.escalation_schema import escalations
from warehouse.operations_schema import alarms
from warehouse.quiet_schema import silences

MOST_ALARMS = 10  # that stand for one incident each


class WarehouseEscalations:
    """Incidents that nobody has taken, on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, channel: str | None = None) -> None:
        """`channel`: where the operators read; None: the channel's own default."""
        self._engine = engine
        self._channel = channel

    def waiting(self, statuses: Sequence[Status] = WAITS) -> list[Waiting]:
        """Every incident that nobody has taken, or of these statuses alone; the oldest first."""
        query = select(incidents).where(incidents.c.status.in_(statuses), incidents.c.inhibited_by.is_(None))
        with self._engine.connect() as connection:
            found = read_incidents(connection, query.order_by(incidents.c.number))
            return _waiting(connection, found)

    def steps(self, incident_id: str) -> list[Taken]:
        """Every step that was taken for one incident, in all its lives, oldest first."""
        with self._engine.connect() as connection:
            return [each for _, each in _taken(connection, [incident_id])[incident_id]]

    @retry_deadlocks
    def take(self, incident_id: str, policy: Policy, now: datetime) -> Step | None:
        """Take the step that is due for an incident, if one is: decided and written while nobody else can act on it."""
        with self._engine.begin() as connection:
            found = _waiting(connection, [one_incident(connection, incident_id, lock=True)])
            step = next_step(found[0], policy, now) if found else None
            before = last_told(connection, incident_id)
            if step is None or before is None:
                return None
            _note(connection, step, policy, now)
            if step.kind == "alarmed":
                raise_alarm(connection, *_alarm(connection, step, policy), self._channel, now)
            for told in told_of(step, before, policy, now):
                put_notification(connection, told)
            return step

    def settle_alarms(self, now: datetime) -> int:
        """Lay to rest the operators' alarms of incidents that somebody has taken since; how many."""
        book = WarehouseAlarms(self._engine, self._channel)
        standing = {each.source: each for each in book.standing().values() if each.kind in OF_INCIDENTS}
        further = standing.pop(FURTHER, None)
        with self._engine.connect() as connection:
            over = [(each, _ended(connection, each)) for each in standing.values()]
        if further and not any(each.alarmed and each.incident_id not in standing for each in self.waiting()):
            over.append((further, "those that are left have alarms of their own"))
        return sum(book.close(alarm, how, now) for alarm, how in over if how)


def _waiting(connection: Connection, found: Sequence[Incident]) -> list[Waiting]:
    ids = [each.id for each in found]
    events, taken, hushed = _events(connection, ids), _taken(connection, ids), _hushed(connection, ids)
    cases = (waiting(each, events[each.id], taken[each.id]) for each in found)
    return [replace(case, hushed_until=hushed.get(case.incident_id)) for case in cases if case is not None]


def _events(connection: Connection, ids: list[str]) -> Mapping[str, list[Event]]:
    events: dict[str, list[Event]] = defaultdict(list)
    for some in portions(ids):
        query = select(incident_events).where(incident_events.c.incident_id.in_(some))
        for row in connection.execute(query.order_by(incident_events.c.event_id)):
            event = Event(row.incident_id, row.act, row.actor, row.at, row.reason, row.origin, row.detail)
            events[row.incident_id].append(event)
    return events


def _taken(connection: Connection, ids: list[str]) -> Mapping[str, list[tuple[int, Taken]]]:
    taken: dict[str, list[tuple[int, Taken]]] = defaultdict(list)
    for some in portions(ids):
        query = select(escalations).where(escalations.c.incident_id.in_(some))
        for row in connection.execute(query.order_by(escalations.c.life, escalations.c.step)):
            taken[row.incident_id].append((row.life, Taken(row.step, row.kind, row.route, row.taken_at)))
    return taken


def _hushed(connection: Connection, ids: list[str]) -> dict[str, datetime]:
    """By incident: when the last silence that kept its bell quiet was over, or will be."""
    hushed: dict[str, datetime] = {}
    for some in portions(ids):
        query = (
            select(outbox.c.incident_id, silences.c.ends_at, silences.c.ended_at)
            .join(silences, silences.c.silence_id == outbox.c.silenced_by)
            .where(outbox.c.incident_id.in_(some))
        )
        for row in connection.execute(query.distinct()):
            over = min(row.ended_at or row.ends_at, row.ends_at)
            hushed[row.incident_id] = max(over, hushed.get(row.incident_id, over))
    return hushed


def _note(connection: Connection, step: Step, policy: Policy, now: datetime) -> None:
    """The step itself; and where it is an escalation, the incident's event and status."""
    incident_id = step.waiting.incident_id
    row = {
        "incident_id": incident_id,
        "life": step.waiting.life,
        "step": step.number,
        "kind": step.kind,
        "route": step.route,
        "on_call": None if step.kind == "alarmed" else person_on_call(policy, step.route, now),
        "due_at": step.due_at,
        "taken_at": now,
    }
    connection.execute(insert(escalations).values(row))
    if step.kind == "escalated":
        reason = f"{policy.routes[step.before].name} → {policy.routes[step.route].name}: {why(step)}"
        detail = {"from": step.before, "to": step.route}
        add_event(connection, Event(incident_id, "escalated", PIPELINE, now, reason, detail=detail))
        status = state(read_events(connection, incident_id)).status
        connection.execute(update(incidents).where(incidents.c.incident_id == incident_id).values(status=status))


def _alarm(connection: Connection, step: Step, policy: Policy) -> tuple[SourceState, Fault]:
    """An alarm names no more than the incident: operators need not see what it is about.

    Where many have theirs already, one alarm stands for all that follow: the operators hear of a flood, not each drop.
    """
    case = step.waiting
    mine = alarms.c.recovered_at.is_(None) & alarms.c.kind.in_(OF_INCIDENTS)
    if connection.execute(select(func.count()).select_from(alarms).where(mine)).scalar_one() >= MOST_ALARMS:
        problem = f"More than {MOST_ALARMS} incidents wait that nobody took; `tocsin incident list` names them."
        return SourceState(FURTHER, "", case.since, None, None), Fault("nobody_answers", problem)
    routes = dict.fromkeys((case.route, *(each.route for each in case.taken), step.route))
    told = ", ".join(policy.routes[route].name for route in routes if route in policy.routes)
    reminded = sum(each.kind == "reminded" for each in case.taken)
    problem = (
        f"{case.severity.capitalize()}, not acknowledged since {moment(case.since)}; {reminded} reminders were sent."
    )
    state_of = SourceState(case.incident_id, told, case.since, None, None)
    return state_of, Fault("nobody_answers", problem)


def _ended(connection: Connection, alarm: Alarm) -> str:
    """How an alarm's incident was taken, in words; nothing where it still waits."""
    incident = one_incident(connection, alarm.source)
    if _waiting(connection, [incident]):
        return ""
    last = read_events(connection, incident.id)[-1]
    return f"{incident.id} is {incident.status} ({last.actor})"
