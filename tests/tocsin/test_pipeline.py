"""The steps of a pass as functions, on PostgreSQL, with a Slack of our own as the channel."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import collectors
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL
from tocsin import assessing, pipeline
from tocsin.errors import StepFailed
from tocsin.house import open_house

SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"


@pytest.fixture
def to_slack(slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerts go to the Slack of the test, without pacing."""
    for name, value in {
        "BOT_TOKEN": TOKEN,
        "API_URL": slack.url,
        "CHANNEL": "C0DEFAULT",
        "INTERVAL_S": "0",
    }.items():
        monkeypatch.setenv(f"TOCSIN_SLACK_{name}", value)


def one_pass() -> dict[str, int]:
    """Collect to report; what each step counted."""
    counts: dict[str, int] = {}
    for source in pipeline.list_sources():
        counts |= pipeline.collect(source)
    counts["assessed"] = assessing.tell(assessing.assess(first, last) for first, last in assessing.list_batches())
    counts |= pipeline.raise_incidents()
    counts |= pipeline.deliver()
    assert Path(pipeline.report("2026-10-19")).stat().st_size
    counts["expired"] = pipeline.expire()["mentions"]
    return counts


@pytest.mark.postgres
@pytest.mark.usefixtures("to_slack")
def test_the_sample_on_postgresql_ends_as_one_message_a_notification(
    postgres_url: str, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", postgres_url)
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(SAMPLE))
    posts = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    first = one_pass()
    totals = open_house().mentions.totals()
    assert (first["inserted"], first["assessed"], first["quarantined"]) == (len(posts), len(posts), 0)
    assert first["opened"] == totals.incidents > 20
    assert first["delivered"] == totals.alerts == totals.delivered
    ids = slack.workspace.ids()
    assert len(ids) == len(set(ids)) == totals.alerts
    rang = [each for each in open_house().casebook.incidents() if each.inhibited_by is None]
    assert len({message.get("thread_ts", message["ts"]) for message in slack.workspace.messages()}) == len(rang)

    second = one_pass()
    assert {name: count for name, count in second.items() if count and name != "unchanged"} == {}
    assert open_house().mentions.totals() == totals
    assert slack.workspace.ids() == ids
    open_house().engine.dispose()


@pytest.mark.usefixtures("to_slack")
def test_what_slack_does_not_take_waits_and_goes_out_once(
    tocsin: Run, archive: Callable[..., Path], slack: SlackServer
) -> None:
    assert tocsin("collect", "--archive", str(archive(*HANDFUL))).status == 0
    assert tocsin("triage").lines[0]["opened"] == 2
    slack.workspace.plan = lambda method, _: "not_in_channel" if method == "chat.postMessage" else None
    said = tocsin("deliver")
    assert said.status == 1
    assert "/invite" in said.err
    slack.workspace.plan = lambda _method, _arguments: None
    assert tocsin("deliver").lines[0]["delivered"] == 2
    assert tocsin("deliver").lines == [{"delivered": 0, "found": 0, "failed": 0, "waiting": 0}]
    assert len(slack.workspace.ids()) == 2


@pytest.mark.usefixtures("to_slack")
def test_what_was_set_aside_goes_out_when_it_is_asked_for(
    tocsin: Run, archive: Callable[..., Path], slack: SlackServer
) -> None:
    assert tocsin("collect", "--archive", str(archive(*HANDFUL))).status == 0
    assert tocsin("triage").lines[0]["opened"] == 2
    slack.workspace.plan = lambda method, _: "invalid_blocks" if method == "chat.postMessage" else None
    for _ in range(5):
        with pytest.raises(StepFailed, match="invalid_blocks"):
            pipeline.deliver()
    slack.workspace.plan = lambda _method, _arguments: None
    assert tocsin("deliver").lines[0]["delivered"] == 0, "it was set aside"
    (told,) = tocsin("deliver", "--retry-failed").lines
    assert (told["retried"], told["delivered"]) == (2, 3), "with the alarm about them"
    assert tocsin("deliver", "--retry-failed").lines[0]["retried"] == 0
    assert len(set(slack.workspace.ids())) == len(slack.workspace.ids()) == 4, "and the alarm is over"
