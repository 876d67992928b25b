"""PeerTube: videos that the search of an instance finds for a pack's terms, and what is said under them.

Endpoints, 100 a page: GET /api/v1/search/videos, newest first, one query a term; /api/v1/videos/{uuid}/comment-threads
of each video found, for 30 days, newest first; /comment-threads/{id} for the replies in a thread, all in one answer;
for what is stored /api/v1/videos/{uuid} and the thread.
Auth: none; what an instance shows to everybody. TOCSIN_PEERTUBE_BASE_URL (one instance or several) turns it on.
Quota: 50 calls in 10 seconds from one address, where an instance sets no other.
Cannot see: comments that name you under videos that do not (comments are searched by moderators alone); videos that
name you only in tags, in captions or beyond the first 250 characters of their description; instances that this one does
not follow; private, unlisted and internal videos; comments held for review; live chat; what a long thread leaves out;
replies that come more than two days after their comment, once 100 newer comments stand above it.
Terms: each instance's own; a comment that was deleted says so, a video is missing: `recheck`.
Source, read on 2026-11-22: https://docs.joinpeertube.org/api-rest-reference.html
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from collectors import peertube_thread
from collectors.budget import Quota
from collectors.collector import AccessDenied, Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.manners import documented
from collectors.mention import Mention
from collectors.peertube_api import WHAT, listed, shown, threads
from collectors.peertube_post import PLATFORM, branches, to_mention, withdrawn
from collectors.peertube_run import Run, Site
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrls, needed
from collectors.sites import Listing, Reading, SiteCollector, SitesSection
from collectors.stages import Open, staged
from collectors.timeline import Page, Walk


class PeerTubeSettings(SitesSection):
    """The settings of PeerTube."""

    prefix = "peertube"
    base_url: BaseUrls = needed("Addresses of PeerTube instances, comma-separated")


class PeerTube(SiteCollector):
    """Search and comments of one instance. One run reads at most `pages` pages of each kind, and leaves the rest."""

    platform = PLATFORM
    what = WHAT
    fix = "It takes no credentials: check in TOCSIN_PEERTUBE_BASE_URL that the instance shows its videos to everybody."
    settle = timedelta(days=2)  # the overlap window: other instances' comments come late, old threads get new replies
    at_once = 100  # stored videos and comments: each video and each thread is a call
    a_run = 500

    def listings(self) -> Mapping[str, Listing]:
        """The searches: which parts of words PeerTube finds is not documented, so each term has its own."""
        return {term: partial(self._search, term) for term in self.terms.spoken()}

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        with self.reading() as reading:
            site = Site(self.source, self.site, self._settle, self.record)
            run = Run(site, reading, checkpoint.state if checkpoint else {})
            searches = {name: partial(read, reading) for name, read in self.listings().items()}
            found: Open = partial(run.found, searches)
            stages = {"found": found, "comments": run.comments, "replies": run.replies}
            yield from staged(checkpoint, self.source, stages, run.notes, self.pages, reading.visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch videos with their threads. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(peertube_thread.read, run.wire, self.site))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which are still shown, a call a video and a thread, as far as the run's calls go. Raises a CollectError.

        A comment that its thread does not hold is unknown still: an instance may cut long threads short.
        """
        gone: list[str] = []
        present: list[Mention] = []
        with self.reading() as run, run.visit.billed():
            for each in ids:
                if run.visit.spent:
                    break
                found = self._stored(run, each)
                if found is None:
                    gone.append(each)
                else:
                    present += map(self.named, found)
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _search(self, term: str, run: Reading, walk: Walk) -> Page:
        asked = {"search": term, "sort": "-publishedAt", "searchTarget": "local"}
        rows, following = listed(run.wire, "search/videos", asked, walk.cursor)
        make = partial(to_mention, site=self.site)
        # The search finds what is only like the term, too.
        return Page(tuple(self.record(row, _uuid(row), make, whole=True) for row in rows), following)

    def _stored(self, run: Reading, native_id: str) -> tuple[Mention, ...] | None:
        """A stored video or comment as it is, where that is told and can be read; None: gone."""
        video, _, place = native_id.removeprefix(f"{self.site}/videos/").partition("/")
        path = f"{threads(video)}/{place.partition('/')[0]}" if place else f"videos/{video}"
        try:
            if path not in run.known:
                run.known[path] = shown(run.wire, path)
        except AccessDenied:
            run.only_this(lambda: run.wire.get("api/v1/videos", {"count": 1}))
            return ()
        found = run.known[path]
        if found is None:
            return None
        with documented(self.what):
            rows = {str(each["id"]): each for each in branches(found)} if place else {str(found["uuid"]): found}
        row = rows.get((place or video).rpartition("/")[2])
        if withdrawn(row):
            return None
        make = partial(to_mention, site=self.site, video=video)
        return legible(row, native_id, make) if row is not None else ()


def _uuid(row: Any) -> Any:
    return row.get("uuid") if isinstance(row, dict) else None


ENTRY = Platform(
    name=PLATFORM,
    access="search of videos of any instance, and the comments under them",
    settings=PeerTubeSettings,
    make=PeerTube.from_settings,
    reach=Reach(
        endpoint="GET /api/v1/search/videos and /api/v1/videos/{uuid}/comment-threads of each instance, by httpx",
        auth="none",
        cannot_see="comments that name you under videos that do not; videos that name you only in tags, in captions or "
        "beyond the first 250 characters of their description; instances that this one does not follow; videos that "
        "are not public; comments held for review; live chat; what a long thread leaves out; comments of a video 30 "
        "days after it was found, and of more than 100 videos at a time; replies that come more than two days after "
        "their comment, once 100 newer comments stand above it",
        terms="each instance's own; a comment that was deleted says so, a video is missing, and goes here",
        conversation="the video, its newest 500 threads, and the replies in 20 of them",
        documents="https://docs.joinpeertube.org/api-rest-reference.html",
        checked=date(2026, 11, 22),
        quotas=(Quota(50, 10),),
        volume=(0, 5_000),
    ),
)
