"""Silences kept, acting and over: the bell is quiet, the record whole, and what was kept quiet is told in the end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from incidents.delivery import deliver
from incidents.incident import Exhibit
from incidents.silence import Asked, Silence, SilenceRefused
from incidents.slack import SlackChannel
from policies.policy import Policy, Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.incidents.slack_server import TOKEN, Call, SlackServer
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.escalations import WarehouseEscalations
from warehouse.outbox import WarehouseOutbox
from warehouse.schema import audit
from warehouse.silences import WarehouseSilences

PACKS: dict[str, Policy] = {"sample": POLICY}
HOUR = timedelta(hours=1)


class House:
    """A warehouse at a moment, its silences, and the channel that is told."""

    def __init__(self, engine: Engine, slack: SlackServer) -> None:
        self.engine, self.slack, self.now = engine, slack, NOON
        self.book = WarehouseSilences(engine, lambda: self.now)
        self.casebook = WarehouseCasebook(engine, lambda: self.now)
        self._channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=5)

    def silence(self, **asked: Any) -> Silence:
        return self.book.add(Asked("Sam", "a drill", "10h", **{"category": "cyberbullying"} | asked), PACKS)

    def found(self, *exhibits: Exhibit, pack: Policy = POLICY) -> None:
        for each in exhibits:
            lay(self.engine, [each])
            raise_in(self.engine, pack)

    def told(self, at: datetime | None = None) -> list[tuple[str, str]]:
        """Deliver; incident and reason of each message that is new since."""
        self.now, before = at or self.now, len(self.messages())
        deliver(WarehouseOutbox(self.engine), self._channel, clock=lambda: self.now, sleep=lambda _: None)
        held = [each["metadata"]["event_payload"] for each in self.messages()[before:]]
        return [(each["incident_id"], each["reason"]) for each in held]

    def messages(self, channel: str = "C0SECURITY") -> list[Call]:
        return self.slack.workspace.messages(channel)


@pytest.fixture
def house(engine: Engine) -> Any:
    with SlackServer() as slack:
        yield House(engine, slack)


def _of(number: int, **changes: Any) -> Exhibit:
    return exhibit(number, **{"author": f"author-{number}", "author_handle": f"Handle{number}"} | changes)


def test_what_it_covers_rings_no_bell_and_is_there(house: House) -> None:
    silence = house.silence()
    assert house.told() == [("SIL-1", "silence_started")]
    house.found(_of(1), _of(2, category="threat"))
    assert house.told() == [("TOC-1002", "new_incident")]
    assert [each.id for each in house.casebook.incidents()] == ["TOC-1002", "TOC-1001"]
    assert len(house.casebook.evidence("TOC-1001")) == 1
    assert house.book.covering(["TOC-1001", "TOC-1002"]) == {"TOC-1001": "SIL-1"}
    assert [(each.id, each.kept_quiet) for each in house.book.silences()] == [(silence.id, 1)]


def test_what_rises_to_critical_rings_and_so_does_what_is_critical_from_the_start(house: House) -> None:
    house.silence()
    house.told()
    house.found(_of(1))
    assert house.told() == []
    house.found(_of(1, finding_id="f" * 64, mention_id="x:99", severity="high"))
    assert house.told() == []
    house.found(_of(1, finding_id="e" * 64, mention_id="x:98", severity="critical"))
    assert house.told() == [("TOC-1001", "escalated")]
    assert "Severity: critical" in house.messages()[-1]["text"]
    house.found(_of(5, severity="critical"))
    assert house.told() == [("TOC-1002", "new_incident")]


def test_a_person_at_risk_is_never_silenced(house: House) -> None:
    house.silence(category=None, target="sample_worker")
    house.told()
    house.found(_of(1), _of(2, category="safeguarding"))
    assert house.told() == [("TOC-1002", "new_incident")]


def test_what_a_person_escalates_rings_and_a_thread_that_hangs_tells_of_acts(house: House) -> None:
    house.found(_of(1))
    house.told()
    house.silence()
    house.told()
    house.casebook.act("TOC-1001", "acknowledged", "Alex")
    assert house.told() == [("TOC-1001", "acknowledged")]
    house.found(_of(1, finding_id="f" * 64, mention_id="x:99"), _of(2))
    assert house.told() == []
    house.casebook.act("TOC-1002", "acknowledged", "Alex")
    assert house.told() == []
    house.casebook.act("TOC-1002", "escalated", "Alex", "it is no drill")
    assert house.told() == [("TOC-1002", "escalated")]


def test_its_end_is_announced_and_then_it_rings_again_and_tells_what_is_open(house: House) -> None:
    house.silence()
    house.told()
    house.found(_of(1), _of(2), _of(3))
    house.casebook.act("TOC-1002", "resolved", "Alex", "removed")
    assert house.told(NOON + 8.9 * HOUR) == []
    assert house.told(NOON + 9 * HOUR) == [("SIL-1", "silence_expiring")]
    assert "has kept 3 incidents quiet, 2 of them still open" in house.messages()[-1]["text"]
    assert house.told(NOON + 9.9 * HOUR) == []
    house.found(_of(4))
    assert sorted(house.told(NOON + 10 * HOUR)) == [("SIL-1", "silence_ended"), ("TOC-1004", "new_incident")]
    ended = next(each["text"] for each in house.messages() if "Silence over" in each["text"])
    for said in (
        "Silence over: 2 of 3 incidents still open (SIL-1)",
        "TOC-1001 medium",
        "TOC-1003 medium",
        "Whose: Sam",
    ):
        assert said in ended
    assert "TOC-1002" not in ended
    assert house.book.silences() == []
    assert house.book.covering(["TOC-1001"]) == {}
    assert [each.closed for each in house.book.silences(over=True)] == [True]
    assert house.told(NOON + 99 * HOUR) == []


def test_whoever_ends_it_says_why_and_what_follows_rings(house: House) -> None:
    house.silence()
    house.told()
    house.found(_of(1))
    house.told(NOON + HOUR)
    with pytest.raises(SilenceRefused, match="say who does it and why"):
        house.book.end("SIL-1", "Alex", " ")
    house.book.end("sil-1", "Alex", "the drill is over")
    with pytest.raises(SilenceRefused, match="over already"):
        house.book.end("SIL-1", "Alex", "again")
    house.found(_of(2))
    assert sorted(house.told(NOON + 2 * HOUR)) == [("SIL-1", "silence_ended"), ("TOC-1002", "new_incident")]
    assert "ended by Alex: the drill is over" in "".join(each["text"] for each in house.messages())


@pytest.mark.parametrize(
    ("asked", "quiet"),
    [
        ({"author": "@handle1"}, ["TOC-1001"]),
        ({"author": "author-2"}, ["TOC-1002"]),
        ({"target": "@Sample_Worker"}, ["TOC-1001", "TOC-1002", "TOC-1003"]),
        ({"phrase": "invented POST 3"}, ["TOC-1003"]),
        ({"category": "trolling"}, []),
    ],
)
def test_by_author_target_category_or_phrase(house: House, asked: dict[str, str], quiet: list[str]) -> None:
    house.found(_of(1), _of(2), _of(3))
    house.silence(**{"category": None} | asked)
    house.told()
    assert sorted(house.book.covering(["TOC-1001", "TOC-1002", "TOC-1003"])) == quiet


def test_a_handle_that_is_spelt_as_its_owner_spells_it_is_known(house: House) -> None:
    house.found(_of(1, author_handle="Élodie_Example"))
    house.silence(author="@Élodie_Example")
    house.told()
    assert house.book.covering(["TOC-1001"]) == {"TOC-1001": "SIL-1"}


def test_an_author_whom_nobody_knows_and_a_silence_that_is_none_are_refused(house: House) -> None:
    with pytest.raises(SilenceRefused, match="nobody is known as 'nobody'"):
        house.silence(author="@nobody")
    for of in (house.book.silence, lambda name: house.book.end(name, "Sam", "why")):
        with pytest.raises(SilenceRefused, match="there is no silence SIL-7"):
            of("SIL-7")
    assert house.book.silences(over=True) == []


def test_the_people_whom_an_incident_was_escalated_to_are_asked_nothing_and_still_hear(house: House) -> None:
    first = Route(name="Security", slack_channel="C0SECURITY", escalates_to="management")
    further = Route(name="Management", slack_channel="C0DEFAULT")
    pack = POLICY.model_copy(update={"routes": {"security": first, "management": further}})
    house.found(_of(1), pack=pack)
    house.casebook.act("TOC-1001", "escalated", "Alex", "beyond us")
    assert WarehouseEscalations(house.engine).take("TOC-1001", pack, NOON) is not None
    house.told()
    house.book.add(Asked("Sam", "a drill", "10h", category="cyberbullying"), {"sample": pack})
    assert house.told() == [("SIL-1", "silence_started")]
    heard = len(house.messages("C0DEFAULT"))
    house.found(_of(1, finding_id="f" * 64, mention_id="x:99"), pack=pack)
    assert house.told() == []
    assert [each["metadata"]["event_payload"]["reason"] for each in house.messages("C0DEFAULT")[heard:]] == [
        "new_evidence"
    ]


def test_each_act_is_audited(house: House, rows: Callable[..., list[dict[str, Any]]]) -> None:
    house.silence()
    house.book.end("SIL-1", "Alex", "over")
    house.silence()
    house.told(NOON + 11 * HOUR)
    told = [(each["actor"], each["action"], each["subject"]) for each in rows(audit)]
    assert told == [
        ("Sam", "silence_begun", "SIL-1"),
        ("Alex", "silence_ended", "SIL-1"),
        ("Sam", "silence_begun", "SIL-2"),
        ("tocsin", "silence_expired", "SIL-2"),
    ]


def test_every_notification_is_told_or_kept_by_a_silence(house: House) -> None:
    house.silence()
    house.found(*(_of(number, category="threat" if number % 2 else "cyberbullying") for number in range(1, 21)))
    house.told()
    with house.engine.connect() as connection:
        found = connection.execute(
            select(outbox.c.state, outbox.c.silenced_by).where(outbox.c.incident_id.is_not(None))
        )
        states = [tuple(row) for row in found]
    assert sorted(states, key=str) == sorted([("delivered", None)] * 10 + [("silenced", "SIL-1")] * 10, key=str)


def test_of_two_that_cover_it_the_older_counts(house: House) -> None:
    house.silence()
    house.silence(category=None, target="sample_worker")
    house.found(_of(1))
    house.told()
    assert house.book.covering(["TOC-1001"]) == {"TOC-1001": "SIL-1"}
    house.book.end("SIL-1", "Sam", "enough")
    house.found(_of(1, finding_id="f" * 64, mention_id="x:99"))
    house.told(NOON + HOUR)
    assert house.book.covering(["TOC-1001"]) == {"TOC-1001": "SIL-2"}
    assert replace(house.book.silence("SIL-2"), announced=False).kept_quiet == 1


def test_two_who_begin_one_at_once_begin_two(engine: Engine) -> None:
    book = WarehouseSilences(engine, lambda: NOON)
    asked = [Asked("Sam", f"drill {number}", "8h", category="cyberbullying") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        begun = list(pool.map(lambda each: book.add(each, PACKS), asked))
    assert sorted(int(each.id.removeprefix("SIL-")) for each in begun) == list(range(1, 13))
