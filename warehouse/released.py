"""What a withdrawn exception had set aside is judged again, once the pack without it is adopted.

An exception that was taken out of the pack, or whose end was brought forward, keeps nothing from people any more. What
another rule covers as well is looked at again too, and set aside anew by that rule's name when triage comes to it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from incidents.suppression import suppression
from policies.policy import Policy
from warehouse.audit import record
from warehouse.case_rows import exhibit
from warehouse.mentions import queue
from warehouse.rows import chunks
from warehouse.schema import assessments, authors, findings, mentions

BY_HAND = ("exception", "exempt")  # what somebody granted, and may take back
NOTHING: dict[str, Any] = dict.fromkeys(("suppressed_why", "suppressed_by", "exception_id"))


def release(connection: Connection, pack: Policy, actor: str, now: datetime) -> Mapping[str, int]:
    """Let wait again what the pack no longer excepts, and queue its posts; findings, by exception or "exempt".

    Posts of which no words are held any more stay as they are: nobody can judge them. Each exception is audited.
    """
    counts: Counter[str] = Counter()
    waiting: set[str] = set()
    freed = []
    for row in _set_aside(connection, pack):
        found = suppression(exhibit(row), pack)
        if found is None or (found.by, found.exception) != (row.suppressed_by, row.exception_id):
            counts[row.exception_id or row.suppressed_by] += 1
            waiting.add(row.mention_id)
            freed.append(row.finding_id)
    for some in chunks(sorted(freed)):
        connection.execute(update(findings).where(findings.c.finding_id.in_(some)).values(NOTHING))
    waiting |= set(_no_longer_exempt(connection, pack))
    queue(connection, [{"mention_id": mention_id} for mention_id in sorted(waiting)], now)
    for name, number in sorted(counts.items()):
        record(connection, now, actor, "exception_withdrawn", f"{pack.id}:{name}", f"adopted {pack.stamp}", number)
    return dict(counts)


def _set_aside(connection: Connection, pack: Policy) -> list[Row[Any]]:
    query = (
        select(findings, mentions, authors.c.handle, authors.c.followers)
        .join(mentions, mentions.c.mention_id == findings.c.mention_id)
        .outerjoin(authors, authors.c.author == mentions.c.author)
        .where(findings.c.policy == pack.id, findings.c.incident_id.is_(None), mentions.c.text != "")
        .where(findings.c.suppressed_by.in_(BY_HAND))
        .order_by(findings.c.finding_id)
    )
    return list(connection.execute(query))


def _no_longer_exempt(connection: Connection, pack: Policy) -> Iterator[str]:
    """Posts that were not judged, or put aside whole, for who wrote them, and would be judged now."""
    query = (
        select(mentions.c.mention_id, mentions.c.platform, mentions.c.posted_at, authors.c.handle)
        .join(assessments, assessments.c.mention_id == mentions.c.mention_id)
        .outerjoin(authors, authors.c.author == mentions.c.author)
        .where(assessments.c.policy == pack.id, assessments.c.scope == "exempt", mentions.c.text != "")
    )
    for row in connection.execute(query):
        day = row.posted_at.date()
        account = pack.account(row.platform, row.handle, day)
        if not (account and account.kind == "exempt") and not pack.exempts(row.platform, row.handle, day):
            yield row.mention_id
