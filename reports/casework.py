"""The incidents of a daily report: what is open and how long, what came in, what was closed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from incidents.by_role import Aim, without_names
from policies.policy import Policy
from reports.cases import Case, Casework
from reports.cells import text_of
from reports.exceptions import excepted, set_aside, terms
from reports.precision import clause_lines
from warehouse.aims import aims
from warehouse.marts import read


def casework(engine: Engine, policy: Policy, day: date, now: datetime, days: int = 30) -> Casework:
    """Incidents whose first post is of `day` or earlier, as they stand at `now`; what was set aside in `days` days.

    The posts decide, not the hour at which the incident was raised: a night's posts are judged the next morning, an
    archive's perhaps years later.
    """
    register = read(engine, "incident_register", policy=policy.id)
    register = register.loc[[moment.date() <= day for moment in register["first_seen_at"]]]
    is_open = register["is_open"].astype(bool)
    posts = _posts(engine, policy, list(register.loc[is_open, "incident_id"]))
    aimed = aims(engine, list(register.loc[is_open, "incident_id"]))
    cases = [
        _case(row, policy, posts.get(row["incident_id"], pd.DataFrame()), aimed[row["incident_id"]], day, now)
        for row in _records(register[is_open])
    ]
    ranks = dict(zip(register["incident_id"], register["severity_rank"], strict=True))
    acknowledged = register["seconds_to_acknowledge"].dropna()
    return Casework(
        open=tuple(sorted(cases, key=lambda case: (not case.untouched, -ranks[case.incident_id], case.opened_at))),
        opened=sum(_is_new(row, day) for row in _records(register[register["status"] != "merged"])),
        closed=sum(1 for moment in register["closed_at"].dropna() if moment.date() == day),
        by_clause=_by_clause(engine, policy),
        median_seconds_to_acknowledge=int(acknowledged.median()) if len(acknowledged) else None,
        repeat_authors=len(read(engine, "repeat_authors", policy=policy.id)),
        exceptions=(*excepted(engine, policy, day, days), *terms(policy, day)),
        set_aside=set_aside(engine, policy, day, days),
        precision=clause_lines(engine, policy.id, day),
    )


def _posts(engine: Engine, policy: Policy, incidents: list[str]) -> Mapping[str, pd.DataFrame]:
    frame = read(engine, "incident_mentions", policy=policy.id, where={"incident_id": incidents})
    return {str(incident): rows for incident, rows in frame.groupby("incident_id")} if not frame.empty else {}


def _case(row: dict[str, Any], policy: Policy, posts: pd.DataFrame, aim: Aim, day: date, now: datetime) -> Case:
    kept = posts.dropna(subset=["text"]) if not posts.empty else posts
    newest = kept.sort_values("posted_at").iloc[-1] if not kept.empty else None
    category = policy.categories.get(row["category"])
    route = policy.routes.get(row["route"])
    return Case(
        incident_id=row["incident_id"],
        category=row["category"],
        severity=row["severity"],
        status=row["status"],
        clauses=tuple((clause, _quoted(policy, clause)) for clause in row["clauses"]),
        why=without_names(row["why"], aim),
        next_step=category.next_step if category else "",
        route=route.name if route else row["route"],
        assignee=text_of(row["assignee"]),
        posts=int(row["mention_count"]),
        platforms=tuple(sorted(set(kept["platform"]))) if not kept.empty else (),
        opened_at=row["opened_at"],
        age=now - row["opened_at"],
        is_new=_is_new(row, day),
        excerpt=None if newest is None else str(newest["text"]),
        url=None if newest is None else text_of(newest["url"]),
        explained_by=text_of(row["inhibited_by"]),
        acknowledged_at=None if pd.isna(row["acknowledged_at"]) else row["acknowledged_at"],
    )


def _is_new(row: Mapping[str, Any], day: date) -> bool:
    return bool(row["opened_on"] == day or row["first_seen_at"].date() == day)


def _quoted(policy: Policy, clause: str) -> str:
    """The clause's words, where the pack in force still has it: an incident may rest on an older version."""
    return next((one.text for one in policy.clauses if one.id == clause), "")


def _by_clause(engine: Engine, policy: Policy) -> tuple[tuple[str, int, int], ...]:
    frame = read(engine, "incidents_by_clause", policy=policy.id)
    lines = [(row["clause"], int(row["incidents"]), int(row["open_incidents"])) for row in _records(frame)]
    return tuple(sorted(lines, key=lambda line: (-line[1], line[0])))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]
