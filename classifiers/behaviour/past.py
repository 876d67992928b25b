"""The past as one mention sees it: its author's posts, others' towards the same person, and copies of its text."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from classifiers.behaviour.fingerprint import SIMILAR, bands, similarity
from classifiers.behaviour.linking import how_linked, stem
from classifiers.handles import HANDLE, handles_in, local, plain, same
from classifiers.normalise import straight
from classifiers.people import names_in
from collectors.mention import Mention

MOST_PEOPLE = 20  # a post that addresses more addresses nobody

_CAPITAL = r"[A-Z][a-zà-ÿ]+(?:['-][A-Z][a-zà-ÿ]+|-[a-zà-ÿ]+)?"
_ALONE = re.compile(rf"(?:[A-Z]')?{_CAPITAL}")
_AS_A_NAME = re.compile(  # what a capital in the middle of a sentence, or a title, shows to be no common word
    rf"(?<![\w'])[a-z][\w'-]*,?\s+(?P<amid>(?:[A-Z]')?{_CAPITAL})(?!\w)|"
    r"\b(?i:mr|mrs|ms|dr)\.?\s+(?P<titled>[^\W\d_]+(?:['-][^\W\d_]{2,})*)"
)

Who = Callable[[Mention], str | None]  # the account that a mention was posted from; None where it is not told


@dataclass(frozen=True, slots=True)
class Post:
    """One earlier post. `account` is opaque; `link` says what links it to the author of a later one, if it is another.

    `answers` is the handle of whoever it replies to, without @. Texts have straight apostrophes, as what is judged has.
    """

    mention_id: str
    platform: str
    account: str | None
    handle: str | None
    kind: str
    text: str
    posted_at: datetime
    answers: str | None = None
    answered_text: str | None = None
    link: str | None = None

    def is_towards(self, person: str) -> bool:
        """Whether it replies to a person, or its text has their handle or name as a word of its own.

        Many a name of one word is a common word too (Day, Long, Hope): it has to stand there as a name.
        """
        handles, words = _referred(self.text)
        if same(self.answers, person) or any(same(handle, person) for handle in handles):
            return True
        if re.search(rf"(?<!\w){re.escape(local(person))}(?!\w)", words) is None:
            return False
        return _ALONE.fullmatch(person) is None or person.casefold() in _named(self.text)


def post_of(mention: Mention, account: str | None) -> Post:
    """A mention as it will be remembered."""
    parent = mention.in_reply_to
    answers = parent.author.handle if parent and parent.author else None
    return Post(
        mention_id=mention.mention_id,
        platform=mention.platform,
        account=account,
        handle=plain(mention.author.handle),
        kind=mention.kind,
        text=straight(mention.text),
        posted_at=mention.created_at,
        answers=plain(answers),
        answered_text=straight(parent.text) if parent and parent.text else None,
    )


def people_of(post: Post) -> frozenset[str]:
    """Whom a post answers, addresses or names in full, casefolded: handles without server, and names of two words."""
    handles = [handle for handle, _ in handles_in(post.text)] + [post.answers or ""]
    found = {local(handle) for handle in handles if not same(handle, post.handle)}
    found |= {name.casefold() for name, _ in names_in(post.text, []) if " " in name}
    people = found - {"", (post.handle or "").casefold()}
    return frozenset(people) if len(people) <= MOST_PEOPLE else frozenset()


@lru_cache(8192)
def _referred(text: str) -> tuple[frozenset[str], str]:
    """The handles of a text, and its words without them, casefolded."""
    return frozenset(handle for handle, _ in handles_in(text)), HANDLE.sub(" ", text).casefold()


@lru_cache(8192)
def _named(text: str) -> frozenset[str]:
    """The words of a text that stand in it as names, casefolded."""
    words = HANDLE.sub(" ", text)
    amid = {(match["amid"] or match["titled"]).casefold() for match in _AS_A_NAME.finditer(words)}
    return frozenset(amid | {word for name, _ in names_in(words, []) for word in name.casefold().split()})


class Index:
    """Posts by what they are looked up by. Adding a post twice is adding it once."""

    def __init__(self) -> None:
        self.accounts: dict[str, dict[str, Post]] = defaultdict(dict)
        self.stems: dict[str, dict[str, Post]] = defaultdict(dict)
        self.people: dict[str, dict[str, Post]] = defaultdict(dict)
        self.bands: dict[int, dict[str, Post]] = defaultdict(dict)

    def add(self, post: Post, people: Collection[str] = (), bands_: Iterable[int] = ()) -> None:
        """Remember a post, under its account and stem, the people that it is towards, and its bands."""
        if post.account is not None:
            self.accounts[post.account][post.mention_id] = post
        if (common := stem(post.handle)) is not None:
            self.stems[common][post.mention_id] = post
        for person in people:
            self.people[person][post.mention_id] = post
        for band in bands_:
            self.bands[band][post.mention_id] = post


class Past:
    """What was there before each of some mentions; a `classifiers.history.History` makes it."""

    def __init__(
        self, who: Who, *indexes: Index, confirmed: Mapping[tuple[str, str], Sequence[Post]] | None = None
    ) -> None:
        """`confirmed`: by policy and account, the posts of its earlier incidents of misuse that people have upheld."""
        self._who = who
        self._indexes = indexes
        self._confirmed = confirmed or {}

    def account(self, mention: Mention) -> str | None:
        """The account that a mention was posted from, as posts of the past have theirs."""
        return self._who(mention)

    def contacts(self, mention: Mention, person: str, since: datetime) -> list[Post]:
        """Posts by the author, oldest first, in [since, mention.created_at), towards `person`: a handle, or a name.

        Those of other accounts that are the author's too, as far as handles tell, say so in `link`. No author, none.
        """
        own = self._who(mention)
        if own is None:
            return []
        mine = _found(index.accounts.get(own) for index in self._indexes)
        common, here = stem(mention.author.handle), (mention.platform, plain(mention.author.handle))
        alike = _found(index.stems.get(common) for index in self._indexes) if common else []
        others = [
            replace(post, link=how_linked(here, (post.platform, post.handle))) for post in alike if post.account != own
        ]
        return [post for post in _within((*mine, *others), mention, since) if post.is_towards(person)]

    def towards(self, mention: Mention, person: str, since: datetime) -> list[Post]:
        """Hostile posts by anyone (and, it may be, others), oldest first, towards a person, before the mention."""
        found = _found(index.people.get(local(person)) for index in self._indexes)
        return [post for post in _within(found, mention, since) if post.is_towards(person)]

    def copies(self, mention: Mention, since: datetime) -> list[Post]:
        """Near-duplicates of the mention's text from other accounts, oldest first; a repost is none."""
        own, shared = self._who(mention), bands(mention.text)
        candidates = _found(index.bands.get(band) for index in self._indexes for band in shared)
        return [
            post
            for post in _within(candidates, mention, since)
            if post.account != own and post.kind != "repost" and similarity(post.text, mention.text) >= SIMILAR
        ]

    def confirmed(self, mention: Mention, policy: str) -> list[Post]:
        """The author's earlier posts in incidents of misuse that people have upheld under a policy, oldest first."""
        earlier = self._confirmed.get((policy, self._who(mention) or ""), ())
        return [post for post in earlier if post.posted_at < mention.created_at]


def _found(groups: Iterable[Mapping[str, Post] | None]) -> list[Post]:
    return list({mention_id: post for group in groups if group for mention_id, post in group.items()}.values())


def _within(posts: Iterable[Post], mention: Mention, since: datetime) -> list[Post]:
    earlier = [post for post in posts if since <= post.posted_at < mention.created_at]
    return sorted(earlier, key=lambda post: (post.posted_at, post.mention_id))
