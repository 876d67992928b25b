"""What the tests of incidents share: a Slack to talk to, and a clock and sleep that take no time."""

from collections.abc import Iterator

import pytest

from incidents.slack import SlackChannel
from tests.incidents.slack_server import TOKEN, SlackServer


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of our own."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def channel(slack: SlackServer) -> SlackChannel:
    """The real client, pointed at it, without pacing."""
    return SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0, timeout_s=2)
