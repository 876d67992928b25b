"""A server of Discord with channels and threads, for a server on the loopback; its messages are invented."""

from datetime import UTC, datetime
from typing import Any

from collectors.discord_channels import READ
from tests.collectors.server import Asked, Reply

EPOCH_MS = 1_420_070_400_000  # of Discord's ids
GUILD, CHANNEL, ME = "900", "901", "77"
USER = {"avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0, "primary_guild": None}


def native_id(number: int, moment: datetime = datetime(2026, 10, 1, tzinfo=UTC)) -> str:
    return str((int(moment.timestamp() * 1000) - EPOCH_MS << 22) + number)


def message(number: int, **others: Any) -> dict[str, Any]:
    """An invented message."""
    return {
        "id": native_id(number),
        "channel_id": CHANNEL,
        "type": 0,
        "content": "Quillmere Water",
        "timestamp": "2026-10-01T00:00:00.000000+00:00",
        "edited_timestamp": None,
        "author": {"id": "5", "username": "invented_one", "global_name": "Invented One", **USER},
        **{key: [] for key in ("attachments", "embeds", "components", "mentions", "mention_roles")},
        **{"pinned": False, "mention_everyone": False, "tts": False, "flags": 0},
        **others,
    }


class Server:
    """One server of Discord with its channels, for a bot with one role."""

    def __init__(self) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = {CHANNEL: []}
        self.channels: list[dict[str, Any]] = [{"id": CHANNEL, "type": 0, "guild_id": GUILD}]
        self.threads: list[dict[str, Any]] = []
        self.refused: set[str] = set()
        self.permissions = READ

    def __call__(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bot invented"
        assert asked.headers["user-agent"].startswith("DiscordBot (")
        parts = asked.path.strip("/").split("/")
        if parts[0] == "users":
            guild = {"id": GUILD, "name": "water", "permissions": str(self.permissions)}
            return Reply.of([guild] if len(parts) == 3 and "after" not in asked.params else {"id": ME})
        if parts[0] == "guilds":
            member, threads = {"roles": ["role"]}, {"threads": self.threads, "members": []}
            return Reply.of({"channels": self.channels, "members": member, "threads": threads}[parts[2]])
        if parts[1] in self.refused:
            return Reply.of({"message": "Missing Access", "code": 50001}, status=403)
        if len(parts) == 2:
            return Reply.of(next(each for each in [*self.channels, *self.threads] if each["id"] == parts[1]))
        before = int(asked.params.get("before", 10**20))
        listed = self.messages.get(parts[1], [])
        return Reply.of([each for each in listed if not isinstance(each, dict) or int(each["id"]) < before][:100])
