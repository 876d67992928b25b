"""What came from Slack: noted once for all processes, forgotten after an hour; incidents looked up for people."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from incidents.authority import Authority, Person
from incidents.inbox import packed, unpacked
from incidents.incident import Act
from incidents.interaction import Form, Interaction, Press, Typed
from incidents.slash import LISTED, LOOKED_AT, Commands
from incidents.verdict import Verdict
from policies.policy import Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import fill, lay, raise_in
from warehouse.case_schema import incidents
from warehouse.case_search import CaseSearch
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.interactions import RequestLedger


def interactions() -> st.SearchStrategy[Interaction]:
    """Anything that Slack's door lets in."""
    words, act = st.text(max_size=50), st.sampled_from(get_args(Act))
    when = st.none() | st.datetimes(timezones=st.just(UTC))
    verdict = st.none() | st.sampled_from(get_args(Verdict))
    return st.one_of(
        st.builds(Press, words, words, words, act, words, when),
        st.builds(Form, words, words, words, act, words, words, verdict, st.none() | words),
        st.builds(Typed, words, words, words, words, words),
    )


ASKED = Form("U0SAM", "C0SECURITY", "13.37", "dismissed", "TOC-1001", "a \u0000 film \ud800", "wrong_clause", None)
TYPED = Typed("U0SAM", "C0SECURITY", "13.38", "search late bus", "https://hooks.slack.com/commands/1")
PRESS = Press("U0SAM", "C0SECURITY", "13.39", "acknowledged", "TOC-1001", NOON)


def test_a_request_is_the_first_once_by_any_of_its_marks(engine: Engine) -> None:
    def first(marks: tuple[str, ...], at: datetime = NOON) -> bool:
        return RequestLedger(engine).take(PRESS, marks, at) is not None

    assert first(("signature:1", "trigger:1"))
    assert not first(("signature:2", "trigger:1"))
    assert not first(("signature:1", ""))
    assert first(("signature:3", "trigger:3"))
    assert first(())
    assert first(("signature:1",), NOON + timedelta(hours=1, seconds=1))


def test_of_many_at_once_one_is_the_first(warehouse_url: str) -> None:
    answers: list[bool] = []
    barrier = threading.Barrier(6)

    def note() -> None:
        engine = connect(warehouse_url)
        barrier.wait()
        answers.append(RequestLedger(engine).take(PRESS, ("trigger:same", "signature:same"), NOON) is not None)
        engine.dispose()

    _at_once(note)
    assert sorted(answers) == [False] * 5 + [True]


def test_what_is_asked_is_kept_until_it_is_done(engine: Engine) -> None:
    ledger, lease = RequestLedger(engine), timedelta(minutes=1)
    taken = [ledger.take(each, (f"trigger:{each.trigger}",), NOON) for each in (PRESS, TYPED, ASKED)]
    assert [each.asked for each in taken[:2] if each] == [PRESS, TYPED]
    assert ledger.left(NOON + lease, lease) == []  # whoever began may still be at it
    later = NOON + timedelta(seconds=61)
    left = ledger.left(later, lease)
    assert [(each.asked.trigger, each.attempts, each.received_at) for each in left] == [
        ("13.37", 2, NOON) if each is ASKED else (each.trigger, 2, NOON) for each in (PRESS, TYPED, ASKED)
    ]
    kept = left[2].asked
    assert isinstance(kept, Form)
    assert (kept.words, kept.verdict) == ("a \u2400 film \\ud800", "wrong_clause")
    assert ledger.left(later, lease) == []
    for each in left[:2]:
        ledger.done(each)
    ledger.done(left[0])
    assert [each.attempts for each in ledger.left(later + timedelta(hours=1), lease)] == [3]


def test_two_that_take_up_what_was_left_do_not_get_the_same(warehouse_url: str) -> None:
    engine = connect(warehouse_url)
    for number in range(20):
        RequestLedger(engine).take(PRESS, (f"trigger:{number}",), NOON)
    engine.dispose()
    found: list[int] = []
    barrier = threading.Barrier(4)

    def take_up() -> None:
        own = connect(warehouse_url)
        barrier.wait()
        found.extend(each.number for each in RequestLedger(own).left(NOON + timedelta(hours=1), timedelta(minutes=1)))
        own.dispose()

    _at_once(take_up, threads=4)
    assert len(found) == len(set(found)) == 20


@given(interactions())
def test_every_interaction_is_packed_and_unpacked(asked: Interaction) -> None:
    assert unpacked(json.loads(json.dumps(packed(asked)))) == asked


def _at_once(work: Callable[[], None], threads: int = 6) -> None:
    working = [threading.Thread(target=work) for _ in range(threads)]
    for each in working:
        each.start()
    for each in working:
        each.join()


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


def test_the_case_of_no_letter_matters_on_sqlite(sqlite_engine: Engine) -> None:
    """On PostgreSQL the database's own locale says which letters have a case."""
    lay(sqlite_engine, [exhibit(1, text="École fermée, ДОЛОЙ")])
    raise_in(sqlite_engine)
    search = CaseSearch(sqlite_engine)
    for words in ("école", "ÉCOLE FERMÉE", "долой"):
        assert [each.id for each in search.holding(words, 10)] == ["TOC-1001"], words
    assert search.holding("ecole", 10) == []


def test_what_lies_far_back_is_found_page_by_page(engine: Engine) -> None:
    fill(engine, cases=7, each=1)
    search, found = CaseSearch(engine), list[str]()
    page = search.holding("TOC-", 3)
    while page:
        found += [each.id for each in page]
        page = search.holding("TOC-", 3, before=found[-1])
    assert found == [f"TOC-{number}" for number in range(1007, 1000, -1)]
    assert [each.id for each in search.unclosed(3, before="TOC-1003")] == ["TOC-1002", "TOC-1001"]


def test_the_command_looks_beyond_the_newest_two_hundred(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, cases=LOOKED_AT * 2 + 5, each=1)
    with sqlite_engine.begin() as connection:
        first = incidents.c.incident_id == "TOC-1001"
        connection.execute(update(incidents).where(first).values(why="It names an otter.", severity="critical"))
    pack = POLICY.model_copy(update={"routes": {"security": Route(name="Security", slack_actors=("U0SAM",))}})
    commands = Commands(CaseSearch(sqlite_engine), Authority(Everybody(), lambda: {pack.id: pack}))

    def ask(words: str) -> list[str]:
        return commands(replace(TYPED, words=words), Person("U0SAM", "Sam Sample")).splitlines()

    assert ask("search otter")[0].startswith("🔴 TOC-1001 critical")
    opened = ask("open")
    assert "TOC-1001" in opened[0]
    assert opened[-1] == f"and {LOOKED_AT * 2 + 5 - LISTED} more"


class Everybody:
    """A directory in which everybody is a member in good standing."""

    def person(self, user_id: str) -> Person:
        """Anybody."""
        return Person(user_id, user_id)

    def channel(self, channel_id: str) -> frozenset[str]:
        """Nobody."""
        return frozenset()

    def group(self, group_id: str) -> frozenset[str]:
        """Nobody."""
        return frozenset()
