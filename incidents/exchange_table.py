"""Incidents as CSV and as plain JSON. No cell of the CSV runs as a formula: one that would has an apostrophe."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from incidents.by_role import called
from incidents.exchange import Case
from incidents.incident import Incident
from incidents.visible import cell

SCHEMA = "tocsin.incident/1"
POSTS = ("incident", "severity", "status", "category", "aimed at", "clauses", "platform", "posted at (UTC)", "author")
POSTS_MORE = ("link", "text", "why", "confidence", "exhibit SHA-256")
INCIDENTS = (
    "incident",
    "severity",
    "status",
    "category",
    "aimed at",
    "clauses",
    "posts",
    "platforms",
    "opened at (UTC)",
)
INCIDENTS_MORE = ("first seen (UTC)", "last seen (UTC)", "assigned to", "route")


def posts_table(case: Case) -> bytes:
    """One incident: a row a post."""
    clauses = " ".join(name for name, _ in case.clauses)
    same = (case.id, case.severity, case.status, case.category, case.target, clauses)
    rows = (
        (
            *(*same, post.platform, _at(post.posted_at), post.author or "", post.url or "", post.text, post.why),
            *(f"{post.confidence:.2f}", post.sha256),
        )
        for post in case.posts
    )
    return _csv((*POSTS, *POSTS_MORE), rows)


def incidents_table(incidents: Iterable[Incident]) -> bytes:
    """Many incidents: a row each, whom they are aimed at by kind, no word of a post."""
    return _csv((*INCIDENTS, *INCIDENTS_MORE), map(_row, incidents))


def plain(case: Case) -> bytes:
    """One incident as JSON; times are ISO 8601 in UTC."""
    told = {"schema": SCHEMA, "incident": asdict(case)}
    return (json.dumps(told, indent=2, sort_keys=True, ensure_ascii=True, default=_plain) + "\n").encode("ascii")


def _row(each: Incident) -> tuple[str, ...]:
    return (
        *(each.id, each.severity, each.status, each.key.category, called(each.target_kind)),
        *(" ".join(each.clauses), str(len(each.mention_ids)), " ".join(each.platforms), _at(each.opened_at)),
        *(_at(each.first_seen_at), _at(each.last_seen_at), each.assignee or "", each.route),
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(head)
    table.writerows([cell(each) for each in row] for row in rows)
    return written.getvalue().encode("utf-8", "backslashreplace")


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)
