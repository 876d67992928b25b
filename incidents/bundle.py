"""A bundle of evidence: files that a third party checks with sha256sum, openssl and Python's standard library.

The same dossier gives the same bytes. Of what it rests on, see docs/evidence.md.
"""

import csv
import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

from incidents import verify_bundle
from incidents.bundle_words import README
from incidents.custody import canonical
from incidents.dossier import Dossier
from incidents.stamping import address
from incidents.visible import cell
from incidents.wording import TARGETS

FORMAT = "tocsin evidence bundle 1"
MANIFEST = verify_bundle.MANIFEST


def files(dossier: Dossier, names: bool = False, authority: bytes | None = None) -> dict[str, bytes]:
    """The bundle, by path within it. `names`: say whom it was aimed at by name, not by role.

    `authority`: certificates (PEM) of the timestamping authority, to go along.
    """
    from incidents.bundle_pdf import report  # noqa: PLC0415 - half a second to import, and few commands need it

    made = {
        "README.txt": README.format(incident=dossier.incident.id).encode(),
        "verify.py": Path(verify_bundle.__file__).read_bytes(),
        "incident.json": _pretty(_incident(dossier, names)),
        "report.pdf": report(dossier, names),
        "custody.jsonl": "".join(f"{canonical(entry)}\n" for entry in dossier.custody).encode("ascii"),
        "custody.csv": _custody_csv(dossier),
    }
    for number, held in enumerate(dossier.exhibits, start=1):
        made[f"{_folder(number)}/exhibit.json"] = held.exhibit.encode("ascii")
        if held.original is not None:
            made[f"{_folder(number)}/original.json"] = held.original.encode("ascii")
            made[f"{_folder(number)}/payload.json"] = _pretty(held.document["payload"])
    for number, step in enumerate(dossier.course, start=len(dossier.exhibits) + 1):
        made[f"{_folder(number)}/exhibit.json"] = step.step.encode("ascii")
        made[f"{_folder(number)}/original.json"] = step.original.encode("ascii")
        made[f"{_folder(number)}/payload.json"] = _pretty(step.document["payload"])
    made |= _timestamps(dossier, authority)
    return made | {MANIFEST: manifest(made)}


def manifest(made: Mapping[str, bytes]) -> bytes:
    """One line a file, as `sha256sum -c` reads it."""
    return "".join(f"{hashlib.sha256(made[name]).hexdigest()}  {name}\n" for name in sorted(made)).encode("ascii")


def write(made: Mapping[str, bytes], folder: Path) -> None:
    """Write a bundle beside its place, then put it there whole. Raises FileExistsError where something stands there."""
    if folder.exists():
        raise FileExistsError(f"{folder} is there already: a bundle is never written over another; name another --out")
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)  # abuse, names: for nobody else on the machine
    try:
        for name, content in made.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.rename(draft, folder)  # noqa: PTH104 - refuses to replace a folder with something in it
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _incident(dossier: Dossier, names: bool) -> dict[str, Any]:
    incident = dossier.incident
    plain = asdict(incident)
    del plain["key"]
    return {
        "format": FORMAT,
        "incident": plain
        | {
            "policy": incident.key.policy,
            "category": incident.key.category,
            "author": incident.key.author,
            "why": dossier.told(incident.why, names),
            "target": incident.key.target if names else TARGETS.get(incident.target_kind, "somebody"),
        },
        "organisation": dossier.organisation,
        "clauses": [{"id": clause, "text": text} for clause, text in dossier.clauses],
        "legal_hold": dossier.legal_hold,
        "events": [asdict(event) for event in dossier.events],
        "exhibits": [
            {
                "folder": _folder(number),
                "evidence_id": held.evidence_id,
                "mention_id": held.read.mention_id,
                "exhibit_sha256": held.sha256,
                "original_sha256": held.original_sha256,
            }
            for number, held in enumerate(dossier.exhibits, start=1)
        ]
        + [
            {
                "folder": _folder(number),
                "evidence_id": step.evidence_id,
                "mention_id": step.mention_id,
                "exhibit_sha256": step.sha256,
                "original_sha256": step.original_sha256,
                "part_of": sorted(step.read["counted_as"]),
            }
            for number, step in enumerate(dossier.course, start=len(dossier.exhibits) + 1)
        ],
        "timestamps": [
            {"entry": stamp.sequence, "authority": address(stamp.tsa), "at": stamp.stamped_at}
            for stamp in dossier.stamps
        ],
        "custody_sha256": dossier.custody[-1].sha256,
    }


def _folder(number: int) -> str:
    return f"exhibits/{number:03d}"


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, default=str) + "\n").encode("ascii")


def _custody_csv(dossier: Dossier) -> bytes:
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(("entry", "at (UTC)", "act", "by", "why", "from", "sha256"))
    for each in dossier.custody:
        at = each.at.astimezone(UTC).isoformat()
        told = (cell(text or "") for text in (each.act, each.actor, each.reason, each.origin))
        table.writerow((each.sequence, at, *told, each.sha256))
    return written.getvalue().encode("utf-8", "backslashreplace")


def _timestamps(dossier: Dossier, authority: bytes | None) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    entries = {entry.sequence: entry for entry in dossier.custody}
    for stamp in dossier.stamps:
        name = f"timestamps/{stamp.sequence:04d}"
        made[f"{name}.json"] = canonical(entries[stamp.sequence]).encode("ascii")
        made[f"{name}.tsq"], made[f"{name}.tsr"] = stamp.query, stamp.reply
    return made | ({verify_bundle.AUTHORITY: authority} if made and authority else {})
