"""A command that was done by a desk which died before it could say so: it is said, and not done twice."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from incidents.inbox import LEASE
from incidents.interaction import Typed
from incidents.silence import Asked
from incidents.slack import SlackChannel
from tests.incidents.samples import POLICY, exhibit
from tests.incidents.slack_front import eventually, front
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in
from warehouse.casebook import WarehouseCasebook
from warehouse.interactions import RequestLedger
from warehouse.quiet_schema import silences
from warehouse.silences import WarehouseSilences
from warehouse.slack_schema import slack_inbox

SAM = "Sam Sample (U0SAM)"
PACKS = {POLICY.id: POLICY}
Did = Callable[[Engine], object]


def _merged(engine: Engine) -> None:
    WarehouseCasebook(engine).merge("TOC-1002", "TOC-1001", SAM, "one person", "slack")


def _parted(engine: Engine) -> None:
    WarehouseCasebook(engine).merge("TOC-1002", "TOC-1001", SAM, "one person", "cli")
    WarehouseCasebook(engine).unmerge("TOC-1002", SAM, "another", "slack")


def _silenced(engine: Engine) -> None:
    asked = Asked(SAM, "a drill", "8h", category="cyberbullying", phrase="Invented post", origin="slack")
    WarehouseSilences(engine).add(asked, PACKS)


def _ended(engine: Engine) -> None:
    _silenced(engine)
    WarehouseSilences(engine).end("SIL-1", SAM, "over")


def _all_done(engine: Engine) -> tuple[int, int]:
    """How many events and silences there are."""
    acts = sum(len(WarehouseCasebook(engine).events(each)) for each in ("TOC-1001", "TOC-1002"))
    with engine.connect() as connection:
        return acts, connection.scalar(select(func.count()).select_from(silences)) or 0


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(slack_inbox)) or 0


def _again(engine: Engine, did: Did, words: str) -> str:
    """What is said where a desk did this, at once when it was asked, and another finds it in the inbox."""
    lay(engine, [exhibit(1), exhibit(2, author="author-2")])
    raise_in(engine)
    asked_at = datetime.now(UTC) - LEASE
    did(engine)
    with SlackServer(Staffed()) as slack:
        hook = slack.url.replace("/api/", "/hooks/commands/1")
        RequestLedger(engine).take(Typed("U0SAM", "C0SECURITY", "1.1", words, hook), ("trigger:1",), asked_at)
        channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10)
        with front(engine, slack, channel) as desk:
            (told,) = desk.told("command")
            eventually(lambda: _left(engine) == 0, "it is still kept")
    return told


@pytest.mark.parametrize(
    ("did", "words", "said", "acts", "number"),
    [
        (_merged, "merge TOC-1002 into TOC-1001 because one person", "TOC-1002 goes on in TOC-1001", 4, 0),
        (_parted, "unmerge TOC-1002 because another", "TOC-1002 stands for itself again and is open.", 6, 0),
        (_silenced, 'silence 8h category=cyberbullying phrase="Invented post" because a drill', "🔕 SIL-1 until", 2, 1),
        (_ended, "silence end SIL-1 because over", "SIL-1 is over.", 2, 1),
    ],
)
def test_what_is_done_is_only_said(
    sqlite_engine: Engine, did: Did, words: str, said: str, acts: int, number: int
) -> None:
    assert _again(sqlite_engine, did, words).startswith(said)
    assert _all_done(sqlite_engine) == (acts, number)


@pytest.mark.parametrize(
    "words",
    [
        'silence 8h category=cyberbullying phrase="other post" because a drill',
        'silence 9h category=cyberbullying phrase="Invented post" because a drill',
        'silence 8h category=cyberbullying phrase="Invented post" because another drill',
    ],
)
def test_a_silence_that_is_another_is_begun(sqlite_engine: Engine, words: str) -> None:
    assert _again(sqlite_engine, _silenced, words).startswith("🔕 SIL-2 until")
