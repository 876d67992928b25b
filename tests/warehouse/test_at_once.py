"""Several people and runs at the same incidents at once, on both databases: one history, and no bell is lost."""

import threading
from collections.abc import Sequence

from incidents.incident import Act
from incidents.lifecycle import ActNotPossible, state
from tests.incidents.samples import exhibit
from tests.warehouse.case_samples import lay, raise_in, reasons
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect


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
