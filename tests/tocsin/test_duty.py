"""`tocsin escalate` and `tocsin oncall`, by hand."""

import json
from pathlib import Path

import pytest

from policies.check import PACKS, load
from tests.incidents.samples import exhibit
from tests.tocsin.conftest import Run
from tests.warehouse.case_samples import lay, raise_in
from tocsin.house import open_house

ROTA = """
    on_call:
      people: [U0SAMPLE1, U0SAMPLE2]
      start: 2026-11-23 09:00
      overrides:
        - {person: U0SAMPLE3, start: 2026-12-24 09:00, end: 2026-12-27 09:00}
"""


@pytest.fixture
def pack(bare: Path) -> str:
    """The starter pack, in London's time, with a rota for security."""
    text = (PACKS / "starter.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("\nroutes:\n")
    routes, _, tail = rest.partition("\n\n")
    plain = "\n".join(
        line for line in routes.splitlines() if line.strip().startswith(("social_media:", "safeguarding:"))
    )
    hours = "" if "\nhours:" in head else "\nhours: {zone: Europe/London}\n"
    path = bare / "acme.yaml"
    path.write_text(
        f"{head}\n{hours}\nroutes:\n  security:\n    name: Security team{ROTA}\n{plain}\n\n{tail}", encoding="utf-8"
    )
    return str(path)


def test_who_is_on_call_now_and_next(tocsin: Run, pack: str) -> None:
    said = tocsin("oncall", "--at", "2026-12-25T12:00", POLICIES=pack)
    assert said.status == 0, said.err
    assert "U0SAMPLE3 (for U0SAMPLE1)" in said.out
    assert "Sun 27 Dec 2026 09:00 Europe/London" in said.out
    [duty] = json.loads(tocsin("oncall", "security", "--at", "2026-12-25", "--json", POLICIES=pack).out)
    assert [turn["person"] for turn in duty["turns"]] == ["U0SAMPLE3", "U0SAMPLE1"]


def test_before_it_begins_nobody_is_on_call_yet(tocsin: Run, pack: str) -> None:
    said = tocsin("oncall", "--at", "2026-11-01", POLICIES=pack)
    assert "nobody yet" in said.out
    assert "U0SAMPLE1" in said.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [(["oncall", "nowhere"], "there are: safeguarding, security"), (["oncall", "--at", "noon"], "2026-12-24T18:00")],
)
def test_wrong_words_are_named_with_the_fix(tocsin: Run, pack: str, words: list[str], hint: str) -> None:
    said = tocsin(*words, POLICIES=pack)
    assert said.status == 2
    assert hint in said.err


def test_a_pack_without_a_rota_says_so(tocsin: Run) -> None:
    assert "No rota: no route has 'on_call'." in tocsin("oncall").out


def test_nothing_waits_in_an_empty_warehouse(tocsin: Run) -> None:
    said = tocsin("escalate")
    assert said.lines == [{"reminded": 0, "escalated": 0, "alarmed": 0, "settled": 0}]


def test_what_nobody_took_is_reminded_of_and_its_history_says_so(tocsin: Run) -> None:
    lay(open_house().engine, [exhibit(1, policy="dwp", clauses=("DWP-SMP 4.1",))])
    raise_in(open_house().engine, load("dwp"))
    assert tocsin("escalate").lines == [{"reminded": 1, "escalated": 0, "alarmed": 0, "settled": 0}]
    assert tocsin("escalate").lines == [{"reminded": 0, "escalated": 0, "alarmed": 0, "settled": 0}]
    assert "not acknowledged in time: reminded, sirt" in tocsin("incident", "show", "TOC-1001").out
    [step] = json.loads(tocsin("incident", "show", "TOC-1001", "--json").out)["escalations"]
    assert (step["number"], step["kind"], step["route"]) == (1, "reminded", "sirt")
