"""What came from Slack: noted once for all processes, forgotten after an hour; incidents looked up for people."""

import threading
from datetime import timedelta

from sqlalchemy import Engine

from tests.incidents.samples import NOON, exhibit
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_search import CaseSearch
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.interactions import RequestLedger


def test_a_request_is_the_first_once_by_any_of_its_marks(engine: Engine) -> None:
    ledger = RequestLedger(engine)
    assert ledger.first(("signature:1", "trigger:1"), NOON)
    assert not ledger.first(("signature:2", "trigger:1"), NOON)
    assert not ledger.first(("signature:1", ""), NOON)
    assert ledger.first(("signature:3", "trigger:3"), NOON)
    assert ledger.first((), NOON)
    assert ledger.first(("signature:1",), NOON + timedelta(hours=1, seconds=1))


def test_of_many_at_once_one_is_the_first(warehouse_url: str) -> None:
    answers: list[bool] = []
    barrier = threading.Barrier(6)

    def note() -> None:
        engine = connect(warehouse_url)
        barrier.wait()
        answers.append(RequestLedger(engine).first(("trigger:same", "signature:same"), NOON))
        engine.dispose()

    noting = [threading.Thread(target=note) for _ in range(6)]
    for each in noting:
        each.start()
    for each in noting:
        each.join()
    assert sorted(answers) == [False] * 5 + [True]


def test_incidents_are_found_by_state_person_and_words(engine: Engine) -> None:
    lay(engine, [exhibit(1, text="The LATE bus 100%"), exhibit(2, category="threat", author="author-2")])
    raise_in(engine)
    casebook, search = WarehouseCasebook(engine), CaseSearch(engine)
    casebook.act("TOC-1001", "acknowledged", "Sam Sample (U0SAM)", origin="slack")
    casebook.act("TOC-1002", "assigned", "Kit", assignee="Alex Example (U0ALEX)")

    def ids(found: list[object]) -> list[str]:
        return [getattr(each, "id", "") for each in found]

    assert ids([*search.unclosed(10)]) == ["TOC-1002", "TOC-1001"]
    assert ids([*search.unclosed(1)]) == ["TOC-1002"]
    assert ids([*search.of_person("U0SAM", 10)]) == ["TOC-1001"]
    assert ids([*search.of_person("U0ALEX", 10)]) == ["TOC-1002"]
    assert ids([*search.of_person("U_", 10)]) == []
    assert ids([*search.holding("late BUS", 10)]) == ["TOC-1001"]
    assert ids([*search.holding("100%", 10)]) == ["TOC-1001"]
    assert ids([*search.holding("1_0", 10)]) == []
    assert ids([*search.holding("toc-1002", 10)]) == ["TOC-1002"]
    casebook.act("TOC-1002", "resolved", "Kit")
    assert ids([*search.unclosed(10)]) == ["TOC-1001"]
    assert search.unclosed(1)[0].route == "security"
