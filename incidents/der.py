"""Timestamp replies as authorities write them, made readable to a parser that wants strict DER.

OpenSSL, and many an authority that runs on it, leaves the certificates of a reply in the order in which they were
configured; DER wants a SET sorted. The certificates are not signed over, so sorting them changes nothing that counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SEQUENCE, CONTEXT_0 = 0x30, 0xA0


@dataclass(frozen=True)
class _Element:
    """One element within a text: its tag, where it begins, where its content begins, and where it ends."""

    tag: int
    start: int
    content: int
    end: int


def sorted_certificates(reply: bytes) -> bytes:
    """The reply with its certificates in DER's order; as it was where it is built otherwise than a reply is."""
    try:
        (response,) = _elements(reply, 0, len(reply))
        token = _second(reply, response, SEQUENCE)  # after the status
        (signed,) = _within(reply, _second(reply, token, CONTEXT_0))  # after the content's type
        (kept,) = (each for each in _within(reply, signed) if each.tag == CONTEXT_0)
        parts = sorted(reply[each.start : each.end] for each in _within(reply, kept))
    except (ValueError, IndexError):
        return reply
    return reply[: kept.content] + b"".join(parts) + reply[kept.end :]


def _within(text: bytes, element: _Element) -> list[_Element]:
    return list(_elements(text, element.content, element.end))


def _second(text: bytes, element: _Element, tag: int) -> _Element:
    found = _within(text, element)[1]
    if found.tag != tag:
        raise ValueError(f"tag {found.tag:#x} where {tag:#x} should be")
    return found


def _elements(text: bytes, start: int, end: int) -> Iterator[_Element]:
    while start < end:
        length, content = text[start + 1], start + 2
        if length == 0x80:
            raise ValueError("an element of indefinite length")
        if length > 0x80:
            content += length & 0x7F
            length = int.from_bytes(text[start + 2 : content], "big")
        if content + length > end:
            raise ValueError("an element that is longer than what holds it")
        yield _Element(text[start], start, content, content + length)
        start = content + length
