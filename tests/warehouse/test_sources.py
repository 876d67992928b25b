"""What is known of the sources: noted whole, replaced whole, read back as the register."""

from dataclasses import replace

from sqlalchemy import Engine

from tests.incidents.samples import NOON
from warehouse.marts import read
from warehouse.sources import SourceNote, note_sources

X = SourceNote("x", "x", True, "official API", None, 0, 50, "450 calls per 15 minutes", 12, 438)
CLOSED = SourceNote("pinterest", "pinterest", False, None, "own pins only \x00")


def test_what_was_noted_is_in_the_register(engine: Engine) -> None:
    note_sources(engine, [X, CLOSED], NOON)
    rows = {row["source"]: row for row in read(engine, "source_register").to_dict("records")}
    assert set(rows) == {"x", "pinterest"}
    assert (rows["x"]["access"], rows["x"]["quota_left"], rows["x"]["configured"]) == ("official API", 438, True)
    assert rows["pinterest"]["note"].startswith("own pins only")
    assert rows["x"]["noted_at"] == NOON


def test_it_is_replaced_and_what_is_gone_goes(engine: Engine) -> None:
    note_sources(engine, [X, CLOSED], NOON)
    note_sources(engine, [replace(X, quota_left=0, budget="$50 a month", budget_used="$50.00", budget_left=0)], NOON)
    (row,) = read(engine, "source_register").to_dict("records")
    assert (row["source"], row["quota_left"], row["budget_left"]) == ("x", 0, 0)


def test_nothing_declared_is_nothing_noted(engine: Engine) -> None:
    note_sources(engine, [X], NOON)
    note_sources(engine, [], NOON)
    assert read(engine, "source_register").empty
