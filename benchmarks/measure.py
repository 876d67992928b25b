"""Runs a piece of work and its peer in turns, and says how many items a second each does."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 3


@dataclass(frozen=True)
class Row:
    """One line of the results: ours and a peer's items a second, medians of `ROUNDS` rounds in alternation."""

    what: str
    ours: float
    peer: str
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times the peer's speed ours is."""
        return self.ours / self.theirs


def compare(
    what: str,
    items: int,
    ours: Callable[[], object],
    peer: str,
    theirs: Callable[[], object],
    of: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Row:
    """Time `ours` over `items` and `theirs` over `of` items, in alternation, after one warm-up of each."""
    ours()
    theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for work, spent in zip((ours, theirs), times, strict=True):
            start = clock()
            work()
            spent.append(clock() - start)
    return Row(what, items / median(times[0]), peer, of / median(times[1]))
