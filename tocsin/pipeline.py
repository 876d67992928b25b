"""The steps of the pipeline, each a function that a DAG task or a command calls.

Steps hand over to each other by what stands in the warehouse, never by payload: each may be killed at any line and run
again. What they return are counts and keys, small enough for XCom and for a summary.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPException

from collectors.canary import CanarySettings, Place, places
from collectors.collector import CollectError, Collector
from collectors.conversation import Conversing
from collectors.recheck import BulkRechecking, NotEntitled, Rechecking
from collectors.scope import Scope
from incidents.alarm import watch as watch_over
from incidents.delivery import deliver as deliver_from
from incidents.outbox import AlreadyDelivering
from incidents.raising import GroupsLeft, Heard
from incidents.raising import raise_incidents as raise_in
from tocsin import canary, parents, watching
from tocsin.complying import Complied, Round
from tocsin.conversing import Fetched, note_unsupported
from tocsin.conversing import Round as Asking
from tocsin.coverage import note
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import House, open_house
from tocsin.mail import send_report
from tocsin.progress import bar, stderr
from tocsin.rechecking import Told, Turn
from warehouse.alarms import WarehouseAlarms, source_states
from warehouse.canaries import Canary, CanaryBook
from warehouse.left_out import record_left_out
from warehouse.privacy import expire as expire_in
from warehouse.withdrawal import withdraw

MOST_WINDOW = timedelta(days=366)  # that a report looks back


def list_sources() -> list[str]:
    """The names of the sources to read: all that are configured, or those of TOCSIN_SOURCES."""
    return [collector.source for collector in open_house().chosen]


def collect(source: str) -> dict[str, int]:
    """Read what is new from one source. Raises CollectError when the run ended early; what was read is kept."""
    house = open_house()
    collector = next((each for each in house.chosen if each.source == source), None)
    if collector is None:
        known = ", ".join(each.source for each in house.chosen) or "none is configured"
        raise Misconfigured(f"no source {source!r}; there are: {known}")
    store = house.mentions
    run = store.start_run(collector.source, collector.platform)
    counts = {"inserted": 0, "updated": 0, "unchanged": 0, "quarantined": 0, "left_out": 0}
    scope, more = Scope.of(house.policies.values(), house.staff), False
    try:
        with bar(f"Collecting {source}") as advance:
            for read in collector.collect(store.checkpoint(source)):
                batch, left_out = scope.admit(read)
                record_left_out(house.engine, source, left_out, house.now)
                _withdraw(house, collector.platform, batch.gone)
                stored = asdict(store.store(run, batch))
                counts |= {name: counts[name] + number for name, number in stored.items()}
                counts["left_out"] += sum(left_out.values())
                more = batch.more
                advance(len(read.mentions))
    except CollectError as error:
        store.finish_run(run, error.outcome, error=str(error), more=True, requests=error.requests)
        raise
    except Exception as error:
        store.finish_run(run, "failed", error=f"{type(error).__name__}: {error}", more=True)
        raise
    store.finish_run(run, "completed", more=more)
    _fill_parents(house, collector, scope)
    return counts


def _fill_parents(house: House, collector: Collector, scope: Scope) -> None:
    """What new replies answer. What was read stands without it: a refusal is noted, and the next run asks again."""
    try:
        parents.Turn(house.engine, house.mentions, house.pseudonyms, collector, scope, house.now).take()
    except CollectError as error:
        print(f"{collector.source}: what replies answer is not known yet: {error}", file=stderr())


def _withdraw(house: House, platform: str, gone: Sequence[str]) -> None:
    """What a listing says was withdrawn goes before the checkpoint moves past that news."""
    if gone:
        withdraw(house.engine, [f"{platform}:{native_id}" for native_id in gone], platform)


def list_rechecked() -> list[str]:
    """The names of the sources whose platform can be asked about stored posts again."""
    return [collector.source for collector in open_house().chosen if isinstance(collector, Rechecking)]


def recheck(source: str) -> dict[str, int]:
    """Ask a platform again about some of what is stored of it, in turn: what is gone is deleted, edits are kept.

    A platform with jobs that tell of many posts at once is asked by these first. A source whose platform cannot tell
    gives zeros. Raises CollectError; what was told before it is kept.
    """
    house = open_house()
    collector = next((each for each in house.chosen if each.source == source), None)
    if not isinstance(collector, Rechecking):
        return asdict(Told())
    told, refusal = Counter[str](), None
    try:
        told.update(asdict(_comply(house, collector)))
    except CollectError as error:
        refusal = error  # a job that fails holds up no look-up
    turn = Turn(house.engine, house.mentions, collector, Scope.of(house.policies.values(), house.staff))
    try:
        with bar(f"Asking {source} again", total=turn.waiting) as advance:
            told.update(asdict(turn.take(advance)))
    finally:
        watching.tell(house)
    if refusal:
        raise refusal
    return dict(told)


def _comply(house: House, collector: Rechecking) -> Complied:
    """Ask by the platform's jobs, where it has them; an app that may not have them asks post by post alone."""
    if not isinstance(collector, BulkRechecking) or collector.compliance is None:
        return Complied()
    try:
        return Round(house.engine, house.mentions, collector.source, collector.platform, collector.compliance).take()
    except NotEntitled as error:
        print(f"{collector.source}: {error}. Stored posts are looked up one by one instead.", file=stderr())
        return Complied()


def list_conversations() -> list[str]:
    """The names of the sources with conversations of open incidents to ask for; others' are noted as not supported."""
    house = open_house()
    dues = house.conversations.due(house.now())
    able = [each.source for each in house.chosen if isinstance(each, Conversing)]
    note_unsupported(house.conversations, dues, able, house.now())
    return [source for source in able if any(due.source == source for due in dues)]


def converse(source: str) -> dict[str, int]:
    """Fetch the conversations that open incidents' posts of one source stand in, as far as they are due.

    A source whose platform gives none gives zeros. Raises CollectError; what was fetched before it is kept.
    """
    house = open_house()
    collector = next((each for each in house.chosen if each.source == source), None)
    if not isinstance(collector, Conversing):
        return asdict(Fetched())
    scope = Scope.of(house.policies.values(), house.staff)
    asking = Asking(house.engine, house.mentions, house.conversations, collector, scope, house.now)
    with bar(f"Fetching conversations of {source}") as advance:
        return asdict(asking.take(advance))


def watch() -> dict[str, int]:
    """Raise an alarm for each source that needs its operators, and lay to rest those that are over; how many."""
    house = open_house()
    note(house)  # the bounds that volumes are compared with
    now = house.now()
    every = [each.source for each in house.collectors]  # also those that this process was told to leave out
    states = source_states(house.engine, every, now.date())
    book_of_canaries, settings = CanaryBook(house.engine), house.settings.of(CanarySettings)
    book_of_canaries.follow(now)
    planted_on = _places(settings)
    latest = book_of_canaries.latest([each.name for each in planted_on])
    states += canary.states(latest, planted_on, settings.hours, now)
    book = WarehouseAlarms(house.engine, house.settings.slack_operators_channel or None)
    return watch_over(book, states, now)


def plant_canaries() -> list[Canary]:
    """Plant today's canary on each test source that has none; the newest of each. Raises CollectError."""
    house = open_house()
    chosen = _places(house.settings.of(CanarySettings))
    return canary.plant(house.engine, chosen, list(house.policies.values()), house.now())


def follow_canaries() -> list[Canary]:
    """How far each canary of the last days has come; those that were seen in the mart are deleted from the mentions."""
    house = open_house()
    return CanaryBook(house.engine).follow(house.now())


def _places(settings: CanarySettings) -> list[Place]:
    try:
        return places(settings)
    except ValueError as error:
        raise Misconfigured(str(error)) from error


def raise_incidents(heard: Heard = lambda _opened: None) -> dict[str, int]:
    """Group the findings that wait into incidents; how many were opened, extended, suppressed and reopened.

    And tell incidents which of their posts were edited or taken down since. `heard`: see `incidents.raising`.
    Raises StepFailed naming what could not be raised, when all else is.
    """
    house = open_house()
    try:
        counts = raise_in(house.casebook, house.policies, house.now(), house.staff, heard)
    except GroupsLeft as left:
        watching.tell(house)
        raise StepFailed(str(left)) from left
    watching.tell(house)
    return asdict(counts)


def retry_failed() -> int:
    """Let the notifications that were set aside as failed wait again; how many."""
    return open_house().outbox.retry_failed()


def deliver() -> dict[str, int]:
    """Send what the outbox holds: how many were delivered, found to be there already, failed, and wait on.

    Raises StepFailed naming what the channel said; what failed stays in the outbox for the next run.
    """
    house = open_house()
    try:
        with bar("Delivering") as advance:
            counts = deliver_from(house.outbox, house.channel, progress=lambda _done, total: advance(1, total))
    except AlreadyDelivering as busy:
        print(busy, file=stderr())
        return {"delivered": 0, "found": 0, "failed": 0, "waiting": 0}
    if counts.delayed_s:
        print(f"kept back for {counts.delayed_s:.0f} s by the channel's pace and Slack's pauses", file=stderr())
    if counts.problems:
        raise StepFailed(f"{counts.failed} not delivered, {counts.waiting} wait: {'; '.join(counts.problems)}")
    told = {"delivered": counts.delivered, "found": counts.found, "failed": counts.failed, "waiting": counts.waiting}
    return told | ({"delayed_s": round(counts.delayed_s)} if counts.delayed_s else {})


def report(day: str | None = None, *, asked_at: datetime | None = None, mail: bool = False) -> str:
    """Render the report of one day (ISO; None: the day before `asked_at`, which is now unless given), and keep it.

    `mail`: send it to its readers, where that is configured. Returns its path. Raises Misconfigured for a day that is
    none, StepFailed where the page stands but could not be mailed.
    """
    from reports import daily, page  # noqa: PLC0415 - a second to import, and no other step needs them

    house = open_house()
    chosen = _day(day) if day else (asked_at or house.now()).astimezone(UTC).date() - timedelta(days=1)
    packs = list(house.policies.values())
    unconfigured = {each.name: each.note for each in note(house) if not each.configured}
    built = daily.build(house.engine, packs, chosen, now=house.now(), unconfigured=unconfigured)
    path = page.write(built, house.settings.var / "reports")
    try:
        if mail:
            send_report(house.settings, path, chosen)
    except (OSError, SMTPException) as error:
        raise StepFailed(f"the report is at {path}, but could not be mailed: {error}") from error
    return str(path)


def expire() -> dict[str, int]:
    """Delete what the packs say has been kept long enough, empty what its platform's terms say; rows, by kind."""
    house = open_house()
    return asdict(expire_in(house.engine, list(house.policies.values()), house.now(), house.limits))


def _day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise Misconfigured(f"{written!r} is no day ({error}); write it as 2026-10-31") from None
    if not date.min + MOST_WINDOW < day < date.max:  # the calendar has no days to compare with beyond its ends
        raise Misconfigured(f"there is no report of {written}: no post is of such a day")
    return day
