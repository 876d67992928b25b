"""Slack's requests by Socket Mode: no address of ours has to be reachable. slack-sdk keeps the connection up."""

import logging
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

from incidents.intake import Intake
from incidents.interaction import Interaction
from incidents.slack_errors import delivery_errors
from incidents.slack_http import KEEP_S
from incidents.slack_payload import Malformed, read_command, read_payload

SUBJECT = "socket mode"

log = logging.getLogger(__name__)


class SlackSocket:
    """A connection of one app. Each request is kept first, and then acknowledged; the work follows."""

    def __init__(self, app_token: str, client: WebClient, intake: Intake, ping_interval_s: float = 10) -> None:
        self._app_token = app_token
        self._web = client
        self._intake = intake
        self._ping_interval_s = ping_interval_s
        self._client: SocketModeClient | None = None

    def connect(self) -> None:
        """Open the connection. Raises Denied where the app-level token is not taken, Unavailable."""
        client = SocketModeClient(self._app_token, web_client=self._web, ping_interval=self._ping_interval_s)
        client.socket_mode_request_listeners.append(self._listen)
        self._client = client
        try:
            with delivery_errors():
                client.connect()
        except Exception:
            self.close()
            raise

    def is_connected(self) -> bool:
        """Whether requests can come in at this moment."""
        return self._client is not None and self._client.is_connected()

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _listen(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._is_kept(request):
            try:
                client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            except (SlackClientError, OSError) as error:
                log.warning("a request could not be acknowledged, Slack will send it again: %s", error)

    def _is_kept(self, request: SocketModeRequest) -> bool:
        """Whether nothing is lost by telling Slack that we have it."""
        try:
            asked = read_request(request)
        except Malformed as error:
            self._intake.refuse_stranger(SUBJECT, f"malformed: {error}")
            return True
        if asked is None:
            return True
        if self._intake.is_late(asked):
            self._intake.refuse_late(asked)
            return True
        try:
            self._intake.receive(asked, f"envelope:{request.envelope_id}"[:200]).result(KEEP_S)
        except Exception as error:  # noqa: BLE001 - whatever kept it from being noted; the intake has logged it
            log.warning("not acknowledged, since it could not be kept: %s", error or type(error).__name__)
            return False
        return True


def read_request(request: SocketModeRequest) -> Interaction | None:
    """What one envelope holds. None: nothing is to be done. Raises Malformed."""
    payload: Any = request.payload
    if request.type == "interactive":
        return read_payload(payload)
    if request.type == "slash_commands":
        return read_command(payload)
    raise Malformed("an envelope of a kind that the app does not ask for")
