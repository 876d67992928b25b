"""Platforms that are many sites: any blog, any forum, any wiki, any instance. Each site is a source of its own.

The sites of one platform number their posts each for itself, so a mention's id begins with its site:
`forum.example.org/posts/12`. What the packs ask for, the run and its checkpoint are the same for all of them and stand
here; a platform's own file says which listings there are and how a page of each is read.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from collectors.admission import admit
from collectors.backlog import Backlog
from collectors.collector import Batch, Checkpoint
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import Manners, Visit, judge
from collectors.mention import Mention
from collectors.section import BaseUrls, HttpSection, needed
from collectors.timeline import Fetch, Page, Record, Walk
from collectors.vocabulary import Terms
from collectors.wire import Wire
from policies.policy import Policy


class SitesSection(HttpSection):
    """The settings of a platform of many sites."""

    base_url: BaseUrls = needed("Addresses of the sites, comma-separated")  # type: ignore[assignment]

    @property
    def sites(self) -> tuple[str, ...]:
        """The addresses, each once. Raises ValueError, naming the setting, where there is none."""
        return tuple(dict.fromkeys(self.required().base_url))


def site_of(address: str) -> str:
    """How a site is called in the names of sources and in ids: host, port and path of its address."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}{parts.path.rstrip('/')}"


@dataclass
class Reading:
    """One run on one site. `known` is what was asked for once and need not be asked for again: parents of replies."""

    visit: Visit
    wire: Wire
    known: dict[str, Any] = field(default_factory=dict)
    let_in: bool = False

    def only_this(self, ask: Callable[[], object]) -> None:
        """A stored post is refused to us: see by `ask`, once a run, that something else is shown.

        Raises AccessDenied where we are let in nowhere: a key that has expired, an address that is blocked.
        """
        if not self.let_in:
            ask()
            self.let_in = True


Listing = Callable[[Reading, Walk], Page]


class SiteCollector(ABC):
    """One site. One run reads at most `pages` pages and leaves the rest to the next."""

    platform: str
    what: ClassVar[str]  # the platform's name in messages
    fix: ClassVar[str]  # what a refusal of access points at
    settle: ClassVar[timedelta]  # the overlap window

    def __init__(
        self,
        base_url: str,
        policies: Sequence[Policy],
        *,
        site: str | None = None,
        pages: int = 100,
        settle: timedelta | None = None,
        manners: Manners | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`site` where its address is not its name. Raises ValueError where the packs give nothing to search for."""
        self.terms = Terms.of(policies, self.platform)
        self.site = site_of(base_url) if site is None else site
        self.source = f"{self.platform}:{self.site}" if self.site else self.platform
        self.base_url = base_url
        self.pages = pages
        self._matcher = self.terms.matcher()
        self._wanted = self.terms.wanted()
        self._settle = self.settle if settle is None else settle
        self._manners = manners or Manners()
        self._headers = headers

    @classmethod
    def from_settings(cls, settings: Any, policies: Sequence[Policy], manners: Manners) -> tuple[Self, ...]:
        """A collector a site of a `SitesSection`. Raises ValueError, naming the setting, where there is none."""
        return tuple(cls(address, policies, manners=manners) for address in settings.sites)

    @abstractmethod
    def listings(self) -> Mapping[str, Listing]:
        """How a page of each listing is read, by a name that lasts: a listing's state is found again by it."""

    @property
    def queries(self) -> tuple[str, ...]:
        """The listings: each costs at least one call a run."""
        return tuple(self.listings())

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint.

        The listings come in another order each run: a site that ends every run early starves none of them.
        """
        listings = list(self.listings().items())
        random.shuffle(listings)
        with self.reading() as run:
            fetches: dict[str, Fetch] = {name: partial(read, run) for name, read in listings}
            backlog = Backlog(self.source, checkpoint, fetches, self._settle, grain=GRAIN)
            yield from backlog.batches(self.pages, run.visit)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One run's connection to the site."""
        visit = Visit(self._manners, self.base_url)
        with Wire(visit, self.what, self.fix, self.base_url, headers=self._headers, judging=self.judging) as wire:
            yield Reading(visit, wire)

    def judging(self, status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
        """Raise the CollectError that an answer means. A platform with words of its own for it says so here."""
        judge(status, headers, body, what, fix)

    def record(
        self,
        row: Any,
        where: Any,
        make: Callable[[Any], Mention],
        *,
        place: int | None = None,
        whole: bool = False,
        beside: str = "",
    ) -> Record:
        """One record of a page, under `where` if it is refused. `place`: its position, where time does not order.

        `whole`: nobody searched, all that was posted is listed; what holds none of the terms was not asked for.
        `beside`: the title that it stands under, whose terms count too.
        """
        admitted = admit(row, f"{self.source} {where or 'without id'}", make)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        mention = self.named(admitted, beside)
        at = position(mention.created_at, mention.id) if place is None else place
        if (whole and not mention.matched_terms) or not self._wanted(f"{beside}\n{mention.text}"):
            return Record(at, None, mention.created_at)
        return Record(at, mention)

    def named(self, mention: Mention, beside: str = "") -> Mention:
        """The mention with the terms that it, or the title that it stands under, holds."""
        return mention.model_copy(update={"matched_terms": self._matcher(f"{beside}\n{mention.text}")})


def shortest_terms(terms: Sequence[str]) -> tuple[str, ...]:
    """The terms that contain no other one: a search that finds characters anywhere finds the others' posts by these."""
    plain = [term.casefold() for term in terms]
    return tuple(
        term
        for term, own in zip(terms, plain, strict=True)
        if not any(other in own and other != own for other in plain)
    )


def until_second(walk: Walk) -> int | None:
    """The second from which on a page is asked for, itself included; None: from now on."""
    if walk.cursor is not None:
        return int(walk.cursor)
    return second_of(walk.top) if walk.top is not None else None


def second_of(place: int) -> int:
    """The second of a position."""
    return int(moment_of(place).timestamp())


def paged_by_second(records: Sequence[Record], walk: Walk, *, full: bool) -> Page:
    """A page of a listing whose cursor is the second of its oldest post, put in order; it ends with an empty page.

    `full`: it holds as many as a page can. Where it is not, and brings only that second's posts again, nothing is left.
    """
    placed = sorted((each for each in records if each.position is not None), key=_place, reverse=True)
    astray = [each for each in records if each.position is None]
    last = str(second_of(_place(placed[-1]))) if placed else None
    if last is not None and last == walk.cursor and not full:
        last, placed = None, [each for each in placed if each.position not in walk.seen]
    return Page((*placed, *astray), last)


def _place(record: Record) -> int:
    return record.position or 0
