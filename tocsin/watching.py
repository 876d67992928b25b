"""The posts that open incidents rest on are asked about before all others, and more often; what became of them is told.

How often stands in `warehouse.post_changes`; a run asks about no more than a sixth of what a whole round may, so that
within six hours, the time of a round, it costs no more than one.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.recheck import Rechecking
from collectors.scope import Scope
from tocsin.house import House, open_house
from tocsin.progress import bar
from tocsin.rechecking import A_RUN, AT_ONCE, Hearing, Told
from warehouse.post_changes import due_posts, note_asked
from warehouse.watching import WatchBook

SHARE = 6


@dataclass(frozen=True)
class OpenPosts:
    """One source's posts in open incidents, asked about out of turn."""

    house: House
    collector: Rechecking

    @property
    def name(self) -> str:
        """What its runs and its checkpoint are called."""
        return f"recheck:{self.collector.source}/open"

    @property
    def due(self) -> list[tuple[str, str]]:
        """What this run asks about: mention id and native id, least recently asked first."""
        a_run = int(getattr(self.collector, "a_run", A_RUN))
        most = -(-a_run // SHARE)  # rounded up; none where a source is never asked
        return due_posts(self.house.engine, self.collector.source, self.house.now(), most) if most else []

    def take(self, progress: Callable[[int], None]) -> Told:
        """Ask. Raises CollectError; what was told before it is kept."""
        told, due = Told(), self.due
        if not due:
            return told
        store = self.house.mentions
        run = store.start_run(self.name, self.collector.platform)
        at_once = int(getattr(self.collector, "at_once", AT_ONCE))
        try:
            for start in range(0, len(due), at_once):
                self._ask(run, due[start : start + at_once], told)
                progress(len(due[start : start + at_once]))
        except CollectError as error:
            store.finish_run(run, error.outcome, error=str(error), more=True, requests=error.requests)
            raise
        except Exception as error:
            store.finish_run(run, "failed", error=f"{type(error).__name__}: {error}", more=True)
            raise
        store.finish_run(run, "completed")
        return told

    def _ask(self, run: str, some: list[tuple[str, str]], told: Told) -> None:
        house = self.house
        note_asked(house.engine, [mention_id for mention_id, _ in some], house.now())
        answer = self.collector.recheck([native_id for _, native_id in some])
        read = Batch(answer.present, Checkpoint(self.name, {}), requests=answer.requests)
        scope = Scope.of(house.policies.values(), house.staff)
        Hearing(house.engine, house.mentions, self.collector, scope).take_in(run, answer, read, told)
        told.asked += len(some)


def list_followed() -> list[str]:
    """The names of the sources with posts of open incidents to ask about."""
    house = open_house()
    return [each.collector.source for each in _all(house) if each.due]


def follow(source: str) -> dict[str, int]:
    """Ask one platform about posts of open incidents, as far as they are due, and tell what became of them.

    A source whose platform cannot tell gives zeros. Raises CollectError; what was told before it is kept, and told on.
    """
    house = open_house()
    asking = next((each for each in _all(house) if each.collector.source == source), None)
    if asking is None:
        return asdict(Told())
    try:
        with bar(f"Asking {source} about open incidents") as advance:
            return asdict(asking.take(advance))
    finally:
        tell(house)


def tell(house: House) -> int:
    """Tell incidents what their platforms did with their posts; how many notifications that made."""
    return WatchBook(house.engine, house.policies, house.staff, house.now).tell()


def _all(house: House) -> list[OpenPosts]:
    return [OpenPosts(house, each) for each in house.chosen if isinstance(each, Rechecking)]
