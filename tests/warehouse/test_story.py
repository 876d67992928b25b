"""Any story of findings and acts whatever: no finding is lost, and every bell rings once."""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from incidents.incident import Act, Exhibit
from incidents.lifecycle import ActRefused, state
from policies.policy import SEVERITIES
from tests.incidents.samples import NOON, exhibit
from tests.warehouse.case_samples import lay, mark, raise_in
from tests.warehouse.conftest import Clock
from warehouse.case_schema import evidence, held_bells, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.schema import findings

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
