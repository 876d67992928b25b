"""Posts that are gone or edited on their platform: asked about again, deleted, and kept with their former text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.collectors.server import Asked, Reply, Server
from tests.collectors.test_bluesky import SESSION, post, uri
from tocsin import pipeline
from tocsin.house import open_house
from warehouse.schema import mentions, revisions


@pytest.fixture
def server() -> Iterator[Server]:
    shown = {number: post(number, text="The DWP called me back") for number in (1, 2)}

    def answer(asked: Asked) -> Reply:
        return Reply.of(SESSION if asked.method == "POST" else {"posts": list(shown.values())})

    server = Server(answer)
    server.shown = shown  # type: ignore[attr-defined]
    yield server
    server.close()


def test_the_gone_are_deleted_and_the_edited_keep_their_former_text(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"VAR": tmp_path / "var", "BLUESKY_BASE_URL": server.url}
    given |= {"BLUESKY_HANDLE": "invented.example", "BLUESKY_APP_PASSWORD": "invented", "POLICIES": "dwp"}
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", str(value))
    assert pipeline.recheck("bluesky") == {"asked": 0, "deleted": 0, "held": 0, "edited": 0}
    assert pipeline.collect("bluesky")["inserted"] == 2
    server.shown.pop(1)  # type: ignore[attr-defined]
    server.shown[2]["record"]["text"] = "The DWP called me back, at last"  # type: ignore[attr-defined]
    assert pipeline.recheck("bluesky") == {"asked": 2, "deleted": 1, "held": 0, "edited": 1}
    with open_house().engine.connect() as connection:
        (row,) = connection.execute(select(mentions.c.native_id, mentions.c.text, mentions.c.source)).all()
        former = connection.scalars(select(revisions.c.text)).all()
    assert tuple(row) == (uri(2), "The DWP called me back, at last", "bluesky")
    assert former == ["The DWP called me back"]
