"""Console and file: the message is printed once, and kept as one whole file a notification."""

import io
import json
import threading
from pathlib import Path

import pytest

from incidents.console import ConsoleChannel
from incidents.outbox import Head, Unavailable
from tests.incidents.samples import card, notification


def test_it_prints_and_keeps_the_message(tmp_path: Path) -> None:
    stream = io.StringIO()
    channel = ConsoleChannel(tmp_path / "outbox", stream)
    assert not (tmp_path / "outbox").exists()  # nothing is made before the first delivery
    receipt = channel.send(notification(), None)
    assert "TOC-1001" in stream.getvalue()
    kept = json.loads((tmp_path / "outbox" / receipt.remote_id).read_text())
    assert kept["id"] == notification().id
    assert kept["message"]["metadata"]["event_payload"]["incident_id"] == "TOC-1001"
    assert kept["message"]["blocks"]
    assert [path.suffix for path in (tmp_path / "outbox").iterdir()] == [".json"]


def test_what_stands_already_is_delivered_and_prints_nothing(tmp_path: Path) -> None:
    ConsoleChannel(tmp_path, io.StringIO()).send(notification(), None)
    stream = io.StringIO()
    again = ConsoleChannel(tmp_path, stream)
    found = again.find(notification(), None)
    assert found is not None
    assert again.send(notification(), None) == found
    assert stream.getvalue() == ""
    assert again.find(notification(2), None) is None


def test_a_reply_names_its_thread(tmp_path: Path) -> None:
    channel = ConsoleChannel(tmp_path, io.StringIO())
    head = channel.send(notification(1), None)
    reply = channel.send(notification(2), Head(head.remote_id, notification(1).id, "new_incident"))
    assert reply.detail["thread"] == head.remote_id
    assert json.loads((tmp_path / reply.remote_id).read_text())["thread"] == head.remote_id


def test_ten_senders_at_once_print_it_once(tmp_path: Path) -> None:
    stream, barrier = io.StringIO(), threading.Barrier(10)

    def send() -> None:
        barrier.wait()
        ConsoleChannel(tmp_path, stream).send(notification(), None)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stream.getvalue().count("New incident") == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="file"):
        ConsoleChannel(tmp_path / "file" / "outbox", io.StringIO()).send(notification(), None)


def test_no_escape_sequence_of_a_post_reaches_the_terminal(tmp_path: Path) -> None:
    stream = io.StringIO()
    one = notification(card=card(excerpt="\x1b[2J\x1b]0;owned\x07 \u202eevil", why="\x9b31m"))
    ConsoleChannel(tmp_path, stream).send(one, None)
    assert not set(stream.getvalue()) & {"\x1b", "\x07", "\x9b", "\u202e"}
