"""A bundle of evidence, checked from outside: by sha256sum, by openssl, by its own script; and touched, to be found."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents import bundle, verify_bundle
from incidents.bundle_pdf import report
from incidents.dossier import Dossier
from incidents.lifecycle import Event
from incidents.stamping import Stamp, ask
from tests.incidents.dossiers import dossier
from tests.incidents.tsa import Authority

HOSTILE = (
    "<!channel> <script>alert(1)</script> @sample_worker **x** \u202etxt.exe\u202c \x00 \U0001f469\u200d\U0001f692",
    "=cmd|' /C calc'!A0",
    "Z" + "\u0351\u0317" * 300,
    "שלום 中文 العربية " + "A" * 12_000,
)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A timestamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = Authority(tmp_path_factory.mktemp("tsa"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def stamped(authority: Authority) -> Dossier:
    """A dossier of hostile posts, its log stamped."""
    case = dossier(*HOSTILE, why='=HYPERLINK("https://evil.example")\n\u202e')
    stamps: list[Stamp] = [ask(httpx.stream, entry, authority.url) for entry in case.custody]
    return replace(case, stamps=stamps)


@pytest.fixture(scope="module")
def made(stamped: Dossier, authority: Authority) -> dict[str, bytes]:
    """Its bundle."""
    return bundle.files(stamped, authority=authority.certificates.read_bytes())


@pytest.fixture
def folder(made: dict[str, bytes], tmp_path: Path) -> Path:
    """The bundle on disk."""
    bundle.write(made, tmp_path / "TOC-1001")
    return tmp_path / "TOC-1001"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in the bundle's folder."""
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_standard_tools_find_it_whole(folder: Path, authority: Authority) -> None:
    if shutil.which("sha256sum"):
        said = run(folder, "sha256sum", "--strict", "-c", "MANIFEST.sha256")
        assert said.returncode == 0, said.stderr
        assert said.stdout.count(": OK") == len(list(folder.rglob("*.*"))) - 1
    for number in ("0001", "0002"):
        words = ("-data", f"timestamps/{number}.json", "-in", f"timestamps/{number}.tsr")
        said = run(folder, "openssl", "ts", "-verify", *words, "-CAfile", str(authority.certificates))
        assert said.returncode == 0, said.stderr
        said = run(folder, "openssl", "ts", "-query", "-in", f"timestamps/{number}.tsq", "-text")
        assert "sha256" in said.stdout.lower()
    script = run(folder, sys.executable, "-I", "verify.py")
    assert (script.returncode, script.stderr) == (0, "")
    assert script.stdout.startswith("note   the timestamps were checked by")
    assert not (folder / "__pycache__").exists()


def test_the_same_dossier_gives_the_same_bytes(stamped: Dossier, made: dict[str, bytes], authority: Authority) -> None:
    again = bundle.files(stamped, authority=authority.certificates.read_bytes())
    assert again.keys() == made.keys()
    assert [name for name in made if made[name] != again[name]] == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found(folder: Path, made: dict[str, bytes], data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(made)))
    place = data.draw(st.integers(0, len(made[name]) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != made[name][place]))
    touched = bytearray(made[name])
    touched[place] = value
    (folder / name).write_bytes(bytes(touched))
    try:
        found = list(verify_bundle.problems(folder))
    finally:
        (folder / name).write_bytes(made[name])
    assert any(name in problem for problem in found), found


def _drop_last_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-1])


@pytest.mark.parametrize(
    ("name", "touch", "told"),
    [
        ("exhibits/002/exhibit.json", lambda old: old.replace(b"calc", b"Calc"), "002/exhibit.json is not what"),
        ("exhibits/002/original.json", lambda old: old.replace(b"calc", b"Calc"), "002/original.json is not what"),
        ("exhibits/002/payload.json", lambda old: old.replace(b"calc", b"Calc"), "payload.json is not the record"),
        ("custody.jsonl", lambda old: old.replace(b'"sam"', b'"pam"'), "another end of the custody log"),
        ("custody.jsonl", lambda old: old.replace(b'"tocsin"', b'"tocsan"'), "the chain is broken"),
        ("custody.jsonl", _drop_last_line, "entries were cut off"),
        ("timestamps/0002.json", lambda old: old.replace(b'"sam"', b'"pam"'), "is not entry 0002"),
        ("timestamps/0002.tsr", lambda old: old[:-1] + bytes([old[-1] ^ 1]), "0002.tsr does not hold"),
        ("incident.json", lambda _old: b"[]\n", "cannot be read"),
    ],
)
def test_a_manifest_made_anew_hides_no_change(
    folder: Path, made: dict[str, bytes], name: str, touch: Callable[[bytes], bytes], told: str
) -> None:
    """Whoever changes a file and its hash must still change the chain, and the authority's signature."""
    changed = {**made, name: touch(made[name])}
    assert changed[name] != made[name]
    del changed[bundle.MANIFEST]
    (folder / name).write_bytes(changed[name])
    (folder / bundle.MANIFEST).write_bytes(bundle.manifest(changed))
    found = list(verify_bundle.problems(folder))
    assert any(told in problem for problem in found), found
    assert run(folder, sys.executable, "-I", "verify.py").returncode == 1


def test_files_that_were_added_removed_or_replaced_by_links_are_named(folder: Path) -> None:
    (folder / "exhibits/001/photo.png").write_bytes(b"a picture")
    (folder / "custody.csv").unlink()
    (folder / "README.txt").unlink()
    (folder / "README.txt").symlink_to(folder / "verify.py")
    (folder / "more").symlink_to(folder / "timestamps")
    found = "\n".join(verify_bundle.problems(folder))
    for told in ("photo.png is not in", "custody.csv is missing", "README.txt is a link", "more is a link"):
        assert told in found


def test_a_name_in_a_bundle_does_nothing_to_the_terminal(folder: Path) -> None:
    (folder / "\x1b[2Jwhole  TOC-1001\n\u202e").write_bytes(b"")
    said = run(folder, sys.executable, "-I", "verify.py")
    assert (said.returncode, said.stderr) == (1, "")
    assert r"WRONG  \x1b[2Jwhole  TOC-1001\n\u202e is not in" in said.stdout
    assert all(line.startswith(("WRONG", "note")) for line in said.stdout.splitlines())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("exhibits/001/photo.png", "photo.png is of no exhibit"),
        ("exhibits/009/exhibit.json", "009/exhibit.json is of no exhibit"),
        ("timestamps/\u00b2.tsr", "is not entry \u00b2"),
        ("timestamps/9999.tsr", "is not entry 9999"),
    ],
)
def test_a_manifest_made_anew_hides_nothing_that_was_added(
    folder: Path, made: dict[str, bytes], name: str, told: str
) -> None:
    added = {each: content for each, content in made.items() if each != bundle.MANIFEST} | {name: b"{}"}
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"{}")
    listed = {each: content for each, content in added.items() if each.isascii()}
    (folder / bundle.MANIFEST).write_bytes(bundle.manifest(listed))
    found = list(verify_bundle.problems(folder))
    assert any(told in problem for problem in found), found
    assert run(folder, sys.executable, "-I", "verify.py").returncode == 1


def test_a_bundle_is_never_written_over_another(folder: Path, made: dict[str, bytes]) -> None:
    with pytest.raises(FileExistsError, match="another"):
        bundle.write(made, folder)
    assert [path.name for path in folder.parent.iterdir()] == ["TOC-1001"]
    assert folder.stat().st_mode & 0o077 == 0, "others on the machine can look in"


def test_the_posts_are_as_they_were_and_their_targets_are_told_by_role(made: dict[str, bytes]) -> None:
    told = json.loads(made["incident.json"])
    assert told["incident"]["target"] == "an employee"
    assert b"sample_worker" not in made["incident.json"]
    assert told["incident"]["why"] == "Threatens an employee: “[an employee], your tyres”."
    for number, text in enumerate(HOSTILE, start=1):
        exhibit = made[f"exhibits/{number:03d}/exhibit.json"]
        assert json.loads(exhibit)["text"] == text
        assert hashlib.sha256(exhibit).hexdigest() == told["exhibits"][number - 1]["exhibit_sha256"]
    named = json.loads(bundle.files(dossier("A post."), names=True)["incident.json"])
    assert named["incident"]["target"] == "sample_worker"
    assert named["incident"]["why"].startswith("Threatens sample_worker (one of our people)")


def test_a_password_that_was_kept_with_a_timestamp_is_given_to_nobody(stamped: Dossier) -> None:
    kept = [replace(each, tsa="https://sam:s3cret@tsa.example/tsr?key=s3cret") for each in stamped.stamps]
    told = bundle.files(replace(stamped, stamps=kept))
    plain = bundle.files(replace(stamped, stamps=[replace(each, tsa="https://tsa.example/tsr") for each in kept]))
    assert told == plain
    assert {each["authority"] for each in json.loads(told["incident.json"])["timestamps"]} == {
        "https://tsa.example/tsr"
    }


def test_no_cell_of_the_log_runs(made: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(made["custody.csv"].decode())))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "\u202e" not in made["custody.csv"].decode()


@settings(deadline=None, max_examples=8)
@given(st.text(st.characters(), max_size=80), st.text(st.characters(), max_size=40))
def test_any_text_makes_a_document_that_does_nothing(text: str, why: str) -> None:
    made = report(dossier(text, why=why))
    assert made.startswith(b"%PDF-")
    for act in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/SubmitForm"):
        assert act not in made


def test_the_report_warns_on_its_first_page_and_says_all_that_matters(made: dict[str, bytes], tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(made["report.pdf"])
    first = run(tmp_path, "pdftotext", "-l", "1", "report.pdf", "-").stdout
    whole = run(tmp_path, "pdftotext", "-layout", "report.pdf", "-").stdout
    assert "abuse and slurs included" in " ".join(first.split())
    for told in ("Nobody is to be abused.", "<script>alert(1)</script>", "[U+202E]", "[emoji: woman firefighter]"):
        assert told in whole
    assert "[+597 marks]" in whole
    assert "The first 10,000 of 12," in whole


def test_the_report_of_a_campaign_counts_its_authors_and_says_where_a_merged_one_goes_on(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    plain = dossier("One.", "Two.")
    campaign = replace(plain.incident, authors=("author-1", "author-2"), handles=("crowd_1", "crowd_2"))
    merged = replace(campaign, status="merged", merged_into="TOC-1009")
    went = Event("TOC-1001", "merged", "sam", plain.events[0].at, "one case", "cli", {"into": "TOC-1009"})
    told = replace(plain, incident=merged, events=(*plain.events, went))
    (tmp_path / "report.pdf").write_bytes(report(told))
    whole = " ".join(run(tmp_path, "pdftotext", "-layout", "report.pdf", "-").stdout.split())
    assert "2: crowd_1, crowd_2" in whole
    assert "merged into TOC-1009" in whole
    assert "merged (TOC-1009)" in whole
