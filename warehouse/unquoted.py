"""The words and names in what was said of posts, which go where the posts' own have gone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, not_, or_, select, update

from incidents.by_role import KINDS
from incidents.unquoted import UNNAMED, WITHOUT, unnamed, unquoted
from warehouse.behaviour_schema import behaviours
from warehouse.case_schema import evidence, incidents
from warehouse.holds import incident_on_hold
from warehouse.schema import findings, mentions


def unquote_incidents(connection: Connection) -> int:
    """Incidents whose evidence has gone keep neither its words nor the name of whom they were aimed at; how many had.

    One that was closed stands for its key no longer where that held a name: what comes later opens one of its own.
    """
    named = and_(incidents.c.target.not_in(list(KINDS)), not_(incidents.c.target.startswith(UNNAMED)))
    due = and_(
        or_(not_(incidents.c.why.endswith(WITHOUT)), named),
        not_(exists().where(evidence.c.incident_id == incidents.c.incident_id)),
        not_(incident_on_hold()),
    )
    query = select(incidents).where(due).order_by(incidents.c.number).with_for_update(of=incidents)
    rows = connection.execute(query).all()
    for row in rows:
        changed = {"why": _told(row), "target": row.target if row.target in KINDS else unnamed(row.incident_id)}
        connection.execute(update(incidents).where(incidents.c.incident_id == row.incident_id).values(changed))
    return len(rows)


def quoted_in_findings() -> ColumnElement[bool]:
    """The condition on `mentions` that a finding tells of one in its words."""
    return exists().where(findings.c.mention_id == mentions.c.mention_id, not_(findings.c.why.endswith(WITHOUT)))


def unquote_findings(connection: Connection, mention_ids: Sequence[str]) -> None:
    """What was found in these mentions is told without their words, and without the name of whom they were aimed at."""
    rows = connection.execute(select(findings).where(findings.c.mention_id.in_(mention_ids))).all()
    if not rows:
        return
    changed = update(findings).where(findings.c.finding_id == bindparam("of")).values(why=bindparam("told"))
    told = [{"of": row.finding_id, "told": _told(row)} for row in rows]
    connection.execute(changed.values(target_handle=None), told)
    theirs = behaviours.c.finding_id.in_(select(findings.c.finding_id).where(findings.c.mention_id.in_(mention_ids)))
    connection.execute(update(behaviours).where(theirs).values(why=WITHOUT))


def _told(row: Any) -> str:
    """The reason of a row of `incidents` or `findings`."""
    return unquoted(row.category, row.severity, row.target_kind, row.clauses)
