"""Inhibition on both databases: who rings, who is a line in the thread of another. Posts are invented."""

from sqlalchemy import Engine, select

from tests.incidents.samples import exhibit
from tests.warehouse.case_samples import casebook_of, counts, graver_and_lighter, lay, notes, raise_in, reasons
from warehouse.case_schema import held_bells, outbox


def test_the_lighter_one_opens_with_its_evidence_and_is_a_line_in_the_graver_ones_thread(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    lighter = casebook.incident("TOC-1002")
    assert (lighter.status, lighter.inhibited_by) == ("open", "TOC-1001")
    assert [each.intact for each in casebook.evidence("TOC-1002")] == [True]
    assert reasons(engine, "TOC-1002") == []
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited"]
    assert notes(engine, "TOC-1001")[-1].startswith("TOC-1002 (low trolling, 1 post), explained by this one: the same")
    told = casebook.events("TOC-1002")[-1]
    assert (told.act, told.actor, told.detail["by"]) == ("inhibited", "tocsin", "TOC-1001")


def test_it_rings_once_when_the_graver_one_is_dismissed(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    lay(engine, [exhibit(3, category="trolling", severity="low")])
    raise_in(engine)
    assert reasons(engine, "TOC-1002") == []
    casebook.act("TOC-1002", "acknowledged", "Kit")
    casebook.act("TOC-1001", "dismissed", "Sam", reason="false positive: a film quotation")
    assert casebook.incident("TOC-1002").inhibited_by is None
    assert reasons(engine, "TOC-1002") == ["new_incident"]
    (note,) = notes(engine, "TOC-1002")
    assert note.startswith("TOC-1001 was dismissed")
    with engine.connect() as connection:
        card = connection.scalars(select(outbox.c.card).where(outbox.c.incident_id == "TOC-1002")).one()
        assert connection.execute(select(held_bells)).all() == []
    assert (card["status"], card["posts"]) == ("acknowledged", 2), "it says how it stands now"


def test_resolving_the_graver_one_names_what_is_still_open_and_more_of_it_rings(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    casebook.act("TOC-1001", "resolved", "Sam", reason="the account is gone")
    assert notes(engine, "TOC-1001")[-1] == "by Sam: the account is gone; still open: TOC-1002"
    assert reasons(engine, "TOC-1002") == []
    lay(engine, [exhibit(3, category="trolling", severity="low")])
    raise_in(engine)
    assert reasons(engine, "TOC-1002") == ["new_incident"]


def test_one_that_becomes_as_grave_rings_and_says_from_what_it_rose(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    lay(engine, [exhibit(3, category="trolling", severity="critical")])
    raise_in(engine)
    assert reasons(engine, "TOC-1002") == ["new_incident"]
    assert "severity raised from low to critical" in notes(engine, "TOC-1002")[0]
    rise = casebook.events("TOC-1002")[-2]
    assert (rise.detail["severity_before"], rise.detail["severity"]) == ("low", "critical")


def test_what_one_leaves_another_may_explain(engine: Engine) -> None:
    lay(engine, [exhibit(1, category="threat", severity="critical"), exhibit(2, category="doxxing", severity="high")])
    raise_in(engine)
    lay(engine, [exhibit(3, category="trolling", severity="low")])
    raise_in(engine)
    casebook = casebook_of(engine)
    by_category = {each.key.category: each for each in casebook.incidents()}
    threat, doxxing, trolling = (by_category[name] for name in ("threat", "doxxing", "trolling"))
    assert trolling.inhibited_by == threat.id
    casebook.act(threat.id, "dismissed", "Sam", reason="false positive")
    assert casebook.incident(doxxing.id).inhibited_by is None
    assert casebook.incident(trolling.id).inhibited_by == doxxing.id
    casebook.act(doxxing.id, "dismissed", "Sam", reason="false positive")
    assert reasons(engine, trolling.id) == ["new_incident"]


def test_one_that_was_closed_unheard_rings_when_it_is_opened_again_alone(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    casebook.act("TOC-1002", "resolved", "Kit")
    casebook.act("TOC-1001", "dismissed", "Sam", reason="false positive")
    assert reasons(engine, "TOC-1002") == []
    casebook.act("TOC-1002", "reopened", "Kit", reason="it goes on")
    assert reasons(engine, "TOC-1002") == ["new_incident", "reopened"]


def test_what_explains_goes_on_explaining_where_it_was_merged(engine: Engine) -> None:
    lay(engine, [exhibit(9, author="author-9", category="doxxing", severity="critical")])
    raise_in(engine)
    lay(engine, [exhibit(1, category="threat", severity="critical")])
    raise_in(engine)
    lay(engine, [exhibit(2, category="trolling", severity="low")])
    raise_in(engine)
    casebook = casebook_of(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    lay(engine, [exhibit(3, category="trolling", severity="low")])
    raise_in(engine)
    assert reasons(engine, "TOC-1003") == []
    casebook.act("TOC-1001", "dismissed", "Sam", reason="false positive")
    assert reasons(engine, "TOC-1003") == ["new_incident"]


def test_who_may_be_at_risk_is_heard_of_whatever_else_is_open(engine: Engine) -> None:
    lay(engine, [exhibit(1, category="threat", severity="critical")])
    raise_in(engine)
    lay(engine, [exhibit(2, category="safeguarding", severity="low")])
    raise_in(engine)
    assert reasons(engine, "TOC-1002") == ["new_incident"]


def test_a_second_run_adds_no_line(engine: Engine) -> None:
    graver_and_lighter(engine)
    before = counts(engine)
    raise_in(engine)
    assert counts(engine) == before
