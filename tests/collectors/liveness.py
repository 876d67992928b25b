"""Collectors as the tests of re-checks make them, and what a re-check told in short."""

from collections.abc import Callable

from collectors.flickr import Flickr
from collectors.hackernews import HackerNews
from collectors.manners import Manners
from collectors.mastodon import Mastodon
from collectors.recheck import Rechecked, Rechecking
from collectors.reddit import App, Reddit
from collectors.x import X
from collectors.yammer import Yammer
from policies.policy import Policy
from tests.collectors.test_mastodon import by_tag
from tests.collectors.words import words_only

Make = Callable[[str, Policy, Manners], Rechecking]


def reddit(url: str, policy: Policy, manners: Manners) -> Reddit:
    return Reddit(App("an-id", "a-secret", base_url=url, oauth_url=f"{url}/oauth"), [policy], manners=manners)


def x(url: str, policy: Policy, manners: Manners) -> X:
    return X("token", [policy], base_url=url, manners=manners)


def mastodon(url: str, policy: Policy, manners: Manners) -> Mastodon:
    return Mastodon(url, [by_tag(policy)], manners=manners)


def hackernews(url: str, policy: Policy, manners: Manners) -> HackerNews:
    return HackerNews("http://search.invalid.test", [words_only(policy)], items_url=url, manners=manners)


def yammer(url: str, policy: Policy, manners: Manners) -> Yammer:
    return Yammer("token", [policy], base_url=url, pause_s=0.0, manners=manners)


def flickr(url: str, policy: Policy, manners: Manners) -> Flickr:
    return Flickr("key", [policy], base_url=url, manners=manners)


def texts(told: Rechecked) -> dict[str, str]:
    return {mention.id: mention.text for mention in told.present}
