"""What every collector is: a named source that yields batches, each with the checkpoint that resumes after it.

The warehouse writes a batch and its checkpoint in one transaction. A collector that dies between two batches has lost
nothing, and one that is run again repeats nothing. Failure is an exception with a name, never a return value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from collectors.mention import Mention


@dataclass(frozen=True)
class Checkpoint:
    """Where a source continues. `state` is the collector's own JSON; nobody else reads meaning into it."""

    source: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Quarantined:
    """One record that could not become a mention: where it stood, why it was refused, and what it was.

    `payload` is the record as text, cut to `PAYLOAD_LIMIT` characters; null bytes are shown as U+2400.
    """

    PAYLOAD_LIMIT: ClassVar[int] = 10_000

    where: str  # "posts.jsonl:17", "reddit t3_abc"
    reason: str
    payload: str


@dataclass(frozen=True)
class Gone:
    """A post of which the listing itself says that it was withdrawn: a redaction. `id` is the platform's own."""

    id: str


@dataclass(frozen=True)
class Batch:
    """Mentions in the order in which they were read, what was refused, and the checkpoint that follows them.

    `more` says that the source holds a backlog that this run did not reach (a page limit, a rate limit); the
    checkpoint remembers where it begins. `requests` counts the calls that this batch cost. `gone` are the native ids
    of posts, stored or not, that were withdrawn: they are deleted before the checkpoint moves past that news.
    """

    mentions: tuple[Mention, ...]
    checkpoint: Checkpoint
    quarantined: tuple[Quarantined, ...] = ()
    more: bool = False
    requests: int = 0
    gone: tuple[str, ...] = ()


class Collector(Protocol):
    """One source of mentions. Constructed without touching network or disk."""

    source: str  # unique among configured sources and stable over time: "reddit", "feeds", "archive:posts.jsonl"
    platform: str  # what its mentions carry; "archive" where the file decides

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield what is new since `checkpoint` (None: a first run). Raises a CollectError."""
        ...


class CollectError(Exception):
    """A run that ended early. `outcome` is what the run row and the coverage page call it.

    `requests` are the calls that it cost beyond those which the batches before it have counted.
    """

    outcome: ClassVar[str] = "failed"
    requests: int = 0


class RateLimited(CollectError):
    """The platform asked us to wait. What was read is kept; the backlog is continued by the next run."""

    outcome = "rate_limited"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AccessDenied(CollectError):
    """Credentials are wrong, expired or not entitled. The message names the setting to mend."""

    outcome = "access_denied"


class BudgetSpent(CollectError):
    """The calls or the money that the operator allows this platform in a month are used up. Nobody was asked."""

    outcome = "budget_spent"


class Unavailable(CollectError):
    """The platform did not answer, or answered with a fault of its own, after every retry."""

    outcome = "unavailable"


class UnexpectedResponse(CollectError):
    """The platform answered with something that is not in its documents. A person must look."""

    outcome = "unexpected_response"
