"""`tocsin doctor`: is everything in place, and if not, what is to be done."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from slack_sdk import WebClient

from incidents.alarm import ROUTE as OPERATORS
from incidents.briefing import has_own_channel
from incidents.outbox import DeliveryError
from incidents.slack_errors import delivery_errors
from incidents.stamping import address
from policies.counted import counted
from policies.policy import Policy
from policies.routes import reached
from tocsin import relaying, rotas
from tocsin.custodian import certificates
from tocsin.excepted import announced
from tocsin.house import House
from tocsin.packs import never_adopted
from tocsin.settings import Settings
from warehouse.engine import without_passwords

LEAST_FREE_BYTES = 2 * 2**30
MOST_CLOCK_SKEW_S = 120
SLACK_SCOPES = frozenset({"chat:write", "channels:history", "metadata.message:read"})  # docs/slack.md
BUTTON_SCOPES = frozenset({"commands", "users:read", "channels:read"})
GROUP_SCOPES = frozenset({"usergroups:read"})


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at. `message` names the fix where it is not well, or where it wants a look."""

    name: str
    well: bool
    message: str
    wants_a_look: bool = False  # it works, and somebody should know something about it


def examine() -> Iterator[Examined]:
    """Look at one thing after another; a check that breaks is itself a finding, and stops no other."""
    house = House(Settings())
    checks: dict[str, Callable[[House], str]] = {
        "policy packs": _packs,
        "sources": _sources,
        "warehouse": _warehouse,
        "model": _model,
        "adoption": _adoption,
        "exceptions": _exceptions,
        "timestamps": _timestamps,
        "slack": _slack,
        "other routes": _routes,
        "on call": _on_call,
        "disk": _disk,
        "clock": _clock,
    }
    for name, check in checks.items():
        try:
            yield Examined(name, True, check(house))
        except Caution as caution:
            yield Examined(name, True, str(caution), wants_a_look=True)
        except Exception as error:  # noqa: BLE001 - whatever is wrong is what we were asked for
            yield Examined(name, False, str(error) or type(error).__name__)


class Ailment(Exception):
    """Something is not as it should be; the message says what to do."""


class Caution(Exception):
    """Something works, and is not as it should be; the message says what to do."""


def _packs(house: House) -> str:
    return ", ".join(policy.stamp for policy in house.policies.values())


def _sources(house: House) -> str:
    read, every = house.chosen, house.collectors
    told = ", ".join(each.source for each in read) or "none is configured"
    return told if len(read) == len(every) else f"{told}; TOCSIN_SOURCES leaves out {len(every) - len(read)}"


def _exceptions(house: House) -> str:
    today, policies = house.now().date(), house.policies.values()
    if told := list(announced(policies, today)):
        raise Caution("; ".join(told))
    number = sum(one.in_force(today) for policy in policies for one in policy.exceptions)
    return f"{number} approved and in force, none ends within two weeks" if number else "none approved"


def _warehouse(house: House) -> str:
    totals = house.mentions.totals()  # opening the warehouse has migrated it
    return f"{counted(totals.mentions, 'mention')} at {without_passwords(house.engine.url)}"


def _model(house: House) -> str:
    scores = house.scorer.score(["All is well."])
    return f"{house.scorer.name} answers ({scores.toxicity.shape[1]} labels)"


def _adoption(house: House) -> str:
    if unadopted := never_adopted(house):
        raise Caution(" ".join(unadopted))
    return "what is in force was adopted, or is the first of its kind"


def _timestamps(house: House) -> str:
    """Of the custody logs. A failure is told as soon as there is one: the next run tries again."""
    state, url = house.stamps.state(), house.settings.tsa_url
    if not url:
        return f"no authority is asked (TOCSIN_TSA_URL); {state.waiting:,} custody logs rest on this warehouse's word"
    certificates(house)
    if state.error:
        raise Ailment(f"{state.waiting:,} custody logs wait since {state.since:%Y-%m-%d %H:%M}: {state.error}")
    return f"{state.stamped:,} by {address(url.get_secret_value())}, {state.waiting:,} to be asked for"


def _slack(house: House) -> str:
    token = house.settings.slack_bot_token
    if token is None:
        return f"no token: alerts go to the console and to {house.settings.var / 'outbox'}"
    client = WebClient(token=token.get_secret_value(), base_url=house.settings.slack_api_url, timeout=10)
    with delivery_errors():
        answer = client.auth_test()
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    buttons = bool(house.settings.slack_app_token or house.settings.slack_signing_secret)
    by_group = GROUP_SCOPES if buttons and _has_groups(house) else ()
    needed = SLACK_SCOPES.union(BUTTON_SCOPES if buttons else (), by_group)
    if granted and (missing := needed - granted):
        raise Ailment(f"the bot lacks {', '.join(sorted(missing))}: add them in the app's settings and reinstall it")
    channels = _channels(house)
    if troubles := [said for channel in channels if (said := _trouble(client, channel))]:
        raise Ailment("; ".join(troubles))
    return f"{answer['user']} in {answer['team']} reads {', '.join(channels)}{_without_words(house.policies.values())}"


def _has_groups(house: House) -> bool:
    """Whether user groups may act: then we must be able to read who is in them."""
    routes = [route for policy in house.policies.values() for route in policy.routes.values()]
    named = (each for route in routes for each in route.slack_actors)
    return any(each.startswith("S") for each in (*named, *house.settings.slack_actor_ids))


def _without_words(policies: Iterable[Policy]) -> str:
    """The routes on which who may be at risk is told of without words, as others read the channel too."""
    named = [(policy, policy.categories["safeguarding"].route) for policy in policies if policy.enabled("safeguarding")]
    shared = [f"{policy.id}'s {route}" for policy, route in named if not has_own_channel(policy, route)]
    told = "has no slack_channel of its own, so safeguarding is told there without the post"
    return f"; {', '.join(shared)} {told}" if shared else ""


def _routes(house: House) -> str:
    """The further channels that packs name. None is tried: what is sent to them, people read."""
    named, wrong = relaying.examined(house)
    if wrong:
        raise Ailment("; ".join(wrong))
    heard = relaying.operators_hear(house.settings)
    if lost := relaying.without_fallback(house):
        raise Caution(f"what Slack does not take waits for it on the routes {', '.join(lost)}: {relaying.NO_OPERATORS}")
    told = f"set: {', '.join(named)}" if named else "none named"
    return f"{told}; what Slack does not take goes by a route's fallback" + (", else to the operators" if heard else "")


def _on_call(house: House) -> str:
    if unknown := rotas.strangers(house):
        raise Ailment("; ".join(unknown))
    return rotas.told(house)


def _channels(house: House) -> list[str]:
    """Every channel that an alert or alarm may go to. Raises Ailment where a route, or the operators, have none."""
    default = house.settings.slack_channel.strip()
    routes = {
        f"{policy.id}: {name}": policy.routes[name].slack_channel or default
        for policy in house.policies.values()
        for name in reached(policy)
    }
    routes[OPERATORS] = house.settings.slack_operators_channel or default
    if lost := [name for name, channel in routes.items() if not channel]:
        raise Ailment(
            f"no channel for the routes {', '.join(lost)}: set TOCSIN_SLACK_CHANNEL, or slack_channel in the pack; "
            "operators have TOCSIN_SLACK_OPERATORS_CHANNEL"
        )
    return list(dict.fromkeys(routes.values()))


def _trouble(client: WebClient, channel: str) -> str:
    """Why a channel cannot be used, or nothing. Reading one message needs what finding ours again needs."""
    try:
        with delivery_errors():
            client.conversations_history(channel=channel, limit=1)
    except DeliveryError as error:
        return f"{channel}: {error}"
    return ""


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
