"""A growing timeline behind a real server that limits pages, refuses, fails and cuts: every post arrives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.collector import Checkpoint, Collector, RateLimited, Unavailable, UnexpectedResponse
from collectors.manners import Manners
from collectors.reddit import App, Reddit
from collectors.x import X
from policies.policy import Policy, Vocabulary

START = 1_990_000_000_000_000_000  # the first post's id, as large as real ones are
FAULTS = ["fine", "fine", "fine", "429", "500", "cut", "html"]


class Platform:
    """What both platforms have in common: posts that grow while they are read, and a trouble for each call."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.restart([], 0, 1)

    def restart(self, faults: list[str], growth: int, size: int) -> None:
        """Begin anew with these troubles; one page takes `size` posts, and `growth` posts come in all, one a call."""
        self.faults, self.growth, self.size = list(faults), growth, size
        self.posts = [START + number for number in range(4)]

    def __call__(self, asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return self.reply.of({"access_token": "a", "token_type": "bearer", "expires_in": 3600, "scope": "*"})
        if self.growth:
            self.growth -= 1
            self.posts.append(self.posts[-1] + 1)
        fault = self.faults.pop(0) if self.faults else "fine"
        if fault == "429":
            return self.reply(status=429, headers={"Retry-After": "900"})
        if fault == "500":
            return self.reply(status=500)
        if fault == "html":
            return self.reply(b"<html>")
        page = self.page(asked.params)
        page.cut = fault == "cut"
        return page

    def page(self, params: dict[str, str]) -> Any:
        raise NotImplementedError

    def shown(self, below: int | None, above: int = 0) -> tuple[list[int], bool]:
        """One page of posts, newest first, and whether there are more."""
        left = [post for post in reversed(self.posts) if above < post and (below is None or post < below)]
        return left[: self.size], len(left) > self.size


class Twitterlike(Platform):
    """Recent search: since_id, until_id, and a token that is good only with the bounds it was given for."""

    def page(self, params: dict[str, str]) -> Any:
        above, until = int(params.get("since_id", 0)), int(params.get("until_id", 0)) or None
        issued = f"{params.get('since_id', '')},{params.get('until_id', '')},"
        below = until
        if "next_token" in params:
            if not params["next_token"].startswith(issued):
                return self.reply(status=400, body=b'{"errors": [{"message": "next_token does not fit"}]}')
            below = int(params["next_token"].removeprefix(issued))
        posts, more = self.shown(below, above)
        meta = {"result_count": len(posts), **({"next_token": f"{issued}{posts[-1]}"} if more else {})}
        data = [{"id": str(post), "text": "Quillmere Water", "created_at": "2026-10-01T09:00:00Z"} for post in posts]
        return self.reply.of({"data": data, "meta": meta} if data else {"meta": meta})


class Redditlike(Platform):
    """Listings: `after` a fullname, and no other bound."""

    def page(self, params: dict[str, str]) -> Any:
        after = params.get("after")
        posts, more = self.shown(int(after.removeprefix("t3_"), 36) if after else None)
        children = [{"kind": "t3", "data": self.submission(f"t3_{_base36(post)}")} for post in posts]
        following = children[-1]["data"]["name"] if more else None
        return self.reply.of({"kind": "Listing", "data": {"children": children, "after": following}})

    @staticmethod
    def submission(name: str) -> dict[str, Any]:
        said = {"title": "Quillmere Water", "selftext": "", "permalink": f"/{name}", "is_self": True}
        return {"name": name, "author": "invented", "created_utc": 1790845200, **said}


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def _position(mention_id: str) -> int:
    return int(mention_id.removeprefix("t3_"), 36) if mention_id.startswith("t3_") else int(mention_id)


@pytest.fixture(params=["x", "reddit"])
def platform(request: Any, serve: Any, reply: Any, policy: Policy, brisk: Manners) -> Any:
    """A platform, and what makes a collector of it with a page limit."""
    manners = replace(brisk, attempts=2)
    words = policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",))})
    kind = Twitterlike if request.param == "x" else Redditlike
    behind = kind(reply)
    url = serve(behind).url

    def collector(pages: int) -> Collector:
        if request.param == "x":
            return X("token", [words], base_url=url, pages=pages, manners=manners)
        app = App("id", "secret", base_url=url, oauth_url=url)
        return Reddit(app, [words], pages=pages, settle=timedelta(0), manners=manners)

    return behind, collector


def one_run(collector: Collector, checkpoint: Checkpoint | None, read: set[int], lose: bool) -> Checkpoint | None:
    """One run into `read`. Where `lose` is set the process dies before its second batch is stored."""
    try:
        for batch in collector.collect(checkpoint):
            read.update(_position(mention.id) for mention in batch.mentions)
            checkpoint = batch.checkpoint
            if lose:
                return checkpoint
    except (RateLimited, Unavailable, UnexpectedResponse):
        return checkpoint  # what the faults of this platform may end in; the next run continues
    return checkpoint


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.sampled_from(FAULTS), max_size=15),
    growth=st.integers(0, 25),
    size=st.integers(1, 5),
    pages=st.integers(1, 4),
    deaths=st.lists(st.booleans(), max_size=6),
)
def test_every_post_is_yielded_and_the_checkpoint_converges(
    platform: tuple[Platform, Callable[[int], Collector]],
    faults: list[str],
    growth: int,
    size: int,
    pages: int,
    deaths: list[bool],
) -> None:
    behind, collector = platform
    behind.restart(faults, growth, size)
    checkpoint, read, runs = None, set[int](), 0
    while behind.faults or behind.growth or not read >= set(behind.posts):
        checkpoint = one_run(collector(pages), checkpoint, read, lose=runs < len(deaths) and deaths[runs])
        runs += 1
        assert runs < 100, "posts are missing after a hundred runs"
    checkpoint = one_run(collector(100), checkpoint, read, lose=False)
    assert checkpoint is not None
    (timeline,) = checkpoint.state["timelines"].values()
    assert timeline == {"mark": behind.posts[-1], "gaps": []}
    assert one_run(collector(pages), checkpoint, set(), lose=False) == checkpoint
