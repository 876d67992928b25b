"""Invented conversations on rooms and workplaces, as their APIs show them."""

from urllib.parse import quote, unquote

from collectors.conversation import Seed
from collectors.discord import Discord
from collectors.matrix import Matrix
from collectors.yammer import Yammer
from tests.collectors import discord_server, matrix_server, test_yammer
from tests.collectors.server import Asked, Reply
from tests.collectors.talk import Talk, saying


def matrix(asked: Asked) -> Reply:
    event, relation = matrix_server.event, {"m.relates_to": {"rel_type": "m.thread", "event_id": "$2"}}
    answer = event(9, {"msgtype": "m.text", "body": "an answer", **relation})
    start = f"/rooms/{matrix_server.ROOM}"
    if "/context/" in asked.path:
        assert unquote(asked.path) == f"{matrix_server.API}{start}/context/$2"
        redacted = event(4, {})
        around = {"events_before": [event(1)], "event": event(2), "events_after": [event(3), redacted], "state": []}
        return Reply.of(around)
    assert unquote(asked.path) == f"/_matrix/client/v1{start}/relations/$2"
    return Reply.of({"chunk": [answer, event(3)]})


def discord(asked: Asked) -> Reply:
    assert asked.path == f"/channels/{discord_server.CHANNEL}/messages"
    assert asked.params == {"around": discord_server.native_id(2), "limit": "100"}
    notice = discord_server.message(4, type=7)
    return Reply.of([notice, *(discord_server.message(number) for number in (3, 2, 1))])


def yammer(asked: Asked) -> Reply:
    first, message = test_yammer.FIRST, test_yammer.message
    assert asked.path == f"/messages/in_thread/{first + 1}.json"
    notice = message(4, system_message=True)
    replies = [message(number, replied_to_id=first + 1, thread_id=first + 1) for number in (3, 2)]
    if "older_than" in asked.params:
        return Reply.of({"messages": [message(1)], "references": [test_yammer.USER], "meta": {}})
    told = {"messages": [notice, *replies], "references": [test_yammer.USER], "meta": {"older_available": True}}
    return Reply.of(told)


ROOMS: dict[str, Talk] = {
    "matrix": Talk(
        lambda url, policy, manners: Matrix(url, "invented", [policy], manners=manners),
        Seed("$2", ("$2",), f"https://matrix.to/#/{quote(matrix_server.ROOM, safe='!')}/%242"),
        matrix,
        ("$1", "$2", "$3", "$9"),
        outcome="window",
        gone=saying(404, {"errcode": "M_NOT_FOUND", "error": "none"}),
    ),
    "discord": Talk(
        lambda url, policy, manners: Discord("invented", [policy], base_url=url, manners=manners),
        Seed(
            discord_server.native_id(2),
            (discord_server.native_id(2),),
            f"https://discord.com/channels/900/901/{discord_server.native_id(2)}",
        ),
        discord,
        tuple(discord_server.native_id(number) for number in (1, 2, 3)),
        outcome="window",
        gone=saying(404, {"message": "Unknown Channel", "code": 10003}),
    ),
    "yammer": Talk(
        lambda url, policy, manners: Yammer("token", [policy], base_url=url, pause_s=0.0, manners=manners),
        Seed(str(test_yammer.FIRST + 1), (str(test_yammer.FIRST + 2),)),
        yammer,
        tuple(str(test_yammer.FIRST + number) for number in (1, 2, 3)),
        gone=saying(404, {"base": "none"}),
    ),
}
