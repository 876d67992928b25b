"""How Tocsin behaves towards every platform: it retries a little, waits when asked, and always comes home.

A `Visit` is one run's dealings with one platform. It counts the calls, keeps the run's deadline, retries what may
pass (a fault of the platform, a cut connection), obeys `Retry-After` and rate-limit headers within `patience_s`, and
otherwise ends the run with a named CollectError, so that the next run continues. Clients' own waiting is switched
off: some of it is unbounded. It speaks to the hosts of the addresses that it was given, and to no others.
"""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from collectors.collector import (
    AccessDenied,
    BudgetSpent,
    CollectError,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)

USER_AGENT = "tocsin/0.1 (brand monitoring)"
EPOCH_S = 1_000_000_000  # a reset above this is a moment, below it a number of seconds
REMAINING = ("x-rate-limit-remaining", "x-ratelimit-remaining", "ratelimit-remaining")
RESETS = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
MOST_SAID = 10_000  # bytes of a refusal that are read for the wait that it asks for
EXCERPT = 200  # characters of a platform's answer that an error quotes
USUAL_PORTS = {"http": 80, "https": 443}
# What taking apart an answer of another shape than the documented one raises.
MISSHAPEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)

Answer = TypeVar("Answer")
# (status, headers, body, what, fix): raises the CollectError that an answer means. `judge` is the usual one.
Judge = Callable[[int, Mapping[str, str], bytes, str, str], None]


@dataclass(frozen=True)
class Manners:
    """The bounds of one run. Times are in seconds, sizes in bytes after decompression."""

    requests: int = 300  # calls, retries included
    run_s: float = 1200.0
    attempts: int = 4  # tries of one call
    timeout_s: float = 30.0  # connecting, and each silence while reading
    answer_s: float = 120.0  # one whole answer, however slowly it drips
    patience_s: float = 60.0  # the longest wait that is obeyed; a longer one ends the run
    backoff_s: float = 1.0  # first wait where the platform names none; doubles, with jitter
    max_bytes: int = 16 * 1024 * 1024
    user_agent: str = USER_AGENT
    sleep: Callable[[float], None] = time.sleep
    affords: Callable[[], bool] = lambda: True  # asked before each call: does the platform's budget pay for it?


class Visit:
    """One run's dealings with one platform. `requests` counts the calls made so far, retries included.

    `addresses` are those that the source is configured with: the run speaks to their hosts and ports alone.
    """

    def __init__(self, manners: Manners, *addresses: str) -> None:
        self.manners = manners
        self.requests = 0
        self._hosts = frozenset(map(_host, addresses))
        self._billed = 0
        self._ends = time.monotonic() + manners.run_s
        self._not_before = 0.0

    @property
    def spent(self) -> bool:
        """Whether the run has used up its calls or its time."""
        return self.requests >= self.manners.requests or time.monotonic() >= self._ends

    def bill(self) -> int:
        """The calls made since this was last asked: what a batch, or the error that ends a run, has cost."""
        calls, self._billed = self.requests - self._billed, self.requests
        return calls

    @contextmanager
    def billed(self) -> Iterator[None]:
        """Around a run, or a part of one: an error that ends it says what it cost beyond the batches."""
        try:
            yield
        except CollectError as error:
            error.requests = self.bill()
            raise

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Around a call with a quota of its own, as a login may have: where that is used up, no other need wait."""
        before = self._not_before
        yield
        self._not_before = before

    def permit(self, url: str) -> None:
        """Raises UnexpectedResponse for an address on any other host than those that the source is configured with."""
        if _host(url) not in self._hosts:
            known = ", ".join(sorted({name for name, _ in self._hosts})) or "no host"
            raise UnexpectedResponse(
                f"refused to speak to {urlsplit(url).hostname!r}: this source is configured for {known}. "
                "Where the platform has moved, set its address anew."
            )

    def ask(self, send: Callable[[], Answer]) -> Answer:
        """Call `send` until it answers, as often as manners allow. Raises the last CollectError."""
        retrying = Retrying(
            retry=retry_if_exception(self._may_pass),
            wait=self._wait,
            stop=self._must_stop,
            sleep=self.manners.sleep,
            reraise=True,
        )
        answer: Answer = retrying(self._once, send)
        return answer

    def heed(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says about the quota, so that the next call comes no sooner than it may."""
        remaining = _number(next((headers[name] for name in REMAINING if headers.get(name)), None))
        if remaining is not None and remaining < 1:
            self._not_before = time.monotonic() + (asked_to_wait(headers) or 0.0)

    def read(self, chunks: Iterable[bytes]) -> bytes:
        """Join the pieces of an answer's body. Raises UnexpectedResponse if too large, Unavailable if too slow."""
        ends = time.monotonic() + self.manners.answer_s
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > self.manners.max_bytes:
                raise UnexpectedResponse(f"the answer is larger than {self.manners.max_bytes} bytes")
            if time.monotonic() > ends:
                raise Unavailable(f"the answer took longer than {self.manners.answer_s:g} s")
        return bytes(body)

    def _once(self, send: Callable[[], Answer]) -> Answer:
        if self.spent:
            by_calls = self.requests >= self.manners.requests
            limit = f"{self.manners.requests} calls" if by_calls else f"{self.manners.run_s:g} s"
            raise RateLimited(f"this run has used its own limit of {limit}; the next continues")
        wait = self._not_before - time.monotonic()
        if wait > self.manners.patience_s:
            raise RateLimited(f"the quota is used up for {wait:.0f} s", wait)
        if wait > 0:
            self.manners.sleep(wait)
        if not self.manners.affords():
            raise BudgetSpent(f"the budget of this platform pays for no call after {self.requests} of this run")
        self.requests += 1
        return send()

    def _may_pass(self, error: BaseException) -> bool:
        if isinstance(error, RateLimited):
            return (error.retry_after_s or 0.0) <= self.manners.patience_s
        return isinstance(error, Unavailable)

    def _wait(self, state: RetryCallState) -> float:
        # An answer of "retry after 0 s" still meets the backoff: obeying it to the letter is a flood.
        backoff = wait_random_exponential(self.manners.backoff_s, max=self.manners.patience_s)(state)
        error = state.outcome.exception() if state.outcome else None
        return max(backoff, (isinstance(error, RateLimited) and error.retry_after_s) or 0.0)

    def _must_stop(self, state: RetryCallState) -> bool:
        late = time.monotonic() + state.upcoming_sleep > self._ends
        return late or self.spent or state.attempt_number >= self.manners.attempts


def judge(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """Raise the CollectError that an HTTP status means; return for what the platform's client should read itself.

    `what` names the platform in messages, `fix` the settings that a refusal of access points at. A 400 or 404 is
    left to the client, which knows the platform's own words for it.
    """
    said = f"{what} answered {status}: {_excerpt(body)}"
    if status in (401, 402, 403):
        raise AccessDenied(f"{said}. {fix}")
    if status == 429:
        told = asked_to_wait(headers)
        raise RateLimited(said, _told_to_wait(body) if told is None else told)
    if status in (408, 425) or status >= 500:
        raise Unavailable(said)
    if 300 <= status < 400 and status != 304:
        raise UnexpectedResponse(f"{what} answered {status}: redirects to {_whither(headers.get('location'))}")


def _whither(location: str | None) -> str:
    """Scheme and host of a redirect, no more: whoever takes a key in path or query sends it back with the rest."""
    if not location:
        return "nowhere"
    try:
        parts = urlsplit(location)
    except ValueError:
        return "what is no address"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, "", "", ""))[:EXCERPT] or "another path of the same host"


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait that an answer's headers name, or None. Reads Retry-After (seconds or a date) and resets."""
    for name in ("retry-after", *RESETS):
        value = headers.get(name)
        seconds = _number(value)
        if seconds is None:
            seconds = _date(value)
        if seconds is not None:
            return max(0.0, seconds - time.time() if seconds > EPOCH_S else seconds)
    return None


def _told_to_wait(body: bytes) -> float | None:
    """Seconds to wait that a refusal names in its JSON, as Discord, Telegram and Matrix do; None where it does not."""
    try:
        said = json.loads(body[:MOST_SAID])
        inner = said.get("parameters") or {}
        seconds = [_number(str(value)) for value in (said.get("retry_after"), inner.get("retry_after"))]
        millis = _number(str(said.get("retry_after_ms")))
    except MISSHAPEN:
        return None
    told = [wait for wait in (*seconds, millis and millis / 1000) if wait is not None]
    return max(0.0, *told) if told else None


def unintelligible(what: str, error: Exception) -> CollectError:
    """The error for an answer that the platform's own client could not digest."""
    return UnexpectedResponse(f"{what} answered with something else than its documented JSON: {error!r}"[:1000])


@contextmanager
def documented(what: str) -> Iterator[None]:
    """Around the reading of an answer's envelope: whatever does not fit is an UnexpectedResponse."""
    try:
        yield
    except MISSHAPEN as error:
        raise unintelligible(what, error) from error


def _host(url: str) -> tuple[str, int | None]:
    """Name and port; the usual ports of http and https are one, so that a site may move to https."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url, None
    return name, None if port in (None, *USUAL_PORTS.values()) else port


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(value: str | None) -> float | None:
    """The moment that a date names, as HTTP writes it or, as Mastodon does, by ISO 8601; UTC where it names no zone.

    None where it is neither.
    """
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value or "")
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            continue
    return None


def _excerpt(body: bytes) -> str:
    return " ".join(body[: 4 * EXCERPT].decode("utf-8", "replace").split())[:EXCERPT] or "nothing"
