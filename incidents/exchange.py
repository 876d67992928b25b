"""An incident as it leaves for another tool: one view of it, from which each format is made.

Slurs are masked, and whom it is aimed at is told by role, unless names are asked for; of a person who may be at risk
neither words nor account leave without that. Nothing is evidence here: that is the bundle, with its hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from collectors.register import NOBODY, StaffRegister
from incidents.by_role import KINDS, Aim, aim_of, mask_slurs, told
from incidents.dossier import Dossier, HeldExhibit
from incidents.escape import clipped, harmless, one_line, safe_url
from incidents.incident import Incident
from policies.counted import counted

Format = Literal["thehive", "iris", "stix", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
LONGEST = 4000  # characters of one post: the evidence has every one
READ = 20_000
WITHHELD = "(not shown: it is about a person who may be at risk)"


@dataclass(frozen=True)
class Post:
    """One exhibit, harmless to show. `author` is the handle, else the pseudonym; None where it is withheld."""

    mention_id: str
    platform: str
    url: str | None
    author: str | None
    handle: str | None
    posted_at: datetime
    text: str
    why: str
    confidence: float
    sha256: str  # of the exhibit, as the custody log has it


@dataclass(frozen=True)
class Case:
    """One incident. `updated_at` is of its newest event."""

    id: str
    title: str
    severity: str
    status: str
    category: str
    organisation: str
    clauses: tuple[tuple[str, str], ...]
    target: str
    why: str
    opened_at: datetime
    updated_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    policy: str
    posts: tuple[Post, ...]
    withheld: bool


def case_of(dossier: Dossier, *, names: bool = False, register: StaffRegister = NOBODY) -> Case:
    """The incident of a dossier as it leaves. `register` knows names that are to be told by role."""
    incident = dossier.incident
    exhibits = [held.read for held in dossier.exhibits]
    aim = aim_of(exhibits, register) if exhibits else Aim(incident.target_kind)
    if incident.key.target not in KINDS:  # once the exhibits have gone, it alone knows the name
        aim = replace(aim, names=(*aim.names, incident.key.target))
    withheld = incident.key.category == "safeguarding" and not names
    target = one_line(incident.key.target, 200) if names else one_line(aim.called, 200)
    veil = _Veil(aim, register, names, withheld)
    return Case(
        id=incident.id,
        title=_title(incident, target),
        severity=incident.severity,
        status=incident.status,
        category=incident.key.category,
        organisation=one_line(dossier.organisation, 200),
        clauses=tuple((one_line(name, 60), one_line(words, 600)) for name, words in dossier.clauses),
        target=target,
        why=veil.words(incident.why, incident.last_seen_at),
        opened_at=_utc(incident.opened_at),
        updated_at=_utc(max([incident.opened_at, *(event.at for event in dossier.events)])),
        first_seen_at=_utc(incident.first_seen_at),
        last_seen_at=_utc(incident.last_seen_at),
        policy=incident.key.policy,
        posts=tuple(veil.post(held) for held in dossier.exhibits),
        withheld=withheld,
    )


@dataclass(frozen=True)
class _Veil:
    """What may be seen of the words and people of a case."""

    aim: Aim
    register: StaffRegister
    names: bool
    withheld: bool

    def words(self, text: str, at: datetime) -> str:
        """Words harmless to show, masked as far as they are to be."""
        if self.withheld:
            return WITHHELD
        known = text[:READ]
        seen = mask_slurs(harmless(known)) if self.names else told(known, self.aim, self.register, at.date())
        return clipped(seen, LONGEST)

    def post(self, held: HeldExhibit) -> Post:
        """One exhibit."""
        one = held.read
        handle = one_line(one.author_handle, 200) if one.author_handle and not self.withheld else None
        return Post(
            mention_id=f"{one_line(one.platform, 40)}:(withheld)" if self.withheld else one_line(one.mention_id, 300),
            platform=one_line(one.platform, 40),
            url=None if self.withheld else safe_url(one.url),
            author=None if self.withheld else handle or one_line(one.author, 80),
            handle=handle,
            posted_at=_utc(one.posted_at),
            text=self.words(one.text, one.posted_at),
            why=self.words(one.why, one.posted_at),
            confidence=one.confidence,
            sha256=held.sha256,
        )


def description(case: Case) -> str:
    """The case in lines of words, for the one free text that every tool has."""
    posts = counted(len(case.posts), "post")
    lines = [
        f"{case.organisation}: {case.category.replace('_', ' ')}, aimed at {case.target}.",
        f"Why: {case.why}",
        *(f"Clause {name}: “{words}”" for name, words in case.clauses),
        f"{posts}, {case.first_seen_at:%Y-%m-%d %H:%M} to {case.last_seen_at:%Y-%m-%d %H:%M} UTC.",
        *(f"{post.posted_at:%Y-%m-%d %H:%M} {_on_one_line(post.text)}" for post in case.posts),
        f"The evidence: tocsin incident export {case.id}",
    ]
    return "\n\n".join(lines)


def links(posts: Sequence[Post]) -> list[tuple[str, Post]]:
    """Each address once, with the first post at it."""
    found: dict[str, Post] = {}
    for post in posts:
        if post.url:
            found.setdefault(post.url, post)
    return list(found.items())


def accounts(posts: Sequence[Post]) -> list[tuple[str, str]]:
    """Each author once, as platform and handle or pseudonym."""
    return list(dict.fromkeys((post.platform, post.author) for post in posts if post.author))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _title(incident: Incident, target: str) -> str:
    return f"{incident.id}: {incident.severity} {incident.key.category.replace('_', ' ')}, aimed at {target}"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
