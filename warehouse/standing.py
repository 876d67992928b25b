"""How incidents stand to each other, as conditions of queries: one that is merged stands as its survivor does."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select

from incidents.incident import CLOSED, OPEN
from warehouse.case_schema import evidence, incidents
from warehouse.schema import authors, mentions

_survivor = incidents.alias("survivor")
_family = incidents.alias("family")


def is_open() -> ColumnElement[bool]:
    """The condition on `incidents` that one is dealt with still: open itself, or merged into one that is."""
    on = exists().where(_survivor.c.incident_id == incidents.c.merged_into, _survivor.c.status.in_(OPEN))
    return or_(incidents.c.status.in_(OPEN), on)


def is_closed() -> ColumnElement[bool]:
    """The condition on `incidents` that one was decided: closed itself, or merged into one that was."""
    on = exists().where(_survivor.c.incident_id == incidents.c.merged_into, _survivor.c.status.in_(CLOSED))
    return or_(incidents.c.status.in_(CLOSED), on)


def as_decided(column: str) -> ColumnElement[Any]:
    """A column of `incidents`, or of the incident that one was merged into."""
    other = select(_survivor.c[column]).where(_survivor.c.incident_id == incidents.c.merged_into).scalar_subquery()
    return case((incidents.c.merged_into.is_not(None), other), else_=incidents.c[column])


def family(condition: Any) -> ColumnElement[bool]:
    """The condition on `incidents` that an incident with which one is merged, or itself, is among some ids."""
    other = or_(
        _family.c.incident_id == incidents.c.merged_into,
        _family.c.merged_into == incidents.c.incident_id,
        and_(_family.c.merged_into.is_not(None), _family.c.merged_into == incidents.c.merged_into),
    )
    return or_(incidents.c.incident_id.in_(condition), exists().where(other, _family.c.incident_id.in_(condition)))


def takes_part() -> ColumnElement[bool]:
    """The condition on `incidents` and `authors` that an author has a post in an incident, alone or in a campaign."""
    theirs = exists().where(
        evidence.c.incident_id == incidents.c.incident_id,
        evidence.c.mention_id == mentions.c.mention_id,
        mentions.c.author == authors.c.author,
    )
    return or_(incidents.c.author == authors.c.author, theirs.correlate(incidents, authors))


def with_a_post_by(who: Any) -> Select[tuple[str]]:
    """The ids of the incidents in which these authors (pseudonyms) have a post."""
    return (
        select(evidence.c.incident_id)
        .join(mentions, mentions.c.mention_id == evidence.c.mention_id)
        .where(mentions.c.author.in_(who))
    )
