"""Asking a platform again about posts that are stored: which are gone, which were edited.

A collector whose platform can tell has `recheck` besides `collect`. What is gone is deleted by whoever keeps it; what
was edited comes back as a mention and replaces the former text, which is kept as a revision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from collectors.mention import Mention


@dataclass(frozen=True)
class Rechecked:
    """What became of posts. `gone`: native ids that the platform no longer shows. `present`: the others, as they are.

    An id that is in neither is unknown still: the platform did not say. `requests` counts the calls.
    """

    gone: tuple[str, ...]
    present: tuple[Mention, ...]
    requests: int = 0


@runtime_checkable
class Rechecking(Protocol):
    """A collector that can ask again.

    It may say how many posts it takes `at_once`, and how many one run should ask about (`a_run`): where each is a call,
    or costs.
    """

    source: str
    platform: str

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask about stored posts, by native id. Raises a CollectError; then nothing may be deleted."""
        ...
