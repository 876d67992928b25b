"""Rooms of Matrix that are refused, for a while or lastingly: nothing is lost of what is said in them, or in others."""

from typing import Any

import pytest

from collectors.manners import Manners
from collectors.matrix import Matrix
from policies.policy import Policy
from tests.collectors.conformance import native_ids, run
from tests.collectors.matrix_server import ROOM, Homeserver, event
from tests.collectors.server import Asked, Reply

NEW, OTHER = "!new:quill.example", "!other:quill.example"


def test_a_room_that_is_named_before_the_bot_is_in_it_is_read_whole_once_it_joins(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    home = Homeserver()
    home.say(event(1))
    home.say(*map(event, range(20, 30)), room=NEW)
    shut = home.rooms.pop(NEW)
    home.closed.add(NEW)
    server = serve(home)
    collector = Matrix(server.url, "invented", [policy], rooms=[ROOM, NEW], manners=brisk)
    first, error = run(collector)
    assert error is None
    assert [item.where for batch in first for item in batch.quarantined] == [f"matrix {NEW}"]
    asked = len(server.asked)
    second, error = run(collector, first[-1].checkpoint)
    assert (error, native_ids(second)) == (None, [])
    assert [each.path.rpartition("/")[2] for each in server.asked[asked:]] == ["sync"]
    home.rooms[NEW] = shut
    home.closed.clear()
    home.say(event(30), room=NEW)
    third, error = run(collector, second[-1].checkpoint)
    assert error is None
    assert sorted(native_ids(third)) == [f"${number}" for number in range(20, 31)]


@pytest.mark.parametrize(("status", "outcome"), [(403, "access_denied"), (404, "unexpected_response")])
def test_a_room_whose_history_is_refused_holds_up_no_other(
    serve: Any, policy: Policy, brisk: Manners, status: int, outcome: str
) -> None:
    home = Homeserver()
    home.say(*map(event, range(1, 10)))
    home.say(*map(event, range(20, 30)), room=OTHER)
    mended = False

    def answer(asked: Asked) -> Reply:
        if "room%3A" in asked.path and asked.path.endswith("/messages") and not mended:
            return Reply.of({"errcode": "M_UNKNOWN", "error": "invented"}, status=status)
        return home(asked)

    collector = Matrix(serve(answer).url, "invented", [policy], manners=brisk)
    first, error = run(collector)
    assert error is not None
    assert error.outcome == outcome
    assert sorted(native_ids(first)) == [*(f"${number}" for number in range(20, 30)), "$7", "$8", "$9"]
    mended = True
    second, error = run(collector, first[-1].checkpoint)
    assert error is None
    assert sorted(native_ids(second)) == [f"${number}" for number in range(1, 7)]
