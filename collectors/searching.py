"""Platforms that are searched: one address, a listing a query, newest first.

What the packs ask for, the run, its client and its checkpoint are the same for all of them and stand here; a platform's
own file says which listings there are, how its client is made, and how a page is read.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from typing import ClassVar, Generic, TypeVar

from collectors.backlog import Backlog
from collectors.collector import Batch, Checkpoint
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.timeline import Fetch, Page, Walk
from collectors.vocabulary import Terms
from policies.policy import Policy

Client = TypeVar("Client")
Listing = TypeVar("Listing")


class SearchCollector(ABC, Generic[Client, Listing]):
    """Search of one platform. One run reads at most `pages` pages and leaves the rest to the next."""

    platform: str
    settle: ClassVar[timedelta] = timedelta(0)  # the overlap window
    grain: ClassVar[int] = 1  # `instant.GRAIN` where posts are ordered by time alone

    def __init__(
        self,
        base_url: str,
        policies: Sequence[Policy],
        *,
        pages: int = 100,
        settle: timedelta | None = None,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        self.source = self.platform
        self.terms = Terms.of(policies, self.platform)
        self.base_url = base_url
        self.pages = pages
        self._matcher = self.terms.matcher()
        self._wanted = self.terms.wanted()
        self._settle = self.settle if settle is None else settle
        self._manners = manners or Manners()

    @abstractmethod
    def listings(self) -> Mapping[str, Listing]:
        """What `page` needs of each listing, by a name that lasts: a listing's state is found again by it."""

    @abstractmethod
    def speak(self, visit: Visit) -> AbstractContextManager[Client]:
        """The client of one run, logged in where that is needed. Raises a CollectError."""

    @abstractmethod
    def page(self, client: Client, listing: Listing, walk: Walk) -> Page:
        """One page of a listing. Raises a CollectError."""

    @property
    def queries(self) -> tuple[str, ...]:
        """The listings: each costs at least one call a run."""
        return tuple(self.listings())

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those that a run speaks to."""
        return (self.base_url,)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        with self.speaking() as (visit, client):
            fetches: dict[str, Fetch] = {name: partial(self.page, client, own) for name, own in self.listings().items()}
            backlog = Backlog(self.source, checkpoint, fetches, self._settle, grain=self.grain)
            yield from backlog.batches(self.pages, visit)

    @contextmanager
    def speaking(self) -> Iterator[tuple[Visit, Client]]:
        """One run, and its client. Raises a CollectError that says what a login has cost."""
        visit = Visit(self._manners, *self.addresses)
        with visit.billed():
            client = self.speak(visit)
        with client as speaking:
            yield visit, speaking

    def named(self, mention: Mention) -> Mention:
        """The mention with the terms that it holds."""
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})

    def sought(self, mention: Mention) -> Mention | None:
        """The mention, where it is one that was asked for: some searches find more than that."""
        return mention if self._wanted(mention.text) else None
