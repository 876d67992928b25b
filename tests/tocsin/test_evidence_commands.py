"""`tocsin incident hold, release, export` and `tocsin evidence`: custody through the command."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.incidents.samples import exhibit
from tests.incidents.tsa import Authority
from tests.tocsin.conftest import Run
from tests.warehouse.case_samples import lay, raise_in
from tocsin.house import open_house
from warehouse.custody_schema import originals, stamps


@pytest.fixture
def case(bare: Path) -> None:
    """TOC-1001, with two exhibits in custody."""
    engine = open_house().engine
    lay(engine, [exhibit(1), exhibit(2)])
    raise_in(engine)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """A timestamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = Authority(tmp_path / "tsa")
    yield made
    made.close()


def acts(tocsin: Run) -> list[tuple[str, str]]:
    """What was done with the evidence, and by whom."""
    told = json.loads(tocsin("evidence", "log", "TOC-1001", "--json").out)
    return [(entry["act"], entry["actor"]) for entry in told]


@pytest.mark.usefixtures("case")
def test_who_looks_holds_and_takes_is_in_the_log(tocsin: Run, bare: Path) -> None:
    assert tocsin("incident", "show", "TOC-1001").status == 0
    assert "on legal hold" in tocsin("incident", "hold", "TOC-1001", "--by", "sam", "--why", "the police asked").out
    said = tocsin("incident", "hold", "TOC-1001", "--by", "sam", "--why", "again")
    assert (said.status, "already" in said.err) == (2, True)
    erased = tocsin("privacy", "erase", "x", "sample_author", "--reason", "asked", "--by", "officer", "--yes")
    assert json.loads(erased.out)["legal_holds"] == ["TOC-1001"]
    assert tocsin("incident", "release", "TOC-1001", "--by", "alex", "--why", "charged").status == 0
    words = ("incident", "export", "TOC-1001", "--out", "given", "--by", "sam", "--why", "for court")
    said = tocsin(*words, "--to", "Sample Constabulary")
    assert said.status == 0, said.err
    assert [act for act, _ in acts(tocsin)] == [
        "captured",
        "viewed",
        "hold_set",
        "erasure_refused",
        "hold_lifted",
        "released",
    ]
    last = json.loads(tocsin("evidence", "log", "TOC-1001", "--json").out)[-1]
    assert last["detail"]["to"] == "Sample Constabulary"
    assert last["detail"]["manifest"] in said.out
    assert "released" in tocsin("evidence", "log", "TOC-1001").out
    assert tocsin("evidence", "verify", "given/TOC-1001").out.startswith("whole")
    (bare / "given/TOC-1001/incident.json").write_bytes(b"{}")
    found = tocsin("evidence", "verify", "given/TOC-1001")
    assert (found.status, "incident.json was changed" in found.out) == (1, True)


@pytest.mark.usefixtures("case")
def test_a_recipient_in_another_encoding_does_not_break_the_log(tocsin: Run) -> None:
    words = ("incident", "export", "TOC-1001", "--by", "sam", "--why", "asked", "--to", os.fsdecode(b"M\xfcnster"))
    assert tocsin(*words, "--out", "one").status == 0
    assert tocsin(*words, "--out", "two", "--format", "json").status == 0
    assert json.loads(tocsin("evidence", "log", "TOC-1001", "--json").out)[-1]["detail"]["to"] == r"M\udcfcnster"
    said = tocsin("evidence", "verify")
    assert (said.status, said.out) == (0, "whole  the evidence in the warehouse\n")


@pytest.mark.usefixtures("case")
def test_a_touched_row_is_named_and_nothing_is_given_out(tocsin: Run, bare: Path) -> None:
    assert tocsin("evidence", "verify").status == 0
    assert tocsin("evidence", "verify", "--all").out == "whole  the evidence in the warehouse\n"
    with open_house().engine.begin() as connection:
        connection.execute(update(originals).values(original="{}"))
    said = tocsin("evidence", "verify", "--all")
    assert said.status == 1
    assert said.out.count("TOC-1001: exhibit") == 2
    said = tocsin("incident", "export", "TOC-1001", "--out", "given", "--why", "for court")
    assert (said.status, "nothing was given out" in said.err) == (1, True)
    assert not (bare / "given").exists()
    assert [act for act, _ in acts(tocsin)] == ["captured"]


@pytest.mark.usefixtures("case")
def test_wrong_words_are_told_with_the_fix(tocsin: Run, bare: Path) -> None:
    (bare / "here").mkdir()
    (bare / "given/TOC-1001").mkdir(parents=True)
    (bare / "ca.pem").write_text("no certificate")
    for words, told in (
        (("incident", "hold", "TOC-1001"), "--why"),
        (("incident", "hold", "TOC-1001", "--why", " "), "say why"),
        (("incident", "hold", "TOC-9999", "--why", "why"), "TOC-9999"),
        (("incident", "release", "TOC-1001", "--why", "why"), "not on legal hold"),
        (("incident", "export", "TOC-9999", "--why", "why"), "TOC-9999"),
        (("incident", "export", "TOC-1001", "--why", "why", "--out", "given"), "--out"),
        (("evidence", "log", "TOC-9999"), "TOC-9999"),
        (("evidence", "verify", "nowhere"), "MANIFEST"),
        (("evidence", "verify", "here", "--all"), "not both"),
        (("evidence", "verify", "--authority", "nowhere.pem"), "--authority: nowhere.pem cannot be read"),
        (("evidence", "verify", "--authority", "ca.pem"), "--authority: ca.pem holds no certificate"),
        (("evidence", "verify", "here", "--authority", "nowhere.pem"), "--authority: nowhere.pem cannot be read"),
        (("evidence", "verify", "here", "--authority", "ca.pem"), "--authority: ca.pem holds no certificate"),
    ):
        said = tocsin(*words)
        assert (said.status, told in said.err) == (2, True), (words, said.err)
        assert "Traceback" not in said.err
    said = tocsin("evidence", "verify", TSA_CA="ca.pem")
    assert (said.status, "TOCSIN_TSA_CA" in said.err) == (2, True)
    assert tocsin("evidence", "verify", "here").status == 1


@pytest.mark.usefixtures("case")
def test_timestamps_are_asked_for_retried_and_told_by_doctor(tocsin: Run, authority: Authority) -> None:
    unset = tocsin("evidence", "timestamp")
    assert (json.loads(unset.out), "TOCSIN_TSA_URL names one" in unset.err) == ({"stamped": 0}, True)
    settings = {"TSA_URL": authority.url.replace("//", "//sam:s3cret@"), "TSA_CA": str(authority.certificates)}
    authority.answers = (503, b"")
    said = tocsin("evidence", "timestamp", **settings)
    assert (said.status, "status 503" in said.err, "s3cret" in said.err) == (1, True, False)
    (ill,) = [each for each in tocsin("doctor", **settings).out.splitlines() if " timestamps: " in each]
    assert ill.startswith("FAIL")
    assert "1 custody logs wait" in ill
    authority.answers = None
    assert json.loads(tocsin("evidence", "timestamp", **settings).out) == {"stamped": 1}
    (well,) = [each for each in tocsin("doctor", **settings).out.splitlines() if " timestamps: " in each]
    assert well.startswith("ok")
    assert f"1 by {authority.url}, 0 to be asked for" in well
    assert "s3cret" not in ill + well
    with open_house().engine.connect() as connection:
        assert set(connection.scalars(select(stamps.c.tsa))) == {authority.url}
    assert tocsin("incident", "export", "TOC-1001", "--out", "given", "--why", "for court", **settings).status == 0
    said = tocsin("evidence", "verify", "given/TOC-1001", "--authority", str(authority.certificates))
    assert (said.status, "not checked" in said.err) == (0, False)
