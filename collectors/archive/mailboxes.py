"""The messages of a mailbox, one at a time: mbox in all its kinds, and a file that holds one message alone.

In an mbox a message begins with a line `From sender date` after an empty one. Python's own `mailbox` needs a file that
it may search, and takes every line that begins with "From " for a beginning; ours comes from a pipe or from gzip as
well, and its last message may still be growing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.archive.tape import PAGE_LIMIT, Tape

# `From` and a sender, who may be written "name at example.org", and a date in one of the two orders.
_DAY = rb"(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2})"
SEPARATOR = re.compile(rb"From [^\n]*?[A-Z][a-z]{2},? +" + _DAY + rb"\b[^\n]*\d\d:\d\d[^\n]*")
# The first line of every patch that git writes: it stands inside of messages.
_PATCH = re.compile(rb"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\s*")
_EMPTY = (b"\n", b"\r\n")


@dataclass(frozen=True)
class Letter:
    """The bytes of one message, the separator included, and the line on which it starts. `cut`: its end is missing."""

    line: int
    data: bytes
    cut: bool = False


def letters(tape: Tape, *, alone: bool = False) -> Iterator[Letter]:
    """Read to the end; `alone`: the file is one message. The last one is not advanced over, since it may still grow."""
    while tape.head(1):
        size, ended = _extent(tape, alone=alone)
        letter = Letter(tape.line, tape.head(min(size, PAGE_LIMIT)), cut=size > PAGE_LIMIT)
        if ended or letter.cut:
            tape.advance(size)
        if letter.cut:
            _skip(tape, alone=alone)
        if letter.data.strip():
            yield letter
        if not ended and not letter.cut:
            return


def begins(line: bytes) -> bool:
    """Whether a line is the first of a message in an mbox."""
    return bool(SEPARATOR.match(line)) and not _PATCH.fullmatch(line)


def _extent(tape: Tape, *, alone: bool) -> tuple[int, bool]:
    """How many bytes the message that starts here has, and whether another one follows it."""
    size = len(tape.look_line())
    after_empty = False
    while size <= PAGE_LIMIT and (line := tape.look_line(size)):
        if after_empty and not alone and begins(line):
            return size, True
        after_empty = line in _EMPTY
        size += len(line)
    return size, False


def _skip(tape: Tape, *, alone: bool) -> None:
    """Advance over the rest of an overlong message."""
    after_empty = False
    while line := tape.look_line():
        if after_empty and not alone and begins(line):
            return
        after_empty = line in _EMPTY
        tape.advance(len(line))
