"""What people are told when nobody took an incident: a reminder, or the whole of it to the next route."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from incidents.briefing import SHARED, has_own_channel
from incidents.card import WITHHELD_WHY, notification_id
from incidents.escalation import Step
from incidents.notification import Card, Notification, Reason
from incidents.oncall import person_on_call
from incidents.quiet import hushed
from incidents.watching import TAKEN_BACK
from incidents.wording import moment
from policies.policy import Policy

AT_RISK = "they tell of a person who may be at risk"


def told_of(step: Step, before: Notification, policy: Policy, now: datetime) -> Iterator[Notification]:
    """The notifications of a step; `before` is the newest of its incident. None for the operators' alarm.

    The next route's thread begins with all that there is to say; the thread that it left says where it went. Where
    both are one channel, one message says it. Raises TypeError where `before` is not about an incident.
    """
    words = _Summons(step, before, policy, now)
    if step.kind == "reminded":
        which = f"reminder {step.reminder} of {step.reminders}"
        yield words.to(step.route, "not_acknowledged", f"waiting since {moment(step.waiting.since)}; {which}")
    elif step.kind == "escalated":
        source, target = policy.routes[step.before], policy.routes[step.route]
        apart = source.slack_channel != target.slack_channel
        whence = f"from {source.name}" if apart else f"from {source.name} to {target.name}"
        yield hushed(words.to(step.route, "escalated", f"{whence}, {why(step)}"), policy, now)
        if apart:
            yield hushed(words.to(step.before, "escalated", f"to {target.name}, {why(step)}"), policy, now)


def why(step: Step) -> str:
    """`as a person asked`; `not acknowledged since 12 Oct 2026 09:15 UTC, after 2 reminders`."""
    if step.asked:
        return "as a person asked"
    since = f"not acknowledged since {moment(step.waiting.since)}"
    many = "1 reminder" if step.reminders == 1 else f"{step.reminders} reminders"
    return f"{since}, after {many}" if step.reminders else since


@dataclass(frozen=True)
class _Summons:
    step: Step
    before: Notification
    policy: Policy
    now: datetime

    def to(self, route: str, reason: Reason, note: str) -> Notification:
        """The notification for the people of one route."""
        incident_id = self.step.waiting.incident_id
        cause = self.step.cause if route == self.step.route else f"{self.step.cause}, left"
        return Notification(
            id=notification_id(incident_id, reason, cause),
            incident_id=incident_id,
            reason=reason,
            route=route,
            channel=self.policy.routes[route].slack_channel,
            card=self._card(route, note),
            created_at=self.now,
        )

    def _card(self, route: str, note: str) -> Card:
        """The card as last told, with no more than this route's channel may show; whoever is called is mentioned."""
        card, rules = self.before.card, self.policy.routes[route]
        if not isinstance(card, Card):
            raise TypeError(f"{self.before.incident_id} is no incident")
        card = replace(
            card,
            status="escalated" if self.step.kind == "escalated" else card.status,
            severity=self.step.waiting.severity,
            note=note,
            told=rules.name,
            named=card.named if rules.names_in_channel else "",
            held="",
            on_call=person_on_call(self.policy, route, self.now) if route == self.step.route else None,
        )
        withheld = self._withheld(card, route)
        if not withheld or card.withheld not in ("", TAKEN_BACK):
            return card
        return replace(card, withheld=withheld, excerpt="", excerpt_url=None, why=WITHHELD_WHY)

    def _withheld(self, card: Card, route: str) -> str:
        """Why the words about a person who may be at risk are not shown to a route; nothing where it is theirs."""
        theirs = self.policy.categories["safeguarding"].route if card.category == "safeguarding" else route
        if theirs != route:
            return f"{AT_RISK}; {self.policy.routes[theirs].name} has them"
        own = card.category != "safeguarding" or has_own_channel(self.policy, route)
        return "" if own else SHARED.format(route=route)
