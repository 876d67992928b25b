"""How incidents and their histories are shown: one line each, and the shape that docs/contracts.md gives them."""

from collections.abc import Iterator
from typing import Any

from incidents.campaign import is_campaign
from incidents.incident import Incident
from incidents.lifecycle import Event
from tocsin.shown import safe
from warehouse.merging import Around

SHOWN = 20  # handles of a campaign that are listed by name


def shape(incident: Incident) -> dict[str, Any]:
    """The shape of docs/contracts.md, and what else there is to say of a campaign, a merged or an inhibited one."""
    handles = list(incident.handles) or ([incident.author_handle] if incident.author_handle else [])
    plain = {
        "id": incident.id,
        "category": incident.key.category,
        "severity": incident.severity,
        "status": incident.status,
        "clauses": list(incident.clauses),
        "authors": handles,
        "targets": [incident.key.target],
        "mention_ids": list(incident.mention_ids),
        "opened_at": incident.opened_at.isoformat(),
        "why": incident.why,
    }
    more = {"author_count": len(incident.authors)} if is_campaign(incident.key) else {}
    marks = {"merged_into": incident.merged_into, "inhibited_by": incident.inhibited_by}
    return plain | more | {name: other for name, other in marks.items() if other}


def standing(incident: Incident) -> str:
    """`open`, `merged into TOC-1001`, `open, explained by TOC-1001`."""
    if incident.merged_into:
        return f"merged into {incident.merged_into}"
    return f"{incident.status}, explained by {incident.inhibited_by}" if incident.inhibited_by else incident.status


def beside(incident: Incident, around: Around) -> Iterator[str]:
    """What stands beside an incident, one line each; to be printed as markup."""
    if len(incident.authors) > 1:
        more = "" if len(incident.handles) <= SHOWN else " …"
        yield f"Authors: {len(incident.authors)} ({safe(', '.join(incident.handles[:SHOWN]))}{more})"
    if around.merged:
        yield f"Merged into it, each with its own evidence: {', '.join(around.merged)}"
    if around.inhibited:
        yield f"Explained by it, without a bell of their own: {', '.join(around.inhibited)}"


def event_line(event: Event) -> str:
    """One act: when, what, who, from where and why; to be printed as markup."""
    why = f": {safe(event.reason)}" if event.reason else ""
    return f"{event.at:%Y-%m-%d %H:%M}  {event.act}{safe(_more(event))} by {safe(event.actor)} ({event.origin}){why}"


def _more(event: Event) -> str:
    detail = event.detail
    if event.act == "assigned":
        return f" to {detail.get('assignee', '')}"
    if event.act in ("inhibited", "uninhibited"):
        return f" ({detail['by']}: {detail['because']})"
    if event.act in ("merged", "unmerged", "absorbed", "parted"):
        return f" ({detail.get('into') or detail.get('from')})"
    if before := detail.get("severity_before"):
        return f" (severity raised from {before} to {detail['severity']})"
    return ""
