"""One incident a campaign: findings of a pile-on, or of coordinated copies, belong together whoever wrote them.

Such a finding rests on posts beside its own: those that others wrote before it. Two findings that share one of these
posts, against one target and in one category, are of one campaign; so is a finding of one of these very posts. What is
told apart is told apart by the behaviours' own windows: a day for a pile-on, a week for copies.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from incidents.incident import Exhibit, GroupKey

NAME = "campaign:"  # what the author of a campaign's key begins with; no pseudonym does
APART = frozenset({"safeguarding", "own_content"})  # nobody's misuse of others

Posts = Mapping[str, frozenset[str]]  # by finding: the posts that it rests on as part of a campaign


def is_campaign(key: GroupKey) -> bool:
    """Whether the key is a campaign's, and not one author's."""
    return key.author.startswith(NAME)


def campaign_keys(exhibits: Iterable[Exhibit], posts: Posts) -> dict[str, GroupKey]:
    """The keys of those findings (by id) that are of a campaign; `posts` has an entry for each that is known to be."""
    places: dict[GroupKey, list[Exhibit]] = defaultdict(list)
    for exhibit in exhibits:
        if exhibit.category not in APART:
            places[replace(exhibit.key, author="")].append(exhibit)
    found: dict[str, GroupKey] = {}
    for place, there in places.items():
        for together in _connected(there, posts):
            if any(each.finding_id in posts for each in together):
                key = replace(place, author=_name(together))
                found |= {each.finding_id: key for each in together}
    return found


def _connected(exhibits: Sequence[Exhibit], posts: Posts) -> list[list[Exhibit]]:
    """The exhibits in groups that share posts, directly or through others of the group."""
    leads: dict[str, str] = {}

    def root(post: str) -> str:
        leads.setdefault(post, post)
        while leads[post] != post:
            leads[post] = leads[leads[post]]
            post = leads[post]
        return post

    for exhibit in exhibits:
        for post in posts.get(exhibit.finding_id, ()):
            leads[root(post)] = root(exhibit.mention_id)
    groups: dict[str, list[Exhibit]] = defaultdict(list)
    for exhibit in exhibits:
        groups[root(exhibit.mention_id)].append(exhibit)
    return list(groups.values())


def _name(together: Sequence[Exhibit]) -> str:
    first = min(together, key=lambda each: (each.posted_at, each.mention_id))
    return NAME + hashlib.sha256(first.mention_id.encode()).hexdigest()[:24]
