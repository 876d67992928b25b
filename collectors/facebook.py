"""Facebook: what is posted on your own Page, what tags it, and the comments on both, by facebook-business.

Endpoints: GET /{page}/feed and /{page}/tagged, newest first, 50 a page; /{post}/comments of each post found, for 30
days, replies among them (`filter=stream`).
Auth: a Page access token (TOCSIN_FACEBOOK_ACCESS_TOKEN) with pages_read_engagement and pages_read_user_content, of an
app that Meta has reviewed; the app's secret where it demands signed calls.
Quota: 4,800 calls in 24 hours for each person who engaged with the Page; `X-Business-Use-Case-Usage` is obeyed.
Cannot see: whatever names you without tagging your Page (there is no search of public posts), private profiles,
closed groups, messages; who wrote, where the person has not allowed it; comments that Facebook ranks out of order.
Terms: what is deleted there, or whose author asks it, must be deleted here: `recheck` tells.
Source, read on 2026-11-21: https://developers.facebook.com/docs/graph-api/reference/page/tagged/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import facebook_thread
from collectors.admission import admit
from collectors.backlog import Backlog
from collectors.budget import Quota
from collectors.collector import AccessDenied, Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.facebook_post import PLATFORM, carried, comment_id, comment_to_mention, to_mention
from collectors.graph import BASE_URL, Account, Graph, NoSuchObject, backdated
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import MISSHAPEN, Manners, Visit
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked
from collectors.section import BaseUrl, HttpSection, needed
from collectors.stages import Followed, staged
from collectors.timeline import Page, Record, Walk
from collectors.vocabulary import Terms
from policies.policy import Policy

WHAT = "Facebook"
FIX = "Check TOCSIN_FACEBOOK_ACCESS_TOKEN (pages_read_engagement, pages_read_user_content) and TOCSIN_FACEBOOK_PAGE_ID."
PAGE_SIZE = 50
COMMENTS_PAGE_SIZE = 100
SETTLE = timedelta(days=1)  # the overlap window: tags are reviewed before they show
KEEP = timedelta(days=30)  # how long the comments of a post are read after it was found
MOST_POSTS = 100  # each costs a call a run
POST_FIELDS = (
    "id,message,story,created_time,updated_time,permalink_url,parent_id,from,message_tags,status_type,full_picture,shares,"
    "attachments{media,media_type,type,title,description,url,unshimmed_url,subattachments},"
    "reactions.limit(0).summary(true),comments.limit(0).summary(true)"
)
COMMENT_FIELDS = (
    "id,message,created_time,from,permalink_url,attachment,like_count,comment_count,message_tags,"
    "parent{id,message,from,created_time}"
)


class FacebookSettings(HttpSection):
    """The settings of Facebook."""

    prefix = "facebook"
    base_url: BaseUrl = Field(BASE_URL, description="Base URL of the Graph API")
    page_id: str = needed("Id of your own Page")
    access_token: SecretStr = needed("Page access token")
    app_secret: SecretStr = Field(SecretStr(""), description="The app's secret, where it demands signed calls")


class Facebook:
    """One Page. One run reads at most `pages` pages of posts and as many of comments, and leaves the rest."""

    source = PLATFORM
    platform = PLATFORM
    tells_parents = True  # a comment brings its parent along, and `recheck` tells of none

    def __init__(
        self,
        account: Account,
        policies: Sequence[Policy],
        *,
        pages: int = 60,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs have no search terms, which here tell what a post is about."""
        self.queries = (f"{account.native_id}/feed", f"{account.native_id}/tagged")
        self.pages = pages
        self._matcher = Terms.of(policies, PLATFORM).matcher()
        self._account = account
        self._settle = settle
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: FacebookSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Facebook, ...]":
        """Raises ValueError, naming the settings, where Page or token is missing."""
        own = settings.required()
        token, secret = own.access_token.get_secret_value(), own.app_secret.get_secret_value()
        return (cls(Account(own.page_id, token, secret, own.base_url), policies, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._account.base_url)
        posts = Followed((checkpoint.state if checkpoint else {}).get("posts", {}), KEEP, MOST_POSTS)
        with Graph(visit, WHAT, FIX, self._account) as graph:

            def found(former: Checkpoint | None) -> Backlog:
                fetches = {name: partial(self._posts, graph, posts, name) for name in self.queries}
                return Backlog(self.source, former, fetches, self._settle, grain=GRAIN)

            def comments(former: Checkpoint | None) -> Backlog:
                fetches = {post_id: partial(self._comments, graph, posts, post_id) for post_id in posts.ids}
                return Backlog(self.source, former, fetches, self._settle, grain=GRAIN)

            stages = {"found": found, "comments": comments}
            yield from staged(checkpoint, self.source, stages, lambda: {"posts": posts.state}, self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch posts with their comments, 100 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._account.base_url)
        with Graph(visit, WHAT, FIX, self._account) as graph:
            yield from told(visit, seeds, partial(facebook_thread.read, graph, POST_FIELDS, COMMENT_FIELDS))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts of one's own Page, and comments under them, are still there. Raises a CollectError.

        What others posted may be hidden from us without being gone: that stays unknown. So does what was edited.
        """
        visit, own = Visit(self._manners, self._account.base_url), self._account.native_id
        with visit.billed(), Graph(visit, WHAT, FIX, self._account) as graph:
            missing = graph.gone([*ids, own])
            if own in missing:
                raise AccessDenied(f"{WHAT} no longer shows the Page {own}. {FIX}")
            posts = {native_id: f"{own}_{native_id.partition('_')[0]}" for native_id in missing}  # as of comments
            hidden = graph.gone(sorted({post for post in posts.values() if post not in missing}))
        ours = (each for each in ids if each.startswith(f"{own}_") or posts.get(each) not in hidden)
        return Rechecked(tuple(each for each in ours if each in missing), (), visit.requests)

    def _posts(self, graph: Graph, posts: Followed, edge: str, walk: Walk) -> Page:
        until = int(moment_of(walk.top).timestamp()) + 1 if walk.top is not None and not walk.cursor else None
        path = edge.split("/")
        data, following = graph.page(*path, cursor=walk.cursor, fields=POST_FIELDS, limit=PAGE_SIZE, until=until)
        page = Page(tuple(record for post in data for record in self._post(posts, post)), following)
        return backdated(page, walk) if path[-1] == "tagged" else page

    def _post(self, posts: Followed, post: Any) -> Iterator[Record]:
        record = self._record(post, partial(self._marked, make=to_mention))
        yield record
        if isinstance(record.admitted, Mention):
            posts.add(record.admitted.id, record.admitted.created_at)
            make = partial(self._marked, make=partial(comment_to_mention, post_id=record.admitted.id))
            for comment in carried(post):  # has no place of its own in a listing of posts
                yield replace(self._record(comment, make), position=None)

    def _comments(self, graph: Graph, posts: Followed, post_id: str, walk: Walk) -> Page:
        asked = {"filter": "stream", "order": "reverse_chronological", "limit": COMMENTS_PAGE_SIZE}
        try:
            data, following = graph.page(post_id, "comments", cursor=walk.cursor, fields=COMMENT_FIELDS, **asked)
        except NoSuchObject:
            posts.drop(post_id)
            return Page(())
        make = partial(comment_to_mention, post_id=post_id)
        return Page(tuple(self._record(comment, partial(self._marked, make=make)) for comment in data), following)

    def _record(self, record: Any, make: Any) -> Record:
        admitted = admit(record, f"{PLATFORM} {_named(record)}", make)
        place = position(admitted.created_at, admitted.id) if isinstance(admitted, Mention) else None
        return Record(place, admitted)

    def _marked(self, record: Mapping[str, Any], make: Any) -> Mention:
        mention: Mention = make(record)
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})


def _named(record: Any) -> str:
    try:
        return comment_id(record)
    except MISSHAPEN:
        return "without id"


ENTRY = Platform(
    name=PLATFORM,
    access="posts on your own Page, posts that tag it, and the comments on both",
    settings=FacebookSettings,
    make=Facebook.from_settings,
    reach=Reach(
        endpoint="GET /{page}/feed, /{page}/tagged and /{post}/comments of the Graph API, by facebook-business",
        auth="a Page access token of a reviewed app",
        cannot_see="whatever names you without tagging your Page; private profiles, closed groups; messages; authors "
        "who have not allowed it; comments of a post 30 days after it was found, and of more than 100 posts at a time",
        terms="what is deleted there, or whose author asks it, is deleted here; a post that is gone is error 100.33",
        conversation="the post and /{post}/comments, replies among them; 500 comments",
        documents="https://developers.facebook.com/docs/graph-api/reference/page/tagged/",
        checked=date(2026, 11, 21),
        quotas=(Quota(4_800, 86_400),),
        volume=(0, 20_000),
    ),
)
