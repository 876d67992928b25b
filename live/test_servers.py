"""Freshly posted mentions on real servers, each with a marker that is followed from the post to the mart."""

# ruff: noqa: S101, S603 - tests, and programs that they installed themselves
import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.feed_entry import PLATFORM
from live.conftest import free_port, installed, running
from warehouse.engine import connect
from warehouse.marts import read

Tocsin = Callable[..., str]

PAGE = "/notices/burst-main"
ISSO = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
[rss]
base = http://127.0.0.1:{port}
"""
SYNAPSE = """
enable_registration: false
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], tls: false, type: http, resources: [{{names: [client]}}]}}
trusted_key_servers: []
"""


@pytest.fixture
def marker() -> str:
    """Words that nobody else writes: the canary of this day."""
    return f"canary-{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """The address of a Matrix homeserver, its `bin` folder and its own folder. Its limits are those that it ships."""
    programs, folder, port = installed("matrix-synapse"), tmp_path_factory.mktemp("synapse"), free_port()
    start = [str(programs / "python"), "-m", "synapse.app.homeserver", "-c", "homeserver.yaml", "-c", "ours.yaml"]
    (folder / "ours.yaml").write_text(SYNAPSE.format(port=port), encoding="utf-8")
    make = [*start[:5], "--server-name", "quillmere.example", "--generate-config", "--report-stats=no"]
    subprocess.run(make, cwd=folder, check=True, capture_output=True, timeout=120)
    url = f"http://127.0.0.1:{port}"
    with running(start, folder, f"{url}/_matrix/client/versions"):
        yield url, programs, folder


@pytest.fixture(scope="module")
def isso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of comments under articles, which shows them as a feed."""
    programs, folder, port = installed("isso"), tmp_path_factory.mktemp("isso"), free_port()
    (folder / "isso.cfg").write_text(ISSO.format(folder=folder, port=port), encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    with running([str(programs / "isso"), "-c", "isso.cfg", "run"], folder, f"{url}/latest"):
        yield url


def mart(folder: Path, marker: str) -> list[dict[Any, Any]]:
    """The rows of the flat mart that hold the marker."""
    engine = connect(f"sqlite:///{folder / 'var' / 'tocsin.db'}")
    try:
        rows = read(engine, "relevant_mentions").to_dict("records")
    finally:
        engine.dispose()
    return [row for row in rows if marker in row["text"]]


def matrix_user(synapse: tuple[str, Path, Path], name: str) -> httpx.Client:
    """A new account, logged in; a 429 is waited for, as a person would."""
    url, programs, folder = synapse
    words = [str(programs / "register_new_matrix_user"), "-u", name, "-p", name, "--no-admin", "-c", "homeserver.yaml"]
    subprocess.run([*words, url], cwd=folder, check=True, capture_output=True, timeout=60)
    client = httpx.Client(base_url=f"{url}/_matrix/client/v3", timeout=30)
    login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": name}, "password": name}
    client.headers["Authorization"] = f"Bearer {said(client, 'POST', '/login', login)['access_token']}"
    return client


def said(client: httpx.Client, method: str, path: str, body: dict[str, Any]) -> Any:
    """What a call answers; a 429 is waited out."""
    while (answer := client.request(method, path, json=body)).status_code == 429:
        time.sleep(answer.json().get("retry_after_ms", 500) / 1000)
    answer.raise_for_status()
    return answer.json()


def test_a_message_in_a_matrix_room_reaches_the_mart(
    synapse: tuple[str, Path, Path], tocsin: Tocsin, tmp_path: Path, marker: str
) -> None:
    person, bot = matrix_user(synapse, "person"), matrix_user(synapse, "bot")
    room = said(person, "POST", "/createRoom", {"preset": "public_chat"})["room_id"]
    said(bot, "POST", f"/join/{room}", {})
    token = bot.headers["Authorization"].removeprefix("Bearer ")
    settings = {"MATRIX_BASE_URL": synapse[0], "MATRIX_ACCESS_TOKEN": token}
    tocsin("collect", "matrix", settings=settings)
    words = f"DWP left me without Universal Credit again {marker}"
    sent = said(person, "PUT", f"/rooms/{room}/send/m.room.message/1", {"msgtype": "m.text", "body": words})
    tocsin("collect", "matrix", settings=settings)
    tocsin("collect", "matrix", settings=settings)
    tocsin("triage", settings=settings)
    (row,) = mart(tmp_path, marker)
    assert (row["mention_id"], row["text"], row["platform"]) == (f"matrix:{sent['event_id']}", words, "matrix")


def test_a_burst_beyond_the_servers_limit_loses_no_message(
    synapse: tuple[str, Path, Path], tocsin: Tocsin, tmp_path: Path, marker: str
) -> None:
    person, bot = matrix_user(synapse, "talker"), matrix_user(synapse, "listener")
    room = said(person, "POST", "/createRoom", {"preset": "public_chat"})["room_id"]
    said(bot, "POST", f"/join/{room}", {})
    sent = set()
    for number in range(30):  # more than the twenty events that one answer of /sync shows of a room by default
        body = {"msgtype": "m.text", "body": f"DWP and Universal Credit {marker} {number}"}
        sent.add(said(person, "PUT", f"/rooms/{room}/send/m.room.message/{number}", body)["event_id"])
    token = bot.headers["Authorization"].removeprefix("Bearer ")
    settings = {"MATRIX_BASE_URL": synapse[0], "MATRIX_ACCESS_TOKEN": token}
    for _ in range(2):
        tocsin("collect", "matrix", settings=settings)
    tocsin("triage", settings=settings)
    found = [row["mention_id"] for row in mart(tmp_path, marker)]
    assert sorted(found) == sorted(f"matrix:{each}" for each in sent)


def test_a_comment_under_an_article_reaches_the_mart(isso: str, tocsin: Tocsin, tmp_path: Path, marker: str) -> None:
    settings = {"FEEDS_URLS": f"{isso}/feed?uri={PAGE}"}
    words = f"DWP stopped my Universal Credit {marker}"
    body = {"text": words, "author": "Invented One", "title": "Burst main"}
    answer = httpx.post(f"{isso}/new", params={"uri": PAGE}, json=body, headers={"Origin": isso}, timeout=30)
    answer.raise_for_status()
    for _ in range(2):
        tocsin("collect", settings=settings)
    tocsin("triage", settings=settings)
    (row,) = mart(tmp_path, marker)
    assert words in row["text"]
    assert (row["platform"], row["url"].startswith(isso)) == (PLATFORM, True)


def test_a_canary_is_planted_on_synapse_found_and_counted_nowhere(
    synapse: tuple[str, Path, Path], tocsin: Tocsin, tmp_path: Path
) -> None:
    planter, bot = matrix_user(synapse, "planter"), matrix_user(synapse, "watcher")
    room = said(planter, "POST", "/createRoom", {"preset": "public_chat"})["room_id"]
    said(bot, "POST", f"/join/{room}", {})
    planting, reading = (each.headers["Authorization"].removeprefix("Bearer ") for each in (planter, bot))
    settings = {"MATRIX_BASE_URL": synapse[0], "MATRIX_ACCESS_TOKEN": reading}
    settings |= {"CANARY_MATRIX_BASE_URL": synapse[0], "CANARY_MATRIX_ACCESS_TOKEN": planting}
    settings["CANARY_MATRIX_ROOM"] = room
    canary = json.loads(tocsin("canary", settings=settings))
    assert json.loads(tocsin("canary", settings=settings)) == canary, "one a day"
    for _ in range(2):
        tocsin("collect", "matrix", settings=settings)
    tocsin("triage", settings=settings)
    (row,) = mart(tmp_path, canary["marker"])
    assert row["mention_id"] == f"matrix:{canary['native_id']}"
    assert json.loads(tocsin("watch", settings=settings)) == {"raised": 0, "recovered": 0}
    seen = json.loads(tocsin("canary", "--check", settings=settings))
    assert 0 < seen["seconds_to_store"] <= seen["seconds_to_judge"] <= seen["seconds_to_mart"]
    assert mart(tmp_path, canary["marker"]) == [], "what has been seen is counted nowhere"
