"""Custody in the warehouse: taken in with the incident, one chain under many writers, and what the log tells of."""

import hashlib
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select

from incidents.custody import CustodyEntry, Handling, breaks, captured
from incidents.lifecycle import IncidentUnknown
from tests.incidents.samples import NOON, exhibit
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import evidence
from warehouse.custody import append, read_log
from warehouse.custody_schema import custody, originals
from warehouse.engine import connect, downgrade, migrate
from warehouse.schema import mentions, payloads, revisions


def log(engine: Engine, incident_id: str = "TOC-1001") -> list[CustodyEntry]:
    """An incident's log."""
    with engine.connect() as connection:
        return read_log(connection, incident_id)


def kept(engine: Engine) -> list[dict[str, Any]]:
    """The originals in custody."""
    with engine.connect() as connection:
        rows = connection.execute(select(originals).order_by(originals.c.mention_id))
        return [json.loads(row.original) for row in rows]


def test_an_incident_opens_with_its_exhibits_in_custody(engine: Engine) -> None:
    lay(engine, [exhibit(1), exhibit(2)])
    raise_in(engine)
    (first,) = log(engine)
    assert (first.act, first.actor, first.at, first.sequence) == ("captured", "tocsin", NOON, 1)
    with engine.connect() as connection:
        rows = connection.execute(select(evidence).order_by(evidence.c.mention_id)).all()
        texts = connection.execute(select(originals).order_by(originals.c.mention_id)).all()
    told = captured([first])
    for row, original in zip(rows, texts, strict=True):
        assert told[row.evidence_id]["exhibit"] == row.sha256
        assert told[row.evidence_id]["original"] == hashlib.sha256(original.original.encode()).hexdigest()
    lay(engine, [exhibit(3)])
    raise_in(engine)
    assert [entry.sequence for entry in log(engine)] == [1, 2]
    assert list(breaks(log(engine))) == []


def test_the_original_is_all_that_is_held_of_the_post(engine: Engine) -> None:
    text = "Y\u200b0u are an idi0t \U0001f469‍\U0001f692"
    lay(engine, [exhibit(1, text=text)])
    record = {"id": "1", "text": text, "sensors": [1, 2.5, None, {"deep": "ünïcode"}], "number": 2**62}
    media = [{"type": "image", "url": "https://media.example/1.png", "alt_text": "A sign"}]
    with engine.begin() as connection:
        connection.execute(insert(payloads).values(mention_id="x:1", payload=record))
        connection.execute(insert(revisions).values(mention_id="x:1", revision=0, text="Before.", replaced_at=NOON))
        connection.execute(mentions.update().values(media=media, revision=1))
    raise_in(engine)
    with engine.begin() as connection:
        connection.execute(delete(payloads))
        connection.execute(mentions.update().values(text="Edited after it was found."))
    (original,) = kept(engine)
    assert original["payload"] == record
    assert original["mention"]["text"] == text
    assert original["normalised_text"] != text
    assert original["author"]["handle"] == "sample_author"
    assert original["former_texts"] == [{"revision": 0, "text": "Before.", "replaced_at": NOON.isoformat()}]
    assert original["media"][0] | media[0] == original["media"][0]
    assert original["media"][0]["sha256"] is None
    assert "not fetched" in original["media"][0]["note"]


def test_an_act_of_nobody_and_an_incident_that_is_not_there_are_refused(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    for incident_id, actor, error in (("TOC-1001", " ", ValueError), ("TOC-9999", "sam", IncidentUnknown)):
        with pytest.raises(error), engine.begin() as connection:
            append(connection, incident_id, Handling("viewed", actor), NOON)
    assert len(log(engine)) == 1


@pytest.mark.parametrize("to", ["M\udcfcnster", "a\x00b", "M\u00fcnster \\udcfc \U0001f469"])
def test_whatever_a_command_line_hands_over_the_log_stays_whole(engine: Engine, to: str) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    detail = {"to": to, "names": False, "all": [{to: to}, 1.5, None]}
    with engine.begin() as connection:
        written = append(connection, "TOC-1001", Handling("released", to, to, "cli", detail), NOON)
    assert log(engine)[-1] == written
    assert list(breaks(log(engine))) == []


def test_the_chain_is_one_under_many_writers(warehouse_url: str) -> None:
    setup = connect(warehouse_url)
    lay(setup, [exhibit(1)])
    raise_in(setup)
    failures: list[BaseException] = []
    barrier = threading.Barrier(4)

    def run(name: str) -> None:
        engine = connect(warehouse_url)
        barrier.wait()
        try:
            for number in range(15):
                with engine.begin() as connection:
                    append(connection, "TOC-1001", Handling("viewed", name), NOON + timedelta(seconds=number))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        engine.dispose()

    def extend() -> None:
        engine = connect(warehouse_url)
        barrier.wait()
        try:
            for number in range(2, 8):
                lay(engine, [exhibit(number)])
                raise_in(engine)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("sam", "alex", "kim")]
    threads.append(threading.Thread(target=extend))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    whole = log(setup)
    assert [entry.sequence for entry in whole] == list(range(1, 3 * 15 + 7 + 1))
    assert list(breaks(whole)) == []
    assert len(captured(whole)) == 7
    setup.dispose()


def test_logs_of_an_earlier_release_begin_when_it_is_upgraded(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    downgrade(engine, "0013")
    migrate(engine)
    (first,) = log(engine)
    assert list(breaks([first])) == []
    assert "before the custody log" in (first.reason or "")
    with engine.connect() as connection:
        row = connection.execute(select(evidence)).one()
        assert connection.execute(select(custody.c.sha256)).scalar_one() == first.sha256
    assert captured([first]) == {
        row.evidence_id: {"evidence_id": row.evidence_id, "exhibit": row.sha256, "original": None, "at": None}
    }
