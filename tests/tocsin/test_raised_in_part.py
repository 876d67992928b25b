"""Where the database refuses one incident, the others are raised and told at once, and the step says what is left."""

import pytest
from sqlalchemy import text

from tests.tocsin.town import Town, invented
from tests.warehouse.case_samples import lay
from tocsin import early
from tocsin.errors import StepFailed
from tocsin.house import open_house

REFUSES = (
    "CREATE TRIGGER refuses BEFORE INSERT ON incidents WHEN NEW.author = 'author-2' "
    "BEGIN SELECT RAISE(ABORT, 'index row is too large'); END"
)


def test_what_was_raised_is_told_though_some_was_not(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = town.pack(security={"also": ["siem"]})
    for name, value in town.settings.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    house = open_house()
    lay(house.engine, [invented(number, pack) for number in (1, 2, 3)])
    with house.engine.begin() as connection:
        connection.execute(text(REFUSES))
    with pytest.raises(StepFailed, match=r"^1 finding could not be made incidents, .*index row is too large"):
        early.raise_incidents()
    assert [told["data"]["subject"] for _, told in town.hook.taken] == ["TOC-1001", "TOC-1002"]
    assert len(town.slack.workspace.ids()) == 2
    with house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER refuses"))
    assert early.raise_incidents()["opened"] == 1
