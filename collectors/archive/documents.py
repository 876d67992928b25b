"""JSON, one value at a time: JSON Lines, a long array, or pretty-printed documents one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from collectors.archive.refusal import Refusal
from collectors.archive.tables import not_utf8
from collectors.archive.tape import LINE_LIMIT, PAGE_LIMIT, Overlong, Tape

# One record may have 1 MiB; what holds many (an array, a page of X or of Reddit) may have 8.
_PAGE = re.compile(rb'\s*(\[|\{\s*"(data|includes|meta|errors|statuses|results)"\s*:|\{\s*"kind"\s*:\s*"Listing")')
_SEPARATORS = re.compile(rb"[\s,\[\]]*+(?=[^\s,\[\]])")
# Up to and including the next bracket that is not inside a string; a string ends at the latest with its line.
_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+(?:"|\\?\n)[^"{}\[\]]*+)*+[{}\[\]]')
# What a database could not store, or could not give back as JSON: a null byte, a number beyond every float.
_SUSPECT = re.compile(rb"\\u0000|[eE]\+?\d{3}|\d{200}")


@dataclass(frozen=True)
class Value:
    """The bytes of one JSON value and the line on which it starts; or why it could not be taken."""

    line: int
    data: bytes
    fault: str | None = None


def lines(tape: Tape) -> Iterator[Value]:
    """JSON Lines. The tape has advanced over a line when it is yielded, unless it is the last and has no newline."""
    while line := tape.look_line():
        if len(line) > LINE_LIMIT and _PAGE.match(line):
            line = tape.look_line(limit=PAGE_LIMIT)
        value = _measured(tape.line, line)
        if value.fault:
            tape.skip_line()
        elif line.endswith(b"\n"):
            tape.advance(len(line))
        if line.strip():
            yield value
        if not value.fault and not line.endswith(b"\n"):
            return  # a writer may be in the middle of it: the next reading starts here again


def values(tape: Tape) -> Iterator[Value]:
    """The top-level values of a document, and of the arrays around them. The tape stays behind the last of them."""
    while True:
        begin = tape.match(_SEPARATORS, 0, PAGE_LIMIT)
        if begin < 0:
            return
        tape.advance(begin)
        at, end = tape.line, _end(tape)
        if end < 0:
            yield Value(at, tape.head(LINE_LIMIT), "what starts here never ends; the rest of the file was not read")
            return
        value = _measured(at, tape.head(end))
        tape.advance(end)
        yield value


def _end(tape: Tape) -> int:
    """How many bytes the value that starts here has: an object to its last bracket, anything else to the line's end."""
    if tape.head(1) != b"{":
        return len(tape.look_line())
    depth = end = 0
    while True:
        try:
            end = tape.match(_BRACKET, end, PAGE_LIMIT)
        except Overlong:
            return -1
        if end < 0:
            return -1
        depth += 1 if tape.byte(end - 1) in b"{[" else -1
        if depth == 0:
            return end


def _measured(line: int, data: bytes) -> Value:
    limit = PAGE_LIMIT if _PAGE.match(data) else LINE_LIMIT
    fault = f"the line is longer than {limit // LINE_LIMIT} MiB" if len(data) > limit else None
    return Value(line, data, fault)


def parsed(value: Value) -> Any:
    """What the JSON says. Raises Refusal with the reason in plain words."""
    if value.fault:
        raise Refusal(value.fault)
    try:
        found = from_json(value.data, allow_inf_nan=False)
    except ValueError as error:
        raise Refusal(_reason(value.data, error)) from error
    if _SUSPECT.search(value.data):
        _check_storable(found)
    return found


def _reason(data: bytes, error: ValueError) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return not_utf8(wrong)
    if b"\x00" in data:
        return "the line holds a null byte"
    words = str(error)
    if "recursion" in words:
        return "the JSON is nested deeper than 200 levels"
    if re.search(rb"\b(NaN|-?Infinity)\b", data):
        words += " (NaN and Infinity are not JSON)"
    elif re.search(rb"\\u[dD][89abAB]", data) and "escape" in words:
        words = "half a character: a surrogate without its other half"
    return f"the line is not valid JSON: {words.replace(' at line 1 column', ' at place')}"


def _check_storable(value: Any) -> None:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as members:
                waiting += [*members.keys(), *members.values()]
            case list() as elements:
                waiting += elements
            case str() as text if "\x00" in text:
                raise Refusal("the record holds a null byte")
            case float() as number if number in (float("inf"), float("-inf")):
                raise Refusal("the record holds a number that is too large for any computer's arithmetic")
