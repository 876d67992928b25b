"""WordPress.com: posts of all blogs there, and of those that are tied to it, under a pack's tags, by its Reader's API.

Endpoint: GET /rest/v1.1/read/tags/{tag}/posts, newest first, 40 a page; for the conversation of an open incident
/rest/v1.1/sites/{site}/posts/{id} and its /replies/.
Auth: none. TOCSIN_WORDPRESSCOM_BASE_URL (https://public-api.wordpress.com) turns it on.
Quota: none is published; a 429 is obeyed.
Cannot see: posts without such a tag, comments but those around an open incident's posts, private blogs, blogs that keep
out of the Reader. A site of one's own choice is read whole, with comments, by `wordpress`.
Terms: those of WordPress.com; a post that is withdrawn is a 404.
Source, read on 2026-11-21: https://developer.wordpress.com/docs/api/1.1/get/read/tags/%24tag/posts/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from collectors import wordpress_com_thread
from collectors.collector import AccessDenied
from collectors.conversation import Conversation, Seed, told
from collectors.instant import position
from collectors.manners import Manners, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrl, HttpSection, needed
from collectors.sites import Listing, Reading, SiteCollector, paged_by_second, until_second
from collectors.timeline import Page, Record, Walk
from collectors.wire import Declined
from collectors.wordpress_com_thread import API, MISSING, PLATFORM, path_of
from collectors.wordpress_record import to_mention
from policies.policy import Policy

PAGE_SIZE = 40


class WordPressComSettings(HttpSection):
    """The settings of WordPress.com."""

    prefix = "wordpresscom"
    base_url: BaseUrl = needed("Base URL of its API: https://public-api.wordpress.com turns it on")


class WordPressCom(SiteCollector):
    """The Reader's tags."""

    platform = PLATFORM
    what = "WordPress.com"
    fix = "It takes no credentials: check TOCSIN_WORDPRESSCOM_BASE_URL."
    settle = timedelta(hours=6)  # the overlap window: blogs elsewhere are read late
    at_once = 100  # stored posts: each is a call
    a_run = 500

    def __init__(self, base_url: str, policies: Sequence[Policy], **options: Any) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, site="", **options)

    @classmethod
    def from_settings(
        cls, settings: WordPressComSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[WordPressCom, ...]":
        """Raises ValueError, naming the setting, where there is no address."""
        return (cls(settings.required().base_url, policies, manners=manners),)

    def listings(self) -> Mapping[str, Listing]:
        """A tag's short name has hyphens for spaces, and neither # nor @."""
        tags = dict.fromkeys(slug for term in self.terms.spoken() if (slug := _slug(term)))
        return {tag: partial(self._tagged, tag) for tag in tags}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch posts with their comments, 100 a call. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(wordpress_com_thread.read, run.wire))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts and comments are still shown, one a call, while the run has calls. Raises a CollectError.

        A post that is refused is not known to be gone: its blog was made private. AccessDenied where the tags are too.
        """
        gone: list[str] = []
        present: list[Mention] = []
        with self.reading() as run, run.visit.billed():
            for native_id in ids:
                if run.visit.spent:
                    break
                try:
                    record = run.wire.get(path_of(native_id))
                except AccessDenied:
                    run.only_this(partial(run.wire.get, self._tag_path(next(iter(self.listings()))), {"number": 1}))
                    continue
                except Declined as error:
                    if not any(word in error.said for word in MISSING):
                        raise
                    gone.append(native_id)
                    continue
                with documented(self.what):
                    int(record["ID"])  # whatever has none is neither post nor comment
                site = native_id.rsplit("/", 2)[0] if "/comments/" in native_id else ""
                present += map(self.named, legible(record, native_id, partial(_mention, site=site)))
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _tagged(self, tag: str, run: Reading, walk: Walk) -> Page:
        until = until_second(walk)
        before = datetime.fromtimestamp(until + 1, UTC).isoformat() if until is not None else None
        asked: dict[str, Any] = {"number": PAGE_SIZE, "order": "DESC", "before": before}
        answer = run.wire.get(self._tag_path(tag), asked)
        with documented(self.what):
            posts = answer["posts"]
            if not isinstance(posts, list):
                raise TypeError("the posts are no list")
        return paged_by_second([self._record(post) for post in posts], walk, full=len(posts) >= PAGE_SIZE)

    def _tag_path(self, tag: str) -> str:
        return f"{API}/read/tags/{quote(tag, safe='')}/posts"

    def _record(self, post: Any) -> Record:
        """The Reader orders a tag by when it saw the tag on a post."""
        native_id = post.get("ID") if isinstance(post, dict) else None
        found = self.record(post, f"posts/{native_id}" if native_id else "", _mention)
        tagged = _tagged_on(post)
        if tagged is None or not isinstance(found.admitted, Mention):
            return found
        return Record(position(tagged, found.admitted.id), found.admitted)


def _tagged_on(post: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(post["tagged_on"])
    except (KeyError, TypeError, ValueError):
        return None  # then the post's own date orders it
    return moment.replace(tzinfo=moment.tzinfo or UTC)


_mention = partial(to_mention, platform=PLATFORM)


def _slug(term: str) -> str:
    return "-".join(re.findall(r"\w+", term.casefold()))


ENTRY = Platform(
    name=PLATFORM,
    access="posts under tags, of all blogs that WordPress.com's Reader shows",
    settings=WordPressComSettings,
    make=WordPressCom.from_settings,
    reach=Reach(
        endpoint="GET /rest/v1.1/read/tags/{tag}/posts of public-api.wordpress.com, by httpx",
        auth="none",
        cannot_see="posts without such a tag; comments, but those around an open incident's posts; private blogs, and "
        "those that keep out of the Reader",
        terms="those of WordPress.com; a withdrawn post answers 404, and is deleted here",
        conversation="the post and its /replies/; 500 comments",
        documents="https://developer.wordpress.com/docs/api/1.1/get/read/tags/%24tag/posts/",
        checked=date(2026, 11, 21),
        volume=(0, 5_000),
    ),
)
