"""Labels as labelled posts: what people confirmed in a post, or that it breaks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from incidents.verdict import CATEGORY
from tocsin.errors import Misconfigured
from tocsin.house import House
from warehouse.labels import Labelled, in_force, note_export


@dataclass
class Exported:
    """Labelled posts, and how many were left out: nobody said what is true of them, or their evidence has gone."""

    records: list[dict[str, Any]] = field(default_factory=list)
    undecided: int = 0
    gone: int = 0


def exported(house: House, policy: str | None, actor: str, why: str) -> Exported:
    """Every post that a label in force is of, once a wording and pack, audited.

    Raises Misconfigured where nobody says why, or where neither a pack in force nor a label is of that name.
    """
    if not why.strip():
        raise Misconfigured("an export of posts needs a reason: say why and for whom (--why); the audit trail keeps it")
    made, found = Exported(), list(in_force(house.engine, policy))
    if policy and not found and policy not in house.policies:
        raise Misconfigured(f"no label is of a pack {policy!r}; in force: {', '.join(house.policies)}")
    for same in _by_post(found).values():
        _add(made, same)
    note_export(house.engine, actor, policy or "all packs", why, len(made.records), house.now())
    return made


def _by_post(found: Iterable[Labelled]) -> dict[tuple[str, ...], list[Labelled]]:
    """By post, wording and pack: what was said of one wording, or under one pack, is not true of another."""
    posts: dict[tuple[str, ...], list[Labelled]] = {}
    for each in found:
        one = each.exhibit
        posts.setdefault((one.mention_id, one.text, one.policy) if one else (each.finding_id,), []).append(each)
    return posts


def _add(made: Exported, same: list[Labelled]) -> None:
    exhibit = same[0].exhibit
    if exhibit is None:
        made.gone += 1
    elif any(each.verdict not in CATEGORY for each in same):
        made.undecided += 1
    else:
        platform, _, native_id = exhibit.mention_id.partition(":")
        made.records.append(
            {
                "platform": platform,
                "id": native_id,
                "text": exhibit.text,
                "created_at": exhibit.posted_at.isoformat(),
                "categories": sorted({each.category for each in same if each.verdict == "confirmed"}),
                "tags": [exhibit.policy],
                "labels": [_label(each) for each in same],
            }
        )


def _label(one: Labelled) -> dict[str, Any]:
    return {
        "incident": one.incident_id,
        "finding": one.finding_id,
        "category": one.category,
        "clauses": list(one.clauses),
        "verdict": one.verdict,
        "why": one.why,
        "at": one.decided_at,
        "model": one.model,
        "target_kind": one.exhibit.target_kind if one.exhibit else None,
    }
