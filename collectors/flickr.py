"""Flickr: photos whose title, description or tags hold a pack's terms, and the comments on them.

Endpoints: GET /services/rest/, methods flickr.photos.search, 100 photos a page, the last posted first;
flickr.photos.comments.getList for each photo that was found in the last 30 days, the 100 newest; flickr.photos.getInfo
for the re-check.
Auth: an API key (TOCSIN_FLICKR_API_KEY); non-commercial, or by Flickr's leave.
Quota: 3,600 calls an hour for a key; the first 4,000 photos of a search, so further ones are asked for by time.
Cannot see: private photos, those of owners who opted out of search, comments on photos that the terms do not find or
that were found longer ago; photos posted with a date that lies below the overlap window.
Terms: keep nothing for longer than the service needs, and remove within 24 hours what its owner removed: the re-check
asks, so run it daily.
Source, read on 2026-11-21: https://www.flickr.com/services/api/flickr.photos.search.html

A small client of our own: flickrapi has rested since 2018, and the younger ones have no search by text, or no session
that could be given our manners.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import flickr_thread
from collectors.admission import Admitted, admit
from collectors.backlog import Backlog
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint, Gone
from collectors.conversation import Conversation, Seed, told
from collectors.flickr_api import PAGE_SIZE, WHAT, FlickrApi, NotShown
from collectors.flickr_photo import PLATFORM, comment_to_mention, photo_of, posted_at, to_mention
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked
from collectors.section import BaseUrl, HttpSection, needed
from collectors.stages import Followed, staged
from collectors.timeline import Page, Record, Walk
from collectors.vocabulary import Terms
from policies.policy import Policy

SETTLE = timedelta(days=1)  # the overlap window: photos are made public, and indexed, after they were posted
KEEP = timedelta(days=30)  # how long the comments on a photo are read after it was found
MOST_PHOTOS = 100  # each costs a call a run
MOST_FOUND = 4_000  # of one search; what follows repeats


class FlickrSettings(HttpSection):
    """The settings of Flickr."""

    prefix = "flickr"
    base_url: BaseUrl = Field("https://api.flickr.com", description="Base URL of the API")
    api_key: SecretStr = needed("API key")


class Flickr:
    """Search on Flickr, and comments. One run reads at most `pages` pages of each and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    at_once = 200  # stored posts that one recheck asks about: each photo is a call

    def __init__(
        self,
        api_key: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://api.flickr.com",
        pages: int = 100,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        self._sought = {term: _sought(term) for term in terms.spoken()}
        self.queries = tuple(self._sought)  # each costs at least one call a run
        self._matcher = terms.matcher()
        self._wanted = terms.wanted()
        self._api_key = api_key
        self._base_url = base_url
        self.pages = pages
        self._settle = settle
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: FlickrSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Flickr, ...]":
        """Raises ValueError, naming the setting, where the key is missing."""
        own = settings.required()
        return (cls(own.api_key.get_secret_value(), policies, base_url=own.base_url, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        followed = Followed(checkpoint.state.get("followed", {}) if checkpoint else {}, KEEP, MOST_PHOTOS)
        with FlickrApi(visit, self._base_url, self._api_key) as api:

            def photos(former: Checkpoint | None) -> Backlog:
                fetches = {term: partial(self._photos, api, followed, sought) for term, sought in self._sought.items()}
                return Backlog(self.source, former, fetches, self._settle, grain=GRAIN)

            def comments(former: Checkpoint | None) -> Backlog:
                onward = {photo_id: partial(self._comments, api, followed, photo_id) for photo_id in followed.ids}
                return Backlog(self.source, former, {}, onward=onward)

            stages = {"photos": photos, "comments": comments}
            yield from staged(checkpoint, self.source, stages, lambda: {"followed": followed.state}, self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch photos with the comments on them, 100 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with FlickrApi(visit, self._base_url, self._api_key) as api:
            yield from told(visit, seeds, partial(flickr_thread.read, api))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which photos and comments are still there, a call a photo and more where much is said. CollectErrors."""
        visit = Visit(self._manners, self._base_url)
        photos = [native_id for native_id in ids if photo_of(native_id) is None]
        discussed = dict.fromkeys(photo_id for native_id in ids if (photo_id := photo_of(native_id)))
        unread: set[str | None] = set()
        with visit.billed(), FlickrApi(visit, self._base_url, self._api_key) as api:
            shown = [photo for each in photos for photo in _shown(partial(api.photo, each))]
            read = [self._read(photo, to_mention) for photo in shown]
            for photo_id in discussed:
                comments, whole = _discussed(api, photo_id)
                read += [self._read(one, partial(comment_to_mention, photo_id=photo_id)) for one in comments]
                shown += comments
                unread |= set() if whole else {photo_id}
        with documented(WHAT):
            there = {str(one["id"]) for one in shown}
        present = {item.id: item for item in read if isinstance(item, Mention) and item.id in ids}
        gone = (each for each in ids if each not in there and photo_of(each) not in unread)
        return Rechecked(tuple(gone), tuple(present.values()), visit.requests)

    def _photos(self, api: FlickrApi, followed: Followed, sought: Mapping[str, str], walk: Walk) -> Page:
        """Pages are asked for by number within 4,000 photos, and from there on by time."""
        second, _, page = (walk.cursor or "").partition(" ")
        until = datetime.fromtimestamp(int(second), UTC) if second else None
        if until is None and walk.top is not None:
            until = moment_of(walk.top)
        since = moment_of(walk.above) if walk.above is not None else None
        number = int(page or 1)
        answer = api.search(sought, number, since, until)
        with documented(WHAT):
            photos = list(answer["photo"])
            following = f"{second} {number + 1}" if number < int(answer["pages"]) else None
            if following and number * PAGE_SIZE >= MOST_FOUND:
                following = f"{int(posted_at(photos[-1]).timestamp())} 1"
            return Page(tuple(self._record(photo, followed) for photo in photos), following)

    def _record(self, photo: Any, followed: Followed) -> Record:
        admitted = self._read(photo, to_mention)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        place = position(admitted.created_at, admitted.id)
        if not self._wanted(admitted.text):
            return Record(place, None)
        followed.add(admitted.id, admitted.created_at)
        return Record(place, admitted)

    def _comments(self, api: FlickrApi, followed: Followed, photo_id: str, cursor: str | None) -> Stretch:
        """What was said under a photo since the last comment that was read, that one's second included."""
        try:
            comments = api.comments(photo_id, datetime.fromtimestamp(int(cursor), UTC) if cursor else None)
        except NotShown:
            followed.drop(photo_id)
            return Stretch((Gone(photo_id),), cursor, more=False)
        found = tuple(self._read(comment, partial(comment_to_mention, photo_id=photo_id)) for comment in comments)
        times = [int(item.created_at.timestamp()) for item in found if isinstance(item, Mention)]
        return Stretch(found, str(max(times)) if times else None, more=False)

    def _read(self, record: Any, make: Callable[[Any], Mention]) -> Admitted:
        native_id = record.get("id") if isinstance(record, dict) else None
        admitted = admit(record, f"{PLATFORM} {native_id or 'without id'}", make)
        if not isinstance(admitted, Mention):
            return admitted
        return admitted.model_copy(update={"matched_terms": self._matcher(admitted.text)})


def _shown(ask: Callable[[], list[Any]]) -> list[Any]:
    """What Flickr shows; nothing where the photo is gone or private."""
    try:
        return ask()
    except NotShown:
        return []


def _discussed(api: FlickrApi, photo_id: str) -> tuple[list[Any], bool]:
    try:
        return flickr_thread.comments(api, photo_id)
    except NotShown:
        return [], True


def _sought(term: str) -> dict[str, str]:
    """A hashtag is a tag there; all else is looked for in title, description and tags."""
    return {"tags": term[1:]} if term.startswith("#") else {"text": quoted(term.removeprefix("@"))}


ENTRY = Platform(
    name=PLATFORM,
    access="search of photos, and the comments on them",
    settings=FlickrSettings,
    make=Flickr.from_settings,
    reach=Reach(
        endpoint="flickr.photos.search and flickr.photos.comments.getList of api.flickr.com, by httpx",
        auth="an API key; commercial use by Flickr's leave",
        cannot_see="private photos; owners who opted out of search; comments on photos that the terms do not find, or "
        "found over 30 days ago",
        terms="nothing for longer than the service needs; what its owner removed goes within 24 hours: "
        "flickr.photos.getInfo tells",
        conversation="the photo by flickr.photos.getInfo, and flickr.photos.comments.getList; 500 comments",
        documents="https://www.flickr.com/services/api/flickr.photos.search.html",
        checked=date(2026, 11, 21),
        quotas=(Quota(3_600, 3_600),),
        volume=(0, 5_000),
    ),
)
