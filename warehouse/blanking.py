"""What a platform's terms let us keep only so long without being shown it anew: the words go, the judgement stays.

When a platform last showed a mention stands in `sightings`; until it has shown it again, when it was collected counts.
Of a mention past its limit stay the id, the address, the moments, the numbers, the pseudonyms, and its judgement,
told without its words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, not_, or_, select, update

from warehouse.behaviour_schema import traces
from warehouse.bulk import load, replace_all
from warehouse.case_schema import incidents
from warehouse.conversation_schema import conversation_posts
from warehouse.course_schema import in_custody
from warehouse.holds import author_on_hold, mention_on_hold
from warehouse.rows import chunks
from warehouse.schema import authors, mentions, payloads, quarantine, revisions, runs, sightings, unassessed
from warehouse.standing import is_open, takes_part
from warehouse.unquoted import quoted_in_findings, unquote_findings

Limits = Mapping[str, timedelta]  # by platform: how long without being shown anew

WORDS: dict[str, Any] = {"text": "", "parent_author_handle": None, "parent_text": None, "media": [], "links": []}
PERSON = ("native_id", "handle", "name", "bio", "followers", "account_created_at")


@dataclass(frozen=True)
class Blanked:
    """What was emptied (mentions, authors) and deleted (posts of conversations, refused records)."""

    mentions: int = 0
    authors: int = 0
    context: int = 0
    quarantined: int = 0


def note_sightings(connection: Connection, ids: Collection[str], now: datetime) -> None:
    """Note that a platform has shown stored mentions again."""
    load(connection, sightings, [{"mention_id": each, "shown_at": now} for each in ids], replace_all(sightings))


def holds_nothing(row: Mapping[str, Any]) -> bool:
    """Whether a row of `mentions` has been emptied: no words are left of it, and no picture."""
    return not row["text"] and not row["media"]


def blank(connection: Connection, limits: Limits, now: datetime) -> Blanked:
    """Empty what is past its platform's limit. An open incident keeps its exhibits, and its author's name.

    One on legal hold keeps all: its posts, their records and its author, whatever the limit.
    """
    counts = Blanked()
    for platform, limit in sorted(limits.items()):
        before = now - limit
        there = conversation_posts.c.mention_id.startswith(f"{platform}:", autoescape=True)
        said = delete(conversation_posts).where(there, conversation_posts.c.seen_at < before)
        read = select(runs.c.run_id).where(runs.c.platform == platform)
        refused = delete(quarantine).where(quarantine.c.run_id.in_(read), quarantine.c.quarantined_at < before)
        counts = Blanked(
            mentions=counts.mentions + _blank_mentions(connection, platform, before),
            authors=counts.authors + _blank_authors(connection, platform, before),
            context=counts.context + connection.execute(said).rowcount,
            quarantined=counts.quarantined + connection.execute(refused).rowcount,
        )
    return counts


def rests_on_stale(limits: Limits, now: datetime) -> ColumnElement[bool]:
    """Whether all that an incident has in custody is of platforms with a limit, and past it."""
    own = in_custody.c.incident_id == incidents.c.incident_id
    stale = or_(False, *(_stale_in_custody(platform, now - limit) for platform, limit in sorted(limits.items())))
    return and_(exists().where(own), not_(exists().where(own, not_(stale))))


def _stale_in_custody(platform: str, before: datetime) -> ColumnElement[bool]:
    shown = exists().where(mentions.c.mention_id == in_custody.c.mention_id, not_(_stale(platform, before)))
    there = in_custody.c.mention_id.startswith(f"{platform}:", autoescape=True)
    return and_(there, in_custody.c.captured_at < before, not_(shown))


def _stale(platform: str, before: datetime) -> ColumnElement[bool]:
    """Whether a mention was read from the platform, and not shown since. What an archive brought has no limit."""
    shown_at = select(sightings.c.shown_at).where(sightings.c.mention_id == mentions.c.mention_id).scalar_subquery()
    last = func.coalesce(shown_at, mentions.c.collected_at)
    return and_(mentions.c.platform == platform, _read_from(platform), last < before)


def _read_from(platform: str) -> ColumnElement[bool]:
    """Whether a mention came from its platform itself, and from no archive."""
    source = mentions.c.source
    return or_(source == platform, source.startswith(f"{platform}:", autoescape=True))


def _blank_mentions(connection: Connection, platform: str, before: datetime) -> int:
    full = or_(
        mentions.c.text != "",
        mentions.c.parent_author_handle.is_not(None),
        mentions.c.parent_text.is_not(None),
        quoted_in_findings(),
        *(exists().where(table.c.mention_id == mentions.c.mention_id) for table in (payloads, revisions)),
    )
    due = select(mentions.c.mention_id).where(_stale(platform, before), full, not_(mention_on_hold()))
    ids = connection.scalars(due.order_by(mentions.c.mention_id).with_for_update(of=mentions)).all()
    for some in chunks(ids):
        _empty(connection, some)
    return len(ids)


def _empty(connection: Connection, ids: Sequence[str]) -> None:
    """Nothing is left to judge either: what nobody has judged in all that time leaves the queue."""
    for table in (unassessed, payloads, revisions, traces):
        connection.execute(delete(table).where(table.c.mention_id.in_(ids)))
    connection.execute(update(mentions).where(mentions.c.mention_id.in_(ids)).values(**WORDS))
    unquote_findings(connection, ids)


def _blank_authors(connection: Connection, platform: str, before: datetime) -> int:
    named = or_(*(authors.c[column].is_not(None) for column in PERSON))
    open_case = exists(select(incidents.c.incident_id).where(takes_part(), is_open()).correlate(authors))
    archived = exists().where(mentions.c.author == authors.c.author, not_(_read_from(platform)))
    due = and_(
        authors.c.platform == platform,
        authors.c.last_collected_at < before,
        named,
        not_(open_case),
        not_(archived),
        not_(author_on_hold()),
    )
    return connection.execute(update(authors).where(due).values(**dict.fromkeys(PERSON))).rowcount
