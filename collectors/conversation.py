"""The conversations that posts stand in: asked of a platform for what an open incident rests on.

A collector whose platform's documented API gives a conversation in a few calls has `conversations` besides `collect`.
What comes is context: it is kept apart from mentions, neither counted nor judged. How much is read is bounded, and
what lies beyond is said (`partial`), so that nobody takes a part for the whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from collectors.admission import Admitted, admit
from collectors.collector import AccessDenied, Quarantined, UnexpectedResponse
from collectors.manners import Visit
from collectors.mention import Mention

# All that the platform shows; a part of it; what was said around ours, where talk has neither beginning nor end.
COMPLETED, PARTIAL, WINDOW = "completed", "partial", "window"
MOST_POSTS = 2_000  # of one conversation; one that is longer is partial


class ConversationGone(UnexpectedResponse):
    """The platform says, in words of its own, that it shows this conversation no more."""

    outcome: ClassVar[str] = "gone"


@dataclass(frozen=True)
class Seed:
    """A conversation to ask for: the platform's own id of it, if known, and which of our posts stand in it."""

    conversation_id: str | None
    ids: tuple[str, ...]  # native ids, at least one
    url: str | None = None  # of the first of them


@dataclass(frozen=True)
class Thread:
    """What was read of a conversation, and whether that is all of it that the platform shows.

    `window`: of a room without end all that was said around ours, which is as much as is ever read of it.
    """

    admitted: tuple[Admitted, ...]
    whole: bool = True
    window: bool = False


@dataclass(frozen=True)
class Conversation:
    """What became of the asking. `outcome`: completed, partial, window, gone, access_denied or unexpected_response.

    `posts` in the order in which they were read; `refused` counts records that are no mention; `requests` the calls.
    """

    seed: Seed
    outcome: str
    posts: tuple[Mention, ...] = ()
    error: str | None = None
    refused: int = 0
    requests: int = 0


@runtime_checkable
class Conversing(Protocol):
    """A collector that can fetch conversations."""

    source: str
    platform: str

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch one after another, as far as the run's calls go. Raises a CollectError that ends the run."""
        ...


def told(visit: Visit, seeds: Sequence[Seed], read: Callable[[Seed], Thread]) -> Iterator[Conversation]:
    """Read conversations. One that is refused or makes no sense does not stop the others; it says so itself."""
    for seed in seeds:
        if visit.spent:
            return
        try:
            with visit.billed():
                thread = read(seed)
        except (AccessDenied, UnexpectedResponse) as error:
            yield Conversation(seed, error.outcome, error=str(error), requests=error.requests)
            continue
        posts = {each.id: each for each in thread.admitted if isinstance(each, Mention)}
        refused = [each for each in thread.admitted if isinstance(each, Quarantined)]
        if refused and not posts:  # nothing may be called gone for an answer of which nothing was understood
            outcome = UnexpectedResponse.outcome
            yield Conversation(seed, outcome, (), refused[0].reason, len(refused), visit.bill())
            continue
        whole = thread.whole and len(posts) <= MOST_POSTS
        yield Conversation(
            seed,
            WINDOW if thread.window else COMPLETED if whole else PARTIAL,
            tuple(posts.values())[:MOST_POSTS],
            refused=len(refused),
            requests=visit.bill(),
        )


def paged(read: Callable[[str | None], tuple[Sequence[Any], str | None]], most: int) -> tuple[list[Any], bool]:
    """The rows of at most `most` pages, and whether they are all. `read` takes a cursor and gives rows and the next.

    Raises UnexpectedResponse for a cursor that goes in circles.
    """
    found: list[Any] = []
    cursor, followed = None, set[str]()
    for _ in range(most):
        rows, cursor = read(cursor)
        found += rows
        if cursor is None:
            return found, True
        if cursor in followed:
            raise UnexpectedResponse(f"the conversation's cursor goes in circles: {cursor}"[:500])
        followed.add(cursor)
    return found, False


def admitted(
    rows: Sequence[Any], platform: str, make: Callable[[Any], Mention], name: str = "id"
) -> tuple[Admitted, ...]:
    """Each record as a mention, or quarantined by its `name`."""
    return tuple(admit(row, f"{platform} {row.get(name) if isinstance(row, Mapping) else row}", make) for row in rows)
