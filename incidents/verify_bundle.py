"""Check a bundle of evidence made by `tocsin incident export`. Needs Python's standard library and nothing else.

    python3 verify.py [FOLDER] [--authority CERTIFICATES.pem]

Checks every file against MANIFEST.sha256, the chain of the custody log, each exhibit against the log, and, where the
command `openssl` and the certificates of the timestamping authority are there, the timestamps. Exit 0: all is as it was
made; 1: it is not, and each line says what is wrong.
"""

import argparse
import calendar
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.sha256"
AUTHORITY = "timestamps/authority.pem"
FIRST = "0" * 64
STAMPED = re.compile(r"^Time stamp: ([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)? ([1-9]\d{3}) GMT$", re.MULTILINE)
LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError)


def problems(folder: Path, authority: Path | None = None) -> Iterator[str]:
    """What is wrong with a bundle, one sentence each; nothing where it is whole."""
    for check in (_manifest, _custody, _exhibits):
        try:
            yield from check(folder)
        except UNREADABLE as error:
            yield f"the bundle cannot be read as one: {type(error).__name__}: {error}"
    yield from _timestamps(folder, authority)


def unchecked(folder: Path, authority: Path | None = None) -> Iterator[str]:
    """What could not be checked here and what is missing for it, and what was checked as of another day than today."""
    replies = sorted(folder.glob("timestamps/*.tsr"))
    if not replies:
        yield "there are no timestamps: nothing outside the bundle says since when it has been as it is"
    elif shutil.which("openssl") is None:
        yield "the timestamps were not checked: the command openssl is not installed"
    elif not (certificates := authority or folder / AUTHORITY).is_file():
        yield "the timestamps were not checked: name the authority's certificates by --authority"
    else:
        if authority is None:
            yield f"the timestamps were checked by {AUTHORITY} of the bundle: better get it from the authority itself"
        for reply in replies:
            if _openssl(reply, certificates) and not _openssl(reply, certificates, *_as_of_then(reply)):
                yield f"timestamps/{reply.name} holds as of when it was given: its certificates have expired since"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest(folder: Path) -> Iterator[str]:
    told = {}
    text = (folder / MANIFEST).read_bytes().decode("ascii", "backslashreplace")
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            yield f"{MANIFEST} has a line that is none of its kind: {line[:100]!r}"
            continue
        told[match[2]] = match[1]
    held = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir())
    found = {path.relative_to(folder).as_posix(): path for path in held}
    if found.pop(MANIFEST).is_symlink():
        yield f"{MANIFEST} is a link, and no file of the bundle is"
    for name, path in found.items():
        if path.is_symlink():
            yield f"{name} is a link, and no file of the bundle is"
        elif name not in told:
            yield f"{name} is not in {MANIFEST}: it was added"
        elif _sha256(path) != told[name]:
            yield f"{name} was changed: its SHA-256 is not that in {MANIFEST}"
    for name in sorted(told.keys() - found.keys()):
        yield f"{name} is missing"
    if text != "".join(f"{told[name]}  {name}\n" for name in sorted(told)):
        yield f"{MANIFEST} was changed: it is not as it is written"


def _log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "custody.jsonl").read_text("ascii").splitlines()]


def _custody(folder: Path) -> Iterator[str]:
    former = FIRST
    lines = (folder / "custody.jsonl").read_text("ascii").splitlines()
    if not lines:
        yield "custody.jsonl is empty"
    for place, line in enumerate(lines, start=1):
        entry = json.loads(line)
        if entry["sequence"] != place:
            yield f"custody entry {entry['sequence']} stands where {place} should"
        if entry["former"] != former:
            yield f"custody entry {place} does not follow the entry before it: the chain is broken"
        if line != json.dumps(entry, sort_keys=True, separators=(",", ":")):
            yield f"custody entry {place} is not in its canonical form"
        former = hashlib.sha256(line.encode("ascii")).hexdigest()
    if json.loads((folder / "incident.json").read_bytes())["custody_sha256"] != former:
        yield "incident.json names another end of the custody log: entries were cut off or changed"


def _captured(log: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = {}
    for entry in log:
        if entry["act"] == "captured":
            held.update({each["evidence_id"]: each for each in entry["detail"]["exhibits"]})
        if entry["act"] == "erased":
            for evidence_id in entry["detail"]["exhibits"]:
                held.pop(evidence_id, None)
    return held


def _exhibits(folder: Path) -> Iterator[str]:
    held = _captured(_log(folder))
    listed = json.loads((folder / "incident.json").read_bytes())["exhibits"]
    rest = {path.relative_to(folder).as_posix() for path in folder.glob("exhibits/**/*") if not path.is_dir()}
    for each in listed:
        place = str(each["folder"])
        taken = held.pop(each["evidence_id"], None)
        if taken is None or not re.fullmatch(r"exhibits/\d+", place):
            yield f"{place[:40]} is in no entry of the custody log"
            continue
        if _sha256(folder / place / "exhibit.json") != taken["exhibit"]:
            yield f"{place}/exhibit.json is not what the custody log says was captured"
        rest.discard(f"{place}/exhibit.json")
        if taken["original"] is None:
            continue
        rest -= {f"{place}/original.json", f"{place}/payload.json"}
        if _sha256(folder / place / "original.json") != taken["original"]:
            yield f"{place}/original.json is not what the custody log says was captured"
        original = json.loads((folder / place / "original.json").read_bytes())
        if original["payload"] != json.loads((folder / place / "payload.json").read_bytes()):
            yield f"{place}/payload.json is not the record in {place}/original.json"
    for name in sorted(rest):
        yield f"{name} is of no exhibit in the custody log: it was added"
    for evidence_id in sorted(held):
        yield f"exhibit {evidence_id[:12]} was captured, not erased, and is not in the bundle"


def _timestamps(folder: Path, authority: Path | None) -> Iterator[str]:
    certificates = authority or folder / AUTHORITY
    able = shutil.which("openssl") is not None and certificates.is_file()
    try:
        lines = (folder / "custody.jsonl").read_text("ascii").splitlines()
    except UNREADABLE:
        return  # said already
    for reply in sorted(folder.glob("timestamps/*.tsr")):
        data = reply.with_suffix(".json")
        place = int(reply.stem) if reply.stem.isdecimal() else 0
        if not data.is_file() or not 0 < place <= len(lines) or data.read_bytes() != lines[place - 1].encode("ascii"):
            yield f"timestamps/{data.name} is not entry {reply.stem} of custody.jsonl"
        elif able and (said := _openssl(reply, certificates)) and _openssl(reply, certificates, *_as_of_then(reply)):
            yield f"timestamps/{reply.name} does not hold: {said}"


def _openssl(reply: Path, certificates: Path, *more: str) -> str:
    """Why a timestamp does not hold; nothing where it does. Certificates are to be valid today, or as `more` says."""
    done = _run(
        "-verify", "-data", str(reply.with_suffix(".json")), "-in", str(reply), "-CAfile", str(certificates), *more
    )
    said = done.stderr.strip() or done.stdout.strip() or "openssl does not say why"
    return "" if done.returncode == 0 else said[-300:].replace("\n", " ")


def _as_of_then(reply: Path) -> tuple[str, ...]:
    """What asks for certificates that were valid when the timestamp was given; nothing where it names no time.

    A certificate lasts a few years, and what it signed meanwhile holds for ever. The time is read from the signed token
    alone: words of whoever handed over the reply may stand around it.
    """
    told = STAMPED.search(_run("-reply", "-in", str(reply), "-token_out", "-text").stdout)
    return ("-attime", str(calendar.timegm(time.strptime(f"{told[1]} {told[2]}", "%b %d %H:%M:%S %Y")))) if told else ()


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["openssl", "ts", *words], capture_output=True, text=True, errors="replace", check=False)  # noqa: S603, S607


def _shown(text: str) -> str:
    """As a terminal may have it: names of files in a bundle are whoever's made them."""
    return "".join(each if " " <= each <= "~" else ascii(each)[1:-1] for each in text)


def main() -> int:
    """Check the folder named, or the one that this script lies in."""
    parser = argparse.ArgumentParser(description="Check a bundle of evidence.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--authority", type=Path, help="certificates (PEM) of the timestamping authority")
    asked = parser.parse_args()
    found = list(problems(asked.folder, asked.authority))
    for problem in found:
        print(f"WRONG  {_shown(problem)}")  # noqa: T201
    for note in unchecked(asked.folder, asked.authority):
        print(f"note   {_shown(note)}")  # noqa: T201
    if not found:
        print(f"whole  {asked.folder}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
