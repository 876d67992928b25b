"""Whom incidents are aimed at, with the names that stand for them: for those who tell it by role."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select

from incidents.by_role import KINDS, Aim
from warehouse.case_entries import portions
from warehouse.case_schema import incidents
from warehouse.schema import findings


def aims(engine: Engine, incident_ids: Sequence[str]) -> Mapping[str, Aim]:
    """By incident: the kind of its target, and every name that its findings give them."""
    kinds: dict[str, str] = {}
    names: dict[str, dict[str, None]] = defaultdict(dict)
    query = select(incidents.c.incident_id, incidents.c.target_kind, incidents.c.target, findings.c.target_handle)
    query = query.outerjoin(findings, findings.c.incident_id == incidents.c.incident_id).distinct()
    with engine.connect() as connection:
        for some in portions(list(incident_ids)):
            for row in connection.execute(query.where(incidents.c.incident_id.in_(some))):
                kinds[row.incident_id] = row.target_kind
                known = (row.target, row.target_handle)
                names[row.incident_id] |= dict.fromkeys(name for name in known if name and name not in KINDS)
    return {each: Aim(kind, names=tuple(sorted(names[each]))) for each, kind in kinds.items()}
