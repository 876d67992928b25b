"""What we ask the Google Play Developer API for, through google-api-python-client, as a service account."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from collectors.collector import AccessDenied, CollectError, RateLimited, UnexpectedResponse
from collectors.google_http import GoogleApi, GoogleHttp
from collectors.manners import MISSHAPEN, Visit, judge, unintelligible
from collectors.transport import polite_session

WHAT = "Google Play"
FIX = (
    "Check TOCSIN_GOOGLEPLAY_KEY_FILE, that the Android Developer API is enabled for its project, and that its account "
    'may "Reply to reviews" of these apps.'
)
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
TOKENS = "https://oauth2.googleapis.com/token"
PAGE_SIZE = 100
PACED = {"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "RESOURCE_EXHAUSTED"}
DENIED = {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_scope", "deleted_client"}


class ServiceAccount:
    """The key file of a service account. Nothing is read before it is needed."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def key(self) -> dict[str, Any]:
        """What the file holds. Raises AccessDenied, naming the setting, where it is no key file."""
        try:
            key = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise AccessDenied(f"the key file cannot be read: {error}. {FIX}") from error
        if not isinstance(key, dict) or not {"client_email", "private_key"} <= key.keys():
            raise AccessDenied(
                f"the key file has no client_email and private_key: it is not a service account's. {FIX}"
            )
        return {"token_uri": TOKENS, **key}

    @staticmethod
    def token(key: Mapping[str, Any], visit: Visit) -> str:
        """An access token for one run. Raises a CollectError."""
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - only who reads Google Play waits for it
        from google.auth.transport.requests import Request  # noqa: PLC0415 - as above
        from google.oauth2.service_account import Credentials  # noqa: PLC0415 - as above

        try:
            account = Credentials.from_service_account_info(key, scopes=[SCOPE])  # type: ignore[no-untyped-call]
            with polite_session(visit, WHAT, FIX) as session:
                account.refresh(Request(session))
        except CollectError:
            raise
        except GoogleAuthError as error:
            kind = AccessDenied if any(word in str(error) for word in DENIED) else UnexpectedResponse
            raise kind(f"{WHAT}: {error}. {FIX}"[:1000]) from error
        except MISSHAPEN as error:
            raise unintelligible(WHAT, error) from error
        return str(account.token)


class GooglePlayApi(GoogleApi):
    """One run's calls."""

    what = WHAT

    def __init__(self, visit: Visit, base_url: str, token: str) -> None:
        http = GoogleHttp(visit, WHAT, FIX, judged, {"Authorization": f"Bearer {token}"})
        super().__init__(http, "androidpublisher v3", base_url)

    def reviews(self, package: str, token: str | None) -> Any:
        """A page of an app's reviews, the most recently modified first. Raises a CollectError."""
        asked = {"packageName": package, "maxResults": PAGE_SIZE, **({"token": token} if token else {})}
        return self.said(self._service.reviews().list(**asked))


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """Google's 403 may mean that a quota is used up."""
    if status in (403, 429) and (reason := PACED & _reasons(body)):
        raise RateLimited(f"{what}: {', '.join(reason)}")
    judge(status, headers, body, what, fix)


def _reasons(body: bytes) -> set[str]:
    try:
        error = json.loads(body[:100_000])["error"]
        return {str(error.get("status")), *(str(each.get("reason")) for each in error.get("errors") or ())}
    except MISSHAPEN:
        return set()
