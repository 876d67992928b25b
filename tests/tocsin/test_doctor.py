"""`tocsin doctor`: what docs/slack.md promises of it, against a Slack of our own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.check import PACKS
from tests.incidents.slack_server import TOKEN, Call, SlackServer, _Handler
from tests.tocsin.conftest import Run

EVERY = "chat:write,channels:history,groups:history,metadata.message:read"


class ScopedSlack(SlackServer):
    """A Slack that says which scopes the token has, as the real one does in a header."""

    def __init__(self, scopes: str) -> None:
        super().__init__()
        outer = scopes

        class Handler(_Handler):
            def end_headers(self) -> None:
                self.send_header("x-oauth-scopes", outer)
                super().end_headers()

        self.RequestHandlerClass = Handler


@pytest.fixture
def scoped() -> Iterator[Callable[[str], SlackServer]]:
    """Starts a Slack whose token has these scopes."""
    running: list[SlackServer] = []

    def start(scopes: str) -> SlackServer:
        running.append(ScopedSlack(scopes).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


def settings(slack: SlackServer, **more: str) -> dict[str, Any]:
    """The settings that point at it."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.url, "SLACK_CHANNEL": "C0DEFAULT", **more}


def test_a_bare_house_is_well(tocsin: Run) -> None:
    said = tocsin("doctor")
    assert said.status == 0, said.out
    assert "no token" in said.out
    assert [line[:4] for line in said.out.splitlines()] == ["ok  "] * 12


def test_slack_is_well_with_every_scope_and_channel(tocsin: Run, scoped: Callable[[str], SlackServer]) -> None:
    slack = scoped(EVERY)
    said = tocsin("doctor", **settings(slack))
    assert said.status == 0, said.out
    assert "tocsin in Sample reads C0DEFAULT" in said.out
    assert slack.workspace.messages() == [], "looking is not posting"


@pytest.mark.parametrize("missing", ["chat:write", "channels:history", "metadata.message:read"])
def test_a_missing_scope_is_named(tocsin: Run, scoped: Callable[[str], SlackServer], missing: str) -> None:
    granted = ",".join(scope for scope in EVERY.split(",") if scope != missing)
    said = tocsin("doctor", **settings(scoped(granted)))
    assert said.status == 1
    assert f"FAIL  slack: the bot lacks {missing}" in said.out


def test_who_may_act_by_user_group_must_be_readable(tocsin: Run, scoped: Callable[[str], SlackServer]) -> None:
    slack = scoped(f"{EVERY},commands,users:read,channels:read")
    buttons = {"SLACK_APP_TOKEN": "xapp-1", "SLACK_ACTORS": "U0SAM"}
    assert tocsin("doctor", **settings(slack, **buttons)).status == 0
    said = tocsin("doctor", **settings(slack, **(buttons | {"SLACK_ACTORS": "U0SAM,S0GROUP"})))
    assert "FAIL  slack: the bot lacks usergroups:read" in said.out


def test_what_is_wrong_with_slack_is_told_with_the_fix(tocsin: Run, slack: SlackServer) -> None:
    for changes, told in (
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "TOCSIN_SLACK_BOT_TOKEN"),
        ({"SLACK_CHANNEL": "C0NOWHERE"}, "C0NOWHERE: Slack says channel_not_found"),
        ({"SLACK_CHANNEL": ""}, "TOCSIN_SLACK_CHANNEL"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/api/"}, "Slack did not answer"),
    ):
        said = tocsin("doctor", **settings(slack, **changes))
        assert said.status == 1
        (line,) = [line for line in said.out.splitlines() if line.startswith("FAIL  slack:")]
        assert told in line
        assert "xoxb" not in line.replace("begins with xoxb-", "")


def test_other_routes_are_named_with_their_settings_and_none_is_tried(tocsin: Run, bare: Path) -> None:
    pack = yaml.safe_load((PACKS / "starter.yaml").read_text(encoding="utf-8"))
    pack["routes"]["security"] |= {"also": ["chat"], "fallback": "phone"}
    (bare / "mine.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")

    def line(**more: str) -> str:
        said = tocsin("doctor", POLICIES="mine.yaml", **more)
        (told,) = [each for each in said.out.splitlines() if " other routes: " in each]
        return told

    told = line(ROUTE_CHAT="nonsense://verysecret")
    assert told.startswith("FAIL")
    for part in ("TOCSIN_ROUTE_CHAT is no URL", "TOCSIN_ROUTE_PHONE is not set"):
        assert part in told
    assert "verysecret" not in told
    both = {"ROUTE_CHAT": "json://127.0.0.1:1/", "ROUTE_PHONE": "ntfys://a-topic"}
    assert line(**both).startswith("ok    other routes: set: chat, phone")
    told = line(**both, SLACK_BOT_TOKEN=TOKEN)
    assert told.startswith("warn")
    assert "starter: safeguarding" in told
    assert "starter: security" not in told
    assert line(**both, SLACK_BOT_TOKEN=TOKEN, SMTP_URL="smtp://h", OPERATORS_MAIL="o@example.org").startswith("ok")
    assert "TOCSIN_OPERATORS_MAIL" in line(**both, SMTP_URL="smtp://h", OPERATORS_MAIL="nobody")


def test_a_channel_that_the_bot_was_not_invited_to_is_named(tocsin: Run, slack: SlackServer) -> None:
    def not_invited(method: str, arguments: Call) -> str | None:
        return "not_in_channel" if method == "conversations.history" else None

    slack.workspace.plan = not_invited
    said = tocsin("doctor", **settings(slack))
    assert said.status == 1
    assert "C0DEFAULT" in said.out
    assert "/invite" in said.out


def test_the_channels_of_the_packs_routes_are_looked_at_too(tocsin: Run, slack: SlackServer, bare: Path) -> None:
    text = (PACKS / "starter.yaml").read_text(encoding="utf-8")
    route = "{name: Security team}"
    assert text.count(route) == 1
    own = text.replace(route, "{name: Security team, slack_channel: C0GONE}")
    (bare / "mine.yaml").write_text(own, encoding="utf-8")
    said = tocsin("doctor", **settings(slack, POLICIES="./mine.yaml"))
    assert said.status == 1, said.out
    assert "C0GONE: Slack says channel_not_found" in said.out


def test_the_operators_channel_is_looked_at_too(tocsin: Run, slack: SlackServer, bare: Path) -> None:
    said = tocsin("doctor", **settings(slack, SLACK_OPERATORS_CHANNEL="C0GONE"))
    assert said.status == 1, said.out
    assert "FAIL  slack: C0GONE: Slack says channel_not_found" in said.out

    pack = yaml.safe_load((PACKS / "starter.yaml").read_text(encoding="utf-8"))
    for route in pack["routes"].values():
        route["slack_channel"] = "C0DEFAULT"
    (bare / "mine.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    own = settings(slack, POLICIES="mine.yaml", SLACK_CHANNEL="")
    said = tocsin("doctor", **own)
    assert said.status == 1, "an alarm would go nowhere"
    assert "FAIL  slack: no channel for the routes operators: " in said.out
    assert "TOCSIN_SLACK_OPERATORS_CHANNEL" in said.out
    assert tocsin("doctor", **own, SLACK_OPERATORS_CHANNEL="C0DEFAULT").status == 0


def test_everything_else_that_ails_is_told_at_once(tocsin: Run, bare: Path) -> None:
    shutil.rmtree(bare / "var", ignore_errors=True)
    (bare / "var").write_text("in the way", encoding="utf-8")
    said = tocsin("doctor", POLICIES="nosuch", BACKEND="detoxify", DETOXIFY_CHECKPOINT="missing.ckpt")
    assert said.status == 1
    failed = [line.partition(":")[0] for line in said.out.splitlines() if line.startswith("FAIL")]
    assert failed[:4] == ["FAIL  policy packs", "FAIL  sources", "FAIL  warehouse", "FAIL  model"]
    assert "Traceback" not in said.out + said.err
