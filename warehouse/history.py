"""What was there before some mentions, looked up in everything that is stored: a few queries for a day's mentions.

Every query goes by an index and a window: author, stem of a handle, person, band of a fingerprint. None scans, so the
cost grows with the mentions that are asked about and not with those that are stored.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Select, func, select

from classifiers.behaviour import copies, pile_on
from classifiers.behaviour.cues import is_pressing
from classifiers.behaviour.fingerprint import bands
from classifiers.behaviour.linking import states_new_account, stem
from classifiers.behaviour.past import Index, Past, Post, people_of, post_of
from classifiers.conduct import WINDOW
from classifiers.handles import local, plain
from classifiers.normalise import straight
from collectors.mention import Mention
from incidents.campaign import APART
from incidents.incident import Status
from policies.policy import Policy
from warehouse.behaviour_schema import contacts, fingerprints, traces
from warehouse.case_schema import evidence, incidents
from warehouse.labels import ruling
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import chunks
from warehouse.schema import authors, mentions
from warehouse.shelves import by_shelf
from warehouse.standing import as_decided

UPHELD: tuple[Status, ...] = ("resolved",)  # to take a case in hand is not to decide it

# Of a crowd, a bot or a chain letter the newest posts of one key are looked at, so that a flood costs no square of it.
MOST = 500

# Mentions so far apart are asked about together: of a backlog's many days the newest posts are of the last ones alone.
TOGETHER = timedelta(days=1)

_TOLD = (
    *(mentions.c[name] for name in ("mention_id", "platform", "author", "kind", "text", "posted_at")),
    *(mentions.c[name] for name in ("parent_author_handle", "parent_text")),
    authors.c.handle,
)

# Namespaces of the keyed hash that no platform has. Under MOVED stand those posts to a person that speak of an account
# before: by the person's hash.
PERSON, STEM, MOVED = "~person", "~stem", "~moved"


@dataclass(frozen=True)
class _Looked:
    """By what posts are looked up: a column with an index, the column of their moment beside it, and the window."""

    key: Column[Any]
    moment: Column[datetime]
    within: ColumnElement[bool]


class WarehouseHistory:
    """`classifiers.history.History` over the warehouse; it knows of a mention once `warehouse.traces` has traced it."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms, public: Collection[str] = ()) -> None:
        """`public`: handles, casefolded, that are no person's: nobody can be piled on there."""
        self._engine = engine
        self._pseudonyms = pseudonyms
        self._public = frozenset(public)

    def before(self, asked: Sequence[Mention]) -> Past:
        """As `History.before`."""
        index, upheld = Index(), dict[tuple[str, str], list[Post]]()
        if asked:
            with self._engine.connect() as connection:
                for some in _by_day(asked):
                    self._load_own(connection, some, index)
                    self._load_people(connection, some, index)
                    _load_copies(connection, some, index)
                upheld = self._upheld(connection, asked)
        return Past(self._who, index, confirmed=upheld)

    def _who(self, mention: Mention) -> str | None:
        return self._pseudonyms.of(mention.platform, mention.author)

    def _load_own(self, connection: Connection, asked: Sequence[Mention], index: Index) -> None:
        """The authors' own posts, and those of accounts whose handles are of one stem."""
        own = {self._who(mention) for mention in asked}
        stems = {self._pseudonyms.of_handle(STEM, stem(mention.author.handle)) for mention in asked}
        by_author = _Looked(mentions.c.author, mentions.c.posted_at, _window(asked, WINDOW, mentions.c.posted_at))
        by_stem = _Looked(traces.c.stem, traces.c.posted_at, _window(asked, WINDOW, traces.c.posted_at))
        for looked, keys in ((by_author, own), (by_stem, stems)):
            for row in _rows(connection, looked, keys):
                index.add(post_from(row))

    def _load_people(self, connection: Connection, asked: Sequence[Mention], index: Index) -> None:
        """What others posted at the people of hostile mentions; all of it, where an author says that they came back."""
        hostile = [mention for mention in asked if is_pressing(straight(mention.text))]
        moved = [mention for mention in asked if self._has_moved(mention, index)]
        lately = contacts.c.hostile & _window(hostile or asked, pile_on.WINDOW, contacts.c.posted_at)
        ever = contacts.c.hostile.in_((True, False)) & _window(moved or asked, WINDOW, contacts.c.posted_at)
        for at_whom, condition in ((hostile, lately), (moved, ever)):
            people = {person for mention in at_whom for person in people_of(post_of(mention, None))} - self._public
            names = {self._pseudonyms.of_handle(PERSON, person): person for person in people}
            for row in _rows(connection, _Looked(contacts.c.person, contacts.c.posted_at, condition), names):
                index.add(post_from(row), people=[names[row.key]])

    def _has_moved(self, mention: Mention, index: Index) -> bool:
        common = stem(mention.author.handle)
        own = index.accounts.get(self._who(mention) or "", {}) | index.stems.get(common or "", {})
        return states_new_account(straight(mention.text)) or any(states_new_account(post.text) for post in own.values())

    def _upheld(self, connection: Connection, asked: Sequence[Mention]) -> dict[tuple[str, str], list[Post]]:
        """By policy and author. Who was at risk is on no record of misuse."""
        found: dict[tuple[str, str], dict[str, Post]] = {}
        query = (
            posts(incidents.c.policy)
            .join(evidence, evidence.c.mention_id == mentions.c.mention_id)
            .join(incidents, incidents.c.incident_id == evidence.c.incident_id)
            .where(incidents.c.category.not_in(APART), as_decided("status").in_(UPHELD))
            .where(func.coalesce(ruling(), "confirmed") == "confirmed")
            .order_by(mentions.c.posted_at, mentions.c.mention_id)
        )
        for some in _portions(self._who(mention) for mention in asked):
            for row in connection.execute(query.where(mentions.c.author.in_(some))):
                found.setdefault((row.policy, row.author), {})[row.mention_id] = post_from(row)
        return {whose: list(under.values()) for whose, under in found.items()}


def official_handles(policies: Iterable[Policy]) -> frozenset[str]:
    """The handles of the packs that are an organisation's and no person's, as `people_of` writes them."""
    kinds = ("official", "union", "exempt")
    return frozenset(
        local(plain(account.handle) or account.handle)
        for policy in policies
        for account in policy.accounts
        if account.kind in kinds
    )


def posts(*more: ColumnElement[Any]) -> Select[Any]:
    """The query for mentions as `post_from` reads them."""
    return select(*_TOLD, *more).select_from(mentions.outerjoin(authors, authors.c.author == mentions.c.author))


def post_from(row: Any) -> Post:
    """One row of `posts`."""
    return Post(
        mention_id=row.mention_id,
        platform=row.platform,
        account=row.author,
        handle=row.handle,
        kind=row.kind,
        text=straight(row.text),
        posted_at=row.posted_at,
        answers=row.parent_author_handle,
        answered_text=straight(row.parent_text) if row.parent_text else None,
    )


def _load_copies(connection: Connection, asked: Sequence[Mention], index: Index) -> None:
    within = _window(asked, copies.WINDOW, fingerprints.c.posted_at)
    times = [mention.created_at for mention in asked]
    shared = {band for mention in asked for band in bands(mention.text)}
    kept = by_shelf(shared, min(times) - copies.WINDOW, max(times))
    for row in _rows(connection, _Looked(fingerprints.c.band, fingerprints.c.posted_at, within), kept):
        index.add(post_from(row), bands_=[kept[row.key]])


def _by_day(asked: Sequence[Mention]) -> list[list[Mention]]:
    """The mentions in order of their moments, and in so many portions that each lies `TOGETHER`."""
    portions: list[list[Mention]] = []
    for mention in sorted(asked, key=lambda mention: mention.created_at):
        if not portions or mention.created_at - portions[-1][0].created_at > TOGETHER:
            portions.append([])
        portions[-1].append(mention)
    return portions


def _window(asked: Sequence[Mention], back: timedelta, column: ColumnElement[datetime]) -> ColumnElement[bool]:
    times = [mention.created_at for mention in asked]
    return (column >= min(times) - back) & (column < max(times))


def _rows(connection: Connection, looked: _Looked, keys: Iterable[Any]) -> Iterable[Any]:
    """The posts under each key, with the key they were found by; of one with very many, the newest `MOST`."""
    table, newest = looked.key.table, looked.moment.desc()
    place = func.row_number().over(partition_by=looked.key, order_by=(newest, table.c.mention_id))
    for some in _portions(keys):
        found = select(table.c.mention_id, looked.key.label("key"), place.label("place"))
        near = found.where(looked.key.in_(some), looked.within).subquery("near")
        by_id = near.join(mentions, mentions.c.mention_id == near.c.mention_id)
        joined = by_id.outerjoin(authors, authors.c.author == mentions.c.author)
        yield from connection.execute(select(*_TOLD, near.c.key).select_from(joined).where(near.c.place <= MOST))


def _portions(keys: Iterable[Any]) -> list[Any]:
    return chunks(sorted({key for key in keys if key is not None}))
