"""A dossier as the warehouse would read it, for the tests of bundles. Every post here is invented."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta

from incidents.custody import CustodyEntry, Handling, following
from incidents.dossier import Dossier, HeldExhibit
from incidents.evidence import canonical, digest
from incidents.incident import GroupKey, Incident
from incidents.lifecycle import Event
from incidents.stamping import Stamp
from tests.incidents.samples import NOON, exhibit

MEDIA = [{"type": "image", "url": "https://media.example/1.png", "sha256": None, "note": "not fetched"}]


def held(number: int, text: str) -> HeldExhibit:
    """One exhibit of one post."""
    one = exhibit(number, text=text)
    document = {"payload": {"text": text, "id": number}, "media": MEDIA if number == 1 else []}
    original = json.dumps(document, sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(f"TOC-1001\n{one.finding_id}".encode()).hexdigest()
    return HeldExhibit(name, canonical(one), digest(one), original, hashlib.sha256(original.encode()).hexdigest())


def log(exhibits: Sequence[HeldExhibit], *later: Handling) -> list[CustodyEntry]:
    """A log that begins with their capture."""
    taken = [{"evidence_id": e.evidence_id, "exhibit": e.sha256, "original": e.original_sha256} for e in exhibits]
    entries = [following(None, "TOC-1001", Handling("captured", "tocsin", detail={"exhibits": taken}), NOON)]
    for number, handling in enumerate(later, start=1):
        entries.append(following(entries[-1], "TOC-1001", handling, NOON + timedelta(minutes=number)))
    return entries


def dossier(*texts: str, why: str = "asked for", stamps: Sequence[Stamp] = ()) -> Dossier:
    """An incident that rests on these posts, looked at once."""
    exhibits = [held(number, text) for number, text in enumerate(texts, start=1)]
    incident = Incident(
        id="TOC-1001",
        key=GroupKey("sample", "author-1", "sample_worker", "threat"),
        severity="critical",
        status="escalated",
        clauses=("EW 1.1",),
        author_handle="sample_author",
        target_kind="employee",
        mention_ids=tuple(f"x:{number}" for number, _ in enumerate(texts, start=1)),
        platforms=("x",),
        opened_at=NOON,
        first_seen_at=NOON,
        last_seen_at=NOON,
        why="Threatens sample_worker (one of our people): “sample_worker, your tyres”.",
    )
    return Dossier(
        incident=incident,
        organisation="Example Water",
        clauses=[("EW 1.1", "Nobody is to be abused.")],
        events=[Event("TOC-1001", "opened", "tocsin", NOON), Event("TOC-1001", "escalated", "sam", NOON, why, "cli")],
        exhibits=exhibits,
        custody=log(exhibits, Handling("viewed", "sam", why, "cli")),
        stamps=stamps,
    )
