"""The workspace's directory, over slack-sdk, remembered for a minute: who is who, in which channel and group."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from incidents.authority import NobodyKnown, Person
from incidents.escape import one_line
from incidents.outbox import Unavailable
from incidents.slack_errors import delivery_errors, error_of

REMEMBERED_S = 60.0  # whoever leaves a channel may act for this long
PAGE = 200
UNKNOWN = {"user_not_found", "users_not_found", "user_not_visible"}

Held = TypeVar("Held")


class SlackDirectory:
    """`incidents.authority.Directory`. Safe to use from several threads."""

    def __init__(
        self,
        client: WebClient,
        *,
        remembered_s: float = REMEMBERED_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._remembered_s = remembered_s
        self._monotonic = monotonic
        self._held: dict[tuple[str, str], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def person(self, user_id: str) -> Person:
        """Raises NobodyKnown for strangers, guests, bots and those who have left; DeliveryError."""
        return self._remembered("person", user_id, self._ask_person)

    def channel(self, channel_id: str) -> frozenset[str]:
        """The members of a channel. Raises DeliveryError."""
        return self._remembered("channel", channel_id, self._ask_channel)

    def group(self, group_id: str) -> frozenset[str]:
        """The members of a user group. Raises DeliveryError."""
        return self._remembered("group", group_id, self._ask_group)

    def _ask_person(self, user_id: str) -> Person:
        try:
            user = self._client.users_info(user=user_id).get("user") or {}
        except SlackApiError as error:
            if error_of(error) in UNKNOWN:
                raise NobodyKnown("Slack does not know you in this workspace.") from error
            raise
        if user.get("deleted"):
            raise NobodyKnown("Your account in this workspace is deactivated.")
        if user.get("is_bot") or user_id == "USLACKBOT":
            raise NobodyKnown("A bot may not act on incidents.")
        if user.get("is_restricted") or user.get("is_ultra_restricted") or self._is_foreign(user):
            raise NobodyKnown("A guest or a member of another organisation may not act on incidents.")
        profile = user.get("profile") or {}
        named = profile.get("real_name") or user.get("real_name") or user.get("name") or ""
        return Person(user_id, one_line(str(named), 80) or user_id)

    def _is_foreign(self, user: Mapping[str, Any]) -> bool:
        """Whether they belong to another organisation; `is_stranger` is not said of who shares a channel with us."""
        team = user.get("team_id")
        if user.get("is_stranger") or not team:
            return bool(user.get("is_stranger"))
        our_team, our_enterprise = self._remembered("home", "", self._ask_home)
        theirs = (user.get("enterprise_user") or {}).get("enterprise_id")
        return team != our_team and not (theirs and theirs == our_enterprise)

    def _ask_home(self, _name: str) -> tuple[str | None, str | None]:
        """The workspace that the token is of, and its Enterprise Grid where it has one."""
        answer = self._client.auth_test()
        return answer.get("team_id"), answer.get("enterprise_id")

    def _ask_channel(self, channel_id: str) -> frozenset[str]:
        return frozenset(self._members(channel_id))

    def _members(self, channel_id: str) -> Iterator[str]:
        cursor, seen = None, set[str]()
        while True:
            page = self._client.conversations_members(channel=channel_id, cursor=cursor, limit=PAGE)
            yield from page.get("members") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            if cursor in seen:
                raise Unavailable("Slack's listing gives the same cursor twice")
            seen.add(cursor)

    def _ask_group(self, group_id: str) -> frozenset[str]:
        return frozenset(self._client.usergroups_users_list(usergroup=group_id).get("users") or [])

    def _remembered(self, kind: str, name: str, ask: Callable[[str], Held]) -> Held:
        now = self._monotonic()
        with self._lock:
            until, held = self._held.get((kind, name), (0.0, None))
        if until > now:
            known: Held = held
            return known
        with delivery_errors():
            answer = ask(name)
        with self._lock:
            self._held = {key: entry for key, entry in self._held.items() if entry[0] > now}
            self._held[kind, name] = (now + self._remembered_s, answer)
        return answer
