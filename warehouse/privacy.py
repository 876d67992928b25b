"""A person's data is theirs: subject access, erasure, and the audited way from a pseudonym back to a person.

Retention, which needs nobody to ask, is in `warehouse.retention`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, case, delete, func, or_, select, union

from classifiers.handles import plain
from warehouse.audit import record
from warehouse.behaviour_schema import behaviours, contacts, fingerprints, timeline, traces
from warehouse.case_schema import evidence, held_bells, incidents, outbox
from warehouse.conversation_schema import conversation_posts
from warehouse.course_schema import course_posts
from warehouse.custody_schema import originals
from warehouse.holds import refuse_erasure
from warehouse.people import StaffStore, delete_people, staff_behind
from warehouse.pseudonyms import Pseudonyms
from warehouse.quotations import strip
from warehouse.retention import ExpiryCounts, delete_mentions, expire, held_mentions
from warehouse.rows import chunks
from warehouse.runs import Clock, utc_now
from warehouse.schema import assessments, audit, authors, findings, mentions, payloads, revisions, sightings, topics
from warehouse.staff_schema import staff, staff_keys
from warehouse.standing import with_a_post_by
from warehouse.unquoted import unquote_incidents
from warehouse.watching_schema import post_changes

__all__ = ["Erasure", "ExpiryCounts", "Request", "UnknownAuthor", "erase", "expire", "export", "reveal"]


class UnknownAuthor(LookupError):
    """The warehouse holds nothing of such an author."""


@dataclass(frozen=True)
class Request:
    """Whose data is asked for (`who`: a handle, a native id or a pseudonym), by whom and why: for the audit."""

    platform: str
    who: str
    actor: str
    reason: str


@dataclass(frozen=True)
class Erasure:
    """What an erasure removed, and what had to stay because an incident rests on it."""

    mentions: int
    held: tuple[str, ...]  # mention ids on legal hold
    incidents: tuple[str, ...]  # the incidents that hold them, or replies of others
    quoted: int  # replies of others from which the author's words and name were removed
    context: int = 0  # posts deleted from the conversations of open incidents
    register: int = 0  # people forgotten by the staff register
    legal_holds: tuple[str, ...] = ()  # of the incidents, those on legal hold: there the request was refused for good
    quoted_held: tuple[str, ...] = ()  # replies of others that keep the author's words and name, as evidence

    @property
    def complete(self) -> bool:
        """Whether nothing was kept."""
        return not self.held and not self.quoted_held


def erase(
    engine: Engine,
    pseudonyms: Pseudonyms,
    request: Request,
    clock: Clock = utc_now,
    register: StaffStore | None = None,
) -> Erasure:
    """Delete all that is held of an author, save evidence on legal hold, and audit it in the same transaction.

    By `pseudonyms` those are found whose profile is gone by now, or who are only quoted. With `register` the staff
    register forgets who holds the handle, too: it can be found there in no other way. Raises UnknownAuthor.
    A post that is still public may be collected again: ask the platform, or narrow the terms.
    """
    _explained(request.reason)
    with engine.begin() as connection:
        listed = staff_behind(connection, register, request.platform, request.who)
        asked = _asked(connection, pseudonyms, request, register, or_else=listed)
        who = asked.who
        delete_people(connection, listed)
        all_ids = connection.scalars(select(mentions.c.mention_id).where(mentions.c.author.in_(who))).all()
        held = tuple(sorted(held_mentions(connection, all_ids)))
        quoted, kept = _forget_quotations(connection, asked)  # first: a reply is known by the post it answers
        delete_mentions(connection, sorted(set(all_ids).difference(held)))
        context = connection.execute(delete(conversation_posts).where(conversation_posts.c.author.in_(who))).rowcount
        unquote_incidents(connection)
        if not held:
            connection.execute(delete(authors).where(authors.c.author.in_(who)))
        rests, on_hold = refuse_erasure(connection, [*held, *kept], request.actor, request.reason, clock())
        for pseudonym in [*who, *listed]:
            gone = len(all_ids) - len(held) + context
            record(connection, clock(), request.actor, "erase", pseudonym, request.reason, gone)
    return Erasure(len(all_ids) - len(held), held, rests, quoted, context, len(listed), on_hold, kept)


def export(
    engine: Engine,
    pseudonyms: Pseudonyms,
    request: Request,
    clock: Clock = utc_now,
    register: StaffStore | None = None,
) -> dict[str, Any]:
    """Subject access: all rows about an author, table by table, ready for JSON; audited. Raises UnknownAuthor.

    With `register` the staff register's, too.
    """
    _explained(request.reason)
    with engine.begin() as connection:
        listed = staff_behind(connection, register, request.platform, request.who)
        asked = _asked(connection, pseudonyms, request, register, or_else=listed)
        who = asked.who
        ids = connection.scalars(select(mentions.c.mention_id).where(mentions.c.author.in_(who))).all()
        told = {
            "authors": _rows(connection, authors, authors.c.author.in_(who)),
            **{table.name: _rows_of(connection, table, ids) for table in _BY_MENTION},
            "behaviours": _rows(connection, behaviours, behaviours.c.finding_id.in_(_findings_of(who))),
            "conversation_posts": _rows(connection, conversation_posts, conversation_posts.c.author.in_(who)),
            "incidents": _rows(connection, incidents, _takes_part(who)),
            **{table.name: _rows(connection, table, table.c.incident_id.in_(_cases_of(who))) for table in _BY_INCIDENT},
            "quoted_by": _rows(connection, mentions, _answers(asked)),
            "staff": _rows(connection, staff, staff.c.person.in_(listed)),
            "staff_keys": _rows(connection, staff_keys, staff_keys.c.person.in_(listed)),
            "audit": _rows(connection, audit, audit.c.subject.in_([*who, *listed])),
        }
        for pseudonym in [*who, *listed]:
            number = sum(map(len, told.values()))
            record(connection, clock(), request.actor, "export", pseudonym, request.reason, number)
    return told


def reveal(engine: Engine, author: str, actor: str, reason: str, clock: Clock = utc_now) -> dict[str, Any]:
    """The person behind a pseudonym, as the row of `authors`; audited. Raises UnknownAuthor."""
    _explained(reason)
    with engine.begin() as connection:
        rows = _rows(connection, authors, authors.c.author == author)
        if not rows:
            raise UnknownAuthor(f"no author {author} is held: the pseudonym is wrong, or the author has expired")
        record(connection, clock(), actor, "reveal", author, reason, len(rows))
    return rows[0]


_BY_MENTION: tuple[Table, ...] = (
    mentions,
    payloads,
    revisions,
    traces,
    contacts,
    fingerprints,
    assessments,
    topics,
    findings,
    timeline,
    evidence,
    originals,
    course_posts,
    sightings,
    post_changes,
)
_BY_INCIDENT: tuple[Table, ...] = (outbox, held_bells)  # what was told of one, and what would have been


def _takes_part(who: Sequence[str]) -> ColumnElement[bool]:
    return or_(incidents.c.author.in_(who), incidents.c.incident_id.in_(with_a_post_by(who)))


def _cases_of(who: Sequence[str]) -> Select[tuple[str]]:
    return select(incidents.c.incident_id).where(_takes_part(who))


def _findings_of(who: Sequence[str]) -> Select[tuple[str]]:
    own = select(mentions.c.mention_id).where(mentions.c.author.in_(who))
    return select(findings.c.finding_id).where(findings.c.mention_id.in_(own))


def _explained(reason: str) -> None:
    if not reason.strip():
        raise ValueError("access to a person's data needs a reason: say why, for the audit trail")


@dataclass(frozen=True)
class _Asked:
    """Who was asked for."""

    platform: str
    who: list[str]  # the pseudonyms under which something is held of them
    names: frozenset[str]  # these, and any other under which a reply may tell whom it answers
    handles: tuple[str, ...]  # theirs, each as it may be written; none where what was asked can be none


def _asked(
    connection: Connection,
    pseudonyms: Pseudonyms,
    request: Request,
    register: StaffStore | None,
    or_else: Sequence[str],
) -> _Asked:
    """An author by native id, handle or pseudonym; a handle may have been two people's, or one person's twice.

    A profile may be emptied or gone while posts stay under the pseudonym, or words in the replies of others. So the
    pseudonym is made anew of what was asked; those who are only quoted are found by it, too, or by their handle.
    People write a handle in full, which stands without its server where that is the home (`register` knows of it).
    """
    platform, bare = request.platform, plain(request.who)
    handles = register.spellings(platform, request.who) if register else (bare,) if bare else ()
    by_handle = [pseudonyms.of_handle(platform, each) for each in handles]
    made = {each for each in (pseudonyms.of_id(platform, request.who), *by_handle) if each}
    names = {request.who, *made, *connection.scalars(_nameless_but_quoted(platform, handles))}
    known = or_(authors.c.native_id == request.who, authors.c.author.in_(names), _is(authors.c.handle, handles))
    places = (
        select(authors.c.author).where(authors.c.platform == platform, known),
        select(mentions.c.author).where(mentions.c.platform == platform, mentions.c.author.in_(names)),
        select(conversation_posts.c.author).where(
            conversation_posts.c.mention_id.startswith(f"{platform}:", autoescape=True),
            conversation_posts.c.author.in_(names),
        ),
        select(incidents.c.author).where(incidents.c.author.in_(made)),
    )
    who = connection.scalars(union(*places)).all()
    asked = _Asked(platform, sorted(who), frozenset(names.union(who)), handles)
    if not who:
        by_any = by_handle[0] if by_handle else None
        quoted_as = case((mentions.c.parent_author.in_(names), mentions.c.parent_author), else_=by_any)
        quoted = connection.scalars(select(quoted_as).where(_answers(asked)).distinct()).all()
        asked = replace(asked, who=sorted(quoted))
    if not asked.who and not or_else:
        raise UnknownAuthor(f"nothing is held of {request.who!r} on {platform}: check the spelling and the platform")
    return asked


def _is(column: ColumnElement[Any], handles: Sequence[str]) -> ColumnElement[bool]:
    return or_(column.in_(handles), func.lower(column).in_([each.lower() for each in handles]))


def _nameless_but_quoted(platform: str, handles: Sequence[str]) -> Select[tuple[str | None]]:
    """The pseudonyms of those who are called so in replies, less those who are known by a handle: it may be another."""
    known = select(authors.c.author).where(authors.c.handle.is_not(None))
    whom = mentions.c.parent_author
    return select(whom).where(
        mentions.c.platform == platform,
        _is(mentions.c.parent_author_handle, handles),
        whom.is_not(None),
        whom.not_in(known),
    )


def _answers(asked: _Asked) -> ColumnElement[bool]:
    """Replies to an author: some platforms tell whom a reply answers by handle only, some only which post."""
    handles = select(func.lower(authors.c.handle)).where(authors.c.author.in_(asked.who), authors.c.handle.is_not(None))
    own = mentions.alias("own")
    posts = select(own.c.native_id).where(own.c.author.in_(asked.who))
    called = mentions.c.parent_author_handle
    answers = or_(
        mentions.c.parent_author.in_(asked.names),
        func.lower(called).in_(handles),
        _is(called, asked.handles),
        mentions.c.parent_id.in_(posts),
    )
    return and_(mentions.c.platform == asked.platform, answers)


def _forget_quotations(connection: Connection, asked: _Asked) -> tuple[int, tuple[str, ...]]:
    """Others' replies stay theirs, but without the words, the name and the raw record of the post they answer.

    How many, and the ids of those that an incident rests on, which keep them.
    """
    others = or_(mentions.c.author.is_(None), mentions.c.author.not_in(asked.who))
    ids = connection.scalars(select(mentions.c.mention_id).where(_answers(asked), others)).all()
    held = held_mentions(connection, ids)
    free = sorted(set(ids).difference(held))
    strip(connection, free)
    for some in chunks(free):
        connection.execute(delete(contacts).where(contacts.c.mention_id.in_(some)))
    return len(free), tuple(sorted(set(held)))


def _rows_of(connection: Connection, table: Table, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [row for some in chunks(ids) for row in _rows(connection, table, table.c.mention_id.in_(some))]


def _rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    found = connection.execute(select(table).where(condition).order_by(*table.primary_key)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
