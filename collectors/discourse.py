"""Discourse: posts of any forum that hold a pack's terms, by the forum's own API.

Endpoints: GET /posts.json, the newest posts of all topics, 50 a page, read whole; GET /search.json, one query a term,
for what was posted before Tocsin came; GET /posts/{id}.json for the whole of a post that the search shows in part, and
/posts/by_number/… for the post that a reply answers; GET /t/{id}.json for the title of one that is asked about again.
Auth: none for an open forum; an API key and its user's name for a closed one. TOCSIN_DISCOURSE_BASE_URL (one forum or
several; one alone where there is a key) turns it on.
Quota: 200 calls a minute from one address, some 8 searches; each forum may set its own.
Cannot see: closed categories, messages, posts that wait for approval; more than one post a topic that is older than
the first run's thirty days; more than 500 topics a term and day.
Terms: each forum's own; a deleted post is a 404, a flagged one is hidden.
Source, read on 2026-11-21: https://docs.discourse.org/
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import discourse_thread
from collectors.budget import Quota
from collectors.collector import AccessDenied, Gone, UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.discourse_post import PLATFORM, to_mention, withdrawn
from collectors.instant import TIE_BITS, moment_of
from collectors.manners import Manners, documented
from collectors.mention import Mention, Parent
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrls, needed
from collectors.sites import Listing, Reading, SiteCollector, SitesSection
from collectors.timeline import Page, Record, Walk
from collectors.wire import Declined
from policies.policy import Policy

STRIDE = 50  # posts a page; older forums count ids instead, and show an empty page where those were others' messages
MOST_PAGES = 10  # of one search
DAY = timedelta(days=1)
MISSING = '"not_found"'  # the forum's own word; any other 404 may be a forum that moved
SHORTEST = 3  # characters of a term that the search takes


class DiscourseSettings(SitesSection):
    """The settings of Discourse."""

    prefix = "discourse"
    base_url: BaseUrls = needed("Addresses of Discourse forums, comma-separated")
    api_key: SecretStr = Field(SecretStr(""), description="API key of a closed forum; empty: what everybody may read")
    api_username: str = Field("", description="User of that API key")


class Discourse(SiteCollector):
    """The posts of one forum."""

    platform = PLATFORM
    what = "Discourse"
    fix = "Check TOCSIN_DISCOURSE_API_KEY and TOCSIN_DISCOURSE_API_USERNAME: a closed forum shows nothing without."
    settle = timedelta(hours=1)  # the overlap window: posts are indexed and approved late
    at_once = 100  # stored posts: each is a call, and an opening post two
    a_run = 500
    history = timedelta(days=30)  # how far back the first run reads all posts; the search goes further

    @classmethod
    def from_settings(
        cls, settings: DiscourseSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Discourse, ...]":
        """A collector a forum. Raises ValueError for a key that would be shown to several."""
        key = settings.api_key.get_secret_value()
        if key and len(settings.sites) > 1:
            raise ValueError("TOCSIN_DISCOURSE_API_KEY is one forum's: give TOCSIN_DISCOURSE_BASE_URL that one alone")
        headers = {"Api-Key": key, "Api-Username": settings.api_username} if key else None
        return tuple(cls(address, policies, manners=manners, headers=headers) for address in settings.sites)

    def listings(self) -> Mapping[str, Listing]:
        """All posts, and a search a term."""
        terms = [term for term in self.terms.spoken() if len(term) >= SHORTEST]
        return {"posts": self._latest, **{f"search {term}": partial(self._search, quoted(term)) for term in terms}}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch topics, 20 posts a call. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(discourse_thread.read, run.wire, self.base_url, self.site))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still shown, one a call, as far as the run's calls go. Raises a CollectError.

        A post that is refused is not known to be gone: its category was closed. AccessDenied where every post is. Of an
        opening post the title is asked for, too, without which it would seem edited.
        """
        gone: list[str] = []
        present: list[Mention] = []
        make = partial(to_mention, address=self.base_url, site=self.site)
        with self.reading() as run, run.visit.billed():
            for native_id in ids:
                if run.visit.spent:
                    break
                try:
                    post = self._post(run, f"posts/{native_id.rpartition('/')[2]}.json")
                except AccessDenied:
                    run.only_this(partial(self._newest, run))
                    continue
                except Declined as error:
                    if MISSING not in error.said:
                        raise
                    post = None
                if post is None or withdrawn(post):
                    gone.append(native_id)
                    continue
                if _untitled(post):
                    if run.visit.spent:
                        break
                    post |= self._title(run, post["topic_id"])
                if not _untitled(post):
                    present += map(self.named, legible(post, native_id, make))
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _title(self, run: Reading, topic: int) -> dict[str, Any]:
        """A topic's title, as the listing of posts has it; nothing where the topic has gone since."""
        try:
            answer = run.wire.get(f"t/{topic}.json")
        except Declined as error:
            if MISSING not in error.said:
                raise
            return {}
        with documented(self.what):
            return {"topic_title": answer["title"]}

    def _newest(self, run: Reading) -> None:
        """Look at the newest post that the forum lists for us, where there is one, as stored ones are looked at.

        A key may be allowed the one and not the other.
        """
        listed = run.wire.get("posts.json")
        with documented(self.what):
            numbers = [int(post["id"]) for post in listed["latest_posts"]]
        with suppress(Declined):  # it was deleted this moment
            if numbers:
                self._post(run, f"posts/{numbers[0]}.json")

    def _latest(self, run: Reading, walk: Walk) -> Page:
        """All posts of the forum, ordered by their ids; a position is the id in the place of a moment."""
        before = int(walk.cursor) if walk.cursor else walk.top >> TIE_BITS if walk.top is not None else None
        answer = run.wire.get("posts.json", {"before": before})
        with documented(self.what):
            posts = answer["latest_posts"]
            records = tuple(self._record(run, post, whole=True) for post in posts)
        places = {record.position for record in records if record.position is not None}
        if before is not None and places <= walk.seen:
            step = before - STRIDE
            lowest = walk.above >> TIE_BITS if walk.above is not None else 0
            return Page((), str(step) if step > lowest else None)
        began = datetime.now(UTC) - self.history if walk.above is None else None
        oldest = min((at for record in records if (at := _posted(record))), default=None)
        enough = not places or (began is not None and oldest is not None and oldest < began)
        return Page(records, None if enough else str(min(places) >> TIE_BITS))

    def _search(self, query: str, run: Reading, walk: Walk) -> Page:
        """Newest first, bounded by days, ten pages of a window; what is older than those is a window of its own."""
        start = (moment_of(walk.top) + DAY).date() if walk.top is not None else None
        until, _, number = walk.cursor.partition("/") if walk.cursor else (str(start or ""), "", "1")
        bounds = [f"before:{until}"] if until else []
        bounds += [f"after:{(moment_of(walk.above) - DAY).date()}"] if walk.above is not None else []
        answer = run.wire.get("search.json", {"q": " ".join([query, "order:latest", *bounds]), "page": int(number)})
        with documented(self.what):
            posts, told = answer.get("posts") or [], answer.get("grouped_search_result") or {}
            if "posts" not in answer and "grouped_search_result" not in answer:
                raise KeyError("posts")
            topics = {topic["id"]: topic for topic in answer.get("topics") or ()}
            records = tuple(self._record(run, self._whole(run, post, topics)) for post in posts)
            more, page = told.get("more_full_page_results"), int(number) + 1
        if not more or not records:
            return Page(records)
        moments = [at for record in records if (at := _posted(record))]
        if page > MOST_PAGES and moments:
            day = min(moments).date()
            until, page = str(day if str(day + DAY) == until else day + DAY), 1
        known = all(record.position in walk.seen for record in records)  # windows of days overlap
        return Page(() if known else records, f"{until}/{page}")

    def _record(self, run: Reading, post: Any, *, whole: bool = False) -> Record:
        native_id = post.get("id") if isinstance(post, dict) else None
        if isinstance(native_id, int) and withdrawn(post):
            return Record(native_id << TIE_BITS if whole else None, Gone(f"{self.site}/posts/{native_id}"))
        place = native_id << TIE_BITS if whole and isinstance(native_id, int) else None
        make = partial(to_mention, address=self.base_url, site=self.site)
        where, title = f"posts/{native_id}" if native_id else "", post.get("topic_title") if native_id else ""
        found = self.record(post, where, make, place=place, whole=whole, beside=str(title or ""))
        if isinstance(found.admitted, Mention) and post.get("reply_to_post_number"):
            return Record(found.position, self._threaded(run, found.admitted, post))
        return found

    def _whole(self, run: Reading, post: Any, topics: Mapping[Any, Any]) -> Any:
        """A post that the search shows in part, with its topic's title; as found, where the forum does not say more."""
        if not isinstance(post, dict):
            return post
        topic = topics.get(post.get("topic_id")) or {}
        told = {"topic_title": topic.get("title"), "topic_slug": topic.get("slug")}
        try:
            full = {} if "cooked" in post else self._post(run, f"posts/{post.get('id')}.json")
        except Declined:
            full = {}
        return {**told, **post, **full}

    def _threaded(self, run: Reading, mention: Mention, post: Mapping[str, Any]) -> Mention:
        """A reply with the id, the author and the words of the post that it answers."""
        where = f"posts/by_number/{post['topic_id']}/{post['reply_to_post_number']}.json"
        if where not in run.known:
            run.known[where] = self._answered(run, where)
        told = run.known[where]
        if told is None:
            return mention  # whom it answers is known, and no more
        parent = Parent(id=told.id, author=told.author, text=told.text)
        return mention.model_copy(update={"in_reply_to": parent})

    def _answered(self, run: Reading, where: str) -> Mention | None:
        """The post that a reply answers; None where it was deleted, is refused, or what comes is no post."""
        try:
            post = self._post(run, where)
            with documented(self.what):
                return to_mention(post, self.base_url, self.site)
        except (AccessDenied, UnexpectedResponse):
            return None

    def _post(self, run: Reading, path: str) -> dict[str, Any]:
        """One post. Raises Declined where there is none."""
        post = run.wire.get(path)
        with documented(self.what):
            if not isinstance(post, dict) or "id" not in post:
                raise TypeError(f"{path} is no post")
        return post


def _untitled(post: Mapping[str, Any]) -> bool:
    """Whether it opens a topic of which it does not say the title: /posts/{id}.json never does."""
    opens = post.get("post_number") == 1 and isinstance(post.get("topic_id"), int)
    return opens and "topic_title" not in post


def _posted(record: Record) -> datetime | None:
    return record.admitted.created_at if isinstance(record.admitted, Mention) else record.moment


ENTRY = Platform(
    name=PLATFORM,
    access="all posts of open forums, and of a closed one by an API key",
    settings=DiscourseSettings,
    make=Discourse.from_settings,
    reach=Reach(
        endpoint="GET /posts.json, /search.json and /posts/{id}.json of each forum, by httpx",
        auth="none for an open forum; an API key for a closed one",
        cannot_see="closed categories and messages; of topics older than the first run's 30 days one post a term; "
        "posts that wait for approval",
        terms="each forum's own; a deleted post answers 404, a flagged one is hidden: both are deleted here",
        conversation="the topic, by /t/{id}.json and /posts.json; 220 posts, those nearest to ours",
        documents="https://docs.discourse.org/",
        checked=date(2026, 11, 21),
        quotas=(Quota(200, 60),),
        volume=(0, 20_000),
    ),
)
