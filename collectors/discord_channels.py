"""Which channels and threads of Discord a bot can read, by the rules that Discord computes permissions by.

See https://discord.com/developers/docs/topics/permissions. Asking a channel whether it may be read costs a refusal, and
refusals are counted against the bot.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.collector import AccessDenied
from collectors.manners import documented
from collectors.wire import Declined, Wire

WHAT = "Discord"
ADMINISTRATOR = 1 << 3
READ = 1 << 10 | 1 << 16  # to view the channel, and to read its history
SPOKEN_IN = {0, 2, 5, 13}  # text, voice, announcements, stage; a forum (15) or gallery (16) holds threads alone
GUILDS_A_PAGE = 200


@dataclass(frozen=True)
class Channel:
    """One channel or thread that is read. `guild` is its server; None where the channel belongs to none.

    `refusal`: why it cannot be read, although the settings name it.
    """

    id: str
    guild: str | None
    thread: bool = False
    refusal: AccessDenied | Declined | None = None


def named(wire: Wire, ids: Sequence[str]) -> list[Channel]:
    """The channels of the settings, and the active threads in them. Raises a CollectError."""
    channels = [_named(wire, native_id) for native_id in ids]
    guilds = dict.fromkeys(channel.guild for channel in channels if channel.guild and not channel.thread)
    threads = [thread for guild in guilds for thread in _threads(wire, str(guild), set(ids))]
    return list({channel.id: channel for channel in (*threads, *channels)}.values())


def readable(wire: Wire) -> list[Channel]:
    """Every channel that the bot can read, of every server that it is in. Raises a CollectError."""
    me = _text(wire.get("users/@me"), "id")
    return [channel for guild in _guilds(wire) for channel in _of(wire, guild, me)]


def allowed(base: int, overwrites: Sequence[Mapping[str, Any]], guild: str, roles: set[str], member: str) -> bool:
    """Whether somebody with these permissions, roles and id may read a channel with these overwrites."""
    if base & ADMINISTRATOR:
        return True
    everyone = [each for each in overwrites if each["id"] == guild]
    by_role = [each for each in overwrites if each["id"] in roles]
    own = [each for each in overwrites if each["id"] == member]
    for group in (everyone, by_role, own):
        denied = granted = 0
        for each in group:
            denied, granted = denied | int(each["deny"]), granted | int(each["allow"])
        base = base & ~denied | granted
    return base & READ == READ


def _named(wire: Wire, native_id: str) -> Channel:
    try:
        told = wire.get(f"channels/{native_id}")
    except (AccessDenied, Declined) as error:
        return Channel(native_id, None, refusal=error)
    with documented(WHAT):
        return Channel(native_id, told.get("guild_id"), thread="thread_metadata" in told)


def _guilds(wire: Wire) -> Iterator[dict[str, Any]]:
    after, seen = None, set[str]()
    while True:
        page = wire.get("users/@me/guilds", {"limit": GUILDS_A_PAGE, "after": after})
        with documented(WHAT):
            fresh = [guild for guild in page if guild["id"] not in seen]
            seen.update(guild["id"] for guild in fresh)
        yield from fresh
        if len(page) < GUILDS_A_PAGE or not fresh:
            return
        after = page[-1]["id"]


def _of(wire: Wire, guild: dict[str, Any], me: str) -> list[Channel]:
    native_id = _text(guild, "id")
    channels = wire.get(f"guilds/{native_id}/channels")
    member = wire.get(f"guilds/{native_id}/members/{me}")
    with documented(WHAT):
        base, roles = int(guild["permissions"]), set(member["roles"])
        opened = {
            each["id"]: each["type"]
            for each in channels
            if allowed(base, each.get("permission_overwrites") or (), native_id, roles, me)
        }
    spoken_in = [Channel(channel, native_id) for channel, kind in opened.items() if kind in SPOKEN_IN]
    return [*spoken_in, *_threads(wire, native_id, set(opened))]


def _threads(wire: Wire, guild: str, parents: set[str]) -> list[Channel]:
    answer = wire.get(f"guilds/{guild}/threads/active")
    with documented(WHAT):
        return [Channel(each["id"], guild, thread=True) for each in answer["threads"] if each["parent_id"] in parents]


def _text(told: Any, name: str) -> str:
    with documented(WHAT):
        value = told[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is no text: {value!r}")
    return value
