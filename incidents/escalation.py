"""Not acknowledged in time: what follows, and when. Pure: an incident's history and the pack in, the next step out.

An incident waits as long as nobody has taken it: it is open, or it was escalated. On each route it is reminded of after
`acknowledge_within`, then again at `remind_every`, `reminders` times in all; then it goes to the next route, where the
same begins anew; behind the last route stand the operators. What was told is counted, so that a step is taken once,
however often and however late somebody looks, and a late look takes one step, not all that it missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from incidents.calendar import Calendar, quiet_until
from incidents.incident import Act, Incident, Status
from incidents.lifecycle import BECOMES, Event, state
from policies.hours import span_of
from policies.policy import CategoryName, Policy, Severity

WAITS: tuple[Status, ...] = ("open", "escalated")  # of an incident that rings: an inhibited one waits for nobody
TURNS: tuple[Act, ...] = (*BECOMES, "unmerged", "inhibited", "uninhibited")  # acts that may start or stop the clock

StepKind = Literal["reminded", "escalated", "alarmed"]


@dataclass(frozen=True)
class Taken:
    """A step that was taken: its number in the incident's present life, and the route that was told."""

    number: int
    kind: StepKind
    route: str
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """An incident that nobody has taken. A life begins when it is opened, and again when it is reopened."""

    incident_id: str
    policy: str
    category: CategoryName
    severity: Severity
    route: str  # to which it went first
    life: int  # counts from 1
    since: datetime  # when it began to wait
    rang_at: datetime  # when people last heard that it is grave: when it began to wait, or became graver
    asked_at: datetime | None = None  # when a person last escalated it
    taken: tuple[Taken, ...] = ()  # of this life, oldest first
    hushed_until: datetime | None = None  # when the last silence that covered it was over, or will be

    @property
    def rang(self) -> datetime:
        """When its bell rang last, or will: no silence covers what is critical."""
        if self.hushed_until is None or self.severity == "critical":
            return self.rang_at
        return max(self.rang_at, self.hushed_until)

    @property
    def alarmed(self) -> bool:
        """Whether its operators were told, and nothing has rung since."""
        return any(each.kind == "alarmed" and each.at >= self.rang for each in self.taken)


@dataclass(frozen=True)
class Step:
    """What is to be done now. `number` counts the steps of one life, so that a step has one id for ever."""

    waiting: Waiting
    number: int
    kind: StepKind
    route: str  # who is told; of an alarm, who was told last
    before: str  # who had it until now
    due_at: datetime
    reminder: int = 0  # the first, the second …
    reminders: int = 0  # of how many; of another step, how many there were
    asked: bool = False  # a person asked for it

    @property
    def cause(self) -> str:
        """What the step's notifications are derived from."""
        return f"life {self.waiting.life}, step {self.number}"


def waiting(incident: Incident, events: Sequence[Event], taken: Iterable[tuple[int, Taken]]) -> Waiting | None:
    """An incident's history read for its clock; None where somebody has it. `taken` is of all its lives."""
    life, since, rang, asked = 0, incident.opened_at, incident.opened_at, None
    status, waits = None, False
    for number, event in enumerate(events, start=1):
        if event.act in TURNS:
            come = state(events[:number])
            life += come.status == "open" and status != "open"
            asked = None if come.status == "open" else asked
            waited, waits = waits, come.status in WAITS and come.inhibited_by is None
            status = come.status
            since, rang = (event.at, event.at) if waits and not waited else (since, rang)
        if "severity_before" in event.detail:
            rang = event.at
        if event.act == "escalated" and event.origin != "pipeline":
            asked = event.at
    if not waits:
        return None
    mine = tuple(each for number, each in taken if number == life)
    key = incident.key
    return Waiting(
        incident.id, key.policy, key.category, incident.severity, incident.route, life, since, rang, asked, mine
    )


def next_step(case: Waiting, policy: Policy, now: datetime) -> Step | None:
    """What is to be done for it now; None: nothing yet, or nothing more."""
    here = present_route(case, policy)
    rules = policy.routes[here]
    if _asked(case) and rules.escalates_to is not None:
        return _step(case, "escalated", rules.escalates_to, here, case.asked_at or now, asked=True)
    if case.rang > now or case.alarmed:
        return None
    told = _reminders(case)
    span = span_of(rules.between(case.severity) if told else rules.within(case.severity))
    if span is None:
        return None
    started = max([case.rang, *(each.at for each in case.taken)])
    due = Calendar(policy.hours_of(here)).after(_rings(policy, here, case.severity, started), span)
    if told < rules.reminders:
        return _now(_step(case, "reminded", here, here, due, told + 1, rules.reminders), policy, now)
    if rules.escalates_to is not None:
        return _now(_step(case, "escalated", rules.escalates_to, here, due, reminders=told), policy, now)
    return _now(_step(case, "alarmed", here, here, due, reminders=told), policy, now)


def present_route(case: Waiting, policy: Policy) -> str:
    """Who has it now: the last route that it was escalated to, else its first; its category's where the pack has none.

    Raises KeyError where the pack has no such category (see `has_route`).
    """
    known = _known_routes(case, policy)
    return known[-1] if known else policy.categories[case.category].route


def has_route(case: Waiting, policy: Policy) -> bool:
    """Whether the pack says who has it now: a pack that changed may have neither its routes nor its category."""
    return bool(_known_routes(case, policy)) or case.category in policy.categories


def _known_routes(case: Waiting, policy: Policy) -> list[str]:
    routes = [case.route, *(each.route for each in case.taken if each.kind == "escalated")]
    return [route for route in routes if route in policy.routes]


def _asked(case: Waiting) -> bool:
    """Whether a person escalated it, and that has not been done."""
    done = max((each.at for each in case.taken if each.kind == "escalated"), default=None)
    return case.asked_at is not None and (done is None or done < case.asked_at)


def _reminders(case: Waiting) -> int:
    """How often its present route was reminded, since its bell rang last or it came there."""
    count = 0
    for each in case.taken:
        count = 0 if each.kind == "escalated" else count + (each.kind == "reminded" and each.at >= case.rang)
    return count


def _rings(policy: Policy, route: str, severity: Severity, at: datetime) -> datetime:
    """When people hear of it: at once, or when their quiet hours end."""
    return quiet_until(policy, route, severity, at) or at


def _step(  # noqa: PLR0913 - a step is made in this one place
    case: Waiting,
    kind: StepKind,
    route: str,
    before: str,
    due: datetime,
    reminder: int = 0,
    reminders: int = 0,
    *,
    asked: bool = False,
) -> Step:
    return Step(case, len(case.taken) + 1, kind, route, before, due, reminder, reminders, asked)


def _now(step: Step, policy: Policy, now: datetime) -> Step | None:
    """The step, where it is due and whoever is told may be woken; operators may."""
    if step.due_at > now:
        return None
    asleep = step.kind != "alarmed" and quiet_until(policy, step.route, step.waiting.severity, now) is not None
    return None if asleep else step
