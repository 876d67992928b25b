"""Retention: what may no longer be kept is deleted, what an open case rests on is held."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, not_, or_, select, update

from policies.policy import Policy, Retention
from warehouse.audit import record
from warehouse.blanking import Limits, blank, rests_on_stale
from warehouse.case_schema import held_bells, incidents, outbox
from warehouse.conversations import delete_settled
from warehouse.course_schema import in_custody
from warehouse.custody import dispose
from warehouse.deadlocks import retry_deadlocks
from warehouse.holds import incident_on_hold
from warehouse.idle import delete_idle_authors
from warehouse.people import delete_leavers
from warehouse.post_changes import forget_changes
from warehouse.rows import chunks
from warehouse.schema import assessments, mentions, quarantine, unassessed
from warehouse.standing import as_decided, is_closed
from warehouse.unquoted import unquote_incidents
from warehouse.watching_schema import watched_posts

# What of a card is made of the evidence: its words, and who is named in them.
EMPTIED: dict[str, Any] = {
    "excerpt": "",
    "excerpt_url": None,
    "excerpt_of": "",
    "target_handle": None,
    "named": "",
    "why": "",
}
SPENT = "the incident was closed, and its evidence kept for as long as the pack and the platform's terms say"


@dataclass(frozen=True)
class ExpiryCounts:
    """What a pass of retention removed, and what it held back for an incident."""

    mentions: int
    held: int
    authors: int
    evidence: int
    cards: int  # alert texts emptied, of incidents whose evidence has gone
    quarantined: int
    context: int = (
        0  # posts of conversations in which no open incident's post stands any more, or that are past a limit
    )
    blanked: int = 0  # mentions whose words went, since their platform's terms limit how long they may be kept
    unnamed: int = 0  # authors of whom the pseudonym alone was left, for the same reason
    leavers: int = 0  # people of the staff register who left a month ago
    reasons: int = 0  # incidents told without words and names from now on, since their evidence has gone


@retry_deadlocks
def expire(engine: Engine, policies: Iterable[Policy], now: datetime, limits: Limits | None = None) -> ExpiryCounts:
    """Delete what is past its term, counted from the day of collection, in one transaction with its audit row.

    A mention that is relevant to some pack stays for that pack's `mentions_days`; one that no pack finds relevant,
    for the longest `irrelevant_days`; one that nobody has judged yet, for the longest `mentions_days`. Evidence of an
    incident stays until `closed_incidents_days` after it was closed, and for ever where its pack is not among
    `policies`. Of an incident on legal hold nothing goes.

    `limits`: by platform, how long its terms let us keep words and names without being shown them anew. What is past
    that is emptied, not deleted; of an incident that rests on such posts alone the evidence goes when it is closed.
    """
    limits = limits or {}
    terms = {policy.id: policy.retention for policy in policies}
    if not terms:
        raise ValueError("retention needs at least one policy pack: without one nothing says how long to keep")
    with engine.begin() as connection:
        spent = _spent_incidents(terms, now, limits)
        cards = _empty_cards(connection, spent)
        gone = dispose(connection, spent, now, SPENT)
        due = connection.scalars(select(mentions.c.mention_id).where(_past_term(terms, now))).all()
        held = set(held_mentions(connection, due))
        delete_mentions(connection, [mention_id for mention_id in due if mention_id not in held])
        emptied = blank(connection, limits, now)
        counts = ExpiryCounts(
            mentions=len(due) - len(held),
            held=len(held),
            context=emptied.context + delete_settled(connection),
            blanked=emptied.mentions,
            unnamed=emptied.authors,
            authors=delete_idle_authors(connection),
            evidence=gone,
            cards=cards,
            quarantined=emptied.quarantined + _delete_quarantined(connection, terms, now),
            leavers=delete_leavers(connection, now),
            reasons=unquote_incidents(connection),
        )
        told = ", ".join(f"{name} {number}" for name, number in asdict(counts).items())
        removed = counts.mentions + counts.authors + counts.evidence + counts.quarantined + counts.context
        removed += counts.leavers
        record(connection, now, "tocsin", "expire", "retention", told, removed)
    return counts


def held_mentions(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the mentions that are evidence of an incident, on legal hold or not: they stay."""
    held: list[str] = []
    for some in chunks(ids):
        held += connection.scalars(select(in_custody.c.mention_id).where(in_custody.c.mention_id.in_(some)).distinct())
    return held


def delete_mentions(connection: Connection, ids: Sequence[str]) -> None:
    """Delete mentions and all that hangs on them. Waits for a judge who has one of them in hand."""
    for some in chunks(sorted(ids)):
        waiting = select(unassessed.c.position).where(unassessed.c.mention_id.in_(some))
        connection.execute(waiting.order_by(unassessed.c.position).with_for_update())
        connection.execute(delete(mentions).where(mentions.c.mention_id.in_(some)))
        connection.execute(delete(watched_posts).where(watched_posts.c.mention_id.in_(some)))
    forget_changes(connection, ids)


def _past_term(terms: dict[str, Retention], now: datetime) -> ColumnElement[bool]:
    def within(days: int) -> ColumnElement[bool]:
        return mentions.c.collected_at >= now - timedelta(days=days)

    longest = max(term.mentions_days for term in terms.values())
    judged = assessments.c.mention_id == mentions.c.mention_id
    relevant = and_(judged, assessments.c.relevant)
    kept = [
        exists().where(relevant, assessments.c.policy == pack, within(term.mentions_days))
        for pack, term in terms.items()
    ]
    by_another = exists().where(relevant, assessments.c.policy.not_in(list(terms)))
    unjudged = not_(exists().where(judged))
    to_none = and_(exists().where(judged), not_(exists().where(relevant)))
    irrelevant = and_(to_none, within(max(term.irrelevant_days for term in terms.values())))
    return not_(or_(irrelevant, *kept, and_(or_(by_another, unjudged), within(longest))))


def _spent_incidents(terms: dict[str, Retention], now: datetime, limits: Limits) -> Any:
    """The closed incidents whose evidence has served for long enough, or may be kept no longer.

    One that is merged is closed when the one is in which it goes on.
    """
    return select(incidents.c.incident_id).where(
        not_(incident_on_hold()),
        or_(
            and_(is_closed(), rests_on_stale(limits, now)),
            *(
                and_(
                    incidents.c.policy == pack,
                    is_closed(),
                    as_decided("closed_at") < now - timedelta(days=term.closed_incidents_days),
                )
                for pack, term in terms.items()
            ),
        ),
    )


def _empty_cards(connection: Connection, spent: Any) -> int:
    """What was posted to a channel is the channel's to delete; our copy of the words goes with the evidence."""
    rows = connection.execute(select(outbox.c.sequence, outbox.c.card).where(outbox.c.incident_id.in_(spent))).all()
    full = [(sequence, card) for sequence, card in rows if any(card.get(name) for name in EMPTIED)]
    connection.execute(delete(held_bells).where(held_bells.c.incident_id.in_(spent)))
    for sequence, card in full:
        connection.execute(update(outbox).where(outbox.c.sequence == sequence).values(card=card | EMPTIED))
    return len(full)


def _delete_quarantined(connection: Connection, terms: dict[str, Retention], now: datetime) -> int:
    oldest = now - timedelta(days=max(term.mentions_days for term in terms.values()))
    return connection.execute(delete(quarantine).where(quarantine.c.quarantined_at < oldest)).rowcount
