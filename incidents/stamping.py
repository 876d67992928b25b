"""Timestamps of the custody log by an outside authority (RFC 3161): that an entry, and all before, stood so then.

What is stamped is the canonical text of an entry, whose SHA-256 is the entry's own. The authority is sent that hash and
nothing else. Whoever trusts the authority need not trust us.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx
from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from collectors.unlogged import keep_addresses_out_of_the_log
from incidents.custody import CustodyEntry, canonical
from incidents.der import sorted_certificates

TIMEOUT_S = 20
MOST_BYTES = 100_000  # of a reply; real ones take 2,000 to 8,000
LONGEST_S = 60  # for a whole reply, however slowly it comes
GIVE_UP_AFTER = 3  # failures in a row: an authority that is down is not asked a thousand times

UNREADABLE = "an address that cannot be read"

Stream = Callable[..., AbstractContextManager[httpx.Response]]  # httpx.stream, or that of a client


class StampRefused(Exception):
    """There is no timestamp, or none that holds. The message says why."""


@dataclass(frozen=True)
class Stamp:
    """A timestamp of one entry: what was asked (.tsq), what was answered (.tsr), and when, as the authority says.

    `tsa`: the authority's `address`.
    """

    incident_id: str
    sequence: int
    tsa: str
    query: bytes
    reply: bytes
    stamped_at: datetime


class StampBook(Protocol):
    """Where it is kept what was stamped, and what waits."""

    def waiting(self, limit: int) -> Sequence[CustodyEntry]:
        """The newest entry of each log that has changed since its last timestamp, the least often tried first."""
        ...

    def keep(self, stamp: Stamp) -> None:
        """Keep a timestamp."""
        ...

    def note_failure(self, entry: CustodyEntry, tsa: str, error: str) -> None:
        """Note that there was none, and why."""
        ...


@dataclass(frozen=True)
class StampCounts:
    """What one run did; `problems` are the distinct reasons of what failed."""

    stamped: int
    failed: int
    problems: tuple[str, ...]


def address(tsa: str) -> str:
    """An authority's URL as it is kept and told: without what may be secret in it, user, password and query."""
    try:
        url = httpx.URL(tsa)
    except httpx.InvalidURL:
        return UNREADABLE
    return str(url.copy_with(userinfo=b"", query=None, fragment=None)) if url.host else UNREADABLE


def stamp_all(book: StampBook, tsa: str, authority: bytes | None = None, limit: int = 500) -> StampCounts:
    """Have everything stamped that waits. May be killed at any line: what was not kept is asked for again."""
    stamped, in_a_row, failures = 0, 0, list[str]()
    keep_addresses_out_of_the_log()  # there may be a password in it
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=True) as client:
        for entry in book.waiting(limit):
            try:
                book.keep(ask(client.stream, entry, tsa, authority))
            except StampRefused as error:
                book.note_failure(entry, address(tsa), str(error))
                failures.append(str(error))
                in_a_row += 1
            else:
                stamped, in_a_row = stamped + 1, 0
            if in_a_row == GIVE_UP_AFTER:
                break
    return StampCounts(stamped, len(failures), tuple(dict.fromkeys(failures)))


def ask(stream: Stream, entry: CustodyEntry, tsa: str, authority: bytes | None = None) -> Stamp:
    """One timestamp, checked. `authority`: certificates (PEM) that its own must rest on. Raises StampRefused.

    `tsa`: the authority's whole URL; what is kept and told of it is its `address`.
    """
    named = address(tsa)
    if named == UNREADABLE:  # httpx would quote it: of a password with a slash in it, the first half
        raise StampRefused("the authority's URL cannot be read: write https://host/path, and %2F for a / in a password")
    query = TimestampRequestBuilder(canonical(entry).encode("ascii"), HashAlgorithm.SHA256).build()
    try:
        reply = _reply(stream, tsa, query.as_bytes())
    except httpx.HTTPError as error:
        raise StampRefused(f"{named} did not answer: {error or type(error).__name__}") from error
    told = check(entry, reply, authority)
    if told.tst_info.nonce != query.nonce:
        raise StampRefused(f"{named} answered another question than ours: the nonce differs")
    at = told.tst_info.gen_time.astimezone(UTC)
    return Stamp(entry.incident_id, entry.sequence, named, query.as_bytes(), reply, at)


def _reply(stream: Stream, tsa: str, query: bytes) -> bytes:
    """What was answered, read no further than a timestamp can be long, nor for ever. Raises StampRefused, HTTPError."""
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
        "Accept-Encoding": "identity",
    }
    named, reply, until = address(tsa), bytearray(), time.monotonic() + LONGEST_S
    with stream("POST", tsa, content=query, headers=headers) as answer:
        if answer.status_code != httpx.codes.OK:
            raise StampRefused(f"{named} answered with status {answer.status_code}")
        for part in answer.iter_raw():
            reply += part
            if len(reply) > MOST_BYTES:
                raise StampRefused(f"{named} answered with more than {MOST_BYTES:,} bytes, which is no timestamp")
            if time.monotonic() > until:
                raise StampRefused(f"{named} was still answering after {LONGEST_S} s")
    return bytes(reply)


def check(entry: CustodyEntry, reply: bytes, authority: bytes | None = None) -> TimeStampResponse:
    """The reply, read: a timestamp of this very entry. Raises StampRefused.

    With `authority` the signature and its certificates are checked, too; without it only what the reply says.
    """
    try:
        told = decode_timestamp_response(sorted_certificates(reply))
    except ValueError as error:
        raise StampRefused(f"the reply is no timestamp: {error}") from error
    if told.status != PKIStatus.GRANTED:
        said = "; ".join(told.status_string) or "no reason"
        raise StampRefused(f"the authority refused (status {told.status}): {said}")
    text = canonical(entry).encode("ascii")
    try:
        if told.tst_info.message_imprint.message != hashlib.sha256(text).digest():
            raise StampRefused(f"the timestamp is not of custody entry {entry.sequence}: it is of another text")
        if authority is not None:
            _verify(told, text, authority)
    except (ValueError, VerificationError) as error:
        raise StampRefused(f"the timestamp of custody entry {entry.sequence} does not hold: {error}") from error
    return told


def _verify(told: TimeStampResponse, text: bytes, authority: bytes) -> None:
    builder = VerifierBuilder()
    for certificate in load_pem_x509_certificates(authority):
        builder = builder.add_root_certificate(certificate)
    builder.build().verify_message(told, text)
