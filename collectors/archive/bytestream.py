"""An archive's bytes, as UTF-8, in chunks: gzip is unpacked and UTF-16 turned into UTF-8 on the way.

Which it is, is told by the first bytes and not by the name. Memory stays flat whatever the file holds.
"""

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from collectors.archive.refusal import Refusal

CHUNK = 256 * 1024  # bytes
GZIP = b"\x1f\x8b"
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's text as UTF-8 bytes without a byte order mark. Raises Refusal where the data is damaged."""
    yield from _as_utf8(_unpacked(_read(stream)))  # nothing is read, and so nothing refused, before it is asked for


def _read(stream: BinaryIO) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except OSError as error:
        raise Refusal(f"the file could not be read to its end: {error.strerror or error}") from error


def _started(pieces: Iterator[bytes], enough: int = 4) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and what follows: a pipe may deliver fewer at a time than a mark is long."""
    head = b""
    while len(head) < enough and (piece := next(pieces, None)) is not None:
        head += piece
    return head, pieces


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head, rest = _started(pieces)
    whole = chain((head,), rest)
    return _gunzip(whole) if head.startswith(GZIP) else whole


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    for piece in pieces:
        waiting = piece
        while waiting:
            if member.eof:  # another member follows, or the padding that some tools write
                waiting = waiting.lstrip(b"\x00")
                member = zlib.decompressobj(wbits=31) if waiting else member
            if waiting:
                yield _inflated(member, waiting)
                waiting = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof and (more := _inflated(member, b"")):
        yield more
    if not member.eof:
        raise Refusal("the gzip data ends before it is complete; what came before was read")


def _inflated(member: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return member.decompress(data, CHUNK)  # never more at once, however well it was packed
    except zlib.error as error:
        raise Refusal(f"the gzip data is damaged from here on ({error})") from error


def _as_utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head, rest = _started(pieces)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            text = chain((head[len(mark) :],), rest)
            return text if encoding == "utf-8" else _transcoded(text, encoding)
    return chain((head,), rest)


def _transcoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Half a pair of surrogates passes through as bytes that are not UTF-8, and so is refused with its own line."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for piece in chain(pieces, (None,)):
        try:
            yield decoder.decode(piece or b"", final=piece is None).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")
            raise Refusal(f"the {encoding.upper()} text is damaged from here on ({error.reason})") from error
