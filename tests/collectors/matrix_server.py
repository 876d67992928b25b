"""A homeserver of Matrix with rooms, for a server on the loopback; its messages are invented."""

from typing import Any

from tests.collectors.server import Asked, Reply

ROOM = "!room:quill.example"
API = "/_matrix/client/v3"


def event(number: int, content: Any = None, **others: Any) -> dict[str, Any]:
    """An invented message."""
    return {
        "type": "m.room.message",
        "event_id": f"${number}",
        "sender": "@invented_one:quill.example",
        "origin_server_ts": 1_790_000_000_000 + number,
        "content": {"msgtype": "m.text", "body": "Quillmere Water"} if content is None else content,
        **others,
    }


def edit(number: int, target: int, text: str, **others: Any) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": f"* {text}", "m.new_content": {"msgtype": "m.text", "body": text}}
    relation = {"rel_type": "m.replace", "event_id": f"${target}"}
    return event(number, {**content, "m.relates_to": relation}, **others)


class Homeserver:
    """One room, or several, whose events come in an order of their own; tokens are numbers of events."""

    def __init__(self, most: int = 3) -> None:
        self.most = most
        self.rooms: dict[str, list[tuple[int, dict[str, Any]]]] = {ROOM: []}
        self.stream = 0
        self.closed: set[str] = set()

    def say(self, *events: dict[str, Any], room: str = ROOM) -> None:
        for each in events:
            self.stream += 1
            self.rooms.setdefault(room, []).append((self.stream, each))

    def __call__(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer invented"
        parts = asked.path.removeprefix(f"{API}/").split("/")
        if parts[0] == "sync":
            return Reply.of(self.sync(int(asked.params.get("since", "s0")[1:])))
        if parts[0] == "joined_rooms":
            return Reply.of({"joined_rooms": [room for room in self.rooms if room not in self.closed]})
        room = parts[1].replace("%21", "!").replace("%3A", ":")
        if room in self.closed:
            return Reply.of({"errcode": "M_FORBIDDEN", "error": "not in room"}, status=403)
        if parts[2] == "event":
            known = {each["event_id"]: each for _, each in self.rooms[room]}
            found = known.get(parts[3].replace("%24", "$"))
            return Reply.of(found) if found else Reply.of({"errcode": "M_NOT_FOUND"}, status=404)
        return Reply.of(self.before(room, asked.params))

    def sync(self, since: int) -> dict[str, Any]:
        joined = {}
        for room, events in self.rooms.items():
            news = [(at, each) for at, each in events if at > since]
            if news:
                shown = news[-self.most :]
                limited = len(news) > self.most
                timeline = {
                    "events": [each for _, each in shown],
                    "limited": limited,
                    "prev_batch": f"s{shown[0][0] - 1}",
                }
                joined[room] = {"timeline": timeline}
        return {"next_batch": f"s{self.stream}", "rooms": {"join": joined}}

    def before(self, room: str, params: dict[str, str]) -> dict[str, Any]:
        assert (params["dir"], params["limit"]) == ("b", "100")
        above, until = int(params.get("from", "s999")[1:]), int(params.get("to", "s0")[1:])
        older = [(at, each) for at, each in self.rooms[room] if until < at <= above][::-1]
        page = older[: self.most]
        end = {"end": f"s{page[-1][0] - 1}"} if page else {}
        return {"chunk": [{**each, "room_id": room} for _, each in page], "start": params.get("from"), **end}
