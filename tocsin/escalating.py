"""Incidents that nobody took in time: reminders and escalations, for the command and the DAG `escalate`."""

from collections import Counter

from incidents.escalation import Waiting, next_step
from policies.policy import Policy
from tocsin.house import House, open_house
from tocsin.progress import bar
from warehouse.escalations import WarehouseEscalations


def escalate() -> dict[str, int]:
    """Take each step that is due; how many were reminded, escalated and alarmed, and how many alarms were settled.

    Each incident takes one step at most. May be killed at any line, run again, and run twice at once.
    """
    house = open_house()
    book = WarehouseEscalations(house.engine, house.settings.slack_operators_channel or None)
    counts: Counter[str] = Counter()
    due = _due(house, book)
    with bar("Escalating", total=len(due)) as advance:
        for case, policy in due:
            step = book.take(case.incident_id, policy, house.now())
            counts[step.kind if step else "settled meanwhile"] += 1
            advance(1)
    settled = book.settle_alarms(house.now())
    return {kind: counts[kind] for kind in ("reminded", "escalated", "alarmed")} | {"settled": settled}


def _due(house: House, book: WarehouseEscalations) -> list[tuple[Waiting, Policy]]:
    """What a step is due for. An incident of a pack that is no longer in force waits: nobody says who is next."""
    now, cases = house.now(), [(case, house.policies.get(case.policy)) for case in book.waiting()]
    return [(case, policy) for case, policy in cases if policy is not None and next_step(case, policy, now) is not None]
