"""The other routes: what a pack's further channels are told, and what goes by another way while Slack takes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from incidents.alarm import Fault, SourceState
from incidents.delivery import deliver
from incidents.fallback import OPERATORS, Trouble, Waiting, chosen, due
from incidents.mail import MailChannel
from incidents.outbox import AlreadyDelivering, Channel
from incidents.smtp import MailServer
from policies.counted import counted
from policies.policy import Policy, Route
from tocsin import pipeline
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import House, open_house
from tocsin.settings import Settings
from warehouse.alarms import WarehouseAlarms
from warehouse.fallback import trouble, troubled, waiting

BY = "delivery:"  # what the source of an alarm about a channel begins with, apart from those of platforms
NO_OPERATORS = (
    "set TOCSIN_OPERATORS_MAIL with TOCSIN_SMTP_URL, or TOCSIN_ROUTE_OPERATORS, or a fallback in the pack's routes"
)


def relay() -> dict[str, int]:
    """Tell the further channels what is for them; how many notifications were delivered, failed, and wait on.

    What Slack has not taken for too long goes by the fallback of its route, and an alarm says so. A channel that takes
    nothing holds up no other. Raises StepFailed naming what the channels said; what failed waits for the next run.
    """
    house = open_house()
    now, book = house.now(), house.relays
    named = {each: route.also for each, route in routes_of(house.policies).items()}
    book.spread(named, now, folded=_folded(house, now))
    problems = list(_fall_back(house, now))
    book.follow_alarms(now)
    counts = Counter[str](delivered=0, failed=0, waiting=0)
    for name in book.channels():
        try:
            told = deliver(book.of(name), channel_named(house.settings, name))
        except AlreadyDelivering:
            continue  # it is in the other's hands
        except Misconfigured as error:  # of one channel, which holds up no other
            problems.append(str(error))
            continue
        counts.update({"delivered": told.delivered + told.found, "failed": told.failed, "waiting": told.waiting})
        problems += told.problems
    if problems:
        raise StepFailed(f"{counts['failed']} not delivered, {counts['waiting']} wait: {'; '.join(problems)}")
    return dict(counts)


def deliver_all() -> dict[str, int]:
    """Slack first, then every other way, whatever Slack says. Raises StepFailed with what each of them said."""
    counts, problems = Counter[str](), []
    for step in (pipeline.deliver, relay):
        try:
            counts.update(step())
        except StepFailed as failure:
            problems.append(str(failure))
    if problems:
        raise StepFailed("; ".join(problems))
    return dict(counts)


def retry_failed() -> int:
    """Let what was set aside for further channels wait again; how many."""
    house = open_house()
    return sum(house.relays.of(name).retry_failed() for name in house.relays.set_aside())


def channel_named(settings: Settings, name: str) -> Channel:
    """The channel of that name. Where nothing else is set, `operators` is their mail.

    Raises Misconfigured where TOCSIN_SMTP_URL or TOCSIN_OPERATORS_MAIL is wrong.
    """
    address = settings.route_addresses.get(name)
    if address is None and name == OPERATORS and operators_hear(settings) and settings.smtp_url is not None:
        readers = settings.operators_addresses
        try:
            server = MailServer.of_url(settings.smtp_url.get_secret_value())
        except ValueError as error:
            raise Misconfigured(f"TOCSIN_SMTP_URL {error}") from None
        try:
            return MailChannel(name, server, readers[0], readers)
        except ValueError as error:
            raise Misconfigured(f"TOCSIN_OPERATORS_MAIL {error}") from None
    from incidents.routing import channel_of  # noqa: PLC0415 - Apprise takes long to import, and few commands need it

    return channel_of(name, address.get_secret_value() if address else None)


def examined(house: House) -> tuple[list[str], list[str]]:
    """The channels that the packs in force name, and what is wrong with any. Raises Misconfigured, PolicyError."""
    routes = routes_of(house.policies).values()
    named = sorted({name for route in routes for name in (*route.also, *filter(None, (route.fallback,)))})
    made = [channel_named(house.settings, name) for name in named]
    if operators_hear(house.settings):
        made.append(channel_named(house.settings, OPERATORS))
    return named, [str(problem) for each in made if (problem := getattr(each, "problem", ""))]


def without_fallback(house: House) -> list[str]:
    """The routes whose messages have no other way than Slack, where Slack is used at all."""
    if house.settings.slack_bot_token is None or operators_hear(house.settings):
        return []
    return [f"{policy}: {name}" for (policy, name), route in routes_of(house.policies).items() if not route.fallback]


def operators_hear(settings: Settings) -> bool:
    """Whether the operators have a channel of their own beside Slack."""
    by_mail = settings.smtp_url is not None and bool(settings.operators_addresses)
    return by_mail or OPERATORS in settings.route_addresses


def routes_of(policies: Mapping[str, Policy]) -> dict[tuple[str, str], Route]:
    """Every route of the packs in force, by pack and name."""
    return {(policy.id, name): route for policy in policies.values() for name, route in policy.routes.items()}


def _folded(house: House, now: datetime) -> bool:
    """Silence, and tell together, what was written since Slack was told; not while another sender is at the outbox."""
    try:
        with house.outbox.exclusive():
            house.outbox.fold(house.channel.address, now)
    except AlreadyDelivering:
        return False
    return True


def _fall_back(house: House, now: datetime) -> Iterator[str]:
    """Send round what is due, and keep the alarms. Yields what cannot be helped."""
    after = timedelta(minutes=house.settings.fallback_after_minutes)
    state, waits = trouble(house.engine), waiting(house.engine, house.settings.slack_channel, now)
    _alarm(house, dict(_faults(house, state, due(waits, state, now, after), now - after)), state, now)
    late = due(waiting(house.engine, house.settings.slack_channel, now), state, now, after)  # with the alarm in it
    routes, heard = routes_of(house.policies), operators_hear(house.settings)
    by = [(each, chosen(each, routes)) for each in late]
    house.relays.add([relay for _, relay in by if heard or relay.channel != OPERATORS], now)
    # What was set aside is told of by its alarm; it is no fault of this run.
    lost = sum(not heard and relay.channel == OPERATORS and not each.set_aside for each, relay in by)
    if lost:
        yield f"Slack has not taken {counted(lost, 'notification')}, and nobody is told by another way: {NO_OPERATORS}"


def _faults(house: House, state: Trouble, late: list[Waiting], since: datetime) -> Iterator[tuple[str, Fault]]:
    """The channels that have taken nothing for too long, with what they said."""
    if held := [each for each in late if each.about != "alarm"]:
        aside = sum(each.set_aside for each in held)
        refused = (
            f", {aside:,} of them refused for good (`tocsin deliver --retry-failed` tries them again)" if aside else ""
        )
        waiting_for_it = f"{counted(len(held), 'notification')} {'waits' if len(held) == 1 else 'wait'}"
        yield f"{BY}slack", Fault("undelivered", f"{waiting_for_it}{refused}. {state.error}".strip())
    for name, (failing, error) in troubled(house.engine).items():
        if failing <= since:
            yield f"{BY}{name}", Fault("undelivered", error)


def _alarm(house: House, faults: Mapping[str, Fault], state: Trouble, now: datetime) -> None:
    """Raise an alarm for each channel that takes nothing, and lay those to rest that are over."""
    book = WarehouseAlarms(house.engine, house.settings.slack_operators_channel or None)
    standing = {source: alarm for source, alarm in book.standing().items() if alarm.kind == "undelivered"}
    for source, fault in faults.items():
        if source not in standing:
            name = source.removeprefix(BY)
            success = state.last_success_at if name == "slack" else None
            book.open(SourceState(source, name, None, success, None), fault, now)
    for source, alarm in standing.items():
        if source not in faults:
            book.close(alarm, "it takes messages again", now)
