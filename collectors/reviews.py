"""Platforms of reviews: what people write of one's own shop, app or place. Every review is kept; nothing is searched.

Each thing that is reviewed is a listing, newest first and ordered by time alone. A platform's own file says how it is
spoken to and how a page is read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from collectors.admission import admit, refused
from collectors.backlog import Backlog
from collectors.collector import Batch, Checkpoint
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.timeline import Fetch, Page, Record, Walk

Client = TypeVar("Client")


class Reviews(ABC, Generic[Client]):
    """One platform. One run reads at most `pages` pages and leaves the rest to the next."""

    platform: str
    settle: ClassVar[timedelta]  # the overlap window: reviews are shown late, when they have been checked

    def __init__(
        self,
        reviewed: Sequence[str],
        *,
        base_url: str,
        pages: int = 100,
        settle: timedelta | None = None,
        manners: Manners | None = None,
    ) -> None:
        """`reviewed`: the platform's ids of the shops, apps or places."""
        self.source = self.platform
        self.queries = tuple(dict.fromkeys(reviewed))  # each costs at least one call a run
        self.base_url = base_url
        self.pages = pages
        self.manners = manners or Manners()
        self._settle = self.settle if settle is None else settle

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those that a run speaks to."""
        return (self.base_url,)

    @abstractmethod
    def speak(self, visit: Visit) -> AbstractContextManager[Client]:
        """The client of one run, logged in where that is needed. Raises a CollectError."""

    @abstractmethod
    def page(self, client: Client, reviewed: str, walk: Walk) -> Page:
        """One page of the reviews of one thing. Raises a CollectError."""

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self.manners, *self.addresses)
        with visit.billed():
            speaking = self.speak(visit)
        with speaking as client:
            fetches: dict[str, Fetch] = {each: partial(self.page, client, each) for each in self.queries}
            backlog = Backlog(self.source, checkpoint, fetches, self._settle, grain=GRAIN)
            yield from backlog.batches(self.pages, visit)

    def record(self, review: Any, id_of: Callable[[Any], Any], make: Callable[[Any], Mention]) -> Record:
        """One record of a page, or its place in quarantine."""
        native_id = id_of(review) if isinstance(review, dict) else None
        admitted = admit(review, f"{self.platform} {native_id or 'without id'}", make)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        return Record(position(admitted.created_at, admitted.id), admitted)

    def ended(self, page: Page, reviewed: str, walk: Walk, shown: str) -> Page:
        """A listing's last page. One that ends before it meets the last review read has lost something: it is named."""
        places = [record.position for record in page.records if record.position is not None]
        if walk.above is None or (places and places[-1] <= walk.above):
            return page
        reason = f"the platform shows {shown} only, and the last review read is not among them: some were missed"
        where = f"{self.platform} {reviewed} after {_written(moment_of(walk.above))}"
        return Page((*page.records, Record(None, refused(where, reason, reviewed))))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
