"""`tocsin doctor`: is everything in place, and if not, what is to be done."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tocsin.house import House
from tocsin.settings import Settings
from warehouse.engine import is_current

LEAST_FREE_BYTES = 2 * 2**30
MOST_CLOCK_SKEW_S = 120
SLACK_SCOPES = frozenset({"chat:write", "channels:history"})


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at. `message` names the fix where it is not well."""

    name: str
    well: bool
    message: str


def examine() -> Iterator[Examined]:
    """Look at one thing after another; a check that breaks is itself a finding, and stops no other."""
    house = House(Settings())
    checks: dict[str, Callable[[House], str]] = {
        "policy packs": _packs,
        "warehouse": _warehouse,
        "model": _model,
        "slack": _slack,
        "disk": _disk,
        "clock": _clock,
    }
    for name, check in checks.items():
        try:
            yield Examined(name, True, check(house))
        except Exception as error:  # noqa: BLE001 - whatever is wrong is what we were asked for
            yield Examined(name, False, str(error) or type(error).__name__)


class Ailment(Exception):
    """Something is not as it should be; the message says what to do."""


def _packs(house: House) -> str:
    return ", ".join(policy.stamp for policy in house.policies.values())


def _warehouse(house: House) -> str:
    was_current = is_current(house.engine)  # opening it has migrated it
    if not was_current:
        raise Ailment("the tables are not up to date: run `tocsin migrate`")
    totals = house.mentions.totals()
    return f"{totals.mentions:,} mentions at {house.engine.url.render_as_string(hide_password=True)}"


def _model(house: House) -> str:
    scores = house.scorer.score(["All is well."])
    return f"{house.scorer.name} answers ({scores.toxicity.shape[1]} labels)"


def _slack(house: House) -> str:
    token = house.settings.slack_bot_token
    if token is None:
        return f"no token: alerts go to the console and to {house.settings.var / 'outbox'}"
    try:
        answer = WebClient(
            token=token.get_secret_value(), base_url=house.settings.slack_api_url, timeout=10
        ).auth_test()
    except SlackApiError as error:
        raise Ailment(f"Slack says {error.response['error']}: set TOCSIN_SLACK_BOT_TOKEN to a bot token") from error
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    if granted and (missing := SLACK_SCOPES - granted):
        raise Ailment(f"the bot lacks {', '.join(sorted(missing))}: add them in the app's settings and reinstall it")
    if not house.settings.slack_channel:
        raise Ailment("set TOCSIN_SLACK_CHANNEL to the id of the channel for routes that name none")
    return f"{answer['user']} in {answer['team']}"


def _disk(house: House) -> str:
    house.settings.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(house.settings.var).free
    if free < LEAST_FREE_BYTES:
        raise Ailment(f"only {free / 2**30:.1f} GiB are free in {house.settings.var}: make room, or set TOCSIN_VAR")
    return f"{free / 2**30:.0f} GiB free"


def _clock(house: House) -> str:
    """Compared with Slack's own clock where Slack is used: evidence and ordering rest on it."""
    now = datetime.now(UTC)
    if house.settings.slack_bot_token is None:
        return f"{now:%Y-%m-%d %H:%M:%S} UTC (nothing to compare it with)"
    stamp = httpx.get(house.settings.slack_api_url, timeout=10, follow_redirects=True).headers.get("date")
    if not stamp:
        return f"{now:%Y-%m-%d %H:%M:%S} UTC (Slack gave no time to compare)"
    theirs = datetime.strptime(stamp, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    if abs((now - theirs).total_seconds()) > MOST_CLOCK_SKEW_S:
        raise Ailment(f"this clock and Slack's differ by {abs(now - theirs)}: switch on time synchronisation")
    return f"{now:%Y-%m-%d %H:%M:%S} UTC"
