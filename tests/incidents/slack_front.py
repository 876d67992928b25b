"""Everything behind Slack's buttons on a warehouse of tests, served over real HTTP on a free port of 127.0.0.1."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Engine, select
from starlette.applications import Starlette

from incidents.authority import Authority
from incidents.desk import Desk
from incidents.inbox import LEASE
from incidents.intake import Intake
from incidents.slack import SlackChannel
from incidents.slack_answer import SlackAnswers
from incidents.slack_http import SlackDoor
from incidents.slack_people import SlackDirectory
from incidents.slash import Commands
from incidents.slash_merge import Merging
from incidents.slash_silence import Silencing
from policies.policy import Policy
from tests.incidents.samples import POLICY
from tests.incidents.slack_requests import SECRET, body_of, signed, typed
from tests.incidents.slack_server import SlackServer
from tests.incidents.slack_workspace import Staffed
from tocsin.bell import Bell
from tocsin.escalating import hand_on
from tocsin.web import application
from warehouse.case_search import CaseSearch
from warehouse.casebook import WarehouseCasebook
from warehouse.escalations import WarehouseEscalations
from warehouse.interactions import RequestLedger
from warehouse.outbox import WarehouseOutbox
from warehouse.schema import audit
from warehouse.silences import WarehouseSilences

PATIENCE_S = 90.0  # a machine may be busy; nothing here takes longer than a second of its own


@dataclass
class Front:
    """What a test holds: the address, the workspace behind it, and the casebook."""

    url: str
    hooks: str  # where a typed command is answered
    workspace: Staffed
    casebook: WarehouseCasebook
    intake: Intake
    engine: Engine
    http: httpx.Client  # one for all: making one reads every certificate of the machine

    def send(self, payload: Any) -> httpx.Response:
        """Send a payload as Slack does."""
        return self.post(body := body_of(payload), signed(body))

    def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Send a body as it is."""
        return self.http.post(f"{self.url}/slack/actions", content=body, headers=dict(headers))

    def ask(self, words: str, user: str = "U0SAM") -> str:
        """Type words after /tocsin; what is answered."""
        before = len(self.workspace.told("command"))
        body = urlencode(typed(words, self.hooks, user)).encode()
        assert self.post(body, signed(body)).status_code == 200
        return self.told("command", before + 1)[-1]

    def told(self, user: str, times: int = 1) -> list[str]:
        """What a person was told, as soon as it was so often."""
        eventually(lambda: len(self.workspace.told(user)) >= times, f"{user} is not told")
        return self.workspace.told(user)

    def refusals(self, times: int = 1) -> list[tuple[str, str, str]]:
        """Actor, subject and reason of each refusal, as soon as there are so many."""
        eventually(lambda: len(self._refusals()) >= times, "the refusal is not recorded")
        return self._refusals()

    def acts(self) -> list[tuple[str, str, str | None]]:
        """What was done to TOC-1001 by people: act, actor and reason."""
        done = self.casebook.events("TOC-1001")
        return [(each.act, each.actor, each.reason) for each in done if each.origin != "pipeline"]

    def _refusals(self) -> list[tuple[str, str, str]]:
        query = select(audit).where(audit.c.action == "slack_refused").order_by(audit.c.audit_id)
        with self.engine.connect() as connection:
            return [(row.actor, row.subject, row.reason) for row in connection.execute(query)]


def eventually(holds: Callable[[], bool], otherwise: str) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.01)


@contextmanager
def front(engine: Engine, slack: SlackServer, channel: SlackChannel, pack: Policy = POLICY) -> Iterator[Front]:
    """Open the desk and its door."""
    assert isinstance(slack.workspace, Staffed)
    with (
        staffed_desk(engine, channel, pack) as intake,
        served(door(engine, intake)) as url,
        httpx.Client(timeout=PATIENCE_S) as http,
    ):
        hooks = slack.url.replace("/api/", "/hooks/commands/1")
        yield Front(url, hooks, slack.workspace, WarehouseCasebook(engine), intake, engine, http)


def door(engine: Engine, intake: Intake) -> Starlette:
    """The web application before an intake."""
    return application(SlackDoor(SignatureVerifier(SECRET), intake), engine)


@contextmanager
def staffed_desk(
    engine: Engine, channel: SlackChannel, pack: Policy = POLICY, lease: timedelta = LEASE
) -> Iterator[Intake]:
    """Everything behind the door, at work."""
    ledger, client = RequestLedger(engine), channel.client
    packs, escalations = {pack.id: pack}, WarehouseEscalations(engine)
    authority = Authority(SlackDirectory(client), lambda: packs)

    def now() -> datetime:
        return datetime.now(UTC)

    outbox = WarehouseOutbox(engine)
    bell = Bell(outbox, channel, again_s=0.05, before=lambda: hand_on(escalations, packs, now()))

    silencing = Silencing(WarehouseSilences(engine), authority, lambda: packs, bell.ring)
    desk = Desk(
        WarehouseCasebook(engine),
        authority,
        SlackAnswers(client, sleep=lambda _: None),
        Commands(
            CaseSearch(engine),
            authority,
            lambda: packs,
            now,
            silencing,
            Merging(WarehouseCasebook(engine), authority, bell.ring),
        ),
        refused=lambda actor, subject, reason: ledger.refused(now(), actor, subject, reason),
        acted=bell.ring,
    )
    intake = Intake(desk, ledger, now, lease=lease)
    bell.start()
    intake.start()
    yield intake
    intake.close()
    bell.close()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """A web application on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started, "the server does not start")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)
