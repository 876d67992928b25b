"""What people asked in Slack, from before it is acknowledged until it is done, so that nothing of it is lost."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from incidents.incident import Act
from incidents.interaction import Form, Interaction, Press, Typed
from incidents.lifecycle import Event

LEASE = timedelta(minutes=1)  # how long one who has begun is thought to be alive; then others take it up
STALE = timedelta(minutes=30)  # what has waited longer is not done any more: who asked may have seen to it otherwise

CLOCKS_APART = timedelta(seconds=10)  # of two of our machines

KINDS: Mapping[str, Callable[..., Interaction]] = {"press": Press, "form": Form, "typed": Typed}


@dataclass(frozen=True)
class Held:
    """One interaction that was begun. `attempts`: how often; beyond the first it may have been done already."""

    number: int
    asked: Interaction
    received_at: datetime
    attempts: int


class Inbox(Protocol):
    """Where they are kept, for all processes together. Each method is one transaction."""

    def take(self, asked: Interaction, marks: tuple[str, ...], at: datetime) -> Held | None:
        """Note the marks of a request and keep it, begun by us; None where any of the marks had been noted before."""
        ...

    def left(self, at: datetime, lease: timedelta) -> list[Held]:
        """Begin anew what was begun longer ago than the lease and is not done, oldest first. No two get the same."""
        ...

    def done(self, held: Held) -> None:
        """It is done, or will not be."""
        ...

    def refused(self, at: datetime, actor: str, subject: str, reason: str, count: int = 1) -> None:
        """One line of the audit trail, for `count` requests."""
        ...


def done_since(
    events: Iterable[Event], since: datetime, act: Act, actor: str, reason: str | None, **detail: str | None
) -> Event | None:
    """The event by which a history has what is asked for, from Slack since it was asked; None where it has not."""
    for each in events:
        done = (each.origin, each.act, each.actor, each.reason) == ("slack", act, actor, reason)
        alike = done and all(each.detail.get(name) == value for name, value in detail.items())
        if alike and each.at >= since - CLOCKS_APART:
            return each
    return None


def packed(asked: Interaction) -> dict[str, Any]:
    """An interaction as plain values."""
    at = {"at": asked.at.isoformat() if asked.at else None} if isinstance(asked, Press) else {}
    return {**asdict(asked), **at, "kind": type(asked).__name__.casefold()}


def unpacked(record: Mapping[str, Any]) -> Interaction:
    """What `packed` gave. Raises KeyError, TypeError, ValueError for what it never gives."""
    fields = dict(record)
    kind = KINDS[fields.pop("kind")]
    if fields.get("at"):
        fields["at"] = datetime.fromisoformat(fields["at"])
    return kind(**fields)
