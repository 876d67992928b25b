"""Incidents that nobody took in time: reminders and escalations, for the command and the DAG `escalate`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from incidents.escalation import Waiting, has_route, next_step
from policies.policy import Policy
from tocsin.house import House, open_house
from tocsin.progress import bar
from warehouse.escalations import WarehouseEscalations


def escalate() -> dict[str, int]:
    """Take each step that is due; how many were reminded, escalated and alarmed, and how many alarms were settled.

    Each incident takes one step at most. May be killed at any line, run again, and run twice at once.
    """
    house = open_house()
    book, counts = book_of(house), Counter[str]()
    due = _due(book.waiting(), house.policies, house.now())
    with bar("Escalating", total=len(due)) as advance:
        for case, policy in due:
            step = book.take(case.incident_id, policy, house.now())
            counts[step.kind if step else "settled meanwhile"] += 1
            advance(1)
    settled = book.settle_alarms(house.now())
    return {kind: counts[kind] for kind in ("reminded", "escalated", "alarmed")} | {"settled": settled}


def hand_on(book: WarehouseEscalations, policies: Mapping[str, Policy], now: datetime) -> int:
    """Hand on at once what people have escalated; how many. Nobody who asks for help waits for the next run."""
    asked = [each for each in book.waiting(("escalated",)) if each.asked_at is not None]
    due = _due(asked, policies, now)
    return sum(book.take(case.incident_id, policy, now) is not None for case, policy in due)


def book_of(house: House) -> WarehouseEscalations:
    """The house's escalations."""
    return WarehouseEscalations(house.engine, house.settings.slack_operators_channel or None)


def _due(waiting: Iterable[Waiting], policies: Mapping[str, Policy], now: datetime) -> list[tuple[Waiting, Policy]]:
    """What a step is due for. An incident of a pack or category that is no longer in force waits: nobody is next."""
    cases = [(case, policies.get(case.policy)) for case in waiting]
    routed = [(case, policy) for case, policy in cases if policy is not None and has_route(case, policy)]
    return [(case, policy) for case, policy in routed if next_step(case, policy, now) is not None]
