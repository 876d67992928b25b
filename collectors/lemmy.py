"""Lemmy: posts and comments that hold a pack's terms, by the search of any instance.

Endpoint: GET /api/v3/search, newest first, 50 a page, posts and comments apart, one query a term; GET /api/v3/comment
for the comment that a comment answers.
Auth: none; what an instance shows to everybody. TOCSIN_LEMMY_BASE_URL (one instance or several) turns it on.
Quota: 60 searches in 10 minutes from one address, where an instance sets no other.
Cannot see: communities that the instance was never sent, and those that it blocks; private messages. The search takes
no bounds of time, so a backlog is reached by reading again what is above it.
Terms: each instance's own; what is deleted or removed says so.
Source, read on 2026-11-21: https://join-lemmy.org/docs/contributors/04-api.html
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from collectors import lemmy_thread
from collectors.budget import Quota
from collectors.collector import AccessDenied, Gone, RateLimited, UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.instant import moment_of
from collectors.lemmy_view import PLATFORM, native_id, to_mention, withdrawn
from collectors.manners import documented
from collectors.mention import Mention, Parent
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrls, needed
from collectors.sites import Listing, Reading, SiteCollector, SitesSection, shortest_terms
from collectors.timeline import Page, Record, Walk
from collectors.wire import Declined

PAGE_SIZE = 50
KINDS = {"Posts": "posts", "Comments": "comments"}
HURRY = b"rate_limit_error"
UNKNOWN = ("couldnt_find", "not_found")  # Lemmy's own words; any other 404 may be an instance that moved


class LemmySettings(SitesSection):
    """The settings of Lemmy."""

    prefix = "lemmy"
    base_url: BaseUrls = needed("Addresses of Lemmy instances, comma-separated")


class Lemmy(SiteCollector):
    """The search of one instance."""

    platform = PLATFORM
    what = "Lemmy"
    fix = "It takes no credentials: check in TOCSIN_LEMMY_BASE_URL that the instance shows its posts to everybody."
    settle = timedelta(hours=6)  # the overlap window: posts of other instances arrive late and keep their time
    at_once = 100  # stored posts and comments: each is a call
    a_run = 500

    def listings(self) -> Mapping[str, Listing]:
        """Posts and comments, a term each."""
        terms = shortest_terms(self.terms.spoken())
        return {f"{kind} {term}": partial(self._page, kind, term) for term in terms for kind in KINDS}

    def judging(self, status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
        """Older versions answer 400 where they mean 429."""
        if status == 400 and HURRY in body:
            raise RateLimited(f"{what} answered {status}: {HURRY.decode()}")
        super().judging(status, headers, body, what, fix)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch posts with their comments, 50 a call. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(lemmy_thread.read, run.wire, partial(self._view, run), self.site))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which are still shown, one a call, as far as the run's calls go. Raises a CollectError.

        What is refused is not known to be gone. AccessDenied where the instance's search is refused too.
        """
        gone: list[str] = []
        present: list[Mention] = []
        with self.reading() as run, run.visit.billed():
            for each in ids:
                if run.visit.spent:
                    break
                try:
                    view = self._view(run, each)
                except AccessDenied:
                    run.only_this(partial(self._any, run))
                    continue
                if view is None or withdrawn(view):
                    gone.append(each)
                    continue
                present += map(self.named, legible(view, each, partial(to_mention, site=self.site)))
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _any(self, run: Reading) -> None:
        """Look at the first of the searches, for posts."""
        next(iter(self.listings().values()))(run, Walk(None, None))

    def _page(self, kind: str, term: str, run: Reading, walk: Walk) -> Page:
        number = int(walk.cursor or 1)
        asked: dict[str, Any] = {
            "q": term,
            "type_": kind,
            "sort": "New",
            "listing_type": "All",
            "limit": PAGE_SIZE,
            "page": number,
        }
        answer = run.wire.get("api/v3/search", asked)
        with documented(self.what):
            views = answer[KINDS[kind]]
            if not isinstance(views, list):
                raise TypeError(f"the {KINDS[kind]} are no list")
            records = tuple(self._record(run, view) for view in views)
        return Page(records, str(number + 1) if views else None)

    def _record(self, run: Reading, view: Any) -> Record:
        found = self.record(view, _name(view), partial(to_mention, site=self.site))
        if isinstance(view, dict) and withdrawn(view) and found.position is not None:
            return Record(found.position, Gone(native_id(view, self.site)), moment_of(found.position))
        mention = found.admitted
        if isinstance(mention, Mention) and mention.in_reply_to and mention.in_reply_to.text is None:
            return Record(found.position, self._threaded(run, mention, str(mention.in_reply_to.id)))
        return found

    def _threaded(self, run: Reading, mention: Mention, above: str) -> Mention:
        """A comment with the author and the words of the comment that it answers."""
        if above not in run.known:
            run.known[above] = self._answered(run, above)
        told = run.known[above]
        parent = Parent(id=above, author=told.author, text=told.text) if told else mention.in_reply_to
        return mention.model_copy(update={"in_reply_to": parent})

    def _answered(self, run: Reading, above: str) -> Mention | None:
        """The comment that is answered; None where it was taken back, is refused, or what comes is no comment."""
        try:
            view = self._view(run, above)
            with documented(self.what):
                return to_mention(view, self.site) if view and not withdrawn(view) else None
        except (AccessDenied, UnexpectedResponse):
            return None

    def _view(self, run: Reading, each: str) -> dict[str, Any] | None:
        """One post or comment by its id; None where the instance knows of none."""
        kind, _, number = each.removeprefix(f"{self.site}/").partition("/")
        try:
            answer = run.wire.get(f"api/v3/{kind}", {"id": number})
        except Declined as error:
            if any(word in error.said for word in UNKNOWN):
                return None
            raise
        with documented(self.what):
            view: dict[str, Any] = answer[f"{kind}_view"]
            native_id(view, self.site)  # whatever has none is no view
        return view


def _name(view: Any) -> str:
    kinds = (kind for kind in ("comment", "post") if isinstance(view, dict) and isinstance(view.get(kind), dict))
    return next((f"{kind}/{view[kind].get('id')}" for kind in kinds), "")


ENTRY = Platform(
    name=PLATFORM,
    access="search of any instance",
    settings=LemmySettings,
    make=Lemmy.from_settings,
    reach=Reach(
        endpoint="GET /api/v3/search of each instance, by httpx",
        auth="none",
        cannot_see="communities that the instance was never sent or blocks; private messages",
        terms="each instance's own; what its author deleted or a moderator removed says so, and is deleted here",
        conversation="the post and /comment/list; 500 comments",
        documents="https://join-lemmy.org/docs/contributors/04-api.html",
        checked=date(2026, 11, 21),
        quotas=(Quota(60, 600),),
        volume=(0, 5_000),
    ),
)
