"""What is told together and not one by one: a flood, and what a route hears of once an hour or once a day. Pure.

A flood is more in an hour than people can read. Of each route's share in it the gravest few go out singly, and all the
rest becomes one message, which is brought up to date for as long as the hour lasts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from incidents.grouping import rank
from incidents.notification import Card, DigestKind, Notification, Reason
from policies.policy import Route

HOUR = timedelta(hours=1)  # for so long a flood's digest is brought up to date, and for so long a channel's posts count
PERIODS = {"hourly": HOUR, "daily": timedelta(days=1)}
FLOOD_AT = 1200  # twenty minutes at Slack's own pace of one message a second
SINGLY = 10  # of each route's share in a flood
URGENT = 50  # the same, of what is critical or about a person at risk

# What the pipeline says by itself, unless it was a person who escalated or reopened.
BY_ITSELF: tuple[Reason, ...] = ("new_incident", "new_evidence", "reopened", "escalated", "not_acknowledged")
GATHERED: tuple[Reason, ...] = ("new_incident", "new_evidence")  # what waits for an hourly or daily digest


@dataclass(frozen=True)
class Place:
    """Who hears where: one digest is of one place."""

    address: str  # the channel's own name
    organisation: str
    route: str


@dataclass(frozen=True)
class Waiting:
    """A notification that nobody has begun to send, about an incident that has no thread there yet."""

    notification: Notification
    card: Card
    address: str
    by_person: bool = False  # somebody's act: it is told in a thread, whatever floods

    @property
    def folds(self) -> bool:
        """Whether it may become part of a flood's digest."""
        return self.notification.reason in BY_ITSELF and not self.by_person

    @property
    def place(self) -> Place:
        """Where it would be told."""
        return Place(self.address, self.card.organisation, self.notification.route)


@dataclass(frozen=True)
class Flood:
    """A digest of a flood that is not over, and how many of it went out singly."""

    notification_id: str
    singly: int = 0
    urgent: int = 0


@dataclass(frozen=True)
class Fold:
    """Notifications that become part of one digest: `into` where it stands already, else a new one of that kind."""

    place: Place
    kind: DigestKind
    members: tuple[Notification, ...]
    into: str | None = None
    through: tuple[Notification, ...] = ()  # part of the flood, and told singly
    singly: int = 0  # incidents of these, and how many of them are urgent
    urgent: int = 0


@dataclass
class _Share:
    """What waits for one place, by incident, and which of it goes out singly."""

    found: dict[str, list[Waiting]] = field(default_factory=dict)

    def told_at_once(self, flood: Flood) -> tuple[list[str], list[str]]:
        """The incidents that go out singly: the urgent ones, and the gravest of the others."""
        ordered = sorted(self.found, key=lambda each: -max(rank(one.card.severity) for one in self.found[each]))
        urgent = [each for each in ordered if self._is_urgent(each)]
        others = [each for each in ordered if not self._is_urgent(each)]
        left = max(0, SINGLY - (flood.singly - flood.urgent))
        return urgent[: max(0, URGENT - flood.urgent)], others[:left]

    def of(self, incidents: Iterable[str]) -> tuple[Notification, ...]:
        """All that waits of some incidents."""
        return tuple(each.notification for incident in incidents for each in self.found[incident])

    def _is_urgent(self, incident_id: str) -> bool:
        return any(
            each.card.severity == "critical" or each.card.category == "safeguarding" for each in self.found[incident_id]
        )


def digest_at(route: Route, card: Card, reason: Reason, now: datetime) -> datetime | None:
    """Until when a notification waits to be told with others of its route; None: it is told at once."""
    gathers = card.severity in route.digest_severities and reason in GATHERED
    if not gathers or route.digest == "never" or card.category == "safeguarding":
        return None
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    period = PERIODS[route.digest]
    return midnight + ((now - midnight) // period + 1) * period


def flooded(
    waiting: Iterable[Waiting], lately: Mapping[str, int], floods: Mapping[Place, Flood], flood_at: int
) -> list[Fold]:
    """What of all that waits becomes part of a flood's digest.

    `lately`: how many incidents each address was first told of in the last hour; `floods`: the digests of floods that
    are not over. An address is flooded where it would hear of more than `flood_at` incidents in an hour, or is still.
    """
    shares: dict[Place, _Share] = {}
    for each in waiting:
        if each.folds:
            shares.setdefault(each.place, _Share()).found.setdefault(each.notification.incident_id, []).append(each)
    at: dict[str, int] = {}
    for place, share in shares.items():
        at[place.address] = at.get(place.address, 0) + len(share.found)
    full = {address for address, number in at.items() if number + lately.get(address, 0) > flood_at}
    full |= {place.address for place in floods}
    folds = (_fold(place, share, floods.get(place)) for place, share in shares.items() if place.address in full)
    return [fold for fold in folds if fold is not None]


def gathered(due: Iterable[tuple[Place, Notification]]) -> list[Fold]:
    """One digest for each place and period that is over."""
    periods: dict[tuple[Place, datetime | None], list[Notification]] = {}
    for place, notification in due:
        periods.setdefault((place, notification.digest_at), []).append(notification)
    return [Fold(place, "periodic", tuple(members)) for (place, _), members in periods.items()]


def _fold(place: Place, share: _Share, standing: Flood | None) -> Fold | None:
    """The share of one place in a flood; None where all of it goes out singly."""
    urgent, others = share.told_at_once(standing or Flood(""))
    singly = [*urgent, *others]
    members = share.of(incident for incident in share.found if incident not in set(singly))
    if not members and standing is None:
        return None
    into = standing.notification_id if standing else None
    return Fold(place, "flood", members, into, share.of(singly), len(singly), len(urgent))
