"""google-api-python-client over our transport: every call minds the visit's manners, every error has our name.

A client is built from the discovery document that it carries, so that nothing is asked before the first call; its own
transport and retries give way to ours.
"""

from collections.abc import Mapping
from typing import Any

from collectors.closing import Closing
from collectors.collector import CollectError, UnexpectedResponse
from collectors.manners import MISSHAPEN, Judge, Visit, judge, unintelligible
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


class GoogleApi(Closing):
    """One run's calls of one of Google's APIs. Use it as a context manager, which closes its connections."""

    what: str

    def __init__(self, http: GoogleHttp, name: str, base_url: str, **options: Any) -> None:
        """`name`: the API and its version, as in "youtube v3"; `options` of the client's `build`."""
        from googleapiclient.discovery import build  # noqa: PLC0415 - half a second; only who reads Google waits for it

        self._http = http
        self._service = build(
            *name.split(),
            http=http,
            client_options={"api_endpoint": base_url.rstrip("/") + "/"},
            static_discovery=True,
            cache_discovery=False,
            **options,
        )

    def said(self, request: Any) -> Any:
        """What is answered to a request of the client. Raises a CollectError, which never quotes the address."""
        from googleapiclient.errors import Error, HttpError  # noqa: PLC0415 - as above

        try:
            return request.execute()
        except CollectError:
            raise
        except HttpError as error:  # its text would quote the address, which may hold a key
            raise self.refusal(error.status_code, f"{error.reason}"[:900]) from None
        except Error as error:
            raise UnexpectedResponse(f"{self.what}: {type(error).__name__}") from None
        except MISSHAPEN as error:
            raise unintelligible(self.what, error) from error

    def refusal(self, status: int, reason: str) -> CollectError:
        """What a refusal that the manners let through means."""
        return UnexpectedResponse(f"{self.what} answered {status}: {reason}")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
