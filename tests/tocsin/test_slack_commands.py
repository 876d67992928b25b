"""`tocsin slack` and `tocsin console`: what is missing is named, and the manifest is the one on the page."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml

from tests.tocsin.conftest import Run
from tocsin.slack_manifest import SCOPES, manifest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "slack.md"


def test_the_manifest_is_the_one_on_the_page(tocsin: Run) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert yaml.safe_load(tocsin("slack", "manifest").out) == yaml.safe_load(shown)
    for scope, purpose in SCOPES.items():
        assert f"| `{scope}` | {purpose} |" in page


def test_by_http_the_manifest_names_the_address() -> None:
    made = yaml.safe_load(manifest("https://tocsin.example.org/"))
    assert made["settings"]["interactivity"]["request_url"] == "https://tocsin.example.org/slack/actions"
    assert made["features"]["slash_commands"][0]["url"] == "https://tocsin.example.org/slack/actions"
    assert made["settings"]["socket_mode_enabled"] is False


def test_what_is_missing_is_named(tocsin: Run) -> None:
    said = tocsin("slack", "listen")
    assert (said.status, "TOCSIN_SLACK_APP_TOKEN" in said.err) == (2, True)
    said = tocsin("slack", "listen", SLACK_APP_TOKEN="xapp-1")
    assert (said.status, "TOCSIN_SLACK_BOT_TOKEN" in said.err) == (2, True)
    said = tocsin("slack", "manifest", "--url", "http://tocsin.example.org")
    assert (said.status, "https://" in said.err) == (2, True)


def test_a_token_that_slack_does_not_take_is_named(tocsin: Run) -> None:
    said = tocsin(
        "slack", "listen", SLACK_APP_TOKEN="xapp-1", SLACK_BOT_TOKEN="xoxb-1", SLACK_API_URL="http://127.0.0.1:9/"
    )
    assert said.status == 1
    assert "Socket Mode" in said.err


@pytest.mark.usefixtures("bare")
def test_the_console_listens_on_loopback_and_ends_when_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    console = subprocess.Popen(
        [sys.executable, "-c", "from tocsin.cli import main; main()", "console", "--port", str(port)],
        cwd=PAGE.parents[1],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        assert _until_it_answers(f"{address}/health") == {"status": "ok"}
        refused = httpx.post(f"{address}/slack/actions", content=b"x")
        assert refused.status_code == 503
        assert "TOCSIN_SLACK_SIGNING_SECRET" in refused.text
    finally:
        console.terminate()
        said = console.communicate(timeout=60)[1]
    assert f"console at {address}" in said
    assert "Traceback" not in said


def _until_it_answers(address: str) -> object:
    until = time.monotonic() + 120
    while True:
        try:
            return httpx.get(address, timeout=10).json()
        except httpx.TransportError:
            assert time.monotonic() < until, "the console does not answer"
            time.sleep(0.1)
