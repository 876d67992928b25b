"""An incident given out in the form that another tool takes: a file, and an entry of the custody log."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from incidents.custody import Handling
from incidents.dossier import EvidenceBroken
from incidents.exchange import FORMATS, Case, Format, case_of
from incidents.exchange_alerts import iris, thehive
from incidents.exchange_table import plain, posts_table
from tocsin.custodian import Request, certificates, make_room
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import House


def _stix(case: Case) -> bytes:
    from incidents.exchange_stix import stix  # noqa: PLC0415 - stix2 takes long to import, and few commands need it

    return stix(case)


MAKERS: dict[Format, tuple[str, Callable[[Case], bytes]]] = {
    "thehive": ("thehive.json", thehive),
    "iris": ("iris.json", iris),
    "stix": ("stix.json", _stix),
    "csv": ("csv", posts_table),
    "json": ("json", plain),
}


def format_of(written: str) -> Format:
    """The format of that name. Raises Misconfigured naming those that there are."""
    found = next((each for each in FORMATS if each == written), None)
    if found is None:
        raise Misconfigured(f"--format {written!r} is none of bundle, {', '.join(FORMATS)}")
    return found


def give_out_as(house: House, form: Format, incident_id: str, out: Path, asked: Request) -> tuple[Path, str]:
    """Write the incident in a format into the folder `out`; the file, and its SHA-256.

    Raises IncidentUnknown, Misconfigured where the file stands already or cannot be written, StepFailed naming evidence
    that is broken. The log says so before the file is there.
    """
    suffix, make = MAKERS[form]
    path = out / f"{incident_id}.{suffix}"
    if path.exists():
        raise Misconfigured(f"{path} is there already: nothing is written over it; name another --out")
    try:
        dossier = house.custody.dossier(incident_id, certificates(house))
    except EvidenceBroken as error:
        raise StepFailed(f"nothing was given out: {error}") from error
    content = make(case_of(dossier, names=asked.names, register=house.staff))
    known = hashlib.sha256(content).hexdigest()
    detail = {"format": form, "sha256": known, "names": asked.names} | (
        {"to": asked.recipient} if asked.recipient else {}
    )
    handling = Handling("released" if asked.recipient else "exported", asked.actor, asked.why, "cli", detail)
    make_room(out)
    house.custody.note(incident_id, handling)
    path.touch(mode=0o600, exist_ok=False)  # abuse, names: for nobody else on the machine
    path.write_bytes(content)
    return path, known
