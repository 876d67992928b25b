"""The explicit list of sources: what is configured, what would need which setting, and what cannot be had lawfully."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from collectors.archive import Archive, parse_map
from collectors.collector import Collector
from collectors.feeds import Feed, FeedsSettings
from collectors.reddit import Reddit, RedditSettings
from collectors.x import X, XSettings
from policies.policy import Policy


class ArchiveSettings(Protocol):
    """The settings that archives read."""

    @property
    def archive_paths(self) -> tuple[Path, ...]: ...
    @property
    def archive_map(self) -> str: ...


class SourceSettings(XSettings, RedditSettings, FeedsSettings, ArchiveSettings, Protocol):
    """All the settings that sources read."""


@dataclass(frozen=True)
class SourceStatus:
    """What `tocsin sources` shows of one source or platform.

    `configured`: it is collected. `note`: why not and what to do about it, or how it is had.
    """

    name: str
    platform: str
    configured: bool
    note: str


@dataclass(frozen=True)
class Platform:
    """One platform that Tocsin reads: the settings that turn it on, and how its collectors are made."""

    name: str
    access: str
    unset: Callable[[SourceSettings], str]  # what to set, or "" where nothing is missing
    make: Callable[[SourceSettings, Sequence[Policy]], Sequence[Collector]]


def _unset_x(settings: SourceSettings) -> str:
    return "" if settings.x_bearer_token else "set TOCSIN_X_BEARER_TOKEN to an app's bearer token"


def _unset_reddit(settings: SourceSettings) -> str:
    values = {
        "TOCSIN_REDDIT_CLIENT_ID": settings.reddit_client_id,
        "TOCSIN_REDDIT_CLIENT_SECRET": settings.reddit_client_secret,
    }
    missing = [name for name, value in values.items() if not value]
    return f"set {' and '.join(missing)}" if missing else ""


def _unset_feeds(settings: SourceSettings) -> str:
    return "" if settings.feed_urls else "set TOCSIN_FEEDS_URLS to the addresses of feeds, comma-separated"


def _unset_archive(settings: SourceSettings) -> str:
    return "" if settings.archive_paths else "set TOCSIN_ARCHIVES to files or folders, or give --archive FILE"


def _archives(settings: SourceSettings, _: Sequence[Policy]) -> Sequence[Collector]:
    columns = parse_map(settings.archive_map)
    return [Archive(path, columns) for path in settings.archive_paths]


PLATFORMS = (
    Platform("archive", "files of posts, your own or bought", _unset_archive, _archives),
    Platform("x", "API v2 recent search", _unset_x, lambda settings, packs: [X.from_settings(settings, packs)]),
    Platform(
        "reddit",
        "search, and the packs' subreddits with their comments",
        _unset_reddit,
        lambda settings, packs: [Reddit.from_settings(settings, packs)],
    ),
    Platform("feeds", "RSS, Atom and JSON Feed", _unset_feeds, lambda settings, _: Feed.from_settings(settings)),
)

# What the policies name and nobody may lawfully collect by keyword: said here, so that a report can say it.
CLOSED = {
    "facebook": "no keyword search of public posts; a Page's own mentions only, which is not built yet",
    "instagram": "no keyword search; mentions and tags of an own account only, which is not built yet",
    "linkedin": "no search of public posts; an own organisation page's comments only, which is not built yet",
    "tiktok": "the Research API is for non-profit academic research only",
    "pinterest": "own pins only; search is a closed beta for partners",
    "snapchat": "no lawful API for public mentions",
    "slideshare": "no lawful API for public mentions",
}


def configured(settings: SourceSettings, policies: Sequence[Policy]) -> list[Collector]:
    """The collectors of every source that has its settings, in the order of the catalogue.

    Raises ValueError, naming the setting, for a value that cannot be used; ArchiveError for a bad column map.
    """
    found: list[Collector] = []
    for platform in PLATFORMS:
        if not platform.unset(settings):
            found += platform.make(settings, policies)
    return found


def sources(settings: SourceSettings, policies: Sequence[Policy]) -> list[SourceStatus]:
    """The state of every source, and of every platform that has none. Raises nothing: what is wrong is a note."""
    return [*_open(settings, policies), *(SourceStatus(name, name, False, why) for name, why in CLOSED.items())]


def _open(settings: SourceSettings, policies: Sequence[Policy]) -> Iterator[SourceStatus]:
    for platform in PLATFORMS:
        missing = platform.unset(settings)
        if missing:
            yield SourceStatus(platform.name, platform.name, False, missing)
            continue
        try:
            made = platform.make(settings, policies)
        except ValueError as error:
            yield SourceStatus(platform.name, platform.name, False, str(error))
            continue
        for collector in made:
            yield SourceStatus(collector.source, collector.platform, True, platform.access)
