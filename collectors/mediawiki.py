"""MediaWiki: edits of any wiki that mention a pack's terms, of pages and of talk pages, by the wiki's own API.

Endpoint: GET api.php: list=recentchanges, newest first, 50 a page, all but bots'; prop=revisions for the texts before
and after, and for the edits around those of an open incident. An edit is a mention where a line that it adds, its
summary or the page's title holds a term.
Auth: none; what a wiki shows to everybody. TOCSIN_MEDIAWIKI_BASE_URL (one wiki or several; the address of api.php or of
the folder that it is in) turns it on.
Quota: each wiki's own; calls are made one at a time, as Wikimedia asks; a wiki that lags is waited for.
Cannot see: what was written before the wiki's recent changes begin (the first run reads 30 days of them), bots' edits,
what was hidden by its administrators. A page that has long named you is not found until somebody edits it. A run reads
some 7,000 edits: the largest wikis need a run an hour.
Terms: each wiki's own, mostly CC BY-SA; a deleted revision is answered as a bad one.
Source, read on 2026-11-21: https://www.mediawiki.org/wiki/API:RecentChanges
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from collectors import mediawiki_thread
from collectors.collector import AccessDenied, RateLimited, Unavailable, UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.instant import moment_of
from collectors.manners import asked_to_wait, documented
from collectors.mediawiki_answer import modern
from collectors.mediawiki_edit import PLATFORM, added_lines, restores, to_mention
from collectors.mediawiki_history import text_of
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked
from collectors.section import BaseUrls, needed
from collectors.sites import Listing, Reading, SiteCollector, SitesSection, site_of
from collectors.timeline import Page, Walk
from policies.policy import Policy

SCRIPT = "/api.php"
PAGE_SIZE = 50  # also the revisions that one call may name
HISTORY = timedelta(days=30)
REFUSED = ("readapidenied", "permissiondenied", "blocked", "autoblocked")
PASSING = ("maxlag", "readonly", "internal_api_error")


class MediaWikiSettings(SitesSection):
    """The settings of MediaWiki."""

    prefix = "mediawiki"
    base_url: BaseUrls = needed("Addresses of wikis' api.php, comma-separated")


class MediaWiki(SiteCollector):
    """The recent changes of one wiki."""

    platform = PLATFORM
    what = "MediaWiki"
    fix = "It takes no credentials: check in TOCSIN_MEDIAWIKI_BASE_URL that the wiki lets everybody read its api.php."
    settle = timedelta(minutes=10)  # the overlap window: copies of a wiki's database run behind

    def __init__(self, base_url: str, policies: Sequence[Policy], *, site: str | None = None, **options: Any) -> None:
        """`base_url` is that of api.php, or of its folder. Raises ValueError where there is nothing to search for."""
        self.folder = base_url.removesuffix(SCRIPT)
        super().__init__(self.folder + SCRIPT, policies, site=site or site_of(self.folder), **options)

    def listings(self) -> Mapping[str, Listing]:
        """One listing, whatever the terms."""
        return {"changes": self._changes}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch the edits around ours in the same sections, 50 a call. Raises a CollectError."""
        with self.reading() as run:
            read = partial(mediawiki_thread.read, partial(self._ask, run), self.folder, self.site)
            yield from told(run.visit, seeds, read)

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which revisions are still shown, 50 a call. Raises a CollectError."""
        numbers = {each.rpartition("/")[2]: each for each in ids}
        gone: list[str] = []
        with self.reading() as run, run.visit.billed():
            for answer in self._revisions(run, list(numbers), "ids|sha1"):
                with documented(self.what):
                    bad = [str(number) for number in answer.get("badrevids") or ()]
                    hidden = [str(each["revid"]) for each in _each(answer) if each.get("sha1hidden")]
                gone += [numbers[number] for number in (*bad, *hidden) if number in numbers]
            return Rechecked(tuple(gone), (), run.visit.requests)

    def judging(self, status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
        """Errors come with 200, and with a header that names them."""
        code = headers.get("mediawiki-api-error") or ""
        if code == "ratelimited":
            raise RateLimited(f"{what}: {code}", asked_to_wait(headers))
        if code.startswith(REFUSED):
            raise AccessDenied(f"{what}: {code}. {fix}")
        if code.startswith(PASSING):
            raise Unavailable(f"{what}: {code}")
        super().judging(status, headers, body, what, fix)

    def _changes(self, run: Reading, walk: Walk) -> Page:
        since = moment_of(walk.above) if walk.above is not None else datetime.now(UTC) - HISTORY
        asked = {
            "list": "recentchanges",
            "rcprop": "title|ids|user|userid|timestamp|comment|flags|tags|sizes",
            "rctype": "edit|new",
            "rcshow": "!bot",
            "rclimit": PAGE_SIZE,
            "rcstart": _written(moment_of(walk.top)) if walk.top is not None else None,  # the newest, inclusive
            "rcend": _written(since),
            "rccontinue": walk.cursor,
        }
        answer = self._ask(run, asked)
        with documented(self.what):
            changes = answer["query"]["recentchanges"]
            following = (answer.get("continue") or {}).get("rccontinue")
            if not isinstance(changes, list):
                raise TypeError("the changes are no list")
        edits = self._with_words(run, changes)
        make = partial(to_mention, address=self.folder, site=self.site)
        return Page(tuple(self.record(edit, _where(edit), make, whole=True) for edit in edits), following)

    def _with_words(self, run: Reading, changes: list[Any]) -> list[Any]:
        """The changes with what each added. The text before is asked for only where the one after holds a term."""
        after = self._texts(run, [_number(change, "revid") for change in changes])
        naming = [change for change in changes if self._holds(change, after.get(_number(change, "revid"), ""))]
        before = self._texts(run, [_number(change, "old_revid") for change in naming])
        return [
            {**change, "added": _added(change, before, after)} if isinstance(change, dict) else change
            for change in changes
        ]

    def _holds(self, change: Any, text: str) -> bool:
        return isinstance(change, dict) and bool(self._matcher(f"{change.get('title')}\n{text}"))

    def _texts(self, run: Reading, numbers: list[str]) -> dict[str, str]:
        """The texts of revisions by their numbers, without those that are hidden or are no prose."""
        texts = {}
        for answer in self._revisions(run, [number for number in numbers if number], "ids|content|contentmodel"):
            with documented(self.what):
                for revision in _each(answer):
                    text = text_of(revision)
                    if text is not None:
                        texts[str(revision["revid"])] = text
        return texts

    def _revisions(self, run: Reading, numbers: list[str], properties: str) -> Iterator[dict[str, Any]]:
        """What is known of revisions, in as many answers as it takes: a wiki cuts an answer that grows too large."""
        for first in range(0, len(numbers), PAGE_SIZE):
            some = "|".join(numbers[first : first + PAGE_SIZE])
            asked = {"prop": "revisions", "revids": some, "rvprop": properties, "rvslots": "main"}
            onwards: Mapping[str, Any] | None = {}
            while onwards is not None:
                answer = self._ask(run, {**asked, **onwards})
                with documented(self.what):
                    yield answer.get("query") or {}
                    former, onwards = onwards, answer.get("continue")
                if onwards == former:
                    raise UnexpectedResponse(f"{self.what}: the listing's cursor goes in circles: {onwards}")

    def _ask(self, run: Reading, asked: Mapping[str, Any]) -> dict[str, Any]:
        answer = run.wire.get(self.base_url, {"action": "query", "format": "json", "formatversion": 2, **asked})
        with documented(self.what):
            if answer.get("error"):
                raise UnexpectedResponse(f"{self.what}: {answer['error'].get('code')}: {answer['error'].get('info')}")
            known: dict[str, Any] = modern(answer)
        return known


def _each(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for page in answer.get("pages") or ():
        yield from page.get("revisions") or ()


def _added(change: Mapping[str, Any], before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The lines that an edit added; none where it restores others' words, or where the text before cannot be had."""
    former, text = _number(change, "old_revid"), after.get(_number(change, "revid"), "")
    if restores(dict(change)) or (former and former not in before):
        return ""
    return added_lines(before.get(former, ""), text)


def _number(change: Any, name: str) -> str:
    value = change.get(name) if isinstance(change, dict) else None
    return str(value) if isinstance(value, int) and value > 0 else ""


def _where(change: Any) -> str:
    number = _number(change, "revid")
    return f"revisions/{number}" if number else ""


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


ENTRY = Platform(
    name=PLATFORM,
    access="edits of pages and talk pages of any wiki, as they are made",
    settings=MediaWikiSettings,
    make=MediaWiki.from_settings,
    reach=Reach(
        endpoint="api.php of each wiki: list=recentchanges, prop=revisions, by httpx",
        auth="none",
        cannot_see="what was written before the wiki's recent changes begin, until somebody edits it; bots' edits; "
        "what administrators hid",
        terms="each wiki's own, mostly CC BY-SA; a revision that is deleted or hidden says so, and is deleted here",
        conversation="the edits of the same section of the page, before ours and after it, by prop=revisions; 100 "
        "before, 200 after",
        documents="https://www.mediawiki.org/wiki/API:RecentChanges",
        checked=date(2026, 11, 21),
        volume=(0, 5_000),
    ),
)
