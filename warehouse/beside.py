"""What stands beside many keys, asked of the warehouse once for all of them.

Two incidents stand beside each other where one may explain the other: against one target, and by one author or the
one a campaign's.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from incidents.campaign import NAME, is_campaign
from incidents.casebook import Groups
from incidents.incident import OPEN, GroupKey, Incident
from incidents.inhibition import inhibitor
from warehouse.campaigns import contents, posts_of
from warehouse.case_entries import portions
from warehouse.case_schema import evidence, incidents
from warehouse.inhibitions import locked

Place = tuple[str, str, str]  # policy, target and author; the author empty for a campaign


class Beside:
    """What stands beside the keys of some groups, and of these the incidents that have just been opened."""

    def __init__(self, connection: Connection, groups: Groups) -> None:
        self._posts = _posts(connection, groups)
        self._rested = set(_rested(connection, self._posts))
        places = {place_of(key) for key in groups} | {(key.policy, key.target, "") for key in groups}
        keys = {row.incident_id: key_of(row) for row in _near(connection, groups)}
        near = {incident_id: key for incident_id, key in keys.items() if place_of(key) in places}
        self._taken = {(place_of(key), key.category) for key in near.values()}
        self._there: dict[Place, list[Incident]] = defaultdict(list)
        for some in portions(sorted(near)):
            ringing = incidents.c.incident_id.in_(some) & incidents.c.inhibited_by.is_(None)
            for each in locked(connection, ringing):
                self._there[place_of(each.key)].append(each)
        campaigns = [each.id for there in self._there.values() for each in there if is_campaign(each.key)]
        self._contents = contents(connection, campaigns)

    def takes(self, key: GroupKey) -> bool:
        """Whether an incident of this key is there, whatever became of it.

        Of a campaign's: any of its category, for it may be the same; or one that it would draw in.
        """
        return (place_of(key), key.category) in self._taken or any(
            (key.policy, key.target, post) in self._rested for post in self._posts.get(key, ())
        )

    def explains(self, opened: Incident) -> Incident | None:
        """The one that keeps it from ringing; None where it rings, and may explain what is opened after it."""
        place = place_of(opened.key)
        others = {each.id: each for each in (*self._there[place], *self._there[*place[:2], ""])}
        graver = inhibitor(opened, others.values(), self._contents)
        if graver is None:
            self._there[place].append(opened)
            if is_campaign(opened.key):
                self._contents[opened.id] = self._posts[opened.key]
        return graver


def place_of(key: GroupKey) -> Place:
    """Where a key stands."""
    return key.policy, key.target, "" if is_campaign(key) else key.author


def key_of(row: Any) -> GroupKey:
    """The key of a row of `incidents`."""
    return GroupKey(row.policy, row.author, row.target, row.category)


def _near(connection: Connection, groups: Groups) -> Iterator[Any]:
    """The incidents of these authors, and the campaigns against these targets, under the same policies."""
    table = incidents.c
    query = select(table.incident_id, table.policy, table.author, table.target, table.category)
    query = query.where(table.policy.in_(sorted({key.policy for key in groups})))
    for some in portions(sorted({key.author for key in groups if not is_campaign(key)})):
        yield from connection.execute(query.where(table.author.in_(some)))
    for some in portions(sorted({key.target for key in groups})):
        yield from connection.execute(query.where(table.target.in_(some), table.author.startswith(NAME)))


def _posts(connection: Connection, groups: Groups) -> dict[GroupKey, frozenset[str]]:
    """By key of a campaign: all posts that it rests on, whether or not a finding stands against them."""
    ours = {key: group for key, group in groups.items() if is_campaign(key)}
    behind = posts_of(connection, [each.finding_id for group in ours.values() for each in group])
    return {
        key: frozenset(each.mention_id for each in group).union(*(behind.get(each.finding_id, ()) for each in group))
        for key, group in ours.items()
    }


def _rested(connection: Connection, posts: dict[GroupKey, frozenset[str]]) -> Iterator[tuple[str, str, str]]:
    """Policy, target and post where an incident that rings rests on a post of these campaigns."""
    columns = (incidents.c.policy, incidents.c.target, evidence.c.mention_id)
    query = select(*columns).join(evidence, evidence.c.incident_id == incidents.c.incident_id)
    query = query.where(incidents.c.status.in_(OPEN), incidents.c.inhibited_by.is_(None))
    for some in portions(sorted(frozenset().union(*posts.values()))):
        for row in connection.execute(query.where(evidence.c.mention_id.in_(some))):
            yield row.policy, row.target, row.mention_id
