"""A policy diff as JSON, in the shape of docs/contracts.md, and the words of it that may be shown."""

from collections.abc import Iterable, Iterator
from typing import Any

from classifiers.people import names_in
from incidents.comparison import Case, Shift
from incidents.masking import masked
from tocsin.policy_diff import PolicyDiff

KINDS = ("gained", "lost", "changed")
NUMBERS = ("old", "new", "model", "days", "since", "posts", "suppressed", "total", "categories")  # kept by an adoption


def record(result: PolicyDiff, examples: int) -> dict[str, Any]:
    """The shape of docs/contracts.md."""
    shown = set(map(id, _examples(result.shifts, examples)))
    return {
        **numbers(result),
        "differences": [{"place": list(each.place), "text": str(each)} for each in result.differences],
        "incidents": [
            _incident(result, shift, words=id(shift) in shown) for shift in result.shifts if shift.kind != "same"
        ],
    }


def numbers(result: PolicyDiff) -> dict[str, Any]:
    """What an adoption keeps of it."""
    return {
        "old": result.old.stamp,
        "new": result.new.stamp,
        "model": result.model,
        "days": result.days,
        "since": result.since.isoformat(),
        "posts": result.extent.posts,
        "suppressed": {"old": result.before.suppressed, "new": result.after.suppressed},
        "total": _counts(result.total()),
        "categories": {name: _counts(counted) for name, counted in result.counts().items()},
    }


def _counts(counted: Any) -> dict[str, int]:
    return {name: counted[name] for name in ("old", "new", *KINDS, "same")}


def _incident(result: PolicyDiff, shift: Shift, *, words: bool) -> dict[str, Any]:
    incident = shift.case.incident
    return {
        "kind": shift.kind,
        "category": incident.key.category,
        "severity": incident.severity,
        "route": shift.case.told,
        "clauses": list(incident.clauses),
        "changes": {name: {"old": old, "new": new} for name, (old, new) in shift.changes.items()},
        "open_incident": result.standing.get(shift.key),
        "author": incident.key.author,
        "target_kind": incident.target_kind,
        "mention_ids": list(incident.mention_ids),
        "first_seen_at": incident.first_seen_at.isoformat(),
        "last_seen_at": incident.last_seen_at.isoformat(),
        "why": why(result, shift.case) if words else None,
        "excerpt": excerpt(result, shift.case) if words else None,
    }


def _examples(shifts: Iterable[Shift], most: int) -> Iterator[Shift]:
    """The gravest of each kind and category."""
    told: dict[tuple[str, str], int] = {}
    for shift in shifts:
        place = (shift.kind, shift.key.category)
        told[place] = told.get(place, 0) + 1
        if told[place] <= most and shift.kind != "same":
            yield shift


def why(result: PolicyDiff, case: Case) -> str:
    """The reason that the incident gives, without the people in it."""
    return masked(case.exhibit.why, _people(result, case), 500)


def excerpt(result: PolicyDiff, case: Case) -> str:
    """The post that the reason is of, cut to what was found in it, without the people in it."""
    text, spans = case.exhibit.text, case.exhibit.spans
    found = text[slice(*spans[0])] if spans else ""
    return masked(text, _people(result, case), around=found) or "(no words)"


def _people(result: PolicyDiff, case: Case) -> tuple[str | None, ...]:
    """Whoever is known, by handle and by the name they go by, and whatever in the words reads as a person's name."""
    exhibit = case.exhibit
    told = exhibit.author_handle, exhibit.target_handle, *result.names.get(exhibit.author, ())
    return *told, *(name for name, _ in names_in(exhibit.text, []))
