"""`tocsin doctor` over rotas: whoever is to be called must be somebody whom Slack knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.check import PACKS
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.tocsin.conftest import Run


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of our own, with people in it."""
    with SlackServer(Staffed()) as server:
        yield server


def _pack(bare: Path, people: str) -> str:
    text = (PACKS / "starter.yaml").read_text(encoding="utf-8")
    rota = f"on_call: {{people: [{people}], start: 2026-10-19 09:00}}"
    plain, own = "security: {name: Security team}", f"security: {{name: Security team, {rota}}}"
    assert plain in text
    path = bare / "mine.yaml"
    path.write_text(text.replace(plain, own), encoding="utf-8")
    return str(path)


def _line(said: str) -> str:
    return next(line for line in said.splitlines() if "on call:" in line)


def test_who_is_on_call_is_said_and_a_stranger_in_the_rota_is_named(
    tocsin: Run, bare: Path, slack: SlackServer
) -> None:
    given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.url, "SLACK_CHANNEL": "C0DEFAULT"}
    well = tocsin("doctor", POLICIES=_pack(bare, "U0SAM, U0ALEX"), **given)
    assert _line(well.out).startswith("ok    on call: Security team: U0")
    ill = tocsin("doctor", POLICIES=_pack(bare, "U0SAM, U0LEFT, U0NOBODY"), **given)
    assert ill.status == 1
    assert _line(ill.out).startswith("FAIL  on call: ")
    assert "routes.security.on_call: U0LEFT is no member" in _line(ill.out)
    assert "U0NOBODY" in _line(ill.out)
    assert "U0SAM" not in _line(ill.out)
