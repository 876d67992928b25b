"""`tocsin people`: in by file, found by name, never read out; and what the register changes. All are invented."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from policies.check import PACKS
from tests.tocsin.conftest import Run
from tests.tocsin.posts import PRAISE, post

CONTEMPT = post(31, "Claimants stink, lazy lot, half of them are scroungers", author="example_orla")
ROW = "Orla Examplesson,x:example_orla,work coach,Hull,public task,yes,\n"
HEAD = "name,handles,role,team,basis,monitored,leaves\n"


@pytest.fixture
def people(bare: Path) -> Path:
    (path := bare / "people.csv").write_text(HEAD + ROW, encoding="utf-8")
    return path


def test_a_register_comes_in_is_listed_and_goes(tocsin: Run, people: Path) -> None:
    said = tocsin("people", "import", str(people))
    assert said.status == 0, said.err
    assert "Stored 1 person (1 new, 0 gone)" in said.out
    assert "somewhere else" in said.err
    listed = tocsin("people", "list", "--json")
    assert "rla" not in listed.out
    (person,) = json.loads(listed.out)
    assert (person["role"], person["platforms"], person["monitored"]) == ("work coach", ["x"], True)
    assert "work coach" in tocsin("people", "find", "orla examplesson").out
    assert tocsin("people", "find", "Nobody Atall").status == 2
    assert tocsin("people", "remove").status == 2
    unexplained = tocsin("people", "remove", "x:example_orla")
    assert unexplained.status == 2
    assert "--reason" in unexplained.err
    assert tocsin("people", "remove", "--all").status == 2
    assert tocsin("people", "remove", "x:example_orla", "--reason", "asked").status == 0
    assert tocsin("people", "list", "--json").out == "[]\n"


def test_a_file_with_one_bad_row_changes_nothing(tocsin: Run, people: Path) -> None:
    tocsin("people", "import", str(people))
    people.write_text(HEAD + ROW + "Ann Other,x:example_ann,guard,,consnet,no,\n", encoding="utf-8")
    said = tocsin("people", "import", str(people))
    assert said.status == 2
    assert f"{people}:3: basis: cannot be 'consnet': did you mean 'consent'?" in said.err
    assert len(json.loads(tocsin("people", "list", "--json").out)) == 1


def test_the_template_can_be_imported_as_it_is(tocsin: Run, bare: Path) -> None:
    (path := bare / "people.csv").write_text(tocsin("people", "template").out, encoding="utf-8")
    assert "Stored 2 people" in tocsin("people", "import", str(path)).out


def test_classify_reads_a_register_and_stores_nothing(tocsin: Run, archive: Callable[..., Path], people: Path) -> None:
    posts = str(archive(CONTEMPT))
    shutil.rmtree(people.parent / "var")
    without, beside = tocsin("classify", posts), tocsin("classify", posts, "--people", str(people))
    assert beside.status == 0, beside.err
    found = [[each["category"] for each in said.lines[0]["findings"]] for said in (without, beside)]
    assert found == [[], ["staff_conduct"]]
    assert not (people.parent / "var").exists()


def test_what_a_pack_forbids_to_watch_is_left_out_by_the_register_too(
    tocsin: Run, archive: Callable[..., Path], people: Path, bare: Path
) -> None:
    content = yaml.safe_load((PACKS / "dwp.yaml").read_text(encoding="utf-8"))
    content["monitoring"] = {"staff_personal_accounts": False, "clauses": ["DWP-SMP 5.1"]}
    (pack := bare / "quiet.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    tocsin("people", "import", str(people), POLICIES=str(pack))
    said = tocsin("collect", "--archive", str(archive(PRAISE, CONTEMPT)), POLICIES=str(pack))
    assert said.status == 0, said.err
    assert [json.loads(line)["left_out"] for line in said.out.splitlines() if "left_out" in line] == [1]
