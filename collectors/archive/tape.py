"""A place in an archive that moves forward: lines, or any pattern, of bounded length, and what was read so far.

A reader looks ahead of the place, makes up its mind, and only then advances. `position` is therefore always the end
of the last record that was dealt with, and the digest in it tells whether a file still begins with the same bytes.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.archive.refusal import Refusal

LINE_LIMIT = 1024 * 1024  # bytes of one record
PAGE_LIMIT = 8 * LINE_LIMIT  # bytes of one page that holds many


@dataclass(frozen=True)
class Position:
    """How much of an archive was read: bytes of its UTF-8 text, the number of the next line, SHA-256 of those bytes."""

    offset: int
    line: int
    sha256: str


class Overlong(Refusal):
    """What starts here does not end within the limit."""


class Tape:
    """Reads chunks as they are needed. Every method may raise the Refusal of a damaged stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""
        self._start = 0  # of what is not read yet, in the buffer
        self._hashed = 0
        self._sha256 = hashlib.sha256()
        self.offset = 0
        self.line = 1

    @property
    def position(self) -> Position:
        """The place after all that was advanced over."""
        self._hash()
        return Position(self.offset, self.line, self._sha256.hexdigest())

    def head(self, size: int) -> bytes:
        """Up to `size` bytes ahead, fewer only at the end."""
        while len(self._buffer) - self._start < size and self._fill():
            pass
        return self._buffer[self._start : self._start + size]

    def byte(self, ahead: int) -> int:
        """One byte that was looked at."""
        return self._buffer[self._start + ahead]

    def waiting(self) -> bytes:
        """What was looked at and not advanced over: the beginning of a record that the stream broke off."""
        return self._buffer[self._start :]

    def look_line(self, ahead: int = 0, limit: int = LINE_LIMIT) -> bytes:
        """The line that starts `ahead` bytes from here, its newline included; empty at the end.

        A line that is longer than `limit` comes cut, with more than `limit` bytes.
        """
        searched = ahead
        while True:
            newline = self._buffer.find(b"\n", self._start + searched)
            held = len(self._buffer) - self._start
            if newline >= 0 or held - ahead > limit or not self._fill():
                end = newline + 1 if newline >= 0 else len(self._buffer)
                begin = self._start + ahead
                return self._buffer[begin : min(end, begin + limit + 1)]
            searched = held

    def match(self, pattern: re.Pattern[bytes], ahead: int, limit: int) -> int:
        """Where a match that starts `ahead` bytes from here ends; -1 if the end comes first. Raises Overlong."""
        while True:
            if found := pattern.match(self._buffer, self._start + ahead):
                return found.end() - self._start
            if len(self._buffer) - self._start > limit:
                raise Overlong(f"is longer than {limit // LINE_LIMIT} MiB")
            if not self._fill():
                return -1

    def advance(self, size: int) -> bytes:
        """Take `size` bytes that were looked at."""
        end = self._start + size
        taken = self._buffer[self._start : end]
        self.line += taken.count(b"\n")
        self.offset += len(taken)
        self._start = end
        return taken

    def skip_line(self) -> None:
        """Advance over the rest of a line of any length."""
        while (newline := self._buffer.find(b"\n", self._start)) < 0:
            self.advance(len(self._buffer) - self._start)
            if not self._fill():
                return
        self.advance(newline + 1 - self._start)

    def skip_to(self, position: Position) -> bool:
        """Advance to a place of an earlier reading; False if what comes before it is no longer the same."""
        while (missing := position.offset - self.offset) > 0:
            if not self.head(1):
                return False
            self.advance(min(missing, len(self._buffer) - self._start))
        return self.position == position

    def _fill(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._hash()
        self._buffer = self._buffer[self._start :] + piece
        self._start = self._hashed = 0
        return True

    def _hash(self) -> None:
        self._sha256.update(self._buffer[self._hashed : self._start])
        self._hashed = self._start
