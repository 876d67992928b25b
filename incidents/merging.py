"""Merging: what people find to be one case goes on as one. Nothing moves: the other keeps its id, evidence and custody.

Of one that is merged only its history grows. New findings of its key go to the survivor, until it is unmerged.
"""

from collections.abc import Sequence

from incidents.grouping import rank
from incidents.incident import OPEN, Incident
from incidents.lifecycle import ActIncomplete, ActNotPossible, spoken


def check_merge(one: Incident, into: Incident, held: Sequence[str], actor: str, reason: str) -> None:
    """Raises ActNotPossible or ActIncomplete unless `one`, in which `held` go on, can be merged into another."""
    _explained(one.id, actor, "merge")
    if not reason.strip():
        raise ActIncomplete(f"to merge {one.id}, give a reason: it is told in both threads")
    if refusal := _of_each(one, into, held) or _of_both(one, into):
        raise ActNotPossible(refusal)


def check_unmerge(one: Incident, actor: str) -> None:
    """Raises ActNotPossible or ActIncomplete unless it is merged."""
    _explained(one.id, actor, "unmerge")
    if one.merged_into is None:
        raise ActNotPossible(f"{one.id} is {spoken(one.status)}: it is merged into no other")


def _of_each(one: Incident, into: Incident, held: Sequence[str]) -> str:
    if one.id == into.id:
        return f"{one.id} cannot be merged into itself"
    if one.merged_into is not None:
        return f"{one.id} is merged into {one.merged_into} already: unmerge it first"
    if into.merged_into is not None:
        return _merged_itself(one, into)
    if held:
        which = " and ".join(held)
        return f"{which} went on in {one.id}: unmerge that first, then merge each into {into.id}"
    for each in (one, into):
        if each.status not in OPEN:
            return f"{each.id} is {each.status}: reopen it first, for only what is open can be merged"
    return ""


def _merged_itself(one: Incident, into: Incident) -> str:
    if into.merged_into == one.id:
        return f"{into.id} goes on in {one.id} already: for the other way round, unmerge {into.id} first"
    return f"{into.id} is merged into {into.merged_into} itself: merge {one.id} into {into.merged_into}"


def _of_both(one: Incident, into: Incident) -> str:
    if one.key.policy != into.key.policy:
        return f"{one.id} is of the policy {one.key.policy} and {into.id} of {into.key.policy}: they cannot be one case"
    if (one.key.category == "safeguarding") != (into.key.category == "safeguarding") or one.route != into.route:
        routes = f"{one.id} is told to {one.route} and {into.id} to {into.route}"
        return f"{routes}: merged, each would be seen by people who are not to know of it"
    if rank(one.severity) > rank(into.severity):
        return f"{one.id} is {one.severity} and {into.id} {into.severity}: merge the lighter into the graver one"
    return ""


def _explained(incident_id: str, actor: str, verb: str) -> None:
    if not actor.strip():
        raise ActIncomplete(f"to {verb} {incident_id}, say who does it")
