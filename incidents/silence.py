"""A silence: for some time the bell does not ring for incidents of a kind, by somebody's word and for a reason.

It covers the bell and nothing else: incidents open with their evidence, and are listed with the silence that covers
them. What is critical, and what is about a person at risk, is never covered. It ends by itself, and that is told
beforehand and when it is over.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from incidents.digest import BY_ITSELF
from incidents.lifecycle import ActRefused
from incidents.notification import Reason
from policies.policy import CATEGORY_NAMES, CategoryName, Policy, Severity

LONGEST = timedelta(days=30)
SHORTEST = timedelta(hours=1)
NOTICE = timedelta(hours=24)  # before the end, or a tenth of the silence, whichever is less
PHRASE = 3  # letters and digits that a phrase needs at least
QUOTES = str.maketrans("’‘‛“”„‟", "'" * 3 + '"' * 4)  # telephones, and Slack's clients, write these for the plain ones
LEAST = "a silence says what it is about: an author, a target, a category or a phrase"

_LENGTH = re.compile(r"(?P<number>[0-9]{1,4}) ?(?P<unit>hours?|days?|h|d)")


class SilenceRefused(ActRefused):
    """A silence that cannot be, or cannot be ended. The message says what can."""


@dataclass(frozen=True)
class Matcher:
    """What a silence is about: all that is given must be so. Empty `authors`: whoever wrote it."""

    policy: str
    authors: tuple[str, ...] = ()  # pseudonyms: a handle may be somebody's on several platforms
    target: str | None = None  # the handle, or the kind of target: "organisation"
    category: CategoryName | None = None
    phrase: str | None = None

    def covers(self, case: "Case") -> bool:
        """Whether an incident is what this is about; of several authors or posts each must be."""
        return (
            case.policy == self.policy
            and (not self.authors or (bool(case.authors) and set(case.authors) <= set(self.authors)))
            and (self.target is None or _folded(case.target) == _folded(self.target))
            and (self.category is None or case.category == self.category)
            and (self.phrase is None or _holds(case.texts, self.phrase))
        )


@dataclass(frozen=True)
class Case:
    """An incident as a silence looks at it. `texts`: of all the posts that it rests on."""

    policy: str
    authors: tuple[str, ...]
    target: str
    category: CategoryName
    severity: Severity
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Where:
    """A channel in which a silence is told of, and the routes that it is told of for."""

    channel: str | None
    routes: tuple[str, ...]
    told: str  # who reads there, as the pack calls them
    organisation: str


@dataclass(frozen=True)
class Silence:
    """One silence. `ended_at`: when a person ended it, before its time; `places`: where it is told of."""

    id: str
    matcher: Matcher
    owner: str
    reason: str
    origin: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None
    announced: bool = False
    closed: bool = False  # it is over, and that was told
    kept_quiet: int = 0  # incidents
    places: tuple[Where, ...] = ()

    @property
    def routes(self) -> frozenset[str]:
        """Whose bell it quiets: theirs who are told of it, and of nobody else whom an incident was escalated to."""
        return frozenset(route for each in self.places for route in each.routes)

    @property
    def over_at(self) -> datetime:
        """When it was, or will be, over."""
        return min(self.ended_at or self.ends_at, self.ends_at)

    def ended_since(self, moment: datetime, actor: str, reason: str) -> bool:
        """Whether this person ended it for this reason, not before that moment."""
        by = (self.ended_by, self.end_reason) == (actor.strip(), reason.strip())
        return by and self.ended_at is not None and self.ended_at >= moment

    def active(self, now: datetime) -> bool:
        """Whether it acts: from its start until, and not at, its end."""
        return self.starts_at <= now < self.over_at

    @property
    def notice_at(self) -> datetime:
        """When its end is told of beforehand."""
        return self.ends_at - min(NOTICE, (self.ends_at - self.starts_at) / 10)

    def keeps_quiet(self, case: Case, reason: Reason, now: datetime, *, by_person: bool, in_thread: bool) -> bool:
        """Whether a notification about an incident rings no bell.

        A person's own act is told in the incident's thread; where it has none, because its bell never rang, only what
        they escalate or reopen rings.
        """
        if not self.active(now) or case.severity == "critical" or case.category == "safeguarding":
            return False
        if by_person or reason not in BY_ITSELF:
            quiet = not in_thread and reason not in ("escalated", "reopened")
        else:
            quiet = True
        return quiet and self.matcher.covers(case)


@dataclass(frozen=True)
class Asked:
    """A silence as somebody asks for it; `author` is a handle, or a pseudonym.

    `since`: from when on one just like it is this very one, for it may have been begun already.
    """

    owner: str
    reason: str
    length: str
    policy: str | None = None
    author: str | None = None
    target: str | None = None
    category: str | None = None
    phrase: str | None = None
    origin: str = "cli"
    since: datetime | None = None


class SilenceBook(Protocol):
    """Where silences live. Each method that writes is one transaction, with its line in the audit trail."""

    def add(self, asked: Asked, policies: Mapping[str, Policy]) -> Silence:
        """Begin a silence now, and tell the channels that it quiets. Raises SilenceRefused."""
        ...

    def end(self, silence_id: str, actor: str, reason: str) -> Silence:
        """End one before its time. Raises SilenceRefused."""
        ...

    def silence(self, silence_id: str) -> Silence:
        """One silence. Raises SilenceRefused where there is none."""
        ...

    def silences(self, *, over: bool = False) -> list[Silence]:
        """Those that act, newest first; with `over`, those that are over too."""
        ...

    def covering(self, incident_ids: Sequence[str]) -> dict[str, str]:
        """By incident, the silence that keeps it quiet now."""
        ...


def length_of(words: str) -> timedelta:
    """`8h`, `8 hours`, `3d`, `3 days`. Raises SilenceRefused."""
    found = _LENGTH.fullmatch(words.strip().casefold())
    if found is None:
        raise SilenceRefused(f"{words.strip()[:40]!r} is no length of time: write it as 8h or 3d")
    number = int(found["number"])
    length = timedelta(hours=number) if found["unit"].startswith("h") else timedelta(days=number)
    if not SHORTEST <= length <= LONGEST:
        raise SilenceRefused(
            f"a silence lasts an hour at least and {LONGEST.days} days at most: {words.strip()} is not"
        )
    return length


def policy_of(asked: Asked, policies: Mapping[str, Policy]) -> Policy:
    """The pack that is meant; the only one in force where none is named. Raises SilenceRefused."""
    named = (asked.policy or "").strip()
    if not named and len(policies) == 1:
        return next(iter(policies.values()))
    if named not in policies:
        known = ", ".join(sorted(policies)) or "none"
        raise SilenceRefused(f"say which policy it is for, of those in force: {known}")
    return policies[named]


def matcher_of(asked: Asked, policy: Policy, authors: Sequence[str]) -> Matcher:
    """What is asked for, checked; `authors` are the pseudonyms behind the handle. Raises SilenceRefused."""
    category = next((name for name in CATEGORY_NAMES if name == (asked.category or "").strip().casefold()), None)
    if asked.category and (category is None or not policy.enabled(category)):
        known = ", ".join(name for name in CATEGORY_NAMES if policy.enabled(name) and name != "safeguarding")
        raise SilenceRefused(f"{asked.category.strip()[:40]!r} is no category of {policy.id}: choose one of {known}")
    if category == "safeguarding":
        raise SilenceRefused("what is about a person at risk is never silenced")
    if asked.phrase and sum(character.isalnum() for character in asked.phrase) < PHRASE:
        raise SilenceRefused(f"a phrase needs {PHRASE} letters or digits, or it would be in every post")
    target = (asked.target or "").strip().lstrip("@") or None
    made = Matcher(policy.id, tuple(authors), target, category, (asked.phrase or "").strip() or None)
    if not (made.authors or made.target or made.category or made.phrase):
        raise SilenceRefused(LEAST)
    return made


def said_why(asked: Asked) -> None:
    """Raises SilenceRefused unless somebody owns it and says why."""
    if not asked.owner.strip():
        raise SilenceRefused("say whose silence it is")
    if not asked.reason.strip():
        raise SilenceRefused("say why: what a silence covers is not rung for, and somebody will ask")


def places_of(matcher: Matcher, policy: Policy) -> tuple[Where, ...]:
    """The channels whose bells it quiets, each with the routes that it is told of for there."""
    routes = {
        each.route
        for name, each in policy.categories.items()
        if each.enabled and name != "safeguarding" and matcher.category in (None, name)
    }
    channels: dict[str | None, list[str]] = {}
    for route in (each for each in policy.routes if each in routes):
        channels.setdefault(policy.routes[route].slack_channel, []).append(route)
    return tuple(
        Where(channel, tuple(each), ", ".join(policy.routes[name].name for name in each), policy.organisation.name)
        for channel, each in channels.items()
    )


def words_of(matcher: Matcher) -> tuple[tuple[str, str], ...]:
    """What it covers, in words for a channel: nobody who is posted about, or posts, is named."""
    said = [("Policy", matcher.policy)]
    said += [("Category", matcher.category.replace("_", " "))] if matcher.category else []
    said += [("Author", "one author")] if matcher.authors else []
    said += [("Aimed at", "one target")] if matcher.target else []
    said += [("Posts with", f"“{matcher.phrase}”")] if matcher.phrase else []
    return tuple(said)


def _folded(text: str) -> str:
    return " ".join(text.translate(QUOTES).lstrip("@").casefold().split())


def _holds(texts: Iterable[str], phrase: str) -> bool:
    held = [_folded(phrase) in _folded(text) for text in texts]
    return bool(held) and all(held)
