"""JSON over HTTP, for platforms that have no good client: one call in, parsed JSON out, with every source's manners.

A platform's own file says which paths there are; this says how they are asked for, and what an answer may be.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from collectors.closing import Closing
from collectors.collector import UnexpectedResponse
from collectors.manners import Judge, Visit, documented, judge
from collectors.transport import polite_client

Params = Mapping[str, str | int | float | bool | None]


class Declined(UnexpectedResponse):
    """A 4xx that is neither a matter of access nor of pace: 400, 404, 410, 422. `said` is the answer's text.

    The platform's file knows its own words for "gone" and for "too far back", and catches this where it expects them.
    """

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class Wire(Closing):
    """One run's calls of one JSON API. Use it as a context manager, which closes its connections."""

    def __init__(
        self,
        visit: Visit,
        what: str,
        fix: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        judging: Judge = judge,
    ) -> None:
        """`what` names the platform in messages; `fix` the settings that a refusal of access points at.

        `judging` says what a status means, where the platform has words of its own for it.
        """
        self._what = what
        self._base = base_url.rstrip("/")
        headers = {"Accept": "application/json", **(headers or {})}
        self._client = polite_client(visit, what, fix, judging, headers=headers)
        self.headers: Mapping[str, str] = {}  # of the last answer: some platforms say there how much more there is

    def get(self, path: str, params: Params | None = None) -> Any:
        """The JSON at `path` (from the base address on; or a whole address). Parameters that are None are left out.

        Raises a CollectError; Declined for a 4xx that the platform's own file may know the meaning of.
        """
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        return self._read(self._client.get(self._address(path), params=asked or None))

    def post(self, path: str, body: Any) -> Any:
        """The JSON that answers a JSON `body`. Raises as `get` does."""
        return self._read(self._client.post(self._address(path), json=body))

    def form(self, path: str, fields: Mapping[str, str]) -> Any:
        """The JSON that answers a form, as token endpoints take it. Raises as `get` does."""
        return self._read(self._client.post(self._address(path), data=dict(fields)))

    def _address(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else f"{self._base}/{path.lstrip('/')}"

    def _read(self, answer: httpx.Response) -> Any:
        self.headers = answer.headers
        if answer.is_client_error:
            said = " ".join(answer.text[:2000].split())
            message = f"{self._what} answered {answer.status_code}: {said[:200] or 'nothing'}"
            raise Declined(message, answer.status_code, said)
        with documented(self._what):
            return json.loads(answer.content, parse_constant=_no_number)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _no_number(name: str) -> Any:
    """NaN and Infinity are no JSON, and no database takes them."""
    raise ValueError(f"{name} is no JSON")
