"""The sums that a summary shows."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, distinct, func, select
from sqlalchemy.sql import Select

from incidents.incident import OPEN
from warehouse.case_schema import incidents, outbox
from warehouse.schema import assessments, authors, findings, mentions, quarantine, unassessed


@dataclass(frozen=True)
class Totals:
    """Everything that the warehouse holds, counted."""

    mentions: int
    authors: int
    unassessed: int
    assessed: int  # mentions judged under at least one policy
    relevant: int  # mentions that concern at least one organisation
    findings: int
    suppressed: int  # of the findings, those that an exception or silence covers
    incidents: int
    open_incidents: int
    alerts: int  # notifications written to the outbox
    delivered: int  # of these, the ones that a channel has taken
    quarantined: int


def totals(engine: Engine) -> Totals:
    """Count, in one snapshot."""
    judged = select(func.count(distinct(assessments.c.mention_id)))
    counts: dict[str, Select[int]] = {
        "mentions": select(func.count()).select_from(mentions),
        "authors": select(func.count()).select_from(authors),
        "unassessed": select(func.count()).select_from(unassessed),
        "assessed": judged,
        "relevant": judged.where(assessments.c.relevant),
        "findings": select(func.count()).select_from(findings),
        "suppressed": select(func.count(findings.c.suppressed_why)),
        "incidents": select(func.count()).select_from(incidents),
        "open_incidents": select(func.count()).select_from(incidents).where(incidents.c.status.in_(OPEN)),
        "alerts": select(func.count()).select_from(outbox),
        "delivered": select(func.count()).select_from(outbox).where(outbox.c.state == "delivered"),
        "quarantined": select(func.count()).select_from(quarantine),
    }
    with engine.connect() as connection:
        row = connection.execute(select(*(query.scalar_subquery().label(name) for name, query in counts.items())))
        return Totals(**row.mappings().one())


def refusals(engine: Engine, since: datetime) -> list[tuple[str, str, int]]:
    """Source, reason and number of the records that were quarantined from a moment on, the most first."""
    number = func.count().label("number")
    query = select(quarantine.c.source, quarantine.c.reason, number).where(quarantine.c.quarantined_at >= since)
    query = query.group_by(quarantine.c.source, quarantine.c.reason).order_by(number.desc(), quarantine.c.reason)
    with engine.connect() as connection:
        return [(row.source, row.reason, row.number) for row in connection.execute(query)]


def span(engine: Engine) -> tuple[date, date] | None:
    """The first and the last UTC day on which a stored mention was posted; None where nothing is stored."""
    with engine.connect() as connection:
        first, last = connection.execute(select(func.min(mentions.c.posted_on), func.max(mentions.c.posted_on))).one()
    return None if first is None else (first, last)
