"""One canary a test source and day: planted by the platforms' own clients, followed to the mart, missed by name."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from collectors.canary import MARKER, CanarySettings, new_marker, places
from collectors.collector import Batch, Checkpoint
from collectors.manners import Manners
from collectors.mention import Mention
from incidents.alarm import fault_of
from tests.collectors.server import Asked, Reply, Server
from tests.tocsin.conftest import Run
from tocsin import canary
from tocsin.house import House
from tocsin.settings import Settings
from warehouse.canaries import Canary
from warehouse.marts import read
from warehouse.operations_schema import canaries
from warehouse.schema import audit, mentions

ROOM = "!tests:quillmere.example"
TOKEN = "a-token"


class Board:
    """A server on which all three kinds of canary can be planted."""

    def __init__(self) -> None:
        self.posts: dict[str, str] = {}
        self.refuse: set[str] = set()
        self.server = Server(self._answer)

    def _answer(self, asked: Asked) -> Reply:
        if any(each in asked.path for each in self.refuse):
            return Reply.of({"errcode": "M_FORBIDDEN", "error": "not in the room"}, status=403)
        words = self._words(asked)
        found = MARKER.search(words)
        assert found, f"no marker in {words!r}"
        self.posts[found[0]] = words
        return Reply.of({"event_id": f"${len(self.posts)}", "id": len(self.posts), "visibility": "public"})

    def _words(self, asked: Asked) -> str:
        if asked.path == "/api/v1/statuses":
            assert asked.method == "POST"
            assert MARKER.fullmatch(asked.headers["idempotency-key"])
            return asked.body.decode().replace("+", " ")
        said: dict[str, Any] = json.loads(asked.body)
        if asked.path == "/new":
            assert asked.params["uri"] == "/tocsin-canary"
            return str(said["text"])
        assert asked.method == "PUT"
        assert asked.path.rpartition("/")[2] in said["body"], "the marker is Matrix's transaction"
        assert "%21tests%3Aquillmere.example" in asked.path
        return str(said["body"])


@pytest.fixture
def board() -> Iterator[Board]:
    board = Board()
    yield board
    board.server.close()


@pytest.fixture
def given_places(board: Board) -> dict[str, str]:
    url = board.server.url
    matrix = {"CANARY_MATRIX_BASE_URL": url, "CANARY_MATRIX_ACCESS_TOKEN": TOKEN, "CANARY_MATRIX_ROOM": ROOM}
    mastodon = {"CANARY_MASTODON_BASE_URL": url, "CANARY_MASTODON_ACCESS_TOKEN": TOKEN}
    return {**matrix, **mastodon, "CANARY_ISSO_BASE_URL": url}


def found(house: House, marker: str, words: str) -> None:
    """As a collector would bring it in."""
    mention = Mention(platform="matrix", id=marker, text=words, created_at=datetime.now(UTC))
    store = house.mentions
    store.store(store.start_run("matrix", "matrix"), Batch((mention,), Checkpoint("matrix", {})))


def test_one_is_planted_a_day_on_each_test_source(tocsin: Run, board: Board, given_places: dict[str, str]) -> None:
    said = tocsin("canary", **given_places)
    assert said.status == 0, said.err
    assert {line["place"] for line in said.lines} == {"matrix", "mastodon", "isso"}
    assert {line["marker"] for line in said.lines} == board.posts.keys()
    assert tocsin("canary", **given_places).lines == said.lines
    assert len(board.server.asked) == 3, "none is planted twice"


def test_nothing_is_planted_where_nothing_is_set(tocsin: Run, board: Board) -> None:
    said = tocsin("canary")
    assert (said.status, said.out, board.server.asked) == (0, "", [])
    assert "no test source is set" in said.err
    assert "no canary was planted in the last seven days" in tocsin("canary", "--check").err


def test_a_test_source_that_is_set_by_half_is_named(tocsin: Run, board: Board) -> None:
    said = tocsin("canary", CANARY_MATRIX_BASE_URL=board.server.url)
    assert said.status == 2
    assert "TOCSIN_CANARY_MATRIX_ROOM" in said.err


def test_one_that_refuses_holds_up_no_other_and_is_tried_again(
    tocsin: Run, board: Board, given_places: dict[str, str]
) -> None:
    board.refuse = {"/_matrix/"}
    said = tocsin("canary", **given_places)
    assert said.status == 1
    assert "TOCSIN_CANARY_MATRIX_ACCESS_TOKEN" in said.err
    assert len(board.posts) == 2
    board.refuse = set()
    assert len(tocsin("canary", **given_places).lines) == len(board.posts) == 3


def test_one_that_was_refused_first_has_its_time_from_when_it_was_taken(
    tocsin: Run, board: Board, given_places: dict[str, str]
) -> None:
    only = {name: value for name, value in given_places.items() if "MATRIX" in name}
    board.refuse = {"/_matrix/"}
    tocsin("canary", **only)
    refused_at = datetime.now(UTC) - timedelta(hours=7)
    house = House(Settings())
    with house.engine.begin() as connection:
        connection.execute(canaries.update().values(planted_at=refused_at))
    board.refuse = set()
    (planted,) = tocsin("canary", **only).lines
    assert datetime.fromisoformat(planted["planted_at"]) > refused_at + timedelta(hours=6)
    assert tocsin("watch", **only).lines == [{"raised": 0, "recovered": 0}]


def test_it_is_followed_to_the_mart_and_then_counted_nowhere(
    tocsin: Run, board: Board, given_places: dict[str, str]
) -> None:
    tocsin("canary", **given_places)
    house = House(Settings())
    marker, words = next((marker, words) for marker, words in board.posts.items() if " " in words)
    found(house, marker, words)
    assert [line["seconds_to_judge"] for line in tocsin("canary", "--check", **given_places).lines] == [None] * 3
    tocsin("triage", **given_places)
    assert len(read(house.engine, "relevant_mentions")) == 1
    seen = {line["marker"]: line for line in tocsin("canary", "--check", **given_places).lines}
    assert 0 <= seen[marker]["seconds_to_store"] <= seen[marker]["seconds_to_judge"] <= seen[marker]["seconds_to_mart"]
    assert len(read(house.engine, "relevant_mentions")) == len(read(house.engine, "incident_register")) == 0
    found(house, marker, words)  # a source that reads its last hour again
    tocsin("watch", **given_places)
    with house.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(mentions)) == 0
        assert list(connection.scalars(select(audit.c.action))) == ["canary", "canary"]
    states = read(house.engine, "canary_times").set_index("marker")["state"]
    assert sorted(states) == ["in mart", "planted", "planted"]
    assert states[marker] == "in mart"


def test_one_that_does_not_arrive_is_an_alarm_until_the_next_arrives(
    tocsin: Run, board: Board, given_places: dict[str, str]
) -> None:
    only = {name: value for name, value in given_places.items() if "MATRIX" in name}
    tocsin("canary", **only)
    assert tocsin("watch", **only).lines == [{"raised": 0, "recovered": 0}]
    house = House(Settings())
    with house.engine.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(hours=7)
        connection.execute(canaries.update().values(planted_at=earlier))
    assert tocsin("watch", **only).lines == [{"raised": 1, "recovered": 0}]
    assert tocsin("watch", **only).lines == [{"raised": 0, "recovered": 0}]
    said = tocsin("deliver", **only)
    assert "a canary did not arrive" in said.err
    ((marker, words),) = board.posts.items()
    found(house, marker, words)
    tocsin("triage", **only)
    assert tocsin("watch", **only).lines == [{"raised": 0, "recovered": 1}]


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLANTED = Canary("tocsin-canary-20261121-0f3a9c51", "matrix", NOW - timedelta(hours=7), "$1", None, None, None, None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "never read"),
        ({"native_id": None}, "took no canary"),
        ({"seconds_to_store": 9.0}, "stored, but not judged"),
        ({"seconds_to_store": 9.0, "seconds_to_judge": 99.0}, "not found relevant"),
        ({"planted_at": NOW - timedelta(hours=37), "seconds_to_mart": 99.0}, "No canary has been planted since"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], says: str) -> None:
    told = canary.missing(replace(PLANTED, **change), 6.0, NOW)
    assert told is not None
    assert says in told


@given(hours=st.floats(0.1, 30), age=st.floats(0, 30))
def test_none_is_missed_before_its_time_or_when_it_has_arrived(hours: float, age: float) -> None:
    one = replace(PLANTED, planted_at=NOW - timedelta(hours=age))
    assert (canary.missing(one, hours, NOW) is None) == (timedelta(hours=age) < timedelta(hours=hours))
    assert canary.missing(replace(one, seconds_to_mart=1.0), hours, NOW) is None


def test_a_watched_place_is_no_source_that_can_be_quiet() -> None:
    (place,) = places(CanarySettings(isso_base_url="http://127.0.0.1:1"), Manners())
    (state,) = canary.states({"isso": replace(PLANTED, place="isso")}, [place], 6.0, NOW)
    fault = fault_of(state, NOW)
    assert fault is not None
    assert (state.source, fault.kind) == ("canary:isso", "canary_missing")


@given(st.dates(min_value=date(2026, 1, 1)))
def test_a_marker_is_known_by_its_look(day: Any) -> None:
    marker = new_marker(day)
    assert re.fullmatch(MARKER, marker), marker
