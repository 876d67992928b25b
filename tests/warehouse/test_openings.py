"""Incidents opened many at a time are what they would be one by one; what stands beside another is settled alone."""

import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from incidents.casebook import Decide, Entry, Groups
from incidents.incident import Exhibit, GroupKey
from incidents.raising import MANY, RaiseCounts, raise_incidents
from policies.policy import SEVERITIES, CategoryName
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import lay, mark
from warehouse.case_schema import evidence, held_bells, incident_events, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.course_schema import course_posts
from warehouse.custody_schema import custody
from warehouse.engine import connect, migrate
from warehouse.proof import problems_of
from warehouse.schema import findings

OURS = {"event_id", "sequence"}
# What an incident's id or number goes into.
OWN = {*OURS, "number", "notification_id", "evidence_id", "sha256", "former", "entry_id"}
HASH = re.compile(r"\b(?!0{32})[0-9a-f]{64}\b")  # and no finding's id
BEHAVIOURS = ("course_of_conduct", "pile_on", "coordinated_copies")


class OneByOne(WarehouseCasebook):
    """Settles every group by itself."""

    def open_alone(self, groups: Groups, decide: Decide, now: Any) -> Mapping[GroupKey, Entry]:
        return {}


def _many(number: int = MANY + 10) -> list[Exhibit]:
    return [exhibit(each, author=f"author-{each % 55}", category="threat" if each % 3 else "trolling")
            for each in range(number)]  # fmt: skip


def _raised(casebook: WarehouseCasebook) -> RaiseCounts:
    return raise_incidents(casebook, {POLICY.id: POLICY}, NOON)


def _said(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that raising writes, under names that do not depend on the order of opening."""
    with engine.connect() as connection:
        named = {
            row.incident_id: f"{row.author} {row.category} {row.target}"
            for row in connection.execute(select(incidents))
        }
        said = {}
        for table in (incidents, incident_events, evidence, outbox, findings):
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            plain = [{name: value for name, value in row.items() if name not in OURS} for row in rows]
            said[table.name] = sorted((_renamed(row, named) for row in plain), key=repr)
        for incident_id in named:
            assert not list(problems_of(connection, incident_id))
    return said


def _renamed(row: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    of = row.get("incident_id")
    hidden = {"number", "notification_id", "evidence_id"} if of else set()
    card = row.get("card")
    kept = {name: value for name, value in row.items() if name not in hidden}
    if card:
        kept["card"] = card | {"incident_id": named[of], "custody": card["custody"].partition(":")[0]}
    if kept.get("inhibited_by"):
        kept["inhibited_by"] = named[kept["inhibited_by"]]
    return kept | {"incident_id": named.get(of) if of else None}


def test_many_at_a_time_and_one_by_one_come_to_the_same(engine: Engine, tmp_path: Any) -> None:
    other = connect(f"sqlite:///{tmp_path}/other.db")
    migrate(other)
    for each in (engine, other):
        lay(each, _many())
    assert _raised(WarehouseCasebook(engine)) == _raised(OneByOne(other))
    assert _said(engine) == _said(other)
    for each in (engine, other):
        lay(
            each,
            [replace(one, finding_id=f"{n:064x}"[::-1], mention_id=f"x:more{n}") for n, one in enumerate(_many(), 1)],
        )
    assert _raised(WarehouseCasebook(engine)) == _raised(OneByOne(other))
    assert _said(engine) == _said(other)
    other.dispose()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_stands_beside_what(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, seed: int
) -> None:
    dice = random.Random(seed)
    kinds: list[CategoryName] = ["threat", "trolling", "safeguarding"]
    found = [(dice.randrange(70), dice.choice("ab"), dice.choice(kinds)) for _ in range(MANY + 40)]
    folder = tmp_path_factory.mktemp("openings")
    engines = [connect(f"sqlite:///{shutil.copy(sqlite_template, folder / name)}") for name in ("many", "one")]
    exhibits = [
        exhibit(n, author=f"author-{who}", target_handle=target, category=what, severity="high" if n % 2 else "low")
        for n, (who, target, what) in enumerate(found)
    ]
    for each in engines:
        lay(each, exhibits)
    assert _raised(WarehouseCasebook(engines[0])) == _raised(OneByOne(engines[1]))
    many, one = (_said(each) for each in engines)
    for each in engines:
        each.dispose()
    assert many["findings"] == one["findings"]
    assert many["incidents"] == one["incidents"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_run_that_ends_half_way_goes_on(kind: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    lay(engine, [exhibit(each, author=f"author-{each}") for each in range(450)])

    class Dying(WarehouseCasebook):
        calls = 0

        def open_alone(self, groups: Groups, decide: Decide, now: Any) -> Mapping[GroupKey, Entry]:
            type(self).calls += 1
            if self.calls == 2:
                raise KeyboardInterrupt
            return super().open_alone(groups, decide, now)

    with pytest.raises(KeyboardInterrupt):
        _raised(Dying(engine))
    assert _raised(WarehouseCasebook(engine)).opened == 250
    with engine.connect() as connection:
        numbers = list(connection.execute(select(incidents.c.number).order_by(incidents.c.number)).scalars())
    assert numbers == list(range(1, 451))


@pytest.mark.parametrize("seed", range(6))
def test_behaviours_and_what_explains_what(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, seed: int
) -> None:
    """Courses, copies and pile-ons among single posts, in two runs, so that some of it stands already."""
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("behaviours")
    engines = [connect(f"sqlite:///{shutil.copy(sqlite_template, folder / name)}") for name in ("many", "one")]
    many, one = WarehouseCasebook(engines[0]), OneByOne(engines[1])
    earlier: list[Exhibit] = []
    for start in (0, 1000):
        found = [_any(start + number, dice) for number in range(MANY + 60)]
        resting = [
            (each, dice.sample([*earlier, *found], dice.randrange(1, 6)), dice.choice(BEHAVIOURS))
            for each in found
            if dice.random() < 0.4
        ]
        for engine in engines:
            lay(engine, found)
            for each, posts, kind in resting:
                mark(engine, each, posts, kind)
        assert _raised(many) == _raised(one)
        assert _told(engines[0]) == _told(engines[1])
        earlier = found
    for engine in engines:
        engine.dispose()


def _any(number: int, dice: random.Random) -> Exhibit:
    return exhibit(
        number,
        author=f"author-{dice.randrange(90)}",
        target_handle=f"worker-{dice.randrange(25)}",
        category=dice.choice(("threat", "trolling", "cyberbullying", "safeguarding")),
        severity=dice.choice(SEVERITIES),
        posted_at=NOON,
    )


def _told(engine: Engine) -> dict[str, list[str]]:
    """What stands in each table, with the keys of incidents in place of their ids, whatever the order of opening."""
    with engine.connect() as connection:
        named = {
            row.incident_id: f"{row.author} {row.category} {row.target} {row.status}"
            for row in connection.execute(select(incidents))
        }

        def plain(value: object) -> str:
            return HASH.sub("#", re.sub(r"TOC-\d+", lambda found: named[found[0]], str(value)))

        said = {
            table.name: sorted(
                plain({name: value for name, value in row._mapping.items() if name not in OWN})
                for row in connection.execute(select(table))
            )
            for table in (incidents, incident_events, evidence, outbox, findings, held_bells, course_posts, custody)
        }
        for incident_id in named:
            assert not list(problems_of(connection, incident_id))
    return said
