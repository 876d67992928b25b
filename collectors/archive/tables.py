"""CSV and TSV, one row at a time, each with the number of the line on which it starts."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.archive.refusal import Refusal
from collectors.archive.tape import LINE_LIMIT, Overlong, Tape

DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class Row:
    """The cells of one row; or why it could not be read."""

    line: int
    cells: tuple[str, ...]
    payload: bytes
    fault: str | None = None


def delimiter(header: str) -> str:
    """The delimiter that a header line uses most; a comma where it uses none."""
    return max(DELIMITERS, key=header.count) if any(map(header.count, DELIMITERS)) else ","


def rows(tape: Tape, separator: str) -> Iterator[Row]:
    """Read to the end. The tape has advanced over a row when it is yielded, unless it is the last and has no newline.

    A quotation mark that is never closed would swallow the rest of the file: such a row is refused by its first line
    alone, and reading goes on with the next line.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LINE_LIMIT))  # a process has one; ours bounds whole rows
    while line := tape.look_line():
        ahead = _Ahead(tape)
        try:
            cells = next(csv.reader(ahead, delimiter=separator, strict=True), [])
        except (csv.Error, Overlong, UnicodeDecodeError) as error:
            fault = Row(tape.line, (), line, _reason(error))
            if not line.endswith(b"\n") and len(line) <= LINE_LIMIT:
                yield fault
                return
            tape.skip_line()
            yield fault
            continue
        payload = tape.head(ahead.size)
        row = Row(tape.line, tuple(cells), payload)
        if not payload.endswith(b"\n"):  # a writer may be in the middle of it: the next reading starts here again
            yield row
            return
        tape.advance(ahead.size)
        if payload.strip():
            yield row


class _Ahead:
    """The lines of one row, looked at and not yet taken: csv decides how many belong to it."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self.size = 0

    def __iter__(self) -> "_Ahead":
        return self

    def __next__(self) -> str:
        line = self._tape.look_line(self.size)
        if self.size + len(line) > LINE_LIMIT:
            raise Overlong(f"the row is longer than {LINE_LIMIT // 1024} KiB, or a quotation mark is never closed")
        if not line:
            raise StopIteration
        self.size += len(line)
        return line.decode("utf-8")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return not_utf8(error)
    if isinstance(error, Refusal):
        return str(error)
    return f"the row is not well-formed CSV: {error}"


def not_utf8(error: UnicodeDecodeError) -> str:
    """What to say of bytes in another encoding."""
    byte = error.object[error.start]
    return f"the line is not UTF-8 (byte 0x{byte:02x} at place {error.start + 1}); save the file as UTF-8"
