"""Inhibition and campaigns on both databases: who rings, who is a line in another's thread; nothing is lost."""

import shutil
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from collectors.mention import Author, Mention
from incidents.campaign import is_campaign
from incidents.incident import Act, Exhibit
from incidents.lifecycle import ActNotPossible, ActRefused, state
from policies.policy import SEVERITIES
from tests.incidents.samples import NOON, exhibit
from tests.warehouse.case_samples import counts, lay, mark, notes, raise_in, reasons
from tests.warehouse.conftest import Clock
from warehouse.case_schema import evidence, held_bells, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.dossiers import CustodyBook
from warehouse.engine import connect
from warehouse.history import WarehouseHistory
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings

CROWD = [exhibit(number, author=f"author-{number}", author_handle=f"crowd_{number}") for number in range(1, 8)]


def _casebook(engine: Engine) -> WarehouseCasebook:
    return WarehouseCasebook(engine, Clock(NOON + timedelta(hours=9)))


def _graver_and_lighter(engine: Engine) -> WarehouseCasebook:
    """TOC-1001, a critical threat, and after it TOC-1002, trolling by the same author at the same person."""
    lay(engine, [exhibit(1, category="threat", severity="critical")])
    raise_in(engine)
    lay(engine, [exhibit(2, category="trolling", severity="low")])
    raise_in(engine)
    return _casebook(engine)


def test_the_lighter_one_opens_with_its_evidence_and_is_a_line_in_the_graver_ones_thread(engine: Engine) -> None:
    casebook = _graver_and_lighter(engine)
    lighter = casebook.incident("TOC-1002")
    assert (lighter.status, lighter.inhibited_by) == ("open", "TOC-1001")
    assert [each.intact for each in casebook.evidence("TOC-1002")] == [True]
    assert reasons(engine, "TOC-1002") == []
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited"]
    assert notes(engine, "TOC-1001")[-1].startswith("TOC-1002 (low trolling, 1 post), explained by this one: the same")
    told = casebook.events("TOC-1002")[-1]
    assert (told.act, told.actor, told.detail["by"]) == ("inhibited", "tocsin", "TOC-1001")


def test_it_rings_once_when_the_graver_one_is_dismissed(engine: Engine) -> None:
    casebook = _graver_and_lighter(engine)
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
    casebook = _graver_and_lighter(engine)
    casebook.act("TOC-1001", "resolved", "Sam", reason="the account is gone")
    assert notes(engine, "TOC-1001")[-1] == "by Sam: the account is gone; still open: TOC-1002"
    assert reasons(engine, "TOC-1002") == []
    lay(engine, [exhibit(3, category="trolling", severity="low")])
    raise_in(engine)
    assert reasons(engine, "TOC-1002") == ["new_incident"]


def test_one_that_becomes_as_grave_rings_and_says_from_what_it_rose(engine: Engine) -> None:
    casebook = _graver_and_lighter(engine)
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
    casebook = _casebook(engine)
    by_category = {each.key.category: each for each in casebook.incidents()}
    threat, doxxing, trolling = (by_category[name] for name in ("threat", "doxxing", "trolling"))
    assert trolling.inhibited_by == threat.id
    casebook.act(threat.id, "dismissed", "Sam", reason="false positive")
    assert casebook.incident(doxxing.id).inhibited_by is None
    assert casebook.incident(trolling.id).inhibited_by == doxxing.id
    casebook.act(doxxing.id, "dismissed", "Sam", reason="false positive")
    assert reasons(engine, trolling.id) == ["new_incident"]


def test_one_that_was_closed_unheard_rings_when_it_is_opened_again_alone(engine: Engine) -> None:
    casebook = _graver_and_lighter(engine)
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
    casebook = _casebook(engine)
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


def test_a_pile_on_is_one_incident_of_many_authors(engine: Engine) -> None:
    lay(engine, CROWD)
    mark(engine, CROWD[4], CROWD[:5])
    mark(engine, CROWD[5], CROWD[:6])
    assert raise_in(engine).opened == 2, "the campaign, and the one whom nothing links to it"
    casebook = _casebook(engine)
    (campaign,) = (each for each in casebook.incidents() if is_campaign(each.key))
    assert campaign.authors == tuple(f"author-{number}" for number in range(1, 7))
    assert campaign.handles == tuple(f"crowd_{number}" for number in range(1, 7))
    with engine.connect() as connection:
        row = connection.execute(select(incidents).where(incidents.c.incident_id == campaign.id)).one()
        card = connection.scalars(select(outbox.c.card).where(outbox.c.incident_id == campaign.id)).one()
    assert row.author_count == card["authors"] == 6


def test_more_of_a_campaign_joins_it_run_after_run_and_what_was_open_goes_on_there(engine: Engine) -> None:
    lay(engine, CROWD[:2])
    raise_in(engine)
    lay(engine, CROWD[2:5])
    mark(engine, CROWD[4], CROWD[:5])
    assert raise_in(engine).opened == 1
    casebook = _casebook(engine)
    assert [casebook.incident(each).inhibited_by for each in ("TOC-1001", "TOC-1002")] == ["TOC-1003", "TOC-1003"]
    assert "TOC-1001, TOC-1002 open already, part of it" in notes(engine, "TOC-1003")[0]
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited"]
    lay(engine, [CROWD[5]])
    mark(engine, CROWD[5], CROWD[1:6])
    assert raise_in(engine).extended == 1
    lay(engine, [replace(CROWD[6], category="trolling", severity="low", mention_id="x:6", author="author-6")])
    raise_in(engine)
    assert casebook.incident("TOC-1004").inhibited_by == "TOC-1003", "another finding of a post of it"
    casebook.act("TOC-1003", "dismissed", "Sam", reason="false positive")
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited", "uninhibited"]
    assert reasons(engine, "TOC-1004") == ["new_incident"]


def test_a_late_finding_of_a_campaigns_post_joins_it_while_it_goes_on(engine: Engine) -> None:
    """As it would have, had it come in the same run: the order of arrival makes no difference."""
    lay(engine, [replace(CROWD[0], target_handle="other_worker"), *CROWD[1:5]])
    mark(engine, CROWD[4], CROWD[:5])
    assert raise_in(engine).opened == 2
    casebook = _casebook(engine)
    campaign = next(each.id for each in casebook.incidents() if is_campaign(each.key))
    elsewhere = replace(CROWD[1], finding_id="a" * 64, target_handle="other_worker")
    lay(engine, [replace(CROWD[0], finding_id="b" * 64, target_handle="Sample_Worker"), elsewhere])
    assert asdict(raise_in(engine)) == {"opened": 1, "extended": 1, "suppressed": 0, "reopened": 0}
    assert CROWD[0].author in casebook.incident(campaign).authors
    assert reasons(engine, campaign) == ["new_incident", "new_evidence"]
    assert list(CustodyBook(engine).problems()) == []
    casebook.act(campaign, "dismissed", "Sam", reason="false positive")
    lay(engine, [replace(CROWD[2], finding_id="c" * 64)])
    assert raise_in(engine).opened == 1, "what was ruled upon stays as it was ruled"
    assert not is_campaign(casebook.incidents()[0].key)


def test_copies_and_a_pile_on_that_share_a_post_are_one_campaign(engine: Engine) -> None:
    lay(engine, CROWD[:3])
    mark(engine, CROWD[2], CROWD[:3], "coordinated_copies")
    raise_in(engine)
    lay(engine, CROWD[3:])
    mark(engine, CROWD[6], CROWD[2:])
    assert raise_in(engine).opened == 0
    assert len(_casebook(engine).incident("TOC-1001").authors) == 7


def test_a_confirmed_campaign_is_on_the_record_of_each_who_took_part(engine: Engine, pseudonyms: Pseudonyms) -> None:
    crowd = [replace(each, author=str(pseudonyms.of("x", Author(handle=each.author_handle)))) for each in CROWD[:3]]
    lay(engine, crowd)
    mark(engine, crowd[2], crowd)
    raise_in(engine)
    record = {"platform": "x", "id": "99", "text": "Once more", "created_at": "2026-11-01T09:00:00Z"}
    again = Mention.from_record({**record, "author": {"handle": "crowd_2"}})
    history = WarehouseHistory(engine, pseudonyms)
    assert history.before([again]).confirmed(again) == []
    _casebook(engine).act("TOC-1001", "resolved", "Sam")
    assert [post.mention_id for post in history.before([again]).confirmed(again)] == ["x:2"]


def test_another_campaign_against_the_same_person_is_another(engine: Engine) -> None:
    lay(engine, CROWD)
    mark(engine, CROWD[2], CROWD[:3])
    raise_in(engine)
    later = [exhibit(number, author=f"author-{number}") for number in range(11, 14)]
    lay(engine, later)
    mark(engine, later[2], later)
    before = len(_casebook(engine).incidents())
    raise_in(engine)
    assert len(_casebook(engine).incidents()) == before + 1


def test_a_lighter_one_that_opens_while_the_graver_one_is_dismissed_rings_all_the_same(warehouse_url: str) -> None:
    setup = connect(warehouse_url)
    for number in range(1, 9):
        lay(setup, [exhibit(2 * number, category="threat", severity="critical", author=f"author-{number}")])
        raise_in(setup)
        lay(setup, [exhibit(2 * number + 1, category="trolling", severity="low", author=f"author-{number}")])
        barrier = threading.Barrier(2)
        graver = f"TOC-{999 + 2 * number}"
        failed: list[BaseException] = []

        def at_once(dismisses: str | None, ready: threading.Barrier = barrier) -> None:
            engine = connect(warehouse_url)
            ready.wait()
            try:
                if dismisses:
                    WarehouseCasebook(engine).act(dismisses, "dismissed", "Sam", reason="false positive")
                else:
                    raise_in(engine)
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                failed.append(error)  # noqa: B023
            engine.dispose()

        threads = [threading.Thread(target=at_once, args=(each,)) for each in (graver, None)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert reasons(setup, f"TOC-{1000 + 2 * number}") == ["new_incident"]
    setup.dispose()


def test_ten_people_at_once_leave_one_history_and_each_loser_is_told_who_was_first(warehouse_url: str) -> None:
    setup = connect(warehouse_url)
    lay(setup, [exhibit(1), exhibit(2, author="author-2")])
    raise_in(setup)
    people: Sequence[tuple[str, Act | None]] = [
        *((f"Person {number}", "investigating") for number in range(5)),
        *((f"Person {number}", "dismissed") for number in range(5, 8)),
        *((f"Person {number}", None) for number in range(8, 10)),
    ]
    barrier, told, done = threading.Barrier(len(people)), list[str](), list[str]()

    def press(name: str, act: Act | None) -> None:
        engine = connect(warehouse_url)
        casebook = WarehouseCasebook(engine)
        barrier.wait()
        try:
            if act is None:
                casebook.merge("TOC-1001", "TOC-1002", name, "one case", "slack")
            else:
                casebook.act("TOC-1001", act, name, "false positive", "slack")
            done.append(name)
        except ActNotPossible as refusal:
            told.append(str(refusal))
        engine.dispose()

    threads = [threading.Thread(target=press, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = WarehouseCasebook(setup).events("TOC-1001")
    assert sorted(done) == sorted(event.actor for event in events[1:])
    assert len(told) == len(people) - len(done)
    assert all("Person" in each or "TOC-1001 is" in each for each in told)
    assert state(events).status == WarehouseCasebook(setup).incident("TOC-1001").status
    setup.dispose()


SEVERAL = ("threat", "trolling", "doxxing", "safeguarding")
MOSTLY_ONE = (1, 1, 1, 2)  # so that incidents meet
ACTS: tuple[Act, ...] = ("dismissed", "dismissed", "resolved", "reopened", "investigating", "assigned", "escalated")
one_finding = st.tuples(
    st.sampled_from(MOSTLY_ONE), st.sampled_from(SEVERAL), st.sampled_from(SEVERITIES), st.sampled_from(MOSTLY_ONE)
)
a_step = st.one_of(
    st.tuples(st.just("find"), st.lists(one_finding, min_size=1, max_size=3)),
    st.tuples(st.just("find"), st.tuples(one_finding)),
    st.tuples(st.just("crowd"), st.tuples(st.sampled_from(MOSTLY_ONE), st.sampled_from(SEVERITIES))),
    st.tuples(st.just("act"), st.tuples(st.integers(0, 4), st.sampled_from(ACTS))),
    st.tuples(st.sampled_from(["graver", "lighter"]), st.tuples(st.integers(0, 4), st.sampled_from(ACTS))),
    st.tuples(st.just("merge"), st.tuples(st.integers(0, 4), st.integers(0, 4))),
    st.tuples(st.just("unmerge"), st.integers(0, 4)),
)


PROLOGUE = [("find", [(1, "threat", "critical", 1)]), ("find", [(1, "trolling", "low", 1)])]  # one explains another


class Story:
    """Findings and acts, one after the other, on a warehouse of their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = Clock(NOON)
        self.casebook = WarehouseCasebook(engine, self.clock)
        self.laid: list[Exhibit] = []

    def take(self, kind: str, what: Any) -> None:
        """One step; what is refused is passed over."""
        self.clock.pass_by(minutes=1)
        if kind in ("find", "crowd"):
            self._find(what) if kind == "find" else self._crowd(*what)
            raise_in(self.engine)
            return
        ids = self._among(kind)
        numbers = what if kind == "merge" else (what if kind == "unmerge" else what[0],)
        chosen = [ids[number % len(ids)] for number in numbers if ids]
        try:
            if kind in ("act", "graver", "lighter") and chosen:
                self.casebook.act(chosen[0], what[1], "Sam", reason="false positive", assignee="Alex")
            elif kind == "merge" and chosen:
                self.casebook.merge(chosen[0], chosen[1], "Sam", "one case")
            elif chosen:
                self.casebook.unmerge(chosen[0], "Sam")
        except ActRefused:
            return

    def _among(self, kind: str) -> list[str]:
        """The incidents that a step chooses from: those that explain others, those that others explain, or all."""
        every = self.casebook.incidents()
        if kind == "graver":
            return sorted({each.inhibited_by for each in every if each.inhibited_by})
        return sorted(each.id for each in every if kind != "lighter" or each.inhibited_by)

    def _find(self, what: Sequence[tuple[int, Any, Any, int]]) -> None:
        for author, category, severity, target in what:
            made = {"author": f"author-{author}", "category": category, "severity": severity}
            self._lay(exhibit(len(self.laid) + 1, target_handle=f"worker_{target}", **made))

    def _crowd(self, target: int, severity: Any) -> None:
        crowd = []
        for number in range(1, 4):
            one = exhibit(len(self.laid) + 1, author=f"author-{number}", target_handle=f"worker_{target}")
            crowd.append(replace(one, severity=severity))
            self._lay(crowd[-1])
        near = [each for each in self.laid[-6:-3] if each.target_handle == crowd[0].target_handle]
        mark(self.engine, crowd[-1], [*near, *crowd])

    def _lay(self, one: Exhibit) -> None:
        self.laid.append(one)
        lay(self.engine, [one])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(a_step, min_size=1, max_size=12))
def test_nothing_is_lost_and_every_bell_rings_once(
    sqlite_template: Path, tmp_path: Path, steps: list[tuple[str, Any]]
) -> None:
    path = tmp_path / "story.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    story = Story(engine)
    for kind, what in [*PROLOGUE, *steps]:
        story.take(kind, what)
    with engine.connect() as connection:
        rows = {row.incident_id: row for row in connection.execute(select(incidents))}
        found = connection.execute(select(findings.c.finding_id, findings.c.incident_id))
        linked = {row.finding_id: row.incident_id for row in found}
        held = connection.execute(select(evidence.c.finding_id, evidence.c.incident_id)).all()
        rung = Counter(connection.scalars(select(outbox.c.incident_id).where(outbox.c.reason == "new_incident")))
        waiting = set(connection.scalars(select(held_bells.c.incident_id)))
    assert sorted(linked) == sorted(each.finding_id for each in story.laid)
    assert sorted((row.finding_id, row.incident_id) for row in held) == sorted(linked.items())
    assert [row.number for row in rows.values()] == list(range(1, len(rows) + 1))
    for incident_id, row in rows.items():
        come = state(story.casebook.events(incident_id))
        assert (come.status, come.severity, come.assignee) == (row.status, row.severity, row.assignee)
        assert (come.merged_into, come.inhibited_by) == (row.merged_into, row.inhibited_by)
        assert rung[incident_id] + (incident_id in waiting) == 1, "announced, or held back: one of the two, and once"
        if row.inhibited_by is None:
            assert rung[incident_id] == 1
            continue
        graver = rows[row.inhibited_by]
        goes_on = rows.get(graver.merged_into or graver.incident_id)
        assert "safeguarding" not in (row.category, graver.category)
        assert row.status not in ("open", "acknowledged") or goes_on is None or goes_on.status != "dismissed"
    engine.dispose()


def test_a_second_run_adds_no_line(engine: Engine) -> None:
    _graver_and_lighter(engine)
    before = counts(engine)
    raise_in(engine)
    assert counts(engine) == before
