"""`/tocsin silence`: begin one, see those that act, end one; by those who may act on all that it would quiet."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from incidents.authority import Authority, NotAllowed, Person
from incidents.escape import one_line
from incidents.inbox import CLOCKS_APART
from incidents.silence import (
    QUOTES,
    Asked,
    Matcher,
    Silence,
    SilenceBook,
    SilenceRefused,
    places_of,
    policy_of,
    words_of,
)
from incidents.wording import moment
from policies.counted import counted
from policies.policy import CATEGORY_NAMES, Policy

KEYS = ("policy", "author", "target", "category", "phrase")
BECAUSE = "because"
HELP = """/tocsin silence 8h category=trolling because WHY: ring no bell so long; also author=, target=, phrase="…"
/tocsin silence list: the silences that act now
/tocsin silence end SIL-3 because WHY: end one before its time"""


class Silencing:
    """What a person types after `/tocsin silence`, done. `acted` is called after each act, so that it is told.

    `since`: when it was asked, where it may be done already; then it is only said.
    """

    def __init__(
        self,
        book: SilenceBook,
        authority: Authority,
        policies: Callable[[], Mapping[str, Policy]],
        acted: Callable[[], None],
    ) -> None:
        self._book = book
        self._authority = authority
        self._policies = policies
        self._acted = acted

    def __call__(self, words: str, person: Person, since: datetime | None = None) -> str:
        """The answer. Raises SilenceRefused, NotAllowed, DeliveryError."""
        said, reason = _split(words)
        verb = said[0].casefold() if said else "help"
        if verb == "list":
            return self._list(person)
        if verb == "end":
            return self._end(said[1:], reason, person, since)
        return HELP if verb == "help" else self._add(_asked(said, reason, person, since), person)

    def covering(self, incident_ids: Sequence[str]) -> dict[str, str]:
        """By incident, the silence that keeps it quiet now."""
        return self._book.covering(incident_ids)

    def _add(self, asked: Asked, person: Person) -> str:
        policy = policy_of(asked, self._policies())
        known = (name for name in CATEGORY_NAMES if policy.enabled(name) and name != "safeguarding")
        category = next((name for name in known if name == asked.category), None)  # any other is refused by the book
        self._admit(person, Matcher(policy.id, category=category))
        silence = self._book.add(asked, self._policies())
        self._acted()
        return f"{_line(silence)}\nIt ends by itself; sooner with /tocsin silence end {silence.id} because WHY"

    def _end(self, said: Sequence[str], reason: str, person: Person, since: datetime | None) -> str:
        if len(said) != 1:
            raise SilenceRefused("say which one and why: /tocsin silence end SIL-3 because WHY")
        silence = self._book.silence(said[0])
        if silence.owner != person.actor:
            self._admit(person, silence.matcher)
        ended = silence
        if since is None or not silence.ended_since(since - CLOCKS_APART, person.actor, reason):
            ended = self._book.end(silence.id, person.actor, reason)
        self._acted()
        return f"{ended.id} is over. What it kept quiet and is still open is told in its channel."

    def _list(self, person: Person) -> str:
        seen = [each for each in self._book.silences() if self._may_see(person, each)]
        return "\n".join(map(_line, seen)) or "No silence acts that you may see."

    def _may_see(self, person: Person, silence: Silence) -> bool:
        routes, policy = self._routes(silence.matcher), silence.matcher.policy
        all_of_them = bool(routes) and all(self._authority.may(person.id, policy, route) for route in routes)
        return all_of_them or silence.owner == person.actor

    def _routes(self, matcher: Matcher) -> list[str]:
        """Those whose bell would be quiet; none, where the pack is not in force."""
        policy = self._policies().get(matcher.policy)
        return [route for where in places_of(matcher, policy) for route in where.routes] if policy else []

    def _admit(self, person: Person, matcher: Matcher) -> None:
        """They must have the right on every route whose bell would be quiet. Raises NotAllowed."""
        routes = self._routes(matcher)
        if not routes:
            raise NotAllowed(f"No pack in force says who may silence what it is about in {matcher.policy}.")
        for route in routes:
            self._authority.admit(person.id, matcher.policy, route)


def _line(silence: Silence) -> str:
    about = ", ".join(f"{label.lower()} {value}" for label, value in words_of(silence.matcher))
    kept = counted(silence.kept_quiet, "incident")
    return (
        f"🔕 {silence.id} until {moment(silence.ends_at)}: {one_line(about, 300)}; {kept} kept quiet; "
        f"{one_line(silence.owner, 80)}: {one_line(silence.reason, 200)}"
    )


def _split(words: str) -> tuple[list[str], str]:
    """What is said before `because`, in words, and what after it. Raises SilenceRefused for an open quotation mark."""
    plain = words.translate(QUOTES).split()
    for place in [index for index, word in enumerate(plain) if word.casefold() == BECAUSE] or [len(plain)]:
        try:
            return shlex.split(" ".join(plain[:place])), " ".join(words.split()[place + 1 :])
        except ValueError:
            continue  # the word stands within quotation marks
    raise SilenceRefused('a quotation mark is open: write a phrase as phrase="two words"')


def _asked(said: Sequence[str], reason: str, person: Person, since: datetime | None) -> Asked:
    given: dict[str, str] = {}
    length: list[str] = []
    for word in said:
        key, equals, value = word.partition("=")
        if not equals:
            length.append(word)
        elif key.casefold() in KEYS and value.strip():
            given[key.casefold()] = value.strip()
        else:
            raise SilenceRefused(
                f"{one_line(word, 60)!r} is not understood; it takes {', '.join(f'{k}=' for k in KEYS)}"
            )
    category = given.pop("category", "").casefold().replace(" ", "_") or None
    since = None if since is None else since - CLOCKS_APART
    return Asked(person.actor, reason, " ".join(length), category=category, origin="slack", since=since, **given)
