"""One group of findings that cannot be made an incident keeps no other waiting, and is not lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from incidents.casebook import Decide, Entry, Groups
from incidents.incident import Exhibit, GroupKey
from incidents.raising import MANY, TOO_MANY, GroupsLeft, RaiseCounts, raise_incidents
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import lay
from warehouse.case_schema import incidents
from warehouse.casebook import WarehouseCasebook

ODD = "author-3"


class Stumbling(WarehouseCasebook):
    """A store that refuses what some authors wrote, as PostgreSQL refuses what an index cannot hold."""

    odd = frozenset({ODD})

    def settle(self, key: GroupKey, exhibits: Sequence[Exhibit], decide: Decide, now: datetime) -> Entry | None:
        self._refuse([key])
        return super().settle(key, exhibits, decide, now)

    def open_alone(self, groups: Groups, decide: Decide, now: datetime) -> Mapping[GroupKey, Entry]:
        self._refuse(list(groups))
        return super().open_alone(groups, decide, now)

    def _refuse(self, keys: list[GroupKey]) -> None:
        if any(key.author in self.odd for key in keys):
            raise ValueError("index row is too large")


def _raised(casebook: WarehouseCasebook) -> RaiseCounts:
    return raise_incidents(casebook, {POLICY.id: POLICY}, NOON)


def _authors(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(select(incidents.c.author)).scalars())


@pytest.mark.parametrize("number", [6, MANY + 10])
def test_all_others_are_raised_and_it_waits(engine: Engine, number: int) -> None:
    lay(engine, [exhibit(each, author=f"author-{each}") for each in range(number)])
    with pytest.raises(GroupsLeft, match=r"^1 finding could not .*index row is too large"):
        _raised(Stumbling(engine))
    assert _authors(engine) == {f"author-{each}" for each in range(number)} - {ODD}
    assert _raised(WarehouseCasebook(engine)).opened == 1
    assert ODD in _authors(engine)


def test_where_all_fail_it_is_no_group_s_fault(engine: Engine) -> None:
    lay(engine, [exhibit(each, author=f"author-{each}") for each in range(TOO_MANY + 5)])

    class Gone(Stumbling):
        odd = frozenset(f"author-{each}" for each in range(TOO_MANY + 5))

    with pytest.raises(ValueError, match="index row"):
        _raised(Gone(engine))
