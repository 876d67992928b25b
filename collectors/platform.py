"""What a platform's own file says of it: how it is reached and what that cannot see, its settings, how it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from collectors.budget import Price, Quota
from collectors.collector import Collector
from collectors.manners import Manners
from collectors.section import Section
from policies.policy import Policy

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Reach:
    """How far we see on a platform, by whose leave, at what price. Facts, with where and when they were read."""

    endpoint: str
    auth: str
    cannot_see: str
    terms: str  # on storage and deletion, and how a deletion is learned
    documents: str  # the address of the platform's own page
    checked: date
    conversation: str = "none"  # what is fetched around an open incident's post, and at most how much; or why nothing
    quotas: tuple[Quota, ...] = ()
    price: Price = field(default_factory=Price)
    refresh_within: timedelta | None = None  # the terms: words and names are kept no longer without being shown anew
    volume: tuple[int, int] = (0, 100_000)  # mentions a day: fewer or more than this is worth a person's look


@dataclass(frozen=True)
class Platform(Generic[S]):
    """One platform that Tocsin reads. `make` is its collector's `from_settings`; it opens nothing."""

    name: str
    access: str
    settings: type[S]
    make: Callable[[S, Sequence[Policy], Manners], Sequence[Collector]]
    reach: Reach


@dataclass(frozen=True)
class Closed:
    """A platform that the policies name and that is not read: why not, and where and when that was read."""

    name: str
    reason: str
    documents: str
    checked: date


AnyPlatform = Platform[Any]
