"""Versions of packs: the exact text that each was, and which of them somebody adopted, when, by whose word and why.

The first version of a pack is in force as soon as it is used: its first use stands for its adoption. Every later one is
adopted on purpose, or is in force without, and `tocsin doctor` says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, func, insert, select

from policies.policy import Policy
from warehouse.encoding import storable
from warehouse.released import release
from warehouse.schema import policy_adoptions, policy_versions

ADOPTION_LOCK = 0x70C56  # the advisory lock of the one adoption that is written at a time on PostgreSQL


class VersionUnknown(LookupError):
    """No such version of a pack is stored. The message names those that are."""


class VersionUnreadable(ValueError):
    """A stored version is of another release's form, and cannot judge under this one."""


class AdoptionRefused(ValueError):
    """There is nothing to adopt, or nobody says why. The message names the fix."""


@dataclass(frozen=True)
class Adoption:
    """A version of a pack as it was adopted. `by` None: nobody did, it was the first to be used."""

    policy: str
    version: str
    former: str | None
    at: datetime
    by: str | None = None
    why: str = "first use"
    diff: Mapping[str, Any] | None = None
    released: Mapping[str, int] = field(default_factory=dict, compare=False)  # told by the act alone; `audit` keeps it

    @property
    def stamp(self) -> str:
        """As findings carry it: `dwp@3f2a9c01b7de`."""
        return f"{self.policy}@{self.version}"


@dataclass(frozen=True)
class Version:
    """A version of which the text is stored. `first_used_at` None: it was adopted, and has judged nothing yet."""

    stamp: str
    first_used_at: datetime | None

    def __str__(self) -> str:
        """`dwp@3f2a9c01b7de (first used 12 Oct 2026)`."""
        since = f"first used {self.first_used_at:%d %b %Y}" if self.first_used_at else "adopted, not used yet"
        return f"{self.stamp} ({since})"


class AdoptionBook:
    """The stored versions of packs, and the adoptions among them."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def pack(self, stamp: str) -> Policy:
        """The exact pack of a stamp (`dwp@3f2a9c01b7de`; so many of its digits as tell it from others).

        Raises VersionUnknown, VersionUnreadable.
        """
        policy, _, version = stamp.partition("@")
        with self._engine.connect() as connection:
            found = {
                known: text
                for known, text in _texts(connection, policy).items()
                if version and known.startswith(version)
            }
            if len(found) != 1:
                raise VersionUnknown(_unknown(stamp, list(found), _versions(connection, policy)))
        [(known, content)] = found.items()
        try:
            return Policy.model_validate(content)
        except ValidationError as error:
            raise VersionUnreadable(
                f"{policy}@{known} was stored by another release, whose packs had other fields "
                f"({error.errors()[0]['msg']}): compare with its file instead"
            ) from error

    def versions(self, policy: str) -> list[Version]:
        """The stored versions of a pack, in the order of their first use."""
        with self._engine.connect() as connection:
            return _versions(connection, policy)

    def adopted(self) -> dict[str, Adoption]:
        """By pack, what was adopted last; what was used first, where nothing was adopted since."""
        with self._engine.connect() as connection:
            used = connection.scalars(select(policy_versions.c.policy).distinct()).all()
            told = connection.scalars(select(policy_adoptions.c.policy).distinct()).all()
            found = {policy: _adopted(connection, policy) for policy in sorted({*used, *told})}
        return {policy: adoption for policy, adoption in found.items() if adoption is not None}

    def history(self, policy: str) -> list[Adoption]:
        """Every adoption of a pack, oldest first, its first use among them."""
        own = policy_adoptions.c
        query = select(policy_adoptions).where(own.policy == policy).order_by(own.adoption_id)
        with self._engine.connect() as connection:
            first = _first_use(connection, policy)
            told = [_adoption(row) for row in connection.execute(query)]
        return sorted(([first] if first else []) + told, key=lambda each: each.at)

    def never_adopted(self, packs: Iterable[Policy]) -> list[tuple[Policy, Adoption]]:
        """Those of the packs in force that are not what was adopted, each with what was."""
        adopted = self.adopted()
        known = ((pack, adopted.get(pack.id)) for pack in packs)
        return [(pack, adoption) for pack, adoption in known if adoption and adoption.version != pack.version]

    def adopt(self, pack: Policy, by: str, why: str, diff: Mapping[str, Any] | None = None) -> Adoption:
        """Record that a pack was adopted, and have judged again what it no longer excepts (`released`).

        Raises AdoptionRefused where it was already, or where no reason is given.
        """
        if not by.strip() or not why.strip():
            raise AdoptionRefused("an adoption is kept with who and why: say both")
        with self._engine.begin() as connection:
            _take_turn(connection)
            former = _adopted(connection, pack.id)
            if former is not None and former.version == pack.version and former.by is not None:
                raise AdoptionRefused(
                    f"{pack.stamp} is adopted already, by {former.by} on {former.at:%d %b %Y}: {former.why}"
                )
            connection.execute(
                insert(policy_adoptions).values(
                    policy=pack.id,
                    from_version=former.version if former and former.version != pack.version else None,
                    to_version=pack.version,
                    content=pack.model_dump(mode="json"),
                    adopted_by=storable(by.strip()),
                    why=storable(why.strip()),
                    diff=None if diff is None else dict(diff),
                    adopted_at=self._clock(),
                )
            )
            released = release(connection, pack, by.strip(), self._clock())
            made = _adopted(connection, pack.id)
        if made is None:
            raise RuntimeError(f"the adoption of {pack.stamp} was written and cannot be read")
        return replace(made, released=released)


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has done it already
        connection.execute(select(func.pg_advisory_xact_lock(ADOPTION_LOCK)))


def _texts(connection: Connection, policy: str) -> dict[str, Any]:
    """The text of each version: as it judged, else as it was adopted."""
    own, used = policy_adoptions.c, policy_versions.c
    told = connection.execute(select(own.to_version, own.content).where(own.policy == policy))
    judged = connection.execute(select(used.policy_version, used.content).where(used.policy == policy))
    return {row.to_version: row.content for row in told} | {row.policy_version: row.content for row in judged}


def _versions(connection: Connection, policy: str) -> list[Version]:
    used, own = policy_versions.c, policy_adoptions.c
    first = select(used.policy_version, used.first_used_at).where(used.policy == policy).order_by(used.first_used_at)
    seen = {version: Version(f"{policy}@{version}", at) for version, at in connection.execute(first)}
    told = connection.scalars(select(own.to_version).where(own.policy == policy).order_by(own.adoption_id))
    return [*seen.values(), *(Version(f"{policy}@{one}", None) for one in dict.fromkeys(told) if one not in seen)]


def _adopted(connection: Connection, policy: str) -> Adoption | None:
    own = policy_adoptions.c
    last = select(policy_adoptions).where(own.policy == policy).order_by(own.adoption_id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return _adoption(row) if row else _first_use(connection, policy)


def _first_use(connection: Connection, policy: str) -> Adoption | None:
    used = policy_versions.c
    earliest = select(used.policy_version, used.first_used_at).where(used.policy == policy)
    row = connection.execute(earliest.order_by(used.first_used_at, used.policy_version).limit(1)).one_or_none()
    return Adoption(policy, row.policy_version, None, row.first_used_at) if row else None


def _adoption(row: Row[Any]) -> Adoption:
    return Adoption(row.policy, row.to_version, row.from_version, row.adopted_at, row.adopted_by, row.why, row.diff)


def _unknown(stamp: str, several: list[str], known: list[Version]) -> str:
    policy = stamp.partition("@")[0]
    if len(several) > 1:
        return f"{stamp} may be {' or '.join(f'{policy}@{each}' for each in sorted(several))}: give more of its digits"
    if not known:
        return f"there is no stored version {stamp}: the pack {policy!r} has judged nothing here yet"
    return f"there is no stored version {stamp}; stored are: {', '.join(map(str, known))}"
