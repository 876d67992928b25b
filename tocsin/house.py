"""The house, opened: settings turned into the packs, stores and models that the steps of the pipeline work with.

Opened once a process for the same settings. Opening migrates the warehouse, which costs nothing where it is current.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine

from classifiers.backends import scorer
from classifiers.judge import Judge
from classifiers.scorer import Scorer
from collectors.archive import ArchiveError
from collectors.budget import Spent
from collectors.catalogue import PLATFORMS, configured, home_servers
from collectors.collector import Collector
from incidents.console import ConsoleChannel
from incidents.fallback import SayingSo
from incidents.outbox import Channel
from incidents.slack import SlackChannel
from policies.check import load
from policies.policy import Policy
from tocsin.errors import Misconfigured
from tocsin.progress import stderr
from tocsin.settings import Settings
from warehouse.adoptions import AdoptionBook
from warehouse.casebook import WarehouseCasebook
from warehouse.conversations import ConversationStore
from warehouse.dossiers import CustodyBook
from warehouse.engine import connect, migrate
from warehouse.history import WarehouseHistory, official_handles
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore
from warehouse.outbox import WarehouseOutbox
from warehouse.people import StaffStore
from warehouse.pseudonyms import Pseudonyms, load_key
from warehouse.relays import RelayBook
from warehouse.silences import WarehouseSilences
from warehouse.stamps import WarehouseStamps
from warehouse.traces import TraceStore


class House:
    """Everything that a step needs, made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @staticmethod
    def now() -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """The packs in force, by id. Raises PolicyError; Misconfigured for none, or where two have one id."""
        packs = dict[str, Policy]()
        for name in dict.fromkeys(self.settings.policy_names):
            if (pack := load(name)).id in packs:
                raise Misconfigured(f"TOCSIN_POLICIES: {name} is another pack of the id {pack.id!r}: leave one out")
            packs[pack.id] = pack
        return packs

    @cached_property
    def collectors(self) -> list[Collector]:
        """The collectors of every configured source. Raises Misconfigured, naming the setting; ArchiveError."""
        try:
            return configured(self.settings, list(self.policies.values()), self)
        except ArchiveError:
            raise
        except ValueError as error:
            raise Misconfigured(str(error)) from error

    @cached_property
    def chosen(self) -> list[Collector]:
        """The collectors to read: all, or those that TOCSIN_SOURCES names. Raises as `collectors` does."""
        wanted = set(self.settings.source_names)
        if lost := wanted.difference(*((each.source, each.platform) for each in self.collectors)):
            there = ", ".join(each.source for each in self.collectors) or "none is configured"
            raise Misconfigured(
                f"TOCSIN_SOURCES names {', '.join(sorted(lost))}, which is no configured source; there are: {there}; "
                "`tocsin sources` says what each platform needs"
            )
        return [each for each in self.collectors if not wanted or wanted & {each.source, each.platform}]

    @cached_property
    def engine(self) -> Engine:
        """The warehouse, migrated."""
        engine = connect(self.settings.warehouse_url)
        migrate(engine)
        return engine

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """The keyed hash behind which authors stand."""
        configured = self.settings.pseudonym_key
        key = load_key(configured.get_secret_value() if configured else None, self.settings.var / "pseudonym.key")
        return Pseudonyms(key)

    @cached_property
    def limits(self) -> dict[str, timedelta]:
        """By platform, how long its terms let us keep words and names without being shown them anew."""
        limits = {platform.name: platform.reach.refresh_within for platform in PLATFORMS}
        return {name: limit for name, limit in limits.items() if limit is not None}

    @cached_property
    def mentions(self) -> MentionStore:
        """Mentions, runs and checkpoints."""
        return MentionStore(self.engine, self.pseudonyms, clock=self.now, limited=self.limits)

    def spent(self, platform: str, since: datetime) -> Spent:
        """What runs of a platform have used since a moment; asked when a run with a budget begins, not before."""
        return self.mentions.spent(platform, since)

    def claim(self, platform: str, since: datetime, affordable: Callable[[Spent], bool]) -> bool:
        """Claim a call of a platform with a budget, where what was used leaves room for it."""
        return self.mentions.claim(platform, since, affordable)

    @cached_property
    def conversations(self) -> ConversationStore:
        """What is said around the posts of open incidents."""
        return ConversationStore(self.engine, self.pseudonyms)

    @cached_property
    def judgements(self) -> JudgementStore:
        """Assessments and findings."""
        return JudgementStore(self.engine, self.pseudonyms, clock=self.now)

    @cached_property
    def adoptions(self) -> AdoptionBook:
        """The stored versions of packs, and which of them were adopted."""
        return AdoptionBook(self.engine, self.now)

    @cached_property
    def traces(self) -> TraceStore:
        """What mentions leave to be found by later ones."""
        return TraceStore(self.engine, self.pseudonyms, clock=self.now)

    @cached_property
    def casebook(self) -> WarehouseCasebook:
        """Incidents and their events."""
        return WarehouseCasebook(self.engine, packs=lambda: self.policies)

    @cached_property
    def custody(self) -> CustodyBook:
        """Evidence in custody."""
        return CustodyBook(self.engine, self.now)

    @cached_property
    def stamps(self) -> WarehouseStamps:
        """Which custody logs an authority has stamped."""
        return WarehouseStamps(self.engine, self.now)

    @cached_property
    def outbox(self) -> WarehouseOutbox:
        """Notifications that wait."""
        return WarehouseOutbox(self.engine, flood_at=self.settings.slack_flood_at)

    @cached_property
    def silences(self) -> WarehouseSilences:
        """Silences."""
        return WarehouseSilences(self.engine, self.now)

    @cached_property
    def staff(self) -> StaffStore:
        """The staff register."""
        return StaffStore(self.engine, self.pseudonyms, clock=self.now, homes=home_servers(self.settings))

    @cached_property
    def scorer(self) -> Scorer:
        """The model that scores texts."""
        return scorer(self.settings.backend, self.settings.detoxify_checkpoint)

    @cached_property
    def judges(self) -> list[Judge]:
        """One judge a pack in force, over the warehouse's history; each pack is stored first, for findings cite it."""
        for policy in self.policies.values():
            self.judgements.register(policy)
        return self.judges_of(self.policies.values())

    def judges_of(self, policies: Iterable[Policy]) -> list[Judge]:
        """One judge a pack, in force or not, over the warehouse's history."""
        packs = list(policies)
        history = WarehouseHistory(self.engine, self.pseudonyms, official_handles(packs))
        return [Judge(policy, self.scorer, history, self.staff) for policy in packs]

    @cached_property
    def relays(self) -> RelayBook:
        """What further channels are told."""
        return RelayBook(self.engine)

    @cached_property
    def channel(self) -> Channel:
        """Slack where a token is set, else console and file; what went another way before says so."""
        return SayingSo(self._channel(), self.relays.went)

    def _channel(self) -> Channel:
        token = self.settings.slack_bot_token
        if token is None:
            return ConsoleChannel(self.settings.var / "outbox", stderr())
        return SlackChannel.connect(
            token.get_secret_value(),
            self.settings.slack_channel,
            base_url=self.settings.slack_api_url,
            interval_s=self.settings.slack_interval_s,
            interactive=bool(self.settings.slack_app_token or self.settings.slack_signing_secret),
        )


def _revealed(value: Any) -> Any:
    """A setting's value with its secrets, which is never printed: by it two houses are told apart."""
    if isinstance(value, dict):
        return {name: _revealed(each) for name, each in value.items()}
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@lru_cache(maxsize=2)
def _opened(_fingerprint: str) -> House:
    return House(Settings())


def open_house() -> House:
    """The house for the settings of this moment; the same one as long as they do not change."""
    settings = Settings()
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"{settings.var} cannot be written ({error.strerror}): set TOCSIN_VAR to a folder"
        ) from error
    values = settings.model_dump()
    shown = {name: _revealed(value) for name, value in values.items()}
    return _opened(hashlib.sha256(repr(shown).encode()).hexdigest())
