"""Whom the words of a post are aimed at: the cast of a post, and who "you", "she" and "they" are in it."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial

from classifiers.finding import Target, TargetKind
from classifiers.handles import handles_in, plain, same
from classifiers.normalise import Normalised
from classifiers.people import GROUPS, PUBLIC, STAFF, WORKPLACE, names_in, registered_names
from classifiers.phrases import NEVER
from classifiers.relevance import Relevance
from collectors.mention import Author, Mention
from policies.policy import Policy

Span = tuple[int, int]

_USER = re.compile(r"@user")
_MANY = re.compile(r"(?:staff|team|people|[^s]s|es)$", re.I)
_YOU = re.compile(r"\b(?:you|u|ur|ya|yer|your|you're|youre|yourself|yourselves)\b", re.I)
_THEY = re.compile(
    r"\b(?:they|them|their|theyre|they're|all of them|the lot of them|these people|those people)\b", re.I
)
_ONE = re.compile(r"\b(?:she|her|hers|herself|he|him|his|himself|she's|he's|shes|hes)\b", re.I)


@dataclass(frozen=True)
class Person:
    """Somebody the text points at, at `span` of the normalised text; `known` by name, handle or as the one answered."""

    target: Target
    span: Span
    known: bool
    public: bool = False  # a politician or minister: robust speech about them is debate


@dataclass(frozen=True)
class Cast:
    """Everybody in one post: those named in it in order, and the one whom it answers."""

    people: tuple[Person, ...]
    answered: Person | None
    addressed: Person  # whom "you" means

    def antecedent(self, position: int, plural: bool = False) -> Person | None:
        """Whom a pronoun at `position` means: the last one spoken of before it, else the one answered."""
        kinds = ("group", "organisation") if plural else ("employee", "other")
        before = [person for person in self.people if person.span[0] < position and person.target.kind in kinds]
        if before:
            return before[-1]
        if self.answered is not None and not plural and self.answered.target.kind in kinds:
            return self.answered
        return None

    def subjects(self, text: str) -> list[tuple[Span, Person]]:
        """Every word that points at somebody, pronouns resolved, in order of appearance."""
        found = [(person.span, person) for person in self.people]
        spoken_to = [(match.span(), self.addressed) for match in _YOU.finditer(text)]
        found += spoken_to
        for pattern, plural in ((_ONE, False), (_THEY, True)):
            for match in pattern.finditer(text):
                meant = self.antecedent(match.start(), plural)
                if not plural and spoken_to and meant is not None and meant.span[0] == 0 and meant.known:
                    meant = None  # who is told "what he did to you" is not he
                found.append(
                    (match.span(), meant or Person(_UNKNOWN_MANY if plural else _UNKNOWN, match.span(), False))
                )
        return sorted(found, key=lambda entry: entry[0])


_LIVES_ON = re.compile(r"['’]s\s*$|\b(?:on|claim\w*|gets?|getting|receiv\w+|lost|needs?)\s*$", re.IGNORECASE)
_UNKNOWN = Target("other")
_UNKNOWN_MANY = Target("organisation")  # "they" in a post about the organisation, nobody else named


class CastReader:
    """Reads the cast of posts under one pack: accounts and staff words compiled once."""

    def __init__(self, policy: Policy, relevance: Relevance) -> None:
        self._relevance = relevance
        words = sorted({*policy.organisation.staff_words}, key=len, reverse=True)
        own = "|".join(rf"{re.escape(word)}(?:s|es)?" for word in words)
        self._own_staff = re.compile(rf"\b(?:{own})\b", re.I) if words else NEVER

    def read(self, mention: Mention, normalised: Normalised) -> Cast:
        """The cast of one mention."""
        people = sorted(
            [*self._handles(mention, normalised), *self._staff(normalised.text), *self._named(mention, normalised)],
            key=lambda person: person.span,
        )
        answered = self._answered(mention)
        return Cast(tuple(people), answered, _addressed(people, answered))

    def account(self, mention: Mention, handle: str, author: Author | None = None) -> Target:
        """Who stands behind a handle, as far as the pack or the account itself tells."""
        known = self._relevance.account(mention, Author(handle=handle))
        if known is not None and known.kind in ("official", "union"):
            return Target("organisation", handle)
        ours = self._relevance.one_of_us(mention, author or Author(handle=handle))
        return Target("employee" if ours else "other", handle)

    def _answered(self, mention: Mention) -> Person | None:
        parent = mention.in_reply_to
        handle = plain(parent.author.handle) if parent and parent.author else None
        if parent is None or handle is None or same(handle, plain(mention.author.handle)):
            return None  # nobody that is told, or a thread of one's own
        return Person(self.account(mention, handle, parent.author), (0, 0), known=True)

    def _handles(self, mention: Mention, normalised: Normalised) -> list[Person]:
        starts = {span[0]: handle for handle, span in handles_in(mention.text)}
        parent = mention.in_reply_to.author if mention.in_reply_to else None
        answered = plain(parent.handle) if parent else None
        found = []
        for match in _USER.finditer(normalised.text):
            handle = starts.get(normalised.to_original(match.span())[0])
            if handle is None:
                continue
            if answered is not None and same(answered, handle):
                whose = self.account(mention, answered, parent)
            else:
                whose = self.account(mention, handle)
            found.append(Person(whose, match.span(), known=True))
        return found

    def _staff(self, text: str) -> list[Person]:
        found = [
            Person(Target("group" if _MANY.search(match[0]) else "employee"), match.span(), known=False)
            for match in self._own_staff.finditer(text)
        ]
        taken = {person.span[0] for person in found}
        for match in STAFF.finditer(text):
            if match.start() not in taken:
                kind: TargetKind = "group" if match.lastgroup == "many" else "employee"
                found.append(Person(Target(kind), match.span(), known=False))
        return found + [Person(Target("group"), match.span(), known=False) for match in GROUPS.finditer(text)]

    def _named(self, mention: Mention, normalised: Normalised) -> list[Person]:
        text = normalised.text
        organisation = list(self._relevance.spans(text))
        registered = registered_names(text, partial(self._relevance.is_staff_name, mention))
        found = [Person(Target("employee", name), span, known=True) for name, span in registered]
        for name, span in names_in(text, [*organisation, *(span for _, span in registered)]):
            left, right = _sentence(text, span)
            around = text[left : span[0]] + " " + text[span[1] : right]
            public = bool(PUBLIC.search(around))
            ours = not public and bool(
                self._own_staff.search(around)
                or STAFF.search(around)
                or WORKPLACE.search(around)
                or any(_near(text, span, other) for other in organisation)
            )
            found.append(Person(Target("employee" if ours else "other", name), span, known=True, public=public))
        return found


def _addressed(people: list[Person], answered: Person | None) -> Person:
    """Whom "you" means: the one answered, else the account or person the post begins with, else the organisation."""
    if answered is not None:
        return answered
    called = [person for person in people if person.known]
    ours = [person for person in called if person.target.kind == "employee"]
    if ours:
        return ours[0]
    if called:
        return called[0]
    return Person(Target("organisation"), (0, 0), known=False)


def _sentence(text: str, span: Span) -> Span:
    ends = [match.end() for match in re.finditer(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)[.!?]+(?:\s|$)", text)]
    index = bisect_right(ends, span[0])
    return (ends[index - 1] if index else 0, ends[index] if index < len(ends) else len(text))


def _near(text: str, span: Span, other: Span) -> bool:
    """Whether a name stands beside the organisation's, and not as that of somebody who lives on one of its benefits."""
    if 0 <= other[0] - span[1] <= 12:
        return _LIVES_ON.search(text[span[1] : other[0]]) is None
    return 0 <= span[0] - other[1] <= 6
