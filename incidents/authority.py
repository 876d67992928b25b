"""Who may act on which incident from Slack: those whom the route names, else the members of the channel it names.

A person whom Slack does not know, who has left, a bot, a guest, and whoever shares a channel from another organisation
may never act. Where Slack refuses its directory, who is named by user id may, and nobody else: that it is they who
press is Slack's word, by its signature, and that they may is the pack's. Where it does not answer, or does not take
our credential, nobody may.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from incidents.outbox import DeliveryError, Denied, Refused, Withdrawn
from policies.policy import Policy, Route


@dataclass(frozen=True)
class Person:
    """One member of the workspace. `name` is as Slack shows it, unescaped."""

    id: str
    name: str

    @property
    def actor(self) -> str:
        """As events and the audit trail name them: `Sam Sample (U0SAM)`."""
        return f"{self.name} ({self.id})"


class NobodyKnown(Exception):
    """Slack knows no such person, or one who may not act for the organisation. The message says which."""


class NotAllowed(Exception):
    """The person may not act here. `who` are the ids (user, group, channel) of those who may."""

    def __init__(self, message: str, who: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.who = tuple(who)


class Directory(Protocol):
    """Who is who in the workspace. Each method raises DeliveryError where Slack does not say."""

    def person(self, user_id: str) -> Person:
        """A member in good standing. Raises NobodyKnown."""
        ...

    def channel(self, channel_id: str) -> frozenset[str]:
        """The user ids of a channel's members."""
        ...

    def group(self, group_id: str) -> frozenset[str]:
        """The user ids of a user group."""
        ...


class Authority:
    """Decides by the packs in force, the setting for routes that name nobody, and Slack's own directory."""

    def __init__(
        self,
        directory: Directory,
        policies: Callable[[], Mapping[str, Policy]],
        actors: Sequence[str] = (),
        default_channel: str = "",
    ) -> None:
        self._directory = directory
        self._policies = policies
        self._actors = tuple(actors)
        self._default_channel = default_channel.strip()

    def person(self, user_id: str) -> Person:
        """A member in good standing. Raises NotAllowed, DeliveryError."""
        try:
            return self._directory.person(user_id)
        except NobodyKnown as error:
            raise NotAllowed(str(error)) from error

    def typist(self, user_id: str) -> Person:
        """Who types a command. What they may is asked where it is done. Raises NotAllowed, DeliveryError."""
        routes = ((pack.id, route) for pack in self._policies().values() for route in pack.routes)
        named = any(user_id in self.who(*each) for each in routes)
        return self._listed(user_id) if named else self.person(user_id)

    def may(self, user_id: str, policy: str, route: str) -> bool:
        """Whether they may act on what goes to this route; not where the directory is refused. Raises DeliveryError."""
        try:
            self.admit(user_id, policy, route)
        except Withdrawn:
            raise
        except (NotAllowed, Refused, Denied):
            return False
        return True

    def admit(self, user_id: str, policy: str, route: str) -> Person:
        """The person, where they may act on what goes to this route. Raises NotAllowed, DeliveryError."""
        who = self.who(policy, route)
        person = self._listed(user_id) if user_id in who else self.person(user_id)
        if user_id not in who and not self._is_of_any(user_id, who):
            told = self._route(policy, route)
            if not who:
                raise NotAllowed(f"No pack in force says who may act on the route {route}; use `tocsin incident`.")
            raise NotAllowed(f"Incidents of {told.name if told else route} are not yours to act on.", who)
        return person

    def admit_any(self, user_id: str, policy: str, routes: Sequence[str]) -> Person:
        """The person, where they may act on what goes to one of these routes. Raises NotAllowed, DeliveryError.

        What Slack refuses to say of one route shuts out nobody of another.
        """
        refused: list[NotAllowed] = []
        unsaid: DeliveryError | None = None
        for route in routes:
            try:
                return self.admit(user_id, policy, route)
            except Withdrawn:
                raise
            except (Refused, Denied) as error:
                unsaid = error
            except NotAllowed as error:
                refused.append(error)
        if unsaid is not None:
            raise unsaid
        raise NotAllowed(str(refused[0]), [each for error in refused for each in error.who])

    def _listed(self, user_id: str) -> Person:
        """Who is named by id may act without a directory that we may read, and goes by the id; not who has left."""
        try:
            return self.person(user_id)
        except Withdrawn:
            raise
        except (Refused, Denied):
            return Person(user_id, user_id)

    def who(self, policy: str, route: str) -> tuple[str, ...]:
        """The ids of those who may act on a route: users, user groups, or the one channel whose members may.

        The setting speaks for the default channel alone: a route with actors or a channel of its own is left to them,
        and a restricted one to the members of its channel, so that what goes to few is acted on by few.
        """
        known = self._route(policy, route)
        if known is None:
            return ()
        own = (known.slack_channel or "").strip()
        if known.slack_actors or own:
            return known.slack_actors or (own,)
        if self._actors and not known.restricted:
            return self._actors
        return (self._default_channel,) if self._default_channel else ()

    def _route(self, policy: str, route: str) -> Route | None:
        pack = self._policies().get(policy)
        return pack.routes.get(route) if pack else None

    def _is_of_any(self, user_id: str, who: Sequence[str]) -> bool:
        """Whether they are of one of these; a group or channel that Slack refuses shuts out nobody of another."""
        unsaid: DeliveryError | None = None
        for each in who:
            try:
                if self._is_of(user_id, each):
                    return True
            except Withdrawn:
                raise
            except (Refused, Denied) as error:
                unsaid = error
        if unsaid is not None:
            raise unsaid
        return False

    def _is_of(self, user_id: str, allowed: str) -> bool:
        if allowed.startswith("S"):
            return user_id in self._directory.group(allowed)
        if allowed.startswith(("U", "W")):
            return user_id == allowed
        return user_id in self._directory.channel(allowed)
