"""The reader of the marts: order, filters, real types, names that are wrong, and views that can be made again."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from tests.sql.golden import load
from warehouse.marts import UnknownMart, create_views, definitions, description, drop_views, read

TWO_DAYS = {
    "mentions": [
        {"mention_id": "x:1", "posted_on": date(2026, 10, 1), "posted_at": "2026-10-01 09:00:00"},
        {"mention_id": "x:2", "posted_on": date(2026, 10, 2), "posted_at": "2026-10-02 23:59:59"},
        {"mention_id": "x:3", "posted_on": date(2026, 10, 3), "posted_at": "2026-10-03 09:00:00"},
    ],
    "assessments": [
        {"mention_id": f"x:{number}", "policy": policy, "relevant": True, "scope": "in", "sentiment": "neutral"}
        for number in (1, 2, 3)
        for policy in ("dwp", "dmm")
    ],
}


def test_a_mart_comes_after_those_that_it_rests_on() -> None:
    order = list(definitions())
    assert order.index("relevant_mentions") < order.index("daily_volume") < order.index("volume_baseline")
    assert order.index("incident_clauses") < order.index("incidents_by_clause")


def test_every_mart_says_what_one_row_is() -> None:
    for mart in definitions():
        assert description(mart).startswith("One row is "), mart


def test_views_can_be_made_again_and_taken_away(engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            create_views(connection)
    assert read(engine, "incident_register").empty
    with engine.begin() as connection:
        drop_views(connection)
        drop_views(connection)


def test_days_are_bounded_on_both_sides_inclusively(engine: Engine) -> None:
    load(engine, TWO_DAYS)
    frame = read(engine, "relevant_mentions", policy="dwp", since=date(2026, 10, 2), until=date(2026, 10, 3))
    assert sorted(frame["mention_id"]) == ["x:2", "x:3"]
    assert len(read(engine, "relevant_mentions", until=date(2026, 10, 1))) == 2


def test_dates_times_and_flags_are_real_ones(engine: Engine) -> None:
    load(engine, TWO_DAYS)
    post = read(engine, "relevant_mentions", policy="dmm", where={"mention_id": "x:2"}).iloc[0]
    assert post["posted_on"] == date(2026, 10, 2)
    assert post["posted_at"] == datetime(2026, 10, 2, 23, 59, 59, tzinfo=UTC)
    volumes = read(engine, "volume_baseline", policy="dwp")
    assert set(volumes["spike"]) == {False}
    assert volumes["baseline_mean"].dropna().tolist() == [1.0, 1.0]


def test_columns_and_lists_of_values_can_be_chosen(engine: Engine) -> None:
    load(engine, TWO_DAYS)
    frame = read(engine, "relevant_mentions", columns=["mention_id"], where={"mention_id": ["x:1", "x:3"]})
    assert list(frame.columns) == ["mention_id"]
    assert sorted(set(frame["mention_id"])) == ["x:1", "x:3"]


def test_a_value_is_never_sql(engine: Engine) -> None:
    load(engine, TWO_DAYS)
    assert read(engine, "relevant_mentions", policy="dwp' OR '1'='1").empty


def test_names_that_are_wrong_are_named(engine: Engine) -> None:
    load(engine, {})
    with pytest.raises(UnknownMart, match=r"'nonsense' is no mart; there are: canary_times, clause_precision"):
        read(engine, "nonsense")
    with pytest.raises(UnknownMart):
        read(engine, "mentions; DROP TABLE mentions")
    with pytest.raises(KeyError, match="handle"):
        read(engine, "incident_register", where={"handle": "a"})
    with pytest.raises(KeyError, match="no day"):
        read(engine, "response_times", since=date(2026, 10, 1))


def test_no_mart_shows_who_an_author_is() -> None:
    for mart, source in definitions().items():
        for word in ("handle", "native_id", "bio"):
            if (mart, word) == ("canary_times", "native_id"):
                continue  # its posts are our own: whether the platform took one is told by that
            assert word not in source.partition("CREATE VIEW")[2], f"{mart} shows {word}"
