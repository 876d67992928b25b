"""Reading an oldest-first listing onwards from a cursor: Matrix's `from`, Discord's `after`, a change feed's `since`.

The platform hands out what came after the cursor, in the order in which it came, so nothing can lie behind it: the
checkpoint is the cursor of the last page that was stored, and a backlog is simply read on by the next run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collectors.admission import Admitted
from collectors.collector import UnexpectedResponse


@dataclass(frozen=True)
class Stretch:
    """One page, oldest first. `cursor` goes on after it (None: nothing came, the former one stays good).

    `more` says that the platform has further pages now.
    """

    admitted: tuple[Admitted, ...]
    cursor: str | None
    more: bool


Follow = Callable[[str | None], Stretch]


class Trail:
    """One listing and the cursor up to which it is read. The first call gets None."""

    turns = 1  # the pages that a run reads of it, however low its limit

    def __init__(self, follow: Follow, state: Mapping[str, Any]) -> None:
        self._follow = follow
        self._cursor: str | None = state.get("cursor")
        self.behind = False

    @property
    def state(self) -> dict[str, Any]:
        """What the checkpoint keeps, as JSON."""
        return {"cursor": self._cursor}

    def pages(self) -> Iterator[tuple[Admitted, ...]]:
        """Yield page after page until the platform has no more. Raises a CollectError."""
        followed = {self._cursor}
        self.behind = True
        while self.behind:
            stretch = self._follow(self._cursor)
            if stretch.more and stretch.cursor in followed | {None}:
                raise UnexpectedResponse(f"the listing's cursor goes in circles: {stretch.cursor}")
            followed.add(stretch.cursor)
            self._cursor = stretch.cursor or self._cursor
            self.behind = stretch.more
            yield stretch.admitted
