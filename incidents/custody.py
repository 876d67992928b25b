"""The custody log of an incident's evidence: who did what with it, when and why, as a chain of hashes.

Each entry's hash covers the entry and the hash of the one before, so that none can be changed, dropped or put between
without all later ones showing it. What no chain shows by itself is a cut-off end: what is kept and told
of it elsewhere does, and a timestamp.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

FIRST = "0" * 64  # what the first entry of a chain names as the one before

CustodyAct = Literal[
    "captured",  # taken into custody, in the transaction that opened or extended the incident
    "viewed",
    "exported",  # as a bundle, to whoever asked
    "released",  # as a bundle, to somebody outside, who is named
    "hold_set",
    "hold_lifted",
    "erasure_refused",  # asked for by the author, and refused since the case needs the exhibit
    "erased",
    "post_edited",  # what the platform did with a post after it was captured; the exhibit stays as it was
    "post_deleted",
    "author_suspended",
    "post_restored",
]
CUSTODY_ACTS: tuple[CustodyAct, ...] = get_args(CustodyAct)


@dataclass(frozen=True)
class Handling:
    """One thing that is done with an incident's evidence: what, by whom, why, from where."""

    act: CustodyAct
    actor: str
    reason: str | None = None
    origin: str = "pipeline"  # pipeline, cli, slack, console
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CustodyEntry:
    """One entry. `sha256` is of `canonical(entry)`, taken when it was written; `former` is the one before's."""

    incident_id: str
    sequence: int  # from 1, without gaps
    act: CustodyAct
    actor: str
    at: datetime
    former: str
    sha256: str
    reason: str | None = None
    origin: str = "pipeline"
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        """Whether the entry is still, to the byte, what was written."""
        return digest(self) == self.sha256


def following(last: CustodyEntry | None, incident_id: str, handling: Handling, at: datetime) -> CustodyEntry:
    """The entry of what was done, that comes after `last` (None: the first)."""
    sequence, former = (last.sequence + 1, last.sha256) if last else (1, FIRST)
    plain = CustodyEntry(
        incident_id=incident_id,
        sequence=sequence,
        act=handling.act,
        actor=handling.actor,
        at=at,
        former=former,
        sha256="",
        reason=handling.reason,
        origin=handling.origin,
        detail=handling.detail,
    )
    return replace(plain, sha256=digest(plain))


def canonical(entry: CustodyEntry) -> str:
    """One text for one entry: keys sorted, no spaces, ASCII only, the time in UTC. It names `former`, not itself."""
    told = {
        "act": entry.act,
        "actor": entry.actor,
        "at": entry.at.astimezone(UTC).isoformat(),
        "detail": dict(entry.detail),
        "former": entry.former,
        "incident": entry.incident_id,
        "origin": entry.origin,
        "reason": entry.reason,
        "sequence": entry.sequence,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(entry: CustodyEntry) -> str:
    """SHA-256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical(entry).encode("ascii")).hexdigest()


def breaks(entries: Sequence[CustodyEntry]) -> Iterator[str]:
    """What is wrong with a whole log, oldest entry first: entries that were changed, dropped or put between."""
    former = FIRST
    for place, entry in enumerate(entries, start=1):
        name = f"custody entry {entry.sequence}"
        if entry.sequence != place:
            yield f"{name} stands where {place} should: an entry is missing or was put between"
            return
        if not entry.intact:
            yield f"{name} ({entry.act}) was changed after it was written"
        if entry.former != former:
            yield f"{name} ({entry.act}) does not follow the entry before it: the chain is broken"
        former = entry.sha256


def captured(entries: Iterable[CustodyEntry]) -> dict[str, Mapping[str, Any]]:
    """What the log says is in custody and was not erased since: evidence id to its hashes as they were captured.

    `at`: when; None for what was captured before there was a log, which one entry tells of together, with its reason.
    """
    held: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if entry.act == "captured":
            at = entry.at if entry.reason is None else None
            held |= {each["evidence_id"]: {**each, "at": at} for each in entry.detail["exhibits"]}
        if entry.act == "erased":
            for evidence_id in entry.detail["exhibits"]:
                held.pop(evidence_id, None)
    return held


def on_hold(entries: Iterable[CustodyEntry]) -> bool:
    """Whether the log ends with the incident on legal hold."""
    held = False
    for entry in entries:
        held = {"hold_set": True, "hold_lifted": False}.get(entry.act, held)
    return held
