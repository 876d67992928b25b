"""A post that its platform's own listing says was withdrawn is deleted before the checkpoint moves on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.collectors.server import Server
from tests.collectors.test_matrix import Homeserver, event
from tocsin import pipeline
from tocsin.house import open_house
from warehouse.schema import mentions

Serve = Callable[[Homeserver], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(room: Homeserver) -> Server:
        servers.append(Server(room))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def test_a_redacted_message_is_deleted(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Homeserver()
    room.say(event(1), event(2))
    monkeypatch.chdir(tmp_path)
    given = {"VAR": tmp_path / "var", "MATRIX_BASE_URL": serve(room).url, "MATRIX_ACCESS_TOKEN": "invented"}
    for name, value in {**given, "POLICIES": "dwp"}.items():
        monkeypatch.setenv(f"TOCSIN_{name}", str(value))
    assert pipeline.collect("matrix")["inserted"] == 2
    room.say(event(3, {}, type="m.room.redaction", redacts="$1"))
    assert pipeline.collect("matrix")["inserted"] == 0
    with open_house().engine.connect() as connection:
        assert connection.scalars(select(mentions.c.native_id)).all() == ["$2"]
    assert pipeline.collect("matrix") == {"inserted": 0, "updated": 0, "unchanged": 0, "quarantined": 0, "left_out": 0}
