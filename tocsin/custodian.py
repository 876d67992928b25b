"""Evidence kept and given out: bundles, timestamps and proofs, for the commands and the DAG `evidence`."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from incidents import bundle
from incidents.bundle_words import FontMissing
from incidents.custody import Handling
from incidents.dossier import EvidenceBroken
from incidents.stamping import stamp_all
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import House, open_house


@dataclass(frozen=True)
class GivenOut:
    """Where a bundle is, and the hash by which it is known again."""

    folder: Path
    files: int
    manifest_sha256: str


@dataclass(frozen=True)
class Request:
    """Who asks for a bundle, why, and for whom, where it leaves the house."""

    actor: str
    why: str
    recipient: str = ""
    names: bool = False


def give_out(house: House, incident_id: str, out: Path, asked: Request) -> GivenOut:
    """Make the bundle of an incident in `out`. Raises IncidentUnknown, Misconfigured; StepFailed naming what is broken.

    The log says so before the bundle is there: it may tell of one that nobody got, never lack one that somebody has.
    """
    folder = out / incident_id
    if folder.exists():
        raise Misconfigured(f"{folder} is there already: a bundle is never written over another; name another --out")
    authority = certificates(house)
    try:
        made = bundle.files(house.custody.dossier(incident_id, authority), asked.names, authority)
    except (EvidenceBroken, FontMissing) as error:
        raise StepFailed(f"nothing was given out: {error}") from error
    known = hashlib.sha256(made[bundle.MANIFEST]).hexdigest()
    detail = {"manifest": known, "names": asked.names} | ({"to": asked.recipient} if asked.recipient else {})
    handling = Handling("released" if asked.recipient else "exported", asked.actor, asked.why, "cli", detail)
    make_room(out)
    house.custody.note(incident_id, handling)
    bundle.write(made, folder)
    return GivenOut(folder, len(made), known)


def make_room(out: Path) -> None:
    """Make the folder, and see that it takes a file, before the log tells of one. Raises Misconfigured."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            return
    except OSError as error:
        raise Misconfigured(f"--out {out} cannot be written ({error.strerror}): name another folder") from error


def certificates(house: House) -> bytes | None:
    """The timestamping authority's, as configured. Raises Misconfigured where they cannot be read."""
    path = house.settings.tsa_ca
    return None if path is None else certificates_in(path, "TOCSIN_TSA_CA")


def certificates_in(path: Path, named_by: str) -> bytes:
    """What a file of certificates holds. Raises Misconfigured, which says by what setting or option it was named."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{named_by}: {path} cannot be read ({error.strerror})") from error
    if b"BEGIN CERTIFICATE" not in content:
        raise Misconfigured(f"{named_by}: {path} holds no certificate in PEM form")
    return content


def timestamp() -> dict[str, int]:
    """Have the custody logs that changed stamped by the authority at TOCSIN_TSA_URL; how many were.

    Raises StepFailed naming what the authority said; what has no timestamp waits for the next run.
    """
    house = open_house()
    if not house.settings.tsa_url:
        return {"stamped": 0}
    counts = stamp_all(house.stamps, house.settings.tsa_url.get_secret_value(), certificates(house))
    if counts.failed:
        raise StepFailed(f"{counts.stamped} stamped, {counts.failed} not: {'; '.join(counts.problems)}")
    return {"stamped": counts.stamped}


def verify() -> int:
    """Prove all that is in custody; of how many incidents. Raises StepFailed naming what was changed."""
    house = open_house()
    if broken := list(house.custody.problems(certificates(house))):
        raise StepFailed("\n".join(broken))
    return len(house.casebook.incidents())
