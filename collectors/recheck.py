"""Asking a platform again about posts that are stored: which are gone, which were edited.

A collector whose platform can tell has `recheck` besides `collect`. What is gone is deleted by whoever keeps it; what
was edited comes back as a mention and replaces the former text, which is kept as a revision.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from collectors.admission import admit
from collectors.collector import AccessDenied, Unavailable
from collectors.mention import Mention


@dataclass(frozen=True)
class Rechecked:
    """What became of posts. `gone`: native ids that the platform no longer shows. `present`: the others, as they are.

    An id that is in neither is unknown still: the platform did not say, or not in a shape that can be read. `requests`
    counts the calls. `suspended`: those of the gone of which the platform says that their author's account is suspended
    or closed.
    """

    gone: tuple[str, ...]
    present: tuple[Mention, ...]
    requests: int = 0
    suspended: tuple[str, ...] = ()


def legible(record: Any, native_id: str, make: Callable[[Any], Mention]) -> tuple[Mention, ...]:
    """The record of a stored post as a mention; none where it is shown but cannot be read.

    Such a post is unknown still: it is not gone, and it must not keep the others from being asked about.
    """
    admitted = admit(record, native_id, make)
    return (admitted,) if isinstance(admitted, Mention) else ()


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


class NotEntitled(AccessDenied):
    """The platform tells in bulk, but not this app. Posts can still be asked about one by one."""

    outcome = "not_entitled"


class JobLost(Unavailable):
    """A job has failed or expired on the platform: it must be begun anew."""


@dataclass(frozen=True)
class Redacted:
    """What a finished job told: the native ids, of those that it was given, that must go.

    `suspended`: those of them whose author's account is suspended or closed.
    """

    gone: tuple[str, ...]
    suspended: tuple[str, ...] = ()


class BulkJobs(Protocol):
    """A platform's own way of asking about many stored posts at once: a job that is begun, and ready some time later.

    Its methods raise a CollectError; then nothing may be deleted.
    """

    most: int  # ids that one job takes

    def begin(self) -> str:
        """Begin a job, or find the one that a killed run has left without its ids; its id."""
        ...

    def carry_on(self, job_id: str, ids: Sequence[str]) -> Redacted | None:
        """Hand over the ids, where the job still lacks them, and wait a while; None: not ready yet."""
        ...

    def bill(self) -> int:
        """The calls made since this was last asked."""
        ...


@runtime_checkable
class BulkRechecking(Protocol):
    """A collector whose platform has such jobs. `compliance` None: they are turned off."""

    source: str
    platform: str
    compliance: BulkJobs | None
