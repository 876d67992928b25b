"""What differs between two packs: a plain list, in the words of somebody who edits them.

Every field counts that judges, tells, watches or keeps; examples, which change no judgement, do not. Things with a
name of their own (clauses, accounts, categories) are compared by that name, wherever they stand in the file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from policies.policy import Policy

FIRST = ("clauses", "categories", "routes", "accounts", "exceptions")  # what people ask about first
ONE_OF = {
    "clauses": "clause",
    "categories": "category",
    "routes": "route",
    "accounts": "account",
    "exceptions": "exception",
}
CONTEXT = 4  # words shown on either side of words that changed
SHOWN = 300  # characters of one value


@dataclass(frozen=True)
class Difference:
    """One field, or one whole thing. `old` None: it was added; `new` None: it was removed."""

    place: tuple[str, ...]  # ("categories", "threat", "threshold"), ("clauses", "DWP-SMP 4.1")
    old: Any
    new: Any

    def __str__(self) -> str:
        """`category threat: threshold 0.5 becomes 0.35`."""
        part, *rest = self.place
        thing = [f"{ONE_OF[part]} {rest.pop(0)}:"] if part in ONE_OF and rest else [f"{part}:" if rest else part]
        return " ".join([*thing, *(each.replace("_", " ") for each in rest), _change(self.old, self.new)])


def differences(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """Everything in which two packs differ; what people ask about first comes first."""
    found = _compared(_judging(old), _judging(new), ())
    return tuple(sorted(found, key=lambda each: FIRST.index(each.place[0]) if each.place[0] in FIRST else len(FIRST)))


def _judging(pack: Policy) -> dict[str, Any]:
    plain = pack.model_dump(mode="json", exclude={"version": True})
    for category in plain["categories"].values():
        del category["examples"]
    return plain


def _compared(old: Any, new: Any, place: tuple[str, ...]) -> Iterator[Difference]:
    if old == new:
        return
    before, after = _by_name(old), _by_name(new)
    if before is None or after is None:
        yield Difference(place, old, new)
        return
    for name in dict.fromkeys((*before, *after)):
        yield from _compared(before.get(name), after.get(name), (*place, name))


def _by_name(value: Any) -> Mapping[str, Any] | None:
    """The parts of a value by their names; None where it has none: a word, a number, a list of words."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return {_name(item): item for item in value}
    return None


def _name(item: Mapping[str, Any]) -> str:
    """A clause's id; an account's handle and platform; else all that it says, since any change makes it another."""
    if "id" in item:
        return str(item["id"])
    if "handle" in item:
        handle = "@" + str(item["handle"]).lstrip("@")
        return f"{handle} on {item['platform']}" if item.get("platform") else handle
    return json.dumps(item, sort_keys=True, ensure_ascii=False)


def _change(old: Any, new: Any) -> str:
    if old is None:
        return f"is added: {_shown(new)}"
    if new is None:
        return f"is removed: {_shown(old)}"
    if isinstance(old, list) and isinstance(new, list):
        return _list_change(old, new)
    if isinstance(old, str) and isinstance(new, str):
        before, after = _around(old.split(), new.split())
        return f"{_quoted(before)} becomes {_quoted(after)}" if before != after else "has other spaces"
    return f"{_shown(old)} becomes {_shown(new)}"


def _quoted(words: str) -> str:
    return words if words and " " not in words else f"“{words}”"


def _list_change(old: Sequence[Any], new: Sequence[Any]) -> str:
    gained = [_shown(item) for item in new if item not in old]
    lost = [_shown(item) for item in old if item not in new]
    told = [f"gains {', '.join(gained)}"] if gained else []
    told += [f"loses {', '.join(lost)}"] if lost else []
    return " and ".join(told) or "stands in another order"


def _around(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """The words that changed, with a few on either side."""
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    return _stretch(old, head, tail), _stretch(new, head, tail)


def _same(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _stretch(words: Sequence[str], head: int, tail: int) -> str:
    start, end = max(0, head - CONTEXT), min(len(words), len(words) - tail + CONTEXT)
    stretch = " ".join(words[start:end])
    return f"{'… ' if start else ''}{stretch}{' …' if end < len(words) else ''}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        text = _shown(value["text"]) if "text" in value else _fields(value)
    elif isinstance(value, list):
        text = ", ".join(map(_shown, value))
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _fields(value: Mapping[str, Any]) -> str:
    told = ((name, item) for name, item in value.items() if item not in (None, "", [], {}))
    return ", ".join(f"{name} {_shown(item)}" for name, item in told)
