"""Slack's requests by HTTP: bounded, verified by their signature, taken once, acknowledged within three seconds.

| what comes | answer |
| --- | --- |
| a press, a form or `/tocsin`, signed in the last five minutes | 200, and the work follows |
| too long | 413 |
| without a signature, with a wrong one, or older than five minutes | 401 |
| signed, and seen before | 409 |
| signed, and not to be read | 400 |
| signed, and not noted in time | 503: nothing is acknowledged that could still be lost |
"""

import asyncio
import hashlib
import logging
from concurrent.futures import Future

from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from incidents.intake import Intake
from incidents.interaction import Interaction
from incidents.slack_payload import Malformed, read_body

PATH = "/slack/actions"
MOST_BYTES = 512 * 1024  # Slack sends the whole message along with a press
KEEP_S = 2.0  # of Slack's three seconds, for keeping a request before it is acknowledged
TOO_LONG = "longer than any request of Slack's"

log = logging.getLogger(__name__)


class Turned(Exception):
    """A request turned away. The message says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class SlackDoor:
    """The endpoint. `verifier` carries the signing secret and the clock."""

    def __init__(self, verifier: SignatureVerifier, intake: Intake) -> None:
        self._verifier = verifier
        self._intake = intake

    async def answer(self, request: Request) -> Response:
        """Answer one POST."""
        try:
            asked = await self._read(request)
        except Turned as error:
            self._intake.refuse_stranger(PATH, f"{error.status}: {error}")
            return PlainTextResponse(f"{error}\n", error.status)
        if asked is None:
            return Response()
        mark = "signature:" + hashlib.sha256(request.headers["x-slack-signature"].encode()).hexdigest()
        try:
            if not await kept(self._intake.receive(asked, mark)):
                return PlainTextResponse("this request was taken before\n", 409)
        except TimeoutError:
            log.warning("the warehouse is too slow to note a request of Slack's: not acknowledged")
            return PlainTextResponse("not noted in time: see whether it was done before you press again\n", 503)
        return Response()

    async def _read(self, request: Request) -> Interaction | None:
        """What a request asks. Raises Turned."""
        try:
            body = await bounded(request)
        except ClientDisconnect as error:
            raise Turned(400, "cut off before its end") from error
        if body is None:
            raise Turned(413, TOO_LONG)
        if not self.is_signed(request, body):
            raise Turned(401, "not signed with the app's secret in the last five minutes")
        try:
            return read_body(body)
        except Malformed as error:
            raise Turned(400, str(error)) from error

    def is_signed(self, request: Request, body: bytes) -> bool:
        """Whether Slack made it, and lately. Headers of any form give an answer, never an error."""
        try:
            return self._verifier.is_valid(
                body, request.headers.get("x-slack-request-timestamp"), request.headers.get("x-slack-signature")
            )
        except (ValueError, TypeError, OverflowError):  # no number, not ASCII, no UTF-8
            return False


async def bounded(request: Request) -> bytes | None:
    """The body, or None where it is longer than it may be; what is too long is not read to its end."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


async def kept(first: Future[bool]) -> bool:
    """Whether the request is the first of its kind, as soon as it is kept. Raises TimeoutError."""
    return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(first)), KEEP_S)
