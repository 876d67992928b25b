"""Pieces that several rules share: words that can point at a person, and how a finding speaks of one."""

import re
from collections.abc import Iterable
from itertools import count

from classifiers.finding import Target
from classifiers.target import Span

WHO = (
    r"(?P<who>@user|your?|u|ya|yourself|she|he|they|hers?|him|his|them|their|(?-i:[A-Z])[a-z]+(?: "
    r"(?-i:[A-Z])[\w'-]+)?|(?:the|that|this|my|your|those|these|every|all) (?:\w+ ){0,3}?(?:staff|workers|"
    r"coach(?:es)?|advis[eo]rs?|managers?|agents?|assessors?|man|woman|guy|lot|people|person|girl|bloke|lady|"
    r"receptionist|guards?)(?:'s|s)?)(?!\w)"
)


def any_of(*patterns: str) -> re.Pattern[str]:
    """Patterns as one, in any case; each may hold the group `who` any number of times (see `who_span`)."""
    numbers = count()
    joined = "|".join(patterns)
    return re.compile(re.sub(r"\(\?P<who\w*>", lambda _: f"(?P<who{next(numbers)}>", joined), re.IGNORECASE)


def who_span(match: re.Match[str]) -> Span | None:
    """Where a match of `any_of` points at a person: its first `who`."""
    name = next((name for name, value in match.groupdict().items() if value), None)
    return match.span(name) if name else None


def called(target: Target) -> str:
    """How a sentence names a target."""
    if target.handle:
        return f"{target.handle} (one of our people)" if target.kind == "employee" else target.handle
    return {"employee": "a member of staff", "group": "a group of people", "organisation": "the organisation"}.get(
        target.kind, "a person"
    )


def clipped(text: str, spans: Iterable[Span], limit: int = 80) -> str:
    """The words at the spans, in order, for quoting in a sentence."""
    words = " … ".join(text[start:end].strip() for start, end in sorted(set(spans)))
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
