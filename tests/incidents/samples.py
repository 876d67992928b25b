"""Exhibits, cards and a pack for the tests of incidents. Every post and every handle here is invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents.incident import Exhibit, GroupKey, Incident
from incidents.notification import Card, Notification
from policies.policy import CATEGORY_NAMES, Account, Category, Clause, Organisation, Policy, Route, Vocabulary

NOON = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)

POLICY = Policy(
    id="sample",
    title="Sample policy",
    organisation=Organisation(name="Example Water"),
    clauses=(
        Clause(id="EW 1.1", document="ew.txt", paragraph="1.1", text="Nobody is to be abused."),
        Clause(id="EW 2.2", document="ew.txt", paragraph="2.2", text="Threats are reported at once."),
    ),
    vocabulary=Vocabulary(names=("Example Water",)),
    accounts=(Account(handle="example_union", kind="union"), Account(handle="Excused_One", kind="exempt")),
    categories={
        name: Category(clauses=("EW 1.1",), severity="medium", route="security", next_step="Look at it, then act.")
        for name in CATEGORY_NAMES
        if name != "own_content"
    },
    routes={"security": Route(name="Security", slack_channel="C0SECURITY")},
    version="0123456789ab",
)


def exhibit(number: int = 1, **changes: Any) -> Exhibit:
    """One exhibit; `number` tells it from the others and puts it that many hours after noon."""
    plain = Exhibit(
        finding_id=f"{number:064d}",
        mention_id=f"x:{number}",
        category="cyberbullying",
        clauses=("EW 1.1",),
        severity="medium",
        confidence=0.9,
        target_kind="employee",
        target_handle="sample_worker",
        why="It calls an employee names.",
        policy="sample",
        policy_version="0123456789ab",
        model="embedded-1",
        platform="x",
        url=f"https://social.example/posts/{number}",
        author="author-1",
        author_handle="sample_author",
        text=f"Invented post {number}.",
        spans=((0, 8),),
        posted_at=NOON + timedelta(hours=number),
        reach=120,
    )
    return replace(plain, **changes)


def card(**changes: Any) -> Card:
    """One card."""
    plain = Card(
        incident_id="TOC-1001",
        category="cyberbullying",
        severity="high",
        status="open",
        organisation="Example Water",
        clauses=(("EW 1.1", "Nobody is to be abused."),),
        target_kind="employee",
        target_handle="sample_worker",
        platforms=("x",),
        excerpt="Invented post.",
        excerpt_url="https://social.example/posts/1",
        why="It calls an employee names.",
        posts=3,
        first_seen_at=NOON,
        last_seen_at=NOON + timedelta(hours=2),
        reach=1200,
        next_step="Look at it, then act.",
    )
    return replace(plain, **changes)


def notification(number: int = 1, incident: int = 1, **changes: Any) -> Notification:
    """One notification of one incident, the first of it where `number` is 1."""
    plain = Notification(
        id=f"00000000-0000-5000-8000-{incident:06d}{number:06d}",
        incident_id=f"TOC-{1000 + incident}",
        reason="new_incident" if number == 1 else "new_evidence",
        route="security",
        channel=None,
        card=card(incident_id=f"TOC-{1000 + incident}"),
        created_at=NOON,
    )
    return replace(plain, **changes)


def incident(**changes: Any) -> Incident:
    """One incident; `category` is that of its key."""
    key = GroupKey("sample", "author-1", "sample_worker", changes.pop("category", "cyberbullying"))
    plain = Incident(
        id="TOC-1001",
        key=key,
        severity="high",
        status="open",
        clauses=("EW 1.1",),
        author_handle="sample_author",
        target_kind="employee",
        mention_ids=("x:1",),
        platforms=("x",),
        opened_at=NOON,
        first_seen_at=NOON,
        last_seen_at=NOON + timedelta(hours=2),
        why="It calls an employee names.",
        route="security",
    )
    return replace(plain, **changes)
