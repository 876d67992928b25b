"""The seam to the staff register: whether one of the organisation's people stands behind a handle or a name.

`warehouse.people` implements it over keyed hashes; `KnownPeople` does over a file held in memory (`tocsin classify
--people`). A rule that asks never learns who else is in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, Protocol, get_args

Basis = Literal[
    "consent", "contract", "legal obligation", "vital interests", "public task", "legitimate interests", "refused"
]
BASES: tuple[Basis, ...] = get_args(Basis)  # UK GDPR, Article 6(1); "refused": the person said no

MOST_WORDS = 5  # of a name
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame)\.? ", re.IGNORECASE)
_APOSTROPHE = re.compile(r"['’ʼ`]")


@dataclass(frozen=True)
class Worker:
    """What the register says of one of the organisation's people."""

    role: str
    team: str | None = None
    basis: Basis = "legitimate interests"
    monitored: bool = False  # whether what they write may be judged as the words of staff
    leaves: date | None = None  # the last day; the register does not know them after it

    def works(self, on: date) -> bool:
        """Whether they work here on a day."""
        return self.leaves is None or on <= self.leaves


@dataclass(frozen=True)
class Person:
    """One row of people.csv: a worker, with the handles (platform, handle without @) and names they go by."""

    worker: Worker
    handles: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


class StaffRegister(Protocol):
    """Answers for one handle or one name at a time."""

    def holder(self, platform: str, handle: str | None, on: date) -> Worker | None:
        """Who holds this handle and works here on that day; compared without case and leading @."""
        ...

    def is_named(self, name: str, on: date) -> bool:
        """Whether somebody who works here on that day goes by this name, as `plain_name` writes it."""
        ...


def spellings(handle: str, home: str | None) -> tuple[str, ...]:
    """How the holder of a handle may be listed: as it is told, and with or without the home server."""
    name, at, server = handle.partition("@")
    if not home or (at and server.casefold() != home.casefold()):
        return (handle,)
    return (handle, name if at else f"{handle}@{home}")


class KnownPeople:
    """A register held in memory. `homes`: by platform, the server whose own accounts it names without it."""

    def __init__(self, people: Iterable[Person] = (), homes: Mapping[str, str] | None = None) -> None:
        self._homes = homes or {}
        self._handles: dict[tuple[str, str], Worker] = {}
        self._names: dict[str, list[Worker]] = {}
        for person in people:
            for platform, handle in person.handles:
                self._handles[platform, handle.strip().lstrip("@").casefold()] = person.worker
            for name in person.names:
                self._names.setdefault(plain_name(name), []).append(person.worker)

    def holder(self, platform: str, handle: str | None, on: date) -> Worker | None:
        """As `StaffRegister.holder`."""
        plain = (handle or "").strip().lstrip("@").casefold()
        known = (self._handles.get((platform, each)) for each in spellings(plain, self._homes.get(platform)))
        return next((worker for worker in known if worker is not None and worker.works(on)), None)

    def is_named(self, name: str, on: date) -> bool:
        """As `StaffRegister.is_named`."""
        return any(worker.works(on) for worker in self._names.get(name, ()))


NOBODY = KnownPeople()


@lru_cache(maxsize=20_000)  # the same words are asked about in post after post
def plain_name(name: str) -> str:
    """A name as it is compared: no case, accent, title, apostrophe or hyphen; words one space apart."""
    bare = _TITLE.sub("", unicodedata.normalize("NFKC", name).strip())
    letters = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", bare).casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", kept))
