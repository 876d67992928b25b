"""A bundle that is checked years later: the authority's certificates have expired, and its timestamps hold."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import BasicConstraints, CertificateBuilder, load_pem_x509_certificate

from incidents import bundle, verify_bundle
from incidents.stamping import ask
from tests.incidents.dossiers import dossier
from tests.incidents.tsa import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """A timestamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = Authority(tmp_path / "tsa")
    yield made
    made.close()


def lasting(authority: Authority, since: datetime, until: datetime) -> bytes:
    """The authority's root as it would be had it been valid from then to then: the same name, the same key."""
    root = load_pem_x509_certificate(authority.certificates.read_bytes())
    key = load_pem_private_key((authority.folder / "ca.key").read_bytes(), None)
    made = CertificateBuilder(root.issuer, root.subject, root.public_key(), 1, since, until)
    made = made.add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)  # type: ignore[arg-type]  # an RSA key, as made


def test_a_timestamp_outlives_the_certificates_that_it_rests_on(authority: Authority, tmp_path: Path) -> None:
    case = dossier("A post.")
    stamp = ask(httpx.stream, case.custody[0], authority.url)
    end = stamp.stamped_at + timedelta(seconds=1)
    expired = lasting(authority, end - timedelta(days=1), end)
    folder = tmp_path / "TOC-1001"
    bundle.write(bundle.files(replace(case, stamps=[stamp]), authority=expired), folder)
    while datetime.now(UTC) <= end + timedelta(seconds=1):
        time.sleep(0.2)
    assert list(verify_bundle.problems(folder)) == []
    said = subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert "note   timestamps/0001.tsr holds as of when it was given: its certificates have expired" in said.stdout
    never = tmp_path / "never.pem"
    never.write_bytes(lasting(authority, end - timedelta(days=9), end - timedelta(days=8)))
    (found,) = verify_bundle.problems(folder, never)
    assert "0001.tsr does not hold" in found
    assert not [note for note in verify_bundle.unchecked(folder, never) if "holds as of" in note]
    other = bytearray(stamp.reply)
    other[-1] ^= 1
    (folder / "timestamps/0001.tsr").write_bytes(other)
    assert any("0001.tsr does not hold" in each for each in verify_bundle.problems(folder))
