"""The desk: what people do in Slack, done, each told what came of it. Called after Slack's three seconds were kept."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from incidents.authority import Authority, NotAllowed, Person
from incidents.casebook import Casebook
from incidents.inbox import done_since
from incidents.incident import Act, Incident
from incidents.interaction import Form, Interaction, Press, Typed, subject_of
from incidents.lifecycle import PAST, ActRefused, IncidentUnknown, turns
from incidents.modal import FORMS, form
from incidents.outbox import DeliveryError
from incidents.verdict import reason_of
from incidents.wording import moment

DONE = {
    "acknowledged": "You have {id} in hand now.",
    "investigating": "You are investigating {id} now.",
    "assigned": "{id} is with {assignee} now.",
    "escalated": "You escalated {id}.",
    "resolved": "{id} is resolved.",
    "dismissed": "{id} is closed as dismissed.",
    "reopened": "{id} is open again.",
}
NOTHING = "Nothing was done."
OURS = "Something failed on our side, and the operators can see it."

log = logging.getLogger(__name__)


class Answers(Protocol):
    """How the one person who acts is answered. Raises DeliveryError."""

    def open(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form."""
        ...

    def tell(self, asked: Interaction, words: str, who: Sequence[str] = ()) -> None:
        """Say it to them alone; `who` are the ids of those to whom they may turn."""
        ...


Refusal = Callable[[str, str, str], None]  # actor, subject, reason: one line of the audit trail


class Desk:
    """Does what an interaction asks, where its person may. `acted` is called after each act, so that it is told."""

    def __init__(
        self,
        cases: Casebook,
        authority: Authority,
        answers: Answers,
        typed: Callable[[Typed, Person, datetime | None], str],
        *,
        refused: Refusal,
        acted: Callable[[], None],
    ) -> None:
        self._cases = cases
        self._authority = authority
        self._answers = answers
        self._typed = typed
        self._refused = refused
        self._acted = acted

    def handle(self, asked: Interaction, since: datetime | None = None) -> None:
        """Do it and say so. Raises nothing of Slack's: an answer that Slack does not take is logged.

        `since`: when it came, where somebody who has died may have done it already; it is not done twice.
        """
        subject = subject_of(asked)
        who: tuple[str, ...] = ()
        try:
            words = self._done(asked, since)
        except NotAllowed as error:
            words, who = f"{error} {NOTHING}", error.who
            self._refused(asked.user, subject, str(error))
        except (ActRefused, IncidentUnknown) as error:
            words = f"{error}. {NOTHING}"
        except DeliveryError as error:
            log.warning("%s by %s: %s", subject, asked.user, error)
            words = f"Slack does not say who may act: try again. {NOTHING}"
            self._refused(asked.user, subject, f"Slack's directory: {error}")
        except Exception:
            log.exception("%s by %s failed", subject, asked.user)
            words = f"{OURS} {NOTHING} Try again."
        if words:
            self._tell(asked, words, who)

    def say(self, asked: Interaction, words: str) -> None:
        """Tell the one person."""
        self._tell(asked, words, ())

    def turn_away(self, asked: Interaction, why: str) -> None:
        """Say that it was not even looked at."""
        self._tell(asked, f"{why} {NOTHING} Try again.", ())

    def _done(self, asked: Interaction, since: datetime | None) -> str:
        """Do it; what to say of it, or nothing where a form has opened."""
        if isinstance(asked, Typed):
            return self._typed(asked, self._authority.typist(asked.user), since)
        incident = self._cases.incident(asked.incident_id)
        person = self._authority.admit_any(asked.user, incident.key.policy, incident.routes)
        if isinstance(asked, Press) and asked.act in FORMS:
            return self._ask(asked, incident)
        return self._act(asked, person, incident, since)

    def _ask(self, asked: Press, incident: Incident) -> str:
        try:
            self._answers.open(asked.trigger, form(asked.act, incident, asked.channel, asked.user))
        except DeliveryError as error:
            log.warning("no form for %s: %s", asked.incident_id, error)
            return f"Slack did not open the form: press again. {NOTHING}"
        return ""

    def _act(self, asked: Press | Form, person: Person, incident: Incident, since: datetime | None) -> str:
        reason = assignee = None
        if isinstance(asked, Form):
            reason = reason_of(asked.verdict, asked.words) if asked.verdict else asked.words or None
            assignee = self._assignee(asked, incident)
        if since is None or not done_since(
            self._cases.events(incident.id), since, asked.act, person.actor, reason, assignee=assignee
        ):
            try:
                self._cases.act(incident.id, asked.act, person.actor, reason, "slack", assignee)
            except ActRefused as error:
                return self._already(asked.act, incident.id) or f"{error}. {NOTHING}"
        self._acted()
        return DONE[asked.act].format(id=incident.id, assignee=assignee)

    def _assignee(self, asked: Form, incident: Incident) -> str | None:
        """Somebody who may act on the incident themselves. Raises NotAllowed."""
        if asked.assignee is None:
            return None
        try:
            return self._authority.admit_any(asked.assignee, incident.key.policy, incident.routes).actor
        except NotAllowed as error:
            refusal = f"{incident.id} cannot go to {asked.assignee}: they may not act on it."
            raise NotAllowed(refusal, error.who) from error

    def _already(self, act: Act, incident_id: str) -> str:
        """`TOC-1042 was already acknowledged by Sam`, where somebody was first; nothing where it is something else."""
        last = next(reversed(turns(self._cases.events(incident_id))), None)
        if last is None or last.origin == "pipeline":
            return ""
        done = PAST.get(last.act, last.act)
        same = "already " if last.act == act else ""
        words = f"{incident_id} was {same}{done} by {last.actor} on {moment(last.at)}"
        return f"{words}{f': {last.reason}' if last.reason else ''}. {NOTHING}"

    def _tell(self, asked: Interaction, words: str, who: Sequence[str]) -> None:
        try:
            self._answers.tell(asked, words, who)
        except DeliveryError as error:
            log.warning("%s is not told what came of it: %s", asked.user, error)
