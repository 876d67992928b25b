"""Discord: messages of the channels and active threads that a bot can read.

Endpoints: GET /channels/{id}/messages, 100 a page, newest first; before it GET /users/@me/guilds and of each server
/guilds/{id}/channels, /members/{bot}, /threads/active; or GET /channels/{id} where the settings name channels.
Auth: a bot's token (TOCSIN_DISCORD_BOT_TOKEN), with the message content intent.
Quota: 50 calls a second, and a limit of each route's own; `X-RateLimit-*` headers are obeyed.
Cannot see: servers that did not invite the bot, channels that its roles may not read, threads that were opened and
archived between two runs, direct messages; edits of what is older than the overlap window and not among the newest
messages of its channel, nor deletions there.
Terms: keep no more than is needed, delete on request and what was deleted, train no model on it.
Source, read on 2026-11-21: https://discord.com/developers/docs/resources/message

Newest first, since that brings the news before the history, and lets the overlap window see edits. What was among the
newest messages of a channel and is missing from them now was deleted. A small client of our own: discord.py lives on
the gateway, where a message that comes while nobody listens is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import discord_thread
from collectors.admission import Admitted, admit
from collectors.backlog import Backlog
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint, Gone
from collectors.conversation import Conversation, Seed, told
from collectors.discord_channels import WHAT, Channel, named, readable
from collectors.discord_message import PLATFORM, is_notice, sent_at, to_mention
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.timeline import Fetch, Page, Record, Walk
from collectors.vocabulary import Terms
from collectors.wire import Wire
from policies.policy import Policy

FIX = "Check TOCSIN_DISCORD_BOT_TOKEN, and that the bot may view the channel and read its history."
PAGE_SIZE = 100
NEWEST = 50  # messages of a channel that are looked for again at the next run, to see what was deleted
SETTLE = timedelta(hours=1)  # the overlap window: what is younger is read again, for edits


class DiscordSettings(HttpSection):
    """The settings of Discord."""

    prefix = "discord"
    base_url: BaseUrl = Field("https://discord.com/api/v10", description="Base URL of the API")
    bot_token: SecretStr = needed("Token of the bot")
    channels: Listed = Field((), description="Ids of channels, comma-separated; empty: all that the bot can read")


class Discord:
    """The channels of one bot. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM

    def __init__(
        self,
        bot_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://discord.com/api/v10",
        channels: Sequence[str] = (),
        pages: int = 100,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to look for, or a channel's id is no number."""
        if wrong := [each for each in channels if not (each.isascii() and each.isdigit())]:
            raise ValueError(
                f"TOCSIN_DISCORD_CHANNELS: {wrong[0]!r} is no id of a channel: a number of 17 to 20 digits"
            )
        self._matcher = Terms.of(policies, PLATFORM).matcher()
        self.queries = tuple(channels) or ("channels",)  # how many there are, the bot's servers say
        self._channels = tuple(channels)
        self._base_url = base_url
        self.pages = pages
        self._settle = settle
        self._manners = manners or Manners()
        # Discord turns away clients whose name does not begin so.
        agent = f"DiscordBot (tocsin, 0.1) {self._manners.user_agent}"
        self._headers = {"Authorization": f"Bot {bot_token}", "User-Agent": agent}

    @classmethod
    def from_settings(
        cls, settings: DiscordSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Discord, ...]":
        """Raises ValueError, naming the setting, where the token is missing or a channel cannot be."""
        own = settings.required()
        token = own.bot_token.get_secret_value()
        return (cls(token, policies, base_url=own.base_url, channels=own.channels, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        newest: dict[str, list[str]] = dict(checkpoint.state.get("newest", {})) if checkpoint else {}
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            with visit.billed():
                channels = named(wire, self._channels) if self._channels else readable(wire)
            fetches: dict[str, Fetch] = {each.id: partial(self._page, wire, each, newest) for each in channels}
            for batch in Backlog(self.source, checkpoint, fetches, self._settle).batches(self.pages, visit):
                state = {**batch.checkpoint.state, "newest": {key: newest[key] for key in fetches if key in newest}}
                yield replace(batch, checkpoint=Checkpoint(self.source, state))

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch what was said around messages, 100 at a time. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            yield from told(visit, seeds, partial(discord_thread.read, wire, self._said))

    def _said(self, message: Any, channel: str, guild: str, thread: bool) -> Admitted | None:
        return self._record(message, Channel(channel, guild, thread=thread)).admitted

    def _page(self, wire: Wire, channel: Channel, newest: dict[str, list[str]], walk: Walk) -> Page:
        if channel.refusal:
            raise channel.refusal
        before = walk.cursor or walk.top
        answer = wire.get(f"channels/{channel.id}/messages", {"limit": PAGE_SIZE, "before": before})
        with documented(WHAT):
            messages = answer if answer is not None else []
            if not isinstance(messages, list):
                raise TypeError("the messages are no list")
            records = [self._record(message, channel) for message in messages]
            ids = [str(record.position) for record in records if record.position is not None]
            if before is None:
                records += [Record(None, Gone(each)) for each in _missing(newest.get(channel.id, []), ids, messages)]
                newest[channel.id] = ids[:NEWEST]
            return Page(tuple(records), ids[-1] if len(messages) == PAGE_SIZE else None)

    def _record(self, message: Any, channel: Channel) -> Record:
        native_id = message.get("id") if isinstance(message, dict) else None
        admitted = admit(message, f"{PLATFORM} {native_id or 'without id'}", partial(self._found, channel))
        numbered = isinstance(native_id, str) and native_id.isascii() and native_id.isdigit() and len(native_id) < 20
        kept = None if isinstance(message, dict) and is_notice(message) else admitted
        place = int(native_id) if numbered and native_id else None
        return Record(place, kept, sent_at(place) if place is not None else None)

    def _found(self, channel: Channel, message: dict[str, Any]) -> Mention:
        mention = to_mention(message, channel.guild, thread=channel.thread)
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})


def _missing(former: Sequence[str], now: Sequence[str], messages: Sequence[Any]) -> list[str]:
    """Those of the former newest messages that should be among these and are not.

    None where there is no message at all: so Discord answers a bot that may no longer read the channel's history.
    """
    lowest = min(map(int, now), default=0) if len(messages) == PAGE_SIZE else 0
    return [native_id for native_id in former if now and native_id not in now and int(native_id) > lowest]


ENTRY = Platform(
    name=PLATFORM,
    access="messages of the channels that a bot can read",
    settings=DiscordSettings,
    make=Discord.from_settings,
    reach=Reach(
        endpoint="GET /channels/{id}/messages of API v10, by httpx",
        auth="the token of a bot that was invited, with the message content intent",
        cannot_see="servers and channels that the bot may not read; threads opened and archived between two runs; "
        "direct messages; edits and deletions of what is old",
        terms="no more than is needed; a deletion is followed, as far as it was among a channel's newest; no model may "
        "be trained on it",
        conversation="/messages?around= of the channel; 100 messages around",
        documents="https://discord.com/developers/docs/resources/message",
        checked=date(2026, 11, 21),
        quotas=(Quota(50, 1),),
        volume=(0, 50_000),
    ),
)
