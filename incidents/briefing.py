"""How much of a post a channel is shown: whole words with people by role, with names, or none at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from collectors.register import NOBODY, StaffRegister
from incidents.by_role import READ, Aim, Span, aim_of, excerpt, in_sentence, mask_slurs, told
from incidents.escape import harmless
from incidents.incident import Exhibit
from policies.policy import CategoryName, Policy

SHARED = (
    "it tells of a person who may be at risk, and this channel is not the route's own; set slack_channel of the "
    "route {route} in the policy pack"
)


@dataclass(frozen=True)
class Briefing:
    """What may be said in the channel of one category's route of the words of posts aimed at `aim`."""

    aim: Aim
    names: bool
    withheld: str
    register: StaffRegister = NOBODY

    @classmethod
    def of(
        cls, policy: Policy, category: CategoryName, exhibits: Sequence[Exhibit], register: StaffRegister = NOBODY
    ) -> "Briefing":
        """`exhibits` are those of one incident, oldest first, never empty."""
        route = policy.categories[category].route
        own = category != "safeguarding" or has_own_channel(policy, route)
        withheld = "" if own else SHARED.format(route=route)
        return cls(aim_of(exhibits, register), policy.routes[route].names_in_channel, withheld, register)

    @property
    def named(self) -> str:
        """The target's name, where it may be said; else nothing."""
        return self.aim.names[-1] if self.names and self.aim.names else ""

    def excerpt(self, text: str, spans: Sequence[Span], on: date) -> str:
        """The words of a post of that day; nothing where they are withheld."""
        return "" if self.withheld else self.words(excerpt(text, spans), on)

    def words(self, text: str, on: date) -> str:
        """A text about the post, such as why it was found."""
        if self.names:
            return mask_slurs(harmless(text[:READ]))
        return in_sentence(told(text, self.aim, self.register, on), self.aim)


def has_own_channel(policy: Policy, route: str) -> bool:
    """Whether a route names a channel that no other route of the pack does."""
    channel = policy.routes[route].slack_channel
    others = {each.slack_channel for name, each in policy.routes.items() if name != route}
    return channel is not None and channel not in others
