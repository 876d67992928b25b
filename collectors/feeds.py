"""Feeds: RSS, Atom and JSON Feed, fetched by httpx, read by feedparser; each feed is a source of its own.

Endpoint: the feed's own address (TOCSIN_FEEDS_URLS). Blogs, news alerts, forums' and review sites' feeds.
Auth: none; a login can stand in the address (https://user:password@…), and is shown to the publisher alone.
Quota: none; ETag and Last-Modified are sent back, so that an unchanged feed costs one small call.
Cannot see: what fell off the end of a feed between two runs (a feed shows its newest entries only), and what a feed
leaves out of its excerpts. Every entry is kept, whether or not it holds a pack's terms: a feed is configured because
it is wanted.
Terms: each publisher's own. An entry that is withdrawn just disappears from the feed; nobody tells us.
Source, read on 2026-11-01: https://www.rssboard.org/rss-specification

An entry without a date takes the feed's, else the moment of collection; `raw["dated_by"]` then says so.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax import SAXException

import httpx
from pydantic import Field

from collectors import json_feed
from collectors.admission import Admitted, admit
from collectors.collector import Batch, Checkpoint, Quarantined, UnexpectedResponse
from collectors.feed_entry import PLATFORM, Origin, moment, to_mention
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.transport import polite_client
from policies.policy import Policy

BATCH = 500  # entries
REDIRECTS = 5
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class FeedsSettings(HttpSection):
    """The settings of the feeds."""

    prefix = "feeds"
    urls: Listed = needed("RSS or Atom feeds to read, comma-separated")
    base_url: BaseUrl = Field("", description="Replaces scheme and host of every feed (a proxy, a test server)")


class Feed:
    """One feed. Its checkpoint keeps the validators of the last answer and digests of the entries that it held."""

    platform = PLATFORM

    def __init__(
        self,
        url: str,
        *,
        base_url: str = "",
        manners: Manners | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`base_url` takes the place of the feed's scheme and host. Raises ValueError for what is no web address."""
        try:
            own = httpx.URL(url)
        except httpx.InvalidURL:  # its message may quote a part of the password
            raise ValueError(f"TOCSIN_FEEDS_URLS: {_without_login(url)!r} is no address") from None
        if own.scheme not in ("http", "https") or not own.host:
            raise ValueError(f"TOCSIN_FEEDS_URLS: {_without_login(url)!r} is no http or https address")
        port = f":{own.port}" if own.port else ""
        self._address = f"{own.host}{port}{own.raw_path.decode('ascii')}"
        self.source = f"{PLATFORM}:{self._address}"
        self._url = httpx.URL(base_url.rstrip("/") + own.raw_path.decode("ascii")) if base_url else own
        self._manners = manners or Manners()
        self._now = now

    @classmethod
    def from_settings(cls, settings: FeedsSettings, _: Sequence[Policy], manners: Manners) -> "tuple[Feed, ...]":
        """Raises ValueError, naming the setting, for an address that cannot be one."""
        urls = dict.fromkeys(settings.required().urls)
        return tuple(cls(url, base_url=settings.base_url, manners=manners) for url in urls)

    @property
    def queries(self) -> tuple[str, ...]:
        """One call a run."""
        return (self._address,)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield the entries that are new or changed. Raises a CollectError."""
        state: Mapping[str, Any] = checkpoint.state if checkpoint else {}
        visit = Visit(self._manners, str(self._url))
        with visit.billed():
            yield from self._read(visit, state)

    def _read(self, visit: Visit, state: Mapping[str, Any]) -> Iterator[Batch]:
        answer = self._get(visit, state)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            yield Batch((), Checkpoint(self.source, dict(state)), requests=visit.bill())
            return
        about, entries, whole = self._parse(answer.content, answer.headers)
        # What was read of a damaged feed is kept, but asked for again in full.
        validators = {"etag": answer.headers.get("etag"), "modified": answer.headers.get("last-modified")}
        yield from self._batches(entries, self._origin(about), state, validators if whole else {}, visit.bill())

    def _get(self, visit: Visit, state: Mapping[str, Any]) -> httpx.Response:
        known = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("modified")}
        asked = {"Accept": ACCEPT, **{name: value for name, value in known.items() if value}}
        fix = "Its address in TOCSIN_FEEDS_URLS may need a login: https://user:password@…"
        options: dict[str, Any] = {"headers": asked, "follow_redirects": True, "max_redirects": REDIRECTS}
        try:
            with polite_client(visit, self.source, fix, **options) as client:
                answer = client.get(self._url)
        except (httpx.TooManyRedirects, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise UnexpectedResponse(f"{self.source} leads nowhere: {error}") from error
        if answer.status_code not in (httpx.codes.OK, httpx.codes.NOT_MODIFIED):
            raise UnexpectedResponse(f"{self.source} answered {answer.status_code}: mend it in TOCSIN_FEEDS_URLS")
        return answer

    def _parse(self, body: bytes, headers: Mapping[str, str]) -> tuple[Mapping[str, Any], list[Any], bool]:
        """The feed's own properties, its entries, and whether it was well formed."""
        import feedparser  # noqa: PLC0415 - a tenth of a second; only who reads feeds waits for it

        if json_feed.looks_like_one(body):
            try:
                return *json_feed.parse(body), True
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                raise UnexpectedResponse(f"{self.source} is no feed: {error}") from error
        base = self._url.copy_with(username=None, password=None)  # which relative links are stored with
        said = {"content-type": headers.get("content-type", ""), "content-location": str(base)}
        with documented(self.source):  # feedparser stumbles over an encoding's name with a null in it
            parsed = feedparser.parse(io.BytesIO(body), response_headers=said)
        if not parsed.get("version") and not parsed.entries:
            raise UnexpectedResponse(f"{self.source} is no feed: {parsed.get('bozo_exception') or 'no entries in it'}")
        # feedparser also calls a feed ill formed for its media type or its charset, which harm nothing.
        whole = not isinstance(parsed.get("bozo_exception"), SAXException)
        return parsed.feed, list(parsed.entries), whole

    def _origin(self, about: Mapping[str, Any]) -> Origin:
        dates = (moment(about[name]) for name in ("published_parsed", "updated_parsed") if name in about)
        return Origin(self._address, self._now(), about.get("language"), next(filter(None, dates), None))

    def _batches(
        self, entries: list[Any], origin: Origin, state: Mapping[str, Any], validators: dict[str, Any], requests: int
    ) -> Iterator[Batch]:
        """Entries in portions; only the last one's checkpoint has the validators by which the feed is left alone."""
        known = set(state.get("seen", ()))
        digests = [_digest(entry) for entry in entries]
        new = [(entry, digest) for entry, digest in zip(entries, digests, strict=True) if digest not in known]
        seen = [digest for digest in digests if digest in known]
        for start in range(0, max(len(new), 1), BATCH):
            portion = new[start : start + BATCH]
            seen = [*seen, *(digest for _, digest in portion)]
            last = start + BATCH >= len(new)
            checkpoint = Checkpoint(self.source, {"seen": seen, **(validators if last else {})})
            admitted = [self._admit(entry, origin) for entry, _ in portion]
            yield _batch(admitted, checkpoint, more=not last, requests=0 if start else requests)

    def _admit(self, entry: Any, origin: Origin) -> Admitted:
        own = entry.get("id") or entry.get("link") if isinstance(entry, Mapping) else None
        return admit(entry, f"{self.source} {own or 'without id'}", lambda whole: to_mention(whole, origin))


def _batch(admitted: list[Admitted], checkpoint: Checkpoint, *, more: bool, requests: int) -> Batch:
    return Batch(
        mentions=tuple(item for item in admitted if isinstance(item, Mention)),
        quarantined=tuple(item for item in admitted if isinstance(item, Quarantined)),
        checkpoint=checkpoint,
        more=more,
        requests=requests,
    )


def _without_login(url: str) -> str:
    """What may be said of an address that cannot be read: where its login ends is known by the last @ alone."""
    _, at, rest = url.rpartition("@")
    return f"…@{rest}" if at else url


def _digest(entry: Any) -> str:
    """Changes when the entry does, so that an edited entry is read again."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()[:16]


ENTRY = Platform(
    name=PLATFORM,
    access="RSS, Atom and JSON Feed",
    settings=FeedsSettings,
    make=Feed.from_settings,
    reach=Reach(
        endpoint="each feed's own address, by httpx and feedparser",
        auth="none, or a login in the address",
        cannot_see="what fell off the feed between two runs; what excerpts leave out",
        terms="each publisher's own; nobody tells of what is withdrawn",
        conversation="none: a feed tells of no replies",
        documents="https://www.rssboard.org/rss-specification",
        checked=date(2026, 11, 1),
    ),
)
