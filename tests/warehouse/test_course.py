"""The whole of a course of conduct is in custody with its incident, and in the bundle, though its posts are gone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from incidents import verify_bundle
from incidents.bundle import files, write
from incidents.dossier import EvidenceBroken
from incidents.raising import raise_incidents
from tests.warehouse.behaviour_samples import COPIES, COURSE, DWP, Warehouse
from warehouse.case_schema import evidence, incidents
from warehouse.casebook import WarehouseCasebook
from warehouse.course_schema import course_posts
from warehouse.custody import dispose
from warehouse.dossiers import CustodyBook
from warehouse.mentions import queue
from warehouse.privacy import Request, erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import mentions

NOW = datetime(2026, 10, 1, tzinfo=UTC)


class Case:
    """A course of four posts, three of them no findings by themselves, raised on one engine."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self.engine = engine
        self.warehouse = Warehouse(engine, pseudonyms)
        self.book = CustodyBook(engine, lambda: NOW)
        self.arrive(COURSE[:4])

    def arrive(self, posts: Any) -> None:
        """Posts come in, are judged, and raise what they raise."""
        self.warehouse.store(posts)
        self.warehouse.judgements.register(DWP)
        while self.warehouse.triage():
            pass
        raise_incidents(WarehouseCasebook(self.engine, lambda: NOW), {"dwp": DWP}, NOW)

    def stalking(self, post: str = "x:4") -> str:
        """The incident of the newest of them, by the account that wrote the first; or of another post."""
        found = WarehouseCasebook(self.engine).incidents()
        return next(each.id for each in found if each.key.category == "cyberstalking" and post in each.mention_ids)

    def posts(self, post: str = "x:4") -> list[str]:
        """Every post in custody of it, findings first."""
        dossier = self.book.dossier(self.stalking(post))
        return [*(each.read.mention_id for each in dossier.exhibits), *(each.mention_id for each in dossier.course)]


@pytest.fixture
def case(engine: Engine, pseudonyms: Pseudonyms) -> Case:
    """On each database in turn."""
    return Case(engine, pseudonyms)


def test_the_earlier_posts_are_taken_in_with_the_incident(case: Case) -> None:
    assert sorted(case.posts()) == ["reddit:2", "x:1", "x:3", "x:4"]
    dossier = case.book.dossier(case.stalking())
    told = {each.mention_id: each for each in dossier.course}
    assert "x:1" in told
    step = told["x:1"]
    assert step.read["text"] == COURSE[0].text
    assert step.read["counted_as"] == {"course_of_conduct": "a post to them"}
    assert step.document["mention"]["text"] == COURSE[0].text
    (entry,) = [each for each in dossier.custody if each.act == "captured"][:1]
    assert {"part_of": ["course_of_conduct"]}.items() <= {
        name: value
        for each in entry.detail["exhibits"]
        if each["evidence_id"] == step.evidence_id
        for name, value in each.items()
    }.items()


def test_a_bundle_proves_the_course_though_every_post_is_gone(case: Case, tmp_path: Path) -> None:
    with case.engine.begin() as connection:
        connection.execute(delete(mentions))
    dossier = case.book.dossier(case.stalking())
    write(files(dossier), tmp_path / "bundle")
    assert list(verify_bundle.problems(tmp_path / "bundle")) == []
    listed = json.loads((tmp_path / "bundle/incident.json").read_text())["exhibits"]
    assert sorted(each["mention_id"] for each in listed) == ["reddit:2", "x:1", "x:3", "x:4"]
    step = next(each for each in listed if each["mention_id"] == "x:1")
    assert step["part_of"] == ["course_of_conduct"]
    place = tmp_path / "bundle" / step["folder"]
    (place / "exhibit.json").write_text((place / "exhibit.json").read_text().replace("Lovely", "Horrid"))
    assert any("not what the custody log says" in each for each in verify_bundle.problems(tmp_path / "bundle"))


def test_what_arrives_late_is_taken_in_once_it_shows(engine: Engine, pseudonyms: Pseudonyms) -> None:
    late = Case.__new__(Case)
    late.engine, late.warehouse = engine, Warehouse(engine, pseudonyms)
    late.book = CustodyBook(engine, lambda: NOW)
    late.arrive(COURSE[1:4])
    assert "x:1" not in late.posts()
    late.arrive(COURSE[:1])
    assert sorted(late.posts()) == ["reddit:2", "x:1", "x:3", "x:4"]
    late.arrive(COURSE[4:])
    assert sorted(late.posts("x:5")) == ["reddit:2", "x:1", "x:3", "x:4", "x:5"]
    assert len(late.posts()) == len(set(late.posts()))


@pytest.mark.parametrize("column", ["step", "original", "sha256", "evidence_id"])
def test_any_change_is_told(case: Case, column: str) -> None:
    other = {"step": '{"posted_at":"2026-09-01T09:00:00+00:00"}', "original": "{}"}.get(column, "0" * 64)
    mine = case.stalking()
    with case.engine.begin() as connection:
        own = select(course_posts.c.evidence_id).where(course_posts.c.incident_id == mine)
        first = connection.execute(own.order_by(course_posts.c.mention_id).limit(1)).scalar_one()
        connection.execute(update(course_posts).where(course_posts.c.evidence_id == first).values({column: other}))
    with pytest.raises(EvidenceBroken, match="course post"):
        case.book.dossier(case.stalking())


def test_a_post_that_was_taken_out_is_told(case: Case) -> None:
    with case.engine.begin() as connection:
        connection.execute(delete(course_posts))
    assert any("was captured and is gone" in each for each in case.book.problems())


def test_erasure_is_refused_access_tells_of_it_and_disposal_takes_it_along(case: Case, pseudonyms: Pseudonyms) -> None:
    told = export(case.engine, pseudonyms, Request("x", "night_heron_77", "officer", "asked in writing"))
    assert {row["mention_id"] for row in told["course_posts"]} >= {"x:1"}
    erased = erase(case.engine, pseudonyms, Request("x", "night_heron_77", "officer", "asked in writing"))
    assert {"x:1", "x:4"} <= set(erased.held)
    with case.engine.begin() as connection:
        dispose(connection, select(incidents.c.incident_id), NOW + timedelta(days=900), "its time was up")
        assert connection.execute(select(course_posts)).all() == []
    assert list(case.book.problems()) == []


def test_what_was_disposed_of_is_not_taken_in_again(case: Case) -> None:
    with case.engine.begin() as connection:
        dispose(connection, select(incidents.c.incident_id), NOW + timedelta(days=900), "its time was up")
        queue(connection, [{"mention_id": f"x:{number}"} for number in (1, 3, 4)], NOW)
    while case.warehouse.triage():
        pass
    with case.engine.connect() as connection:
        assert connection.execute(select(course_posts)).all() == []


def test_a_course_without_exhibits_is_disposed_of_too(case: Case) -> None:
    with case.engine.begin() as connection:
        connection.execute(delete(evidence))
        assert dispose(connection, select(incidents.c.incident_id), NOW + timedelta(days=900), "its time was up") == 0
        assert connection.execute(select(course_posts)).all() == []


def test_copies_by_others_stand_beside_the_exhibits(case: Case) -> None:
    case.arrive(COPIES)
    with case.engine.connect() as connection:
        kept = connection.execute(select(course_posts.c.incident_id, course_posts.c.mention_id)).all()
    assert len(kept) == len(set(kept))
