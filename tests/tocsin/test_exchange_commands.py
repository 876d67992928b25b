"""`tocsin incident export --format` and `list --csv`: what leaves is masked, refused over another, and in the log."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
import stix2
from sqlalchemy import update

from incidents.exchange import FORMATS
from tests.incidents.samples import exhibit
from tests.tocsin.conftest import Run
from tests.warehouse.case_samples import lay, raise_in
from tocsin.exchanging import MAKERS
from tocsin.house import open_house
from warehouse.custody_schema import originals

pytestmark = pytest.mark.usefixtures("case")


@pytest.fixture
def case(bare: Path) -> None:
    """TOC-1001, with two exhibits in custody."""
    engine = open_house().engine
    lay(engine, [exhibit(1, text="=1+1, said to sample_worker"), exhibit(2)])
    raise_in(engine)


def export(tocsin: Run, form: str, *more: str) -> tuple[int, str]:
    """The status, and what was said."""
    words = ("incident", "export", "TOC-1001", "--format", form, "--out", "given", "--by", "sam", "--why", "asked")
    said = tocsin(*words, *more)
    return said.status, said.out + said.err


@pytest.mark.parametrize("form", FORMATS)
def test_what_leaves_is_written_once_and_is_in_the_log(tocsin: Run, bare: Path, form: str) -> None:
    status, said = export(tocsin, form, "--to", "Sample Constabulary")
    assert status == 0, said
    path = bare / "given" / f"TOC-1001.{MAKERS[form][0]}"  # type: ignore[index]
    known = hashlib.sha256(path.read_bytes()).hexdigest()
    assert known in said
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"sample_worker" not in path.read_bytes()
    last = json.loads(tocsin("evidence", "log", "TOC-1001", "--json").out)[-1]
    assert (last["act"], last["actor"], last["reason"]) == ("released", "sam", "asked")
    assert last["detail"] == {"format": form, "sha256": known, "names": False, "to": "Sample Constabulary"}
    again, said = export(tocsin, form)
    assert (again, "--out" in said) == (2, True)
    assert tocsin("evidence", "verify", "--all").status == 0


def test_stix_on_disk_is_read_by_its_parser(tocsin: Run, bare: Path) -> None:
    export(tocsin, "stix", "--names")
    bundle = stix2.parse((bare / "given/TOC-1001.stix.json").read_text(encoding="utf-8"))
    assert "sample_worker" in bundle.serialize()


def test_a_touched_row_is_given_out_in_no_form(tocsin: Run, bare: Path) -> None:
    with open_house().engine.begin() as connection:
        connection.execute(update(originals).values(original="{}"))
    status, said = export(tocsin, "json")
    assert (status, "nothing was given out" in said) == (1, True)
    assert not (bare / "given").exists()


def test_wrong_words_name_the_fix(tocsin: Run) -> None:
    status, said = export(tocsin, "pdf")
    assert (status, "thehive, iris, stix, csv, json" in said) == (2, True)
    said = tocsin("incident", "export", "TOC-9999", "--format", "csv", "--why", "asked")
    assert (said.status, "TOC-9999" in said.err) == (2, True)


@pytest.mark.parametrize("form", ["json", "bundle"])
@pytest.mark.parametrize("out", ["a file", "/proc/invented"])
def test_what_cannot_be_written_is_not_in_the_log(tocsin: Run, bare: Path, form: str, out: str) -> None:
    (bare / "a file").touch()
    status, said = export(tocsin, form, "--out", out)
    assert (status, f"--out {out} cannot be written" in said) == (2, True), said
    assert "exported" not in tocsin("evidence", "log", "TOC-1001", "--json").out


def test_the_list_as_csv(tocsin: Run) -> None:
    rows = list(csv.reader(io.StringIO(tocsin("incident", "list", "--csv").out, newline="")))
    assert [row[0] for row in rows] == ["incident", "TOC-1001"]
    assert rows[1][4] == "an employee"
