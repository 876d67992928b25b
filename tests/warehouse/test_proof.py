"""Whatever is changed behind Tocsin's back in what is in custody is found and named, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, select, update

from incidents.custody import Handling, captured
from incidents.dossier import EvidenceBroken
from incidents.lifecycle import IncidentUnknown
from incidents.stamping import ask, stamp_all
from tests.incidents.samples import NOON, exhibit
from tests.incidents.tsa import Authority
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import evidence
from warehouse.custody_schema import custody, legal_holds, originals, stamps
from warehouse.dossiers import CustodyBook
from warehouse.stamps import WarehouseStamps


@pytest.fixture
def book(engine: Engine) -> CustodyBook:
    """Two incidents in custody, one of two posts, looked at and on hold."""
    lay(engine, [exhibit(1), exhibit(2), exhibit(3, category="threat")])
    raise_in(engine)
    made = CustodyBook(engine, lambda: NOON + timedelta(hours=9))
    made.note("TOC-1001", Handling("viewed", "sam", origin="cli"))
    made.hold("TOC-1001", "sam", "the police asked")
    return made


def _milder(connection: Connection) -> None:
    row = connection.execute(select(evidence).order_by(evidence.c.mention_id).limit(1)).one()
    of = evidence.c.evidence_id == row.evidence_id
    connection.execute(update(evidence).where(of).values(exhibit=row.exhibit | {"text": "Something milder."}))


SECOND = (custody.c.incident_id == "TOC-1001") & (custody.c.sequence == 2)


TOUCHES: dict[str, tuple[Callable[[Connection], object], str]] = {
    "an exhibit": (_milder, "was changed since it was captured"),
    "an exhibit's hash": (lambda c: c.execute(update(evidence).values(sha256="0" * 64)), "another hash in its row"),
    "an exhibit's post": (
        lambda c: c.execute(update(evidence).values(mention_id="x:9")),
        "names another finding or post",
    ),
    "an exhibit's time": (
        lambda c: c.execute(update(evidence).values(captured_at=NOON - timedelta(days=1))),
        "another time of capture",
    ),
    "an original": (lambda c: c.execute(update(originals).values(original="{}")), "an original that was changed"),
    "an original's hash": (
        lambda c: c.execute(update(originals).values(sha256="0" * 64)),
        "another hash of its original",
    ),
    "no original": (lambda c: c.execute(delete(originals)), "has lost its original"),
    "no exhibit": (lambda c: c.execute(delete(evidence)), "is gone, and no entry"),
    "an entry": (lambda c: c.execute(update(custody).values(actor="nobody")), "was changed after it was written"),
    "an entry's time": (lambda c: c.execute(update(custody).values(at=NOON - timedelta(days=1))), "was changed after"),
    "an entry dropped": (lambda c: c.execute(delete(custody).where(SECOND)), "an entry is missing"),
    "no log": (lambda c: c.execute(delete(custody)), "no custody log"),
    "an entry without exhibits": (lambda c: c.execute(update(custody).values(detail={})), "does not name the exhibits"),
    "a hold": (lambda c: c.execute(delete(legal_holds)), "on legal hold"),
    "a hold of another": (
        lambda c: c.execute(insert(legal_holds).values(incident_id="TOC-1002", set_by="x", why="y", set_at=NOON)),
        "TOC-1002: by the custody log it is not on legal hold",
    ),
}


@pytest.mark.parametrize("touched", TOUCHES)
def test_each_touch_is_found_and_named(engine: Engine, book: CustodyBook, touched: str) -> None:
    assert list(book.problems()) == []
    touch, told = TOUCHES[touched]
    with engine.begin() as connection:
        touch(connection)
    found = list(book.problems())
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("TOC-100") for problem in found)


def test_what_is_broken_is_not_given_out(engine: Engine, book: CustodyBook) -> None:
    whole = book.dossier("TOC-1001")
    assert [each.read for each in whole.exhibits] == [exhibit(1), exhibit(2)]
    assert (whole.legal_hold, whole.custody[-1].act) == (True, "hold_set")
    with engine.begin() as connection:
        _milder(connection)
    with pytest.raises(EvidenceBroken, match=r"TOC-1001: exhibit \w+ was changed"):
        book.dossier("TOC-1001")
    assert book.dossier("TOC-1002").exhibits[0].read == exhibit(3, category="threat")
    for asked in (book.dossier, book.log):
        with pytest.raises(IncidentUnknown, match="TOC-9999"):
            asked("TOC-9999")


def _meanwhile(engine: Engine, write: Callable[[], object]) -> list[str]:
    """Have something written once, between two questions of whoever reads the evidence next; what was asked then."""
    asked: list[str] = []

    def on_question(*told: Any) -> None:
        if not asked and "FROM evidence" in told[2]:
            asked.append(told[2])
            write()

    event.listen(engine, "before_cursor_execute", on_question)
    return asked


def test_what_is_captured_in_the_middle_of_a_proof_is_no_tampering(engine: Engine, book: CustodyBook) -> None:
    def capture(number: int) -> None:
        lay(engine, [exhibit(number)])
        assert raise_in(engine).extended == 1

    asked = _meanwhile(engine, lambda: capture(4))
    assert list(book.problems()) == []
    assert asked
    asked = _meanwhile(engine, lambda: capture(5))
    told = book.dossier("TOC-1001")
    assert asked
    assert len(told.exhibits) == len(captured(told.custody)) == 3
    assert len(book.dossier("TOC-1001").exhibits) == 4


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A timestamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = Authority(tmp_path_factory.mktemp("tsa"))
    yield made
    made.close()


def test_the_newest_entry_of_each_log_is_stamped_once_and_failures_wait(
    engine: Engine, book: CustodyBook, authority: Authority
) -> None:
    stamped = WarehouseStamps(engine, lambda: NOON)
    certificates = authority.certificates.read_bytes()
    authority.answers = (503, b"")
    assert stamp_all(stamped, authority.url).failed == 2
    state = stamped.state()
    assert (state.stamped, state.waiting, state.since) == (0, 2, NOON)
    assert "status 503" in (state.error or "")
    authority.answers = None
    assert stamp_all(stamped, authority.url, certificates).stamped == 2
    assert stamped.waiting(10) == []
    assert (stamped.state().stamped, stamped.state().waiting, stamped.state().error) == (2, 0, None)
    book.note("TOC-1001", Handling("viewed", "sam", origin="cli"))
    assert stamped.waiting(10) == [], "a look needs no timestamp"
    book.release("TOC-1001", "sam", "charged")
    assert [(entry.incident_id, entry.sequence) for entry in stamped.waiting(10)] == [("TOC-1001", 5)]
    assert list(book.problems(certificates)) == []
    (stamp,) = book.dossier("TOC-1001", certificates).stamps
    assert stamp.sequence == 3


def test_a_run_that_comes_late_takes_nothing_back(engine: Engine, book: CustodyBook, authority: Authority) -> None:
    authority.answers = None
    stamped = WarehouseStamps(engine, lambda: NOON)
    entry = book.log("TOC-1001")[-1]
    first = ask(httpx.stream, entry, authority.url)
    stamped.keep(first)
    stamped.keep(ask(httpx.stream, entry, authority.url))
    stamped.note_failure(entry, authority.url, "too late")
    assert list(book.dossier("TOC-1001").stamps) == [first]
    assert stamped.state().error is None


def test_a_timestamp_shows_what_was_done_to_the_log_beneath_it(
    engine: Engine, book: CustodyBook, authority: Authority
) -> None:
    authority.answers = None
    certificates = authority.certificates.read_bytes()
    stamp_all(WarehouseStamps(engine, lambda: NOON), authority.url, certificates)
    with engine.begin() as connection:
        reply = connection.execute(select(stamps.c.reply).where(stamps.c.incident_id == "TOC-1001")).scalar_one()
        touched = reply[:-1] + bytes([reply[-1] ^ 1])
        connection.execute(update(stamps).where(stamps.c.incident_id == "TOC-1002").values(reply=reply))
        connection.execute(update(stamps).where(stamps.c.incident_id == "TOC-1001").values(reply=touched))
    found = "\n".join(book.problems(certificates))
    assert "TOC-1001: the timestamp of custody entry 3 does not hold" in found
    assert "TOC-1002: the timestamp is not of custody entry 1" in found
