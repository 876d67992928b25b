"""What was there before some mentions, looked up in everything that is stored: a few queries for many mentions.

Every query goes by an index and a window: author, stem of a handle, person, band of a fingerprint. None scans, so the
cost grows with the mentions that are asked about and not with those that are stored.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, select

from classifiers.behaviour import copies, pile_on
from classifiers.behaviour.cues import is_hostile
from classifiers.behaviour.fingerprint import bands
from classifiers.behaviour.linking import states_new_account, stem
from classifiers.behaviour.past import Index, Past, Post, people_of, post_of
from classifiers.conduct import WINDOW
from collectors.mention import Mention
from incidents.incident import Status
from policies.policy import Policy
from warehouse.behaviour_schema import contacts, fingerprints, traces
from warehouse.case_schema import evidence, incidents
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import chunks
from warehouse.schema import authors, mentions

UPHELD: tuple[Status, ...] = ("resolved",)  # as in the marts; to take a case in hand is not to decide it

# Namespaces of the keyed hash that no platform has.
PERSON, STEM = "~person", "~stem"


class WarehouseHistory:
    """`classifiers.history.History` over the warehouse; it knows of a mention once `warehouse.traces` has traced it."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms, public: Collection[str] = ()) -> None:
        """`public`: handles, casefolded, that are no person's: nobody can be piled on there."""
        self._engine = engine
        self._pseudonyms = pseudonyms
        self._public = frozenset(public)

    def before(self, asked: Sequence[Mention]) -> Past:
        """As `History.before`."""
        index, upheld = Index(), dict[str, list[Post]]()
        if asked:
            with self._engine.connect() as connection:
                self._load_own(connection, asked, index)
                self._load_people(connection, asked, index)
                _load_copies(connection, asked, index)
                upheld = self._upheld(connection, asked)
        return Past(self._who, index, confirmed=upheld)

    def _who(self, mention: Mention) -> str | None:
        return self._pseudonyms.of(mention.platform, mention.author)

    def _load_own(self, connection: Connection, asked: Sequence[Mention], index: Index) -> None:
        """The authors' own posts, and those of accounts whose handles are of one stem."""
        within = _window(asked, WINDOW)
        own = posts().where(within)
        by_stem = own.join(traces, traces.c.mention_id == mentions.c.mention_id)
        stems = {self._pseudonyms.of_handle(STEM, stem(mention.author.handle)) for mention in asked}
        for row in _rows(connection, own, mentions.c.author, {self._who(mention) for mention in asked}):
            index.add(post_from(row))
        for row in _rows(connection, by_stem.where(_window(asked, WINDOW, traces.c.posted_at)), traces.c.stem, stems):
            index.add(post_from(row))

    def _load_people(self, connection: Connection, asked: Sequence[Mention], index: Index) -> None:
        """What others posted at the people of hostile mentions; all of it, where an author says that they came back."""
        hostile = [mention for mention in asked if is_hostile(mention.text)]
        moved = [mention for mention in asked if self._has_moved(mention, index)]
        lately = contacts.c.hostile & _window(hostile or asked, pile_on.WINDOW, contacts.c.posted_at)
        ever = contacts.c.hostile.in_((True, False)) & _window(moved or asked, WINDOW, contacts.c.posted_at)
        for at_whom, condition in ((hostile, lately), (moved, ever)):
            people = {person for mention in at_whom for person in people_of(post_of(mention, None))} - self._public
            names = {self._pseudonyms.of_handle(PERSON, person): person for person in people}
            query = posts(contacts.c.person).join(contacts, contacts.c.mention_id == mentions.c.mention_id)
            for row in _rows(connection, query.where(condition), contacts.c.person, names):
                index.add(post_from(row), people=[names[row.person]])

    def _has_moved(self, mention: Mention, index: Index) -> bool:
        own = index.accounts.get(self._who(mention) or "", {})
        return states_new_account(mention.text) or any(states_new_account(post.text) for post in own.values())

    def _upheld(self, connection: Connection, asked: Sequence[Mention]) -> dict[str, list[Post]]:
        found: dict[str, dict[str, Post]] = {}
        query = (
            posts(incidents.c.author.label("offender"))
            .join(evidence, evidence.c.mention_id == mentions.c.mention_id)
            .join(incidents, incidents.c.incident_id == evidence.c.incident_id)
            .where(incidents.c.status.in_(UPHELD))
            .order_by(mentions.c.posted_at, mentions.c.mention_id)
        )
        for row in _rows(connection, query, incidents.c.author, {self._who(mention) for mention in asked}):
            found.setdefault(row.offender, {})[row.mention_id] = post_from(row)
        return {author: list(of_author.values()) for author, of_author in found.items()}


def official_handles(policies: Iterable[Policy]) -> frozenset[str]:
    """The handles of the packs that are an organisation's and no person's, casefolded and without @."""
    kinds = ("official", "union", "exempt")
    return frozenset(
        account.handle.lstrip("@").casefold()
        for policy in policies
        for account in policy.accounts
        if account.kind in kinds
    )


def posts(*more: ColumnElement[Any]) -> Select[Any]:
    """The query for mentions as `post_from` reads them."""
    told = ("mention_id", "platform", "author", "kind", "text", "posted_at", "parent_author_handle", "parent_text")
    columns = [*(mentions.c[name] for name in told), authors.c.handle, *more]
    return select(*columns).select_from(mentions.outerjoin(authors, authors.c.author == mentions.c.author))


def post_from(row: Any) -> Post:
    """One row of `posts`."""
    return Post(
        mention_id=row.mention_id,
        platform=row.platform,
        account=row.author,
        handle=row.handle,
        kind=row.kind,
        text=row.text,
        posted_at=row.posted_at,
        answers=row.parent_author_handle,
        answered_text=row.parent_text,
    )


def _load_copies(connection: Connection, asked: Sequence[Mention], index: Index) -> None:
    query = posts(fingerprints.c.band).join(fingerprints, fingerprints.c.mention_id == mentions.c.mention_id)
    within = _window(asked, copies.WINDOW, fingerprints.c.posted_at)
    shared = {band for mention in asked for band in bands(mention.text)}
    for row in _rows(connection, query.where(within), fingerprints.c.band, shared):
        index.add(post_from(row), bands_=[row.band])


def _window(
    asked: Sequence[Mention], back: timedelta, column: ColumnElement[datetime] = mentions.c.posted_at
) -> ColumnElement[bool]:
    times = [mention.created_at for mention in asked]
    return (column >= min(times) - back) & (column < max(times))


def _rows(connection: Connection, query: Select[Any], column: ColumnElement[Any], keys: Iterable[Any]) -> Iterable[Any]:
    for some in chunks(sorted(key for key in keys if key is not None)):
        yield from connection.execute(query.where(column.in_(some)))
