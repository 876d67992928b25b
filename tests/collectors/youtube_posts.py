"""Videos and comments as YouTube sends them, all invented, and a server that answers with them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.collectors.server import Asked, Reply

START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
KEY = "invented-key"


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def video_id(number: int) -> str:
    return f"invented{number:03d}"


def result(number: int, moment: datetime = START) -> dict[str, Any]:
    """An invented search result."""
    snippet = {
        "publishedAt": written(moment),
        "channelId": "UC-invented",
        "channelTitle": "Invented One",
        "title": "Quillmere Water &amp; the burst main",
        "description": "No water since ...",
    }
    return {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": video_id(number)},
        "snippet": snippet,
    }


def comment(native_id: str, **snippet: Any) -> dict[str, Any]:
    """An invented comment."""
    said = {
        "textDisplay": "Quillmere Water again",
        "authorDisplayName": "@invented_two",
        "authorChannelId": {"value": "UC-two"},
        "likeCount": 2,
        "publishedAt": written(START),
        **snippet,
    }
    return {"kind": "youtube#comment", "id": native_id, "snippet": said}


def thread(native_id: str, moment: datetime = START, total: int = 0, replies: int = 0) -> dict[str, Any]:
    """An invented thread with some of its replies."""
    top = comment(native_id, videoId=video_id(1), publishedAt=written(moment))
    said = [comment(f"{native_id}.{number}", parentId=native_id) for number in range(replies)]
    return {
        "kind": "youtube#commentThread",
        "id": native_id,
        "snippet": {"videoId": video_id(1), "topLevelComment": top, "totalReplyCount": total},
        **({"replies": {"comments": said}} if said else {}),
    }


def refusal(status: int, reason: str) -> Reply:
    error = {"code": status, "message": reason, "errors": [{"domain": "youtube", "reason": reason}]}
    return Reply.of({"error": error}, status=status)


def answering(**paths: Any) -> Callable[[Asked], Reply]:
    """A server that answers each kind of call with its own items, or as a function of the call says."""

    def answer(asked: Asked) -> Reply:
        assert asked.params["key"] == KEY
        said = paths.get(asked.path.removeprefix("/youtube/v3/"), [])
        if callable(said):
            reply: Reply = said(asked)
            return reply
        return said if isinstance(said, Reply) else Reply.of({"items": said})

    return answer
