"""`/tocsin merge` and `/tocsin unmerge`: by those who may act on both of the incidents."""

import re
from collections.abc import Callable
from datetime import datetime

from incidents.authority import Authority, Person
from incidents.casebook import Casebook
from incidents.inbox import done_since
from incidents.incident import Act, Incident
from incidents.lifecycle import ActIncomplete, Event, spoken

HELP = """/tocsin merge TOC-1002 into TOC-1001 because WHY: one case, dealt with in TOC-1001
/tocsin unmerge TOC-1002 because WHY: let it stand for itself again"""
_ID = r"(TOC-[0-9]{1,12})"
_WHY = r"(?:\s+because\b\s*(.*))?"
MERGE = re.compile(rf"\s*{_ID}\s+into\s+{_ID}{_WHY}\s*", re.IGNORECASE | re.DOTALL)
UNMERGE = re.compile(rf"\s*{_ID}{_WHY}\s*", re.IGNORECASE | re.DOTALL)


class Merging:
    """What a person types after `/tocsin merge`, done. `acted` is called after each act, so that it is told.

    `since`: when it was asked, where it may be done already; then it is only said.
    """

    def __init__(self, cases: Casebook, authority: Authority, acted: Callable[[], None]) -> None:
        self._cases = cases
        self._authority = authority
        self._acted = acted

    def merge(self, words: str, person: Person, since: datetime | None = None) -> str:
        """Let one go on in another. Raises ActRefused, IncidentUnknown, NotAllowed, DeliveryError."""
        said = MERGE.fullmatch(words)
        if said is None or not (said[3] or "").strip():
            raise ActIncomplete("say which into which, and why: /tocsin merge TOC-1002 into TOC-1001 because WHY")
        one, into = (self._admitted(each, person) for each in said.group(1, 2))
        reason = said[3].strip()
        if self._done(one.id, since, "merged", person, reason, into=into.id) is None:
            one, into = self._cases.merge(one.id, into.id, person.actor, reason, "slack")
        self._acted()
        return (
            f"{one.id} goes on in {into.id}, which is {into.severity} and {spoken(into.status)}. "
            f"Apart again with /tocsin unmerge {one.id} because WHY"
        )

    def unmerge(self, words: str, person: Person, since: datetime | None = None) -> str:
        """Let it stand for itself again. Raises ActRefused, IncidentUnknown, NotAllowed, DeliveryError."""
        said = UNMERGE.fullmatch(words)
        if said is None:
            raise ActIncomplete("say which, and why: /tocsin unmerge TOC-1002 because WHY")
        one = self._admitted(said[1], person)
        if one.merged_into is not None:
            self._admitted(one.merged_into, person)
        reason = (said[2] or "").strip() or None
        before = self._done(one.id, since, "unmerged", person, reason)
        if before is None:
            done = self._cases.unmerge(one.id, person.actor, reason, "slack")
            one, survivor, meanwhile = done.incident, done.survivor, done.meanwhile
        else:
            survivor, meanwhile = before.detail["from"], before.detail["meanwhile"]
        self._acted()
        stay = f"; {meanwhile} of its findings came meanwhile and stay with {survivor}"
        return f"{one.id} stands for itself again and is {spoken(one.status)}{stay if meanwhile else ''}."

    def _done(
        self, incident_id: str, since: datetime | None, act: Act, person: Person, reason: str | None, **detail: str
    ) -> Event | None:
        """The event by which it was done already."""
        if since is None:
            return None
        return done_since(self._cases.events(incident_id), since, act, person.actor, reason, **detail)

    def _admitted(self, incident_id: str, person: Person) -> Incident:
        """The incident, where they may act on it, as by its buttons."""
        incident = self._cases.incident(incident_id.upper())
        self._authority.admit_any(person.id, incident.key.policy, incident.routes)
        return incident
