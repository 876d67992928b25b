"""X, Reddit and feeds against the faulty platform; the others join in their own test files. All posts are invented."""

import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, get_type_hints

from collectors.catalogue import PLATFORMS
from collectors.feeds import Feed
from collectors.manners import Manners
from collectors.reddit import Reddit
from collectors.reddit_client import App
from collectors.section import HttpSection
from collectors.x import X
from policies.policy import Policy
from tests.collectors.conformance import FAULTS, Conformance
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only


class TestX(Conformance):
    ids = tuple(str(1990000000000000000 + number) for number in range(9, 0, -1))
    posts = frozenset(ids)

    def collector(self, url: str, policy: Policy, manners: Manners) -> X:
        return X("token", [words_only(policy)], base_url=url, manners=manners)

    def answer(self, asked: Asked) -> Reply:
        above, below = int(asked.params.get("since_id", 0)), int(asked.params.get("until_id", 10**20))
        found = [post for post in self.ids if above < int(post) < below]
        start = int(asked.params.get("next_token", 0))
        shown = found[start : start + 3]
        data = [
            {"id": post, "text": "Quillmere Water, again", "author_id": "5", "created_at": "2026-10-01T09:15:00Z"}
            for post in shown
        ]
        following = {"next_token": str(start + 3)} if start + 3 < len(found) else {}
        return Reply.of({**({"data": data} if data else {}), "meta": {"result_count": len(data), **following}})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"meta": {"result_count": 0, "next_token": "same"}})


class TestReddit(Conformance):
    numbers: ClassVar[tuple[int, ...]] = tuple(range(2009, 2000, -1))
    posts = frozenset(f"t3_{number}" for number in numbers)

    def collector(self, url: str, policy: Policy, manners: Manners) -> Reddit:
        app = App("id", "secret", base_url=url, oauth_url=url)
        return Reddit(app, [words_only(policy)], settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return "access_token" not in asked.path

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of({"access_token": "a", "token_type": "bearer", "expires_in": 3600, "scope": "*"})
        after = asked.params.get("after", "t3_9999").removeprefix("t3_")
        left = [number for number in self.numbers if number < int(after)]
        children = [{"kind": "t3", "data": self.submission(number)} for number in left[:3]]
        following = f"t3_{left[2]}" if len(left) > 3 else None
        return Reply.of({"kind": "Listing", "data": {"children": children, "after": following}})

    @staticmethod
    def submission(number: int) -> dict[str, Any]:
        return {
            "name": f"t3_{number}",
            "title": "Quillmere Water",
            "selftext": "",
            "is_self": True,
            "author": "invented_one",
            "created_utc": 1_790_000_000.0,
            "permalink": f"/r/quillmere/comments/{number}/",
        }

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"kind": "Listing", "data": {"children": [], "after": "t3_same"}})


class TestFeed(Conformance):
    posts = frozenset(f"tag:example.org,2026:{number}" for number in range(3))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Feed:
        return Feed(f"{url}/feed.json", manners=manners)

    def answer(self, asked: Asked) -> Reply:
        items = [
            {"id": post, "content_text": "Quillmere Water", "date_published": "2026-10-01T09:15:00Z"}
            for post in sorted(self.posts)
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Invented", "items": items}
        return Reply(json.dumps(feed).encode(), headers={"Content-Type": "application/feed+json"})

    test_a_fault_half_way_loses_nothing = None  # a feed is one page: there is no half-way


def test_no_platform_is_left_out_of_the_faults() -> None:
    """Each platform over HTTP has a `Conformance` of its own, whose collector is that platform's."""
    proven = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = import_module(f"tests.collectors.{path.stem}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Conformance) and kind is not Conformance:
                made = get_type_hints(kind.collector).get("return")
                proven.add(getattr(made, "platform", None))
    asked = {platform.name for platform in PLATFORMS if issubclass(platform.settings, HttpSection)}
    assert asked <= proven, asked - proven


def test_the_faults_are_those_that_were_promised() -> None:
    statuses = {fault.reply.get("status", 200) for fault in FAULTS.values()}
    assert statuses >= {400, 401, 403, 404, 429, 500, 502}
    waits = [fault.reply.get("headers", {}).get("Retry-After") for fault in FAULTS.values()]
    assert {"0", "86400", None} <= set(waits)
    assert any(len(fault.reply.get("body", b"")) >= 50_000_000 for fault in FAULTS.values())
    assert any(fault.reply.get("cut") for fault in FAULTS.values())
    assert any(fault.reply.get("stall") for fault in FAULTS.values())
