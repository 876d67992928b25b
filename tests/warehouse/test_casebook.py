"""The casebook on SQLite and PostgreSQL: findings become incidents, all of a change or nothing of it, and once."""

import hashlib
import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select, update
from sqlalchemy.exc import IntegrityError

from incidents.card import card_of
from incidents.casebook import Entry
from incidents.grouping import change
from incidents.lifecycle import IncidentUnknown
from incidents.raising import RaiseCounts
from incidents.suppression import Suppression
from policies.policy import Policy
from tests.incidents.samples import NOON, POLICY, exhibit, notification
from tests.warehouse.case_samples import counts, lay, raise_in
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.schema import findings


def _column(engine: Engine, column: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


def test_findings_become_exhibits_with_their_mention_and_author(engine: Engine) -> None:
    one = exhibit(1, text="Café ☎ 👩‍🚒", reach=77)
    lay(engine, [one])
    assert WarehouseCasebook(engine).ungrouped("sample") == [one]
    assert WarehouseCasebook(engine).ungrouped("another") == []


def test_a_run_opens_one_incident_a_key_with_evidence_event_and_outbox_row(engine: Engine) -> None:
    lay(engine, [exhibit(1), exhibit(2, severity="high"), exhibit(3, category="threat")])
    assert raise_in(engine) == RaiseCounts(opened=2, extended=0, suppressed=0, reopened=0)
    casebook = WarehouseCasebook(engine)
    threat, bullying = casebook.incidents()
    assert (bullying.id, threat.id) == ("TOC-1001", "TOC-1002")
    assert (bullying.severity, bullying.mention_ids, bullying.platforms) == ("high", ("x:1", "x:2"), ("x",))
    assert (bullying.first_seen_at, bullying.last_seen_at) == (NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    assert bullying.author_handle == "sample_author"
    assert [event.act for event in casebook.events(bullying.id)] == ["opened"]
    held = casebook.evidence(bullying.id)
    assert [each.exhibit for each in held] == [exhibit(1), exhibit(2, severity="high")]
    assert all(each.intact for each in held)
    assert _column(engine, findings.c.incident_id) == ["TOC-1001", "TOC-1001", "TOC-1002"]


def test_findings_that_one_rule_covers_are_set_aside_together(engine: Engine) -> None:
    lay(engine, [exhibit(number) for number in range(1, 31)])
    waiting = [each.finding_id for each in WarehouseCasebook(engine).ungrouped("sample")]
    exempt, excepted = Suppression("exempt", "exempt"), Suppression("exception", "approved", "EX-1")
    covered = dict.fromkeys(waiting[:20], exempt) | dict.fromkeys(waiting[20:], excepted)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert WarehouseCasebook(engine).suppress(covered) == 30
    assert sum(statement.startswith("UPDATE findings") for statement in asked) == 2
    assert WarehouseCasebook(engine).suppress(covered) == 0
    assert _column(engine, findings.c.suppressed_by) == ["exception"] * 10 + ["exempt"] * 20


def test_the_outbox_row_says_what_people_need(engine: Engine) -> None:
    lay(engine, [exhibit(1), exhibit(2, reach=900, author="author-2")])
    raise_in(engine)
    with engine.connect() as connection:
        row = connection.execute(select(outbox).order_by(outbox.c.sequence)).first()
    assert row is not None
    told = card_of(row.card)
    assert (row.reason, row.route, row.channel, row.state) == ("new_incident", "security", "C0SECURITY", "pending")
    assert told.clauses == (("EW 1.1", "Nobody is to be abused."),)
    assert (told.excerpt, told.next_step, told.posts) == ("Invented post 1.", "Look at it, then act.", 1)


def test_a_second_run_adds_nothing(engine: Engine) -> None:
    lay(engine, [exhibit(number) for number in range(1, 6)])
    raise_in(engine)
    before = counts(engine)
    assert raise_in(engine) == RaiseCounts(0, 0, 0, 0)
    assert counts(engine) == before


def test_more_findings_extend_and_a_graver_one_escalates(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    lay(engine, [exhibit(2)])
    assert raise_in(engine) == RaiseCounts(opened=0, extended=1, suppressed=0, reopened=0)
    lay(engine, [exhibit(3, severity="critical", clauses=("EW 2.2",))])
    raise_in(engine)
    casebook = WarehouseCasebook(engine)
    (incident,) = casebook.incidents()
    assert (incident.severity, incident.status, incident.clauses) == ("critical", "open", ("EW 1.1", "EW 2.2"))
    with engine.connect() as connection:
        reasons = list(connection.execute(select(outbox.c.reason).order_by(outbox.c.sequence)).scalars())
        assert connection.execute(select(incidents.c.mention_count)).scalar_one() == 3
    assert reasons == ["new_incident", "new_evidence", "escalated"]
    last = casebook.events(incident.id)[-1]
    assert (last.act, last.detail["severity_before"]) == ("evidence", "medium")


def test_what_an_exception_covers_is_recorded_with_its_reason(engine: Engine) -> None:
    lay(engine, [exhibit(1, author_handle="excused_one", author="author-9"), exhibit(2)])
    assert raise_in(engine) == RaiseCounts(opened=1, extended=0, suppressed=1, reopened=0)
    assert [why for why in _column(engine, findings.c.suppressed_why) if why]
    assert raise_in(engine) == RaiseCounts(0, 0, 0, 0)


def test_authors_whom_the_platform_withholds_are_not_one_author(engine: Engine) -> None:
    lay(engine, [exhibit(number, author="", author_handle=None) for number in (1, 2)])
    assert raise_in(engine).opened == 2


def test_a_resolved_one_reopens_and_a_dismissed_one_does_not(engine: Engine) -> None:
    casebook = WarehouseCasebook(engine, clock=lambda: NOON + timedelta(minutes=90))
    lay(engine, [exhibit(1), exhibit(2, category="threat")])
    raise_in(engine)
    casebook.act("TOC-1001", "resolved", "Sam")
    casebook.act("TOC-1002", "dismissed", "Sam", reason="quoted")
    lay(engine, [exhibit(3), exhibit(4, category="threat")])
    assert raise_in(engine) == RaiseCounts(opened=1, extended=0, suppressed=0, reopened=1)
    assert [(each.id, each.status) for each in casebook.incidents()] == [
        ("TOC-1003", "open"),
        ("TOC-1002", "dismissed"),
        ("TOC-1001", "open"),
    ]
    with engine.connect() as connection:
        row = connection.execute(select(incidents).where(incidents.c.incident_id == "TOC-1001")).one()
    assert (row.closed_at, row.seconds_to_close) == (None, None)
    assert row.seconds_to_acknowledge == 90 * 60


def test_a_finding_judged_again_rings_no_second_bell(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    WarehouseCasebook(engine).act("TOC-1001", "dismissed", "Sam", reason="a joke among friends")
    before = counts(engine)
    with engine.begin() as connection:
        connection.execute(delete(findings))
    lay(engine, [exhibit(1)])
    assert raise_in(engine) == RaiseCounts(0, 0, 0, 0)
    assert counts(engine) == before
    assert _column(engine, findings.c.incident_id) == ["TOC-1001"]


def test_a_change_is_written_whole_or_not_at_all(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    lay(engine, [exhibit(2)])
    before = counts(engine)
    taken = _column(engine, outbox.c.notification_id)[0]

    def clash(_: Any, standing: Any, exhibits: Any, new: str) -> Entry:
        """A notification whose id is taken: the last write of the transaction fails."""
        return Entry(change(standing, exhibits, new, NOON), replace(notification(), id=taken))

    with pytest.raises(IntegrityError):
        WarehouseCasebook(engine).settle(exhibit(2).key, [exhibit(2)], clash, NOON)
    assert counts(engine) == before
    assert WarehouseCasebook(engine).ungrouped("sample") == [exhibit(2)]


def test_anyone_can_check_the_evidence_with_what_the_manual_says(engine: Engine) -> None:
    """The formula of docs/incidents.md, on the row as it is stored."""
    lay(engine, [exhibit(1, text="Café ☎ 👩‍🚒 \\u0041", confidence=0.7 + 0.1 + 0.1, spans=((0, 4), (5, 6)))])
    raise_in(engine)
    with engine.connect() as connection:
        row = connection.execute(select(evidence)).one()
    said = json.dumps(row.exhibit, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(said.encode()).hexdigest() == row.sha256


def test_touched_evidence_shows(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    with engine.begin() as connection:
        held = connection.execute(select(evidence.c.exhibit)).scalar_one()
        connection.execute(update(evidence).values(exhibit=held | {"text": "Something milder."}))
    (item,) = WarehouseCasebook(engine).evidence("TOC-1001")
    assert not item.intact


def test_an_incident_that_is_not_there_is_named(engine: Engine) -> None:
    casebook = WarehouseCasebook(engine)
    for ask in (casebook.incident, casebook.events, casebook.evidence):
        with pytest.raises(IncidentUnknown, match="TOC-9999"):
            ask("TOC-9999")
    with pytest.raises(IncidentUnknown, match="TOC-9999"):
        casebook.act("TOC-9999", "acknowledged", "Sam")


def test_one_aimed_at_may_be_called_at_any_length(engine: Engine) -> None:
    """PostgreSQL refuses an index row over some 2,700 bytes: one such post would stop every run after it."""
    name = hashlib.shake_256(b"invented").hexdigest(2000)  # noise: what repeats itself would be compressed
    lay(engine, [exhibit(1, target_handle=name), exhibit(2, target_handle=name.upper())])
    lay(engine, [exhibit(3, target_handle=f"{name[:-1]}!"), exhibit(4)])
    assert raise_in(engine).opened == 3
    held = WarehouseCasebook(engine).evidence("TOC-1001")
    assert [each.exhibit.target_handle for each in held] == [name, name.upper()]
    assert raise_in(engine) == RaiseCounts(0, 0, 0, 0)


def test_more_findings_of_one_campaign_than_fit_one_query(engine: Engine) -> None:
    lay(engine, [exhibit(number) for number in range(1, 702)])
    assert raise_in(engine).opened == 1
    assert len(WarehouseCasebook(engine).incident("TOC-1001").mention_ids) == 701


def _raise_at_once(url: str, packs: list[Policy]) -> int:
    """One run a pack, in threads that start together; how many incidents they opened."""
    failures: list[BaseException] = []
    opened: list[int] = []
    barrier = threading.Barrier(len(packs))

    def run(pack: Policy) -> None:
        engine = connect(url)
        barrier.wait()
        try:
            opened.append(raise_in(engine, pack).opened)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=run, args=(pack,)) for pack in packs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return sum(opened)


def test_four_runs_at_once_open_each_incident_once(warehouse_url: str) -> None:
    setup = connect(warehouse_url)
    lay(setup, [exhibit(number, author=f"author-{number % 12}") for number in range(1, 49)])
    assert _raise_at_once(warehouse_url, [POLICY] * 4) == 12
    assert counts(setup)["evidence"] == 48
    assert _column(setup, incidents.c.number) == list(range(1, 13))
    assert _column(setup, outbox.c.reason) == ["new_incident"] * 12
    assert WarehouseCasebook(setup).ungrouped(POLICY.id) == []
    setup.dispose()


def test_four_packs_raised_at_once_share_one_sequence_of_numbers(warehouse_url: str) -> None:
    setup = connect(warehouse_url)
    packs = [POLICY.model_copy(update={"id": f"sample-{part}"}) for part in range(4)]
    lay(setup, [exhibit(number, author=f"author-{number}", policy=f"sample-{number % 4}") for number in range(1, 61)])
    assert _raise_at_once(warehouse_url, packs) == 60
    assert _column(setup, incidents.c.number) == list(range(1, 61))
    setup.dispose()
