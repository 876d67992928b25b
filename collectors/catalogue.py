"""The explicit list of platforms: what is configured, what would need which setting, and what cannot be had lawfully.

Adding a platform is one line in `MODULES`; everything else about it stands in its own file, as `ENTRY`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol

from collectors.budget import Ledger, allowance
from collectors.closed import CLOSED
from collectors.collector import Collector
from collectors.manners import Manners
from collectors.platform import AnyPlatform, Platform, S
from collectors.section import HttpSection
from policies.policy import Policy

MODULES = (
    "archive.archive",
    "x",
    "reddit",
    "feeds",
    "mastodon",
    "bluesky",
    "hackernews",
    "matrix",
    "discord",
    "telegram",
    "yammer",
    "flickr",
    "youtube",
    "facebook",
    "instagram",
    "linkedin",
    "tiktok",
    "trustpilot",
    "appstore",
    "googleplay",
    "wordpress",
    "threads",
    "foursquare",
    "discourse",
    "lemmy",
    "peertube",
    "stackexchange",
    "tumblr",
    "mediawiki",
    "wordpress_com",
)


def _entry(module: str) -> AnyPlatform:
    entry = import_module(f"collectors.{module}").ENTRY
    if not isinstance(entry, Platform):
        raise TypeError(f"collectors.{module}.ENTRY is no Platform")
    return entry


PLATFORMS = tuple(_entry(module) for module in MODULES)


class SourceSettings(Protocol):
    """Whoever knows the settings of every platform."""

    def of(self, kind: type[S]) -> S:
        """The settings of one platform."""
        ...


@dataclass(frozen=True)
class SourceStatus:
    """What `tocsin sources` shows of one source or platform.

    `configured`: it is collected. `note`: why not and what to do about it, or how it is had.
    """

    name: str
    platform: str
    configured: bool
    note: str


def configured(
    settings: SourceSettings, policies: Sequence[Policy], ledger: Ledger | None = None, manners: Manners | None = None
) -> list[Collector]:
    """The collectors of every source that has its settings, in the order of the catalogue.

    `ledger` knows what was spent, for those with a budget. Raises ValueError, naming the setting, for a value that
    cannot be used; ArchiveError for a bad column map.
    """
    found: list[Collector] = []
    for platform in PLATFORMS:
        own = settings.of(platform.settings)
        if not own.missing():
            found += platform.make(own, policies, _manners(platform, own, ledger, manners or Manners()))
    return found


def home_servers(settings: SourceSettings) -> dict[str, str]:
    """By platform, the server whose own accounts it names without it."""
    homes = {platform.name: settings.of(platform.settings).home for platform in PLATFORMS}
    return {name: home for name, home in homes.items() if home}


def sources(settings: SourceSettings, policies: Sequence[Policy]) -> list[SourceStatus]:
    """The state of every source, and of every platform that has none. Raises nothing: what is wrong is a note."""
    closed = (
        SourceStatus(each.name, each.name, False, f"{each.reason} ({each.checked}: {each.documents})")
        for each in CLOSED
    )
    return [*_open(settings, policies), *closed]


def _open(settings: SourceSettings, policies: Sequence[Policy]) -> Iterator[SourceStatus]:
    for platform in PLATFORMS:
        own = settings.of(platform.settings)
        if said := own.missing():
            yield SourceStatus(platform.name, platform.name, False, said)
            continue
        try:
            made = platform.make(own, policies, _manners(platform, own, None, Manners()))
        except ValueError as error:
            yield SourceStatus(platform.name, platform.name, False, str(error))
            continue
        for collector in made:
            yield SourceStatus(collector.source, collector.platform, True, platform.access)


def _manners(platform: AnyPlatform, own: object, ledger: Ledger | None, manners: Manners) -> Manners:
    budget = own.budget if isinstance(own, HttpSection) else None
    return replace(manners, affords=allowance(budget, platform.reach.price, platform.name, ledger))
