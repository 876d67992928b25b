"""Recorded answers of real platforms, read without our adapters: the exchanges of cassettes, the posts in raw bodies.

What a test finds here by the shape of the JSON alone, the real client and our adapter must find too, once and whole.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Exchange:
    """One recorded call and its answer, decompressed."""

    where: str  # file and number
    method: str
    uri: str
    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def exchanges(folder: Path) -> Iterator[Exchange]:
    """Every exchange of the VCR and Betamax cassettes under a folder; a plain JSON file is one exchange with GET."""
    for path in sorted(each for each in folder.rglob("*") if each.suffix in (".yaml", ".yml", ".json")):
        text = path.read_bytes()
        kept = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=SAFE)  # noqa: S506 - it is safe
        calls = (kept.get("interactions") or kept.get("http_interactions")) if isinstance(kept, dict) else None
        if calls is None:
            yield Exchange(path.name, "GET", "", 200, text)
            continue
        for number, call in enumerate(calls):
            asked, answer = call["request"], call["response"]
            status = answer.get("status", answer.get("status_code"))  # the latter by older recorders over httpx
            status = status["code"] if isinstance(status, dict) else status
            yield Exchange(f"{path.name}#{number}", asked.get("method", "GET"), asked["uri"], status, _body(answer))


def _body(answer: Any) -> bytes:
    body = answer.get("body") or answer.get("content") or b""
    body = body.get("string") or b"" if isinstance(body, dict) else body
    body = body.encode() if isinstance(body, str) else body
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def found(value: Any, is_post: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value that looks like a post, the outer before the inner, inner ones too."""
    if isinstance(value, dict):
        if is_post(value):
            yield value
        for item in value.values():
            yield from found(item, is_post)
    elif isinstance(value, list):
        for item in value:
            yield from found(item, is_post)


def distinct(posts: Iterator[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Posts by id; of one id the last seen."""
    return {str(post[key]): post for post in posts}
