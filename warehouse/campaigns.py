"""Campaigns as the warehouse knows them: by the timelines of the findings that behaviour over time has marked."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from incidents.campaign import NAME
from incidents.incident import OPEN, Exhibit, GroupKey, Status, target_of
from warehouse.behaviour_schema import timeline
from warehouse.case_entries import portions
from warehouse.case_schema import evidence, incidents
from warehouse.schema import findings

KINDS = ("pile_on", "coordinated_copies")
GOING_ON: tuple[Status, ...] = (*OPEN, "merged")


def posts_of(connection: Connection, finding_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Of those findings that are part of a campaign, by id: the posts that they rest on."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions(sorted(finding_ids)):
        query = select(timeline.c.finding_id, timeline.c.mention_id)
        for row in connection.execute(query.where(timeline.c.finding_id.in_(some), timeline.c.kind.in_(KINDS))):
            found[row.finding_id].add(row.mention_id)
    return {finding_id: frozenset(posts) for finding_id, posts in found.items()}


def joining(connection: Connection, finding_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Of those that no behaviour has marked, by id: its post, where a campaign that goes on rests on that very post.

    Against the same target and in the same category; so it is the same whether it comes with the campaign or after it.
    """
    found: dict[str, frozenset[str]] = {}
    late, marked = findings.alias(), findings.alias()
    same = (incidents.c.policy == late.c.policy) & (incidents.c.category == late.c.category)
    for some in portions(sorted(finding_ids)):
        query = (
            select(late, incidents.c.target)
            .join(timeline, timeline.c.mention_id == late.c.mention_id)
            .join(marked, marked.c.finding_id == timeline.c.finding_id)
            .join(incidents, incidents.c.incident_id == marked.c.incident_id)
            .where(late.c.finding_id.in_(some), timeline.c.kind.in_(KINDS))
            .where(same, incidents.c.author.startswith(NAME), incidents.c.status.in_(GOING_ON))
        )
        for row in connection.execute(query):
            if target_of(row.target_handle, row.target_kind) == row.target:
                found[row.finding_id] = frozenset({row.mention_id})
    return found


def standing_key(connection: Connection, key: GroupKey, exhibits: Iterable[Exhibit]) -> GroupKey:
    """The key of the newest campaign that shares a post with these exhibits; their own where there is none."""
    given = list(exhibits)
    resting = posts_of(connection, [each.finding_id for each in given])
    posts = {each.mention_id for each in given}.union(*resting.values())
    newest: tuple[int, str] = (0, key.author)
    for some in portions(sorted(posts)):
        query = (
            select(incidents.c.number, incidents.c.author)
            .join(findings, findings.c.incident_id == incidents.c.incident_id)
            .join(timeline, timeline.c.finding_id == findings.c.finding_id)
            .where(timeline.c.mention_id.in_(some), timeline.c.kind.in_(KINDS))
            .where(incidents.c.policy == key.policy, incidents.c.target == key.target)
            .where(incidents.c.category == key.category, incidents.c.author.startswith(NAME))
            .order_by(incidents.c.number.desc())
        )
        row = connection.execute(query.limit(1)).one_or_none()
        newest = newest if row is None else max(newest, (row.number, row.author))
    return GroupKey(key.policy, newest[1], key.target, key.category)


def contents(connection: Connection, incident_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """By incident: all posts of its campaign, whether or not a finding stands against them."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions(sorted(incident_ids)):
        steps = (
            select(findings.c.incident_id, timeline.c.mention_id)
            .join(timeline, timeline.c.finding_id == findings.c.finding_id)
            .where(findings.c.incident_id.in_(some), timeline.c.kind.in_(KINDS))
        )
        own = select(evidence.c.incident_id, evidence.c.mention_id).where(evidence.c.incident_id.in_(some))
        for query in (steps, own):
            for row in connection.execute(query.distinct()):
                found[row.incident_id].add(row.mention_id)
    return {incident_id: frozenset(posts) for incident_id, posts in found.items()}
