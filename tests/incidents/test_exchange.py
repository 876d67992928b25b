"""What leaves for other tools: the shape that each takes, nothing that acts, and nobody who is not to be named."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import stix2
from hypothesis import HealthCheck, given, settings

from incidents.dossier import Dossier, HeldExhibit
from incidents.evidence import canonical, digest
from incidents.exchange import FORMATS, WITHHELD, Case, case_of
from incidents.exchange_alerts import iris, thehive
from incidents.exchange_stix import stix
from incidents.exchange_table import SCHEMA, incidents_table, plain, posts_table
from incidents.incident import Exhibit, GroupKey
from tests.incidents.dossiers import dossier
from tests.incidents.exchange_schemas import IRIS, THEHIVE
from tests.incidents.hostile import hostile
from tests.incidents.samples import exhibit, incident
from tocsin.exchanging import MAKERS

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def of(*exhibits: Exhibit, category: str = "threat") -> Dossier:
    """A dossier that rests on these."""
    made = dossier("x")
    held = [HeldExhibit(f"{n:064d}", canonical(each), digest(each), None, None) for n, each in enumerate(exhibits)]
    key = GroupKey("sample", "author-1", "sample_worker", category)  # type: ignore[arg-type]
    return replace(made, exhibits=held, incident=replace(made.incident, key=key))


def case(*exhibits: Exhibit, **more: Any) -> Case:
    """The same as it leaves."""
    return case_of(of(*exhibits, category=more.pop("category", "threat")), **more)


def test_every_format_has_its_maker() -> None:
    assert tuple(MAKERS) == FORMATS


def test_an_alert_of_thehive() -> None:
    told = json.loads(thehive(case(exhibit(1), exhibit(2, author_handle=None))))
    jsonschema.validate(told, THEHIVE)
    assert (told["source"], told["sourceRef"], told["severity"]) == ("Tocsin", "TOC-1001", 4)
    assert [(each["dataType"], each["data"]) for each in told["observables"]] == [
        ("url", "https://social.example/posts/1"),
        ("url", "https://social.example/posts/2"),
        ("other", "x:sample_author"),
        ("other", "x:author-1"),
    ]
    assert told["date"] == 1791806400000


def test_an_alert_of_dfir_iris() -> None:
    told = json.loads(iris(case(exhibit(1))))
    jsonschema.validate(told, IRIS)
    assert (told["alert_severity_id"], told["alert_source_event_time"]) == (6, "2026-10-12T12:00:00")
    assert told["alert_context"]["links"] == ["https://social.example/posts/1"]
    assert told["alert_tags"] == "tocsin,threat,policy:sample,clause:EW 1.1"


def test_stix_is_read_by_its_own_parser_and_is_the_same_each_time() -> None:
    made = stix(case(exhibit(1), exhibit(2)))
    assert made == stix(case(exhibit(1), exhibit(2)))
    bundle = stix2.parse(made.decode())
    kinds = [each["type"] for each in bundle.objects]
    assert sorted(set(kinds)) == sorted(
        ["identity", "incident", "marking-definition", "note", "observed-data", "report", "url", "user-account"]
    )
    assert (kinds.count("observed-data"), kinds.count("user-account")) == (2, 1)
    held = {each["id"] for each in bundle.objects}
    report = next(each for each in bundle.objects if each["type"] == "report")
    assert set(report["object_refs"]) <= held
    assert all(
        each["object_marking_refs"] == [stix2.TLP_AMBER.id] for each in bundle.objects if "created_by_ref" in each
    )
    note = next(each for each in bundle.objects if each["type"] == "note")
    assert "Severity: critical" in note["content"]


def test_json_has_its_version_and_its_times_in_utc() -> None:
    told = json.loads(plain(case(exhibit(1))))
    assert (told["schema"], told["incident"]["id"]) == (SCHEMA, "TOC-1001")
    assert told["incident"]["posts"][0]["posted_at"] == "2026-10-12T13:00:00+00:00"


@pytest.mark.parametrize("make", [made for _, made in MAKERS.values()], ids=FORMATS)
def test_whom_it_is_aimed_at_is_told_by_role_unless_names_are_asked_for(make: Any) -> None:
    one = exhibit(1, text="Go away, @sample_worker, SAMPLE_WORKER!", why="It threatens sample_worker.")
    assert b"sample_worker" not in make(case(one)).lower()
    assert b"employee" in make(case(one))
    assert b"sample_worker" in make(case(one, names=True)).lower()


@pytest.mark.parametrize("make", [made for _, made in MAKERS.values()], ids=FORMATS)
def test_a_name_is_known_by_the_incident_too_once_its_exhibits_have_gone(make: Any) -> None:
    assert b"sample_worker" not in make(case()).lower()
    assert make is MAKERS["csv"][1] or b"sample_worker" in make(case(names=True)).lower()  # a row a post: none


@pytest.mark.parametrize("make", [made for _, made in MAKERS.values()], ids=FORMATS)
def test_of_a_person_at_risk_nothing_leaves_by_itself(make: Any) -> None:
    one = exhibit(1, category="safeguarding", text="I cannot go on.", why="They wrote that they cannot go on.")
    hidden = make(case(one, category="safeguarding"))
    for secret in (b"go on", b"sample_author", b"author-1", b"posts/1", b"x:1"):
        assert secret not in hidden
    assert WITHHELD.encode() in hidden
    assert b"sample_author" in make(case(one, category="safeguarding", names=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile, hostile)
def test_hostile_words_break_no_format(words: str, name: str) -> None:
    told = case(exhibit(1, text=words, why=name, url=words, author_handle=name or None, platform="x"))
    jsonschema.validate(json.loads(thehive(told)), THEHIVE)
    jsonschema.validate(json.loads(iris(told)), IRIS)
    stix2.parse(stix(told).decode("utf-8"))
    for form in (thehive, iris):
        text = json.loads(form(told))
        free = text.get("description") or text["alert_description"]
        assert not set(free) & set("<>\x00\u202e\u2066`")
        assert "](" not in free
        assert "://" not in free.replace("social.example", "")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_no_cell_runs_as_a_formula(words: str) -> None:
    tables = [
        posts_table(case(exhibit(1, text=words, why=words, author_handle=words or None))),
        posts_table(case(exhibit(1, text=words, author_handle=words or None), names=True)),
        incidents_table([incident(assignee=words, route=words, clauses=(words,))]),
    ]
    for table in tables:
        rows = list(csv.reader(io.StringIO(table.decode("utf-8"), newline="")))
        assert len(rows) == 2
        assert len(rows[0]) == len(rows[1])
        for cell in rows[1]:
            assert not cell.startswith(FORMULA)
            assert not set(cell) & set("\r\n\x00")
