"""Incidents looked up for people: what is open, what somebody has in hand, what holds some words."""

from typing import Any

from sqlalchemy import Engine, Select, case, or_, select

from incidents.incident import OPEN, Incident
from policies.policy import SEVERITIES
from warehouse.case_rows import read_incidents
from warehouse.case_schema import evidence, incident_events, incidents
from warehouse.digests import in_bulletin
from warehouse.encoding import storable
from warehouse.schema import mentions

IN_HAND = ("acknowledged", "investigating")


class CaseSearch:
    """`incidents.slash.Search` on SQLite and PostgreSQL. Newest first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unclosed(self, limit: int, before: str | None = None) -> list[Incident]:
        """Those that nobody has closed; what is merged is told with the one in which it goes on."""
        return self._read(select(incidents).where(incidents.c.status.in_(OPEN)), limit, before)

    def of_person(self, user_id: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those not closed that are assigned to a Slack user, or that they acknowledged and nobody else was given."""
        named = f"({user_id})"
        acknowledged = select(incident_events.c.incident_id).where(
            incident_events.c.act.in_(IN_HAND), incident_events.c.actor.endswith(named, autoescape=True)
        )
        theirs = or_(
            incidents.c.assignee.endswith(named, autoescape=True),
            incidents.c.assignee.is_(None)
            & incidents.c.status.in_(IN_HAND)
            & incidents.c.incident_id.in_(acknowledged),
        )
        return self._read(select(incidents).where(incidents.c.status.in_(OPEN), theirs), limit, before)

    def of_bulletin(self, bulletin_id: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those that a digest told of, or that a silence kept quiet."""
        return self._read(select(incidents).where(in_bulletin(bulletin_id)), limit, before)

    def holding(self, words: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those whose id, category, reason or posts hold the words, whatever their case."""
        plain = storable(words)
        in_posts = (
            select(evidence.c.incident_id)
            .join(mentions, mentions.c.mention_id == evidence.c.mention_id)
            .where(mentions.c.text.icontains(plain, autoescape=True))
        )
        category = incidents.c.category.icontains(plain.replace(" ", "_"), autoescape=True)
        anywhere = or_(
            incidents.c.incident_id.icontains(plain, autoescape=True),
            category,
            incidents.c.why.icontains(plain, autoescape=True),
            incidents.c.incident_id.in_(in_posts),
        )
        return self._read(select(incidents).where(anywhere), limit, before)

    def _read(self, query: Select[Any], limit: int, before: str | None) -> list[Incident]:
        if before is not None:
            number = select(incidents.c.number).where(incidents.c.incident_id == before).scalar_subquery()
            query = query.where(incidents.c.number < number)
        with self._engine.connect() as connection:
            return read_incidents(connection, query.order_by(incidents.c.number.desc()).limit(limit))


def of_bulletin(engine: Engine, bulletin_id: str) -> list[Incident]:
    """The incidents that a digest told of, or that a silence kept quiet, the gravest first."""
    ranks = case({name: place for place, name in enumerate(SEVERITIES)}, value=incidents.c.severity)
    query = select(incidents).where(in_bulletin(bulletin_id)).order_by(ranks.desc(), incidents.c.number.desc())
    with engine.connect() as connection:
        return read_incidents(connection, query)
