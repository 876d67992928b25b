"""Whatever is changed behind Tocsin's back in what is in custody is found and named, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, select, update

from incidents.custody import Handling, captured, following
from incidents.dossier import EvidenceBroken
from incidents.lifecycle import IncidentUnknown
from incidents.stamping import ask, stamp_all
from tests.incidents.samples import NOON, exhibit
from tests.incidents.tsa import Authority
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import evidence, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.custody import read_log
from warehouse.custody_schema import custody, custody_heads, legal_holds, originals, stamps
from warehouse.dossiers import CustodyBook
from warehouse.engine import downgrade, migrate
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


def _cut(engine: Engine, last: int) -> None:
    """Delete the newest entries of one incident's log."""
    with engine.begin() as connection:
        of_it = custody.c.incident_id == "TOC-1001"
        newest = select(custody.c.sequence).where(of_it).order_by(custody.c.sequence.desc()).limit(last)
        gone = connection.scalars(newest).all()
        connection.execute(delete(custody).where(of_it, custody.c.sequence.in_(gone)))


def _forget(engine: Engine) -> None:
    """Let the end that is kept be that of the log as it stands: whoever cut it off may have thought of that."""
    with engine.begin() as connection:
        of_it = custody.c.incident_id == "TOC-1001"
        last = connection.execute(select(custody).where(of_it).order_by(custody.c.sequence.desc()).limit(1)).one()
        kept = update(custody_heads).where(custody_heads.c.incident_id == "TOC-1001")
        connection.execute(kept.values(entries=last.sequence, sha256=last.sha256))


@pytest.fixture
def looked_at(engine: Engine) -> CustodyBook:
    """An incident with a log of three entries, none of which says that anything came or went."""
    lay(engine, [exhibit(1)])
    raise_in(engine)
    made = CustodyBook(engine, lambda: NOON + timedelta(hours=9))
    made.note("TOC-1001", Handling("viewed", "sam", origin="cli"))
    made.note("TOC-1001", Handling("released", "sam", "for the police", "cli"))
    return made


@pytest.mark.parametrize("last", [1, 2])
def test_a_log_whose_end_was_cut_off_is_found_without_a_timestamp(
    engine: Engine, looked_at: CustodyBook, last: int
) -> None:
    assert list(looked_at.problems()) == []
    _cut(engine, last)
    (told,) = looked_at.problems()
    assert f"ends with entry {3 - last}, by the table custody_heads it had 3: its end was cut off" in told
    with pytest.raises(EvidenceBroken, match="cut off"):
        looked_at.dossier("TOC-1001")


@pytest.mark.parametrize("more", [1, 2, 3, 4])
def test_what_is_written_behind_a_cut_heals_nothing(engine: Engine, looked_at: CustodyBook, more: int) -> None:
    _cut(engine, 2)
    for _ in range(more):
        looked_at.note("TOC-1001", Handling("viewed", "kim", origin="cli"))
    told = "\n".join(looked_at.problems())
    assert ("its end was cut off" if more < 2 else "cut off there and written anew") in told


def test_a_log_taken_away_or_begun_anew_with_its_end_is_found(engine: Engine, looked_at: CustodyBook) -> None:
    with engine.begin() as connection:
        connection.execute(delete(custody_heads))
    assert "the row was removed" in "\n".join(looked_at.problems())
    looked_at.note("TOC-1001", Handling("viewed", "kim", origin="cli"))
    assert "the row was removed" in "\n".join(looked_at.problems())


def test_an_entry_put_behind_the_end_is_found(engine: Engine, looked_at: CustodyBook) -> None:
    with engine.begin() as connection:
        log = read_log(connection, "TOC-1001")
        forged = following(log[-1], "TOC-1001", Handling("viewed", "nobody"), NOON)
        connection.execute(insert(custody).values(vars(forged)))
    assert "has 4 entries, by the table custody_heads 3" in "\n".join(looked_at.problems())


@pytest.mark.parametrize("last", [1, 2])
def test_the_end_that_was_told_outlives_the_end_that_is_kept(engine: Engine, looked_at: CustodyBook, last: int) -> None:
    """Each notification has the log's end on its card, and Slack a copy of it."""
    WarehouseCasebook(engine, lambda: NOON).act("TOC-1001", "acknowledged", "Sam")
    with engine.connect() as connection:
        cards = connection.scalars(select(outbox.c.card).order_by(outbox.c.sequence)).all()
        log = read_log(connection, "TOC-1001")
    assert [card["custody"] for card in cards] == [f"1:{log[0].sha256}", f"3:{log[2].sha256}"]
    _cut(engine, last)
    _forget(engine)
    (told,) = looked_at.problems()
    assert f"ends with entry {3 - last}, by the notification " in told


def test_logs_of_an_earlier_release_have_their_end_kept_from_the_upgrade_on(
    engine: Engine, looked_at: CustodyBook
) -> None:
    downgrade(engine, "0023")
    migrate(engine)
    assert list(looked_at.problems()) == []
    _cut(engine, 1)
    assert "cut off" in "\n".join(looked_at.problems())
