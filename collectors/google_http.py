"""What google-api-python-client takes for its transport, put over ours: every call minds the visit's manners."""

from collections.abc import Mapping
from typing import Any

from collectors.manners import Judge, Visit, judge
from collectors.transport import polite_client


class GoogleHttp:
    """Stands in for an `httplib2.Http`: `request` answers with (response, body). Raises CollectErrors."""

    redirect_codes = frozenset[int]()

    def __init__(
        self, visit: Visit, what: str, fix: str, judging: Judge = judge, headers: Mapping[str, str] | None = None
    ) -> None:
        """`headers` go with every call."""
        self._client = polite_client(visit, what, fix, judging, headers=dict(headers or {}))

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        """One call. The client asks for gzip and a user agent of its own; those are ours to say."""
        import httplib2  # noqa: PLC0415 - comes with the client; only who reads Google waits for it

        own = ("accept-encoding", "user-agent")
        kept = {name: value for name, value in (headers or {}).items() if name.lower() not in own}
        answer = self._client.request(method, uri, content=body, headers=kept)
        return httplib2.Response({**dict(answer.headers), "status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
