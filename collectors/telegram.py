"""Telegram: messages of the groups and channels that a bot has joined, and what people write to the bot.

Endpoint: GET /bot{token}/getUpdates, 100 updates a call, oldest first.
Auth: a bot's token (TOCSIN_TELEGRAM_BOT_TOKEN), in the address; it is kept out of logs and messages.
Quota: none is documented; a 429 names the wait.
Cannot see: what is older than 24 hours, which Telegram forgets; groups where the bot has privacy mode on (BotFather
turns it off) and is no administrator; deletions; public channels without the bot. A bot has one reader: with a webhook,
or a second program that asks for its updates, there is none here.
Terms: keep no more than the bot's purpose needs, delete on request.
Source, read on 2026-11-21: https://core.telegram.org/bots/api#getupdates

Asking for what follows an update confirms it and all before it, and Telegram then forgets them. So nothing is asked for
before what came is stored: the next page is fetched when the batch has been taken, the last is confirmed by the next
run. After a week without updates their numbers begin anew, lower perhaps, and asking on from the old number would
confirm those unread; after two days of silence nothing is asked from, since all that was unconfirmed is forgotten.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from pydantic import Field, SecretStr

from collectors.admission import MISSHAPEN, Admitted, admit
from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, UnexpectedResponse
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.telegram_message import KINDS, PLATFORM, is_said, message_of, to_mention
from collectors.vocabulary import Terms
from collectors.wire import Declined, Wire
from policies.policy import Policy

WHAT = "Telegram"
FIX = "Check TOCSIN_TELEGRAM_BOT_TOKEN."
ONE_READER = "A bot's updates have one reader: remove its webhook (deleteWebhook), stop the other program."
PAGE_SIZE = 100
FORGOTTEN = timedelta(days=2)  # Telegram keeps updates for one


class TelegramSettings(HttpSection):
    """The settings of Telegram."""

    prefix = "telegram"
    base_url: BaseUrl = Field("https://api.telegram.org", description="Base URL of the Bot API")
    bot_token: SecretStr = needed("Token of the bot")
    chats: Listed = Field((), description="Ids or @names of chats, comma-separated; empty: all groups and channels")


class Telegram:
    """The chats of one bot. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    queries = ("getUpdates",)

    def __init__(
        self,
        bot_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://api.telegram.org",
        chats: Sequence[str] = (),
        pages: int = 100,
        manners: Manners | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises ValueError where the packs give nothing to look for."""
        self._matcher = Terms.of(policies, PLATFORM).matcher()
        self._token = bot_token
        self._base_url = base_url
        self._chats = frozenset(chat.removeprefix("@").casefold() for chat in chats)
        self.pages = pages
        self._manners = manners or Manners()
        self._now = now

    @classmethod
    def from_settings(
        cls, settings: TelegramSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Telegram, ...]":
        """Raises ValueError, naming the setting, where the token is missing."""
        own = settings.required()
        token = own.bot_token.get_secret_value()
        return (cls(token, policies, base_url=own.base_url, chats=own.chats, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached is still Telegram's to tell."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url) as wire:
            onward = {"updates": partial(self._follow, wire)}
            try:
                yield from Backlog(self.source, checkpoint, {}, onward=onward).batches(self.pages, visit)
            except CollectError as error:
                error.args = tuple(str(part).replace(self._token, "<token>") for part in error.args)
                raise

    def _follow(self, wire: Wire, cursor: str | None) -> Stretch:
        now = self._now().timestamp()
        last = json.loads(cursor) if cursor else None
        following = last["update"] + 1 if last and now - last["at"] < FORGOTTEN.total_seconds() else None
        asked = {"offset": following, "limit": PAGE_SIZE, "timeout": 0, "allowed_updates": json.dumps(KINDS)}
        answer = self._asked(wire, asked)
        with documented(WHAT):
            numbers = [update["update_id"] for update in answer["result"]]
            if not all(isinstance(number, int) for number in numbers):
                raise TypeError("the updates are not numbered")
            if following is not None and any(number < following for number in numbers):
                raise UnexpectedResponse(f"{WHAT} repeats updates that were confirmed, before {following}")
            read = (self._admitted(update) for update in answer["result"])
            found = _latest([item for item in read if item is not None])
        place = json.dumps({"update": numbers[-1], "at": now}) if numbers else None
        return Stretch(found, place, more=len(numbers) == PAGE_SIZE)

    def _asked(self, wire: Wire, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = wire.get(f"bot{quote(self._token, safe=':')}/getUpdates", asked)
        except Declined as error:
            if error.status not in (404, 409):
                raise
            # So Telegram answers a token that it does not know, and a second reader.
            raise AccessDenied(f"{error}. {FIX if error.status == 404 else ONE_READER}") from error
        return answer

    def _admitted(self, update: dict[str, Any]) -> Admitted | None:
        """What an update brings; None where it is no message of a chat that is read."""
        try:
            unread = not self._is_read(update) or not is_said(update)
        except MISSHAPEN:
            unread = False  # too broken to tell: the door says why
        return None if unread else admit(update, f"{PLATFORM} update {update['update_id']}", self._found)

    def _is_read(self, update: dict[str, Any]) -> bool:
        """A private message to the bot is no public mention: it is read only where its chat is named."""
        chat = (message_of(update) or {}).get("chat") or {}
        if not self._chats:
            return chat.get("type") != "private"
        return not self._chats.isdisjoint({str(chat.get("id")), str(chat.get("username")).casefold()})

    def _found(self, update: dict[str, Any]) -> Mention:
        mention = to_mention(update)
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})


def _latest(found: list[Admitted]) -> tuple[Admitted, ...]:
    """Each message once: of one that was edited while nobody asked, its latest form."""
    last = {item.id: place for place, item in enumerate(found) if isinstance(item, Mention)}
    return tuple(item for place, item in enumerate(found) if not isinstance(item, Mention) or last[item.id] == place)


ENTRY = Platform(
    name=PLATFORM,
    access="messages of the groups and channels that a bot has joined",
    settings=TelegramSettings,
    make=Telegram.from_settings,
    reach=Reach(
        endpoint="GET /bot{token}/getUpdates of the Bot API, by httpx",
        auth="the token of a bot that was added, with privacy mode off or as an administrator",
        cannot_see="what is older than 24 hours; chats without the bot; deletions; anything while the bot has a "
        "webhook or another reader",
        terms="no more than the bot's purpose needs; nobody tells of a deletion, so delete on request",
        conversation="none: a bot is shown no history",
        documents="https://core.telegram.org/bots/api#getupdates",
        checked=date(2026, 11, 21),
        volume=(0, 50_000),
    ),
)
