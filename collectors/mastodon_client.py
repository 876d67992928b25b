"""Mastodon.py as a run speaks through it: with every source's manners, and with each answer as the instance sent it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from collectors.collector import CollectError, UnexpectedResponse
from collectors.conversation import ConversationGone
from collectors.manners import Visit, documented
from collectors.transport import polite_session

if TYPE_CHECKING:
    import mastodon

WHAT = "Mastodon"
FIX = "Check TOCSIN_MASTODON_ACCESS_TOKEN (read:search, read:statuses), and that the instance shows tags to strangers."
KNOWN_VERSION = "4.3.0"  # the first that tells of several posts at once; said, so that the client need not ask

NOT_SAID = "Endpoint not found."  # what the client says of a 404 that is no JSON of Mastodon's
NO_RESULT = b'{"accounts": [], "statuses": [], "hashtags": []}'


class Heard:
    """The last answer of a session, as it was; the client gets an empty one to cast."""

    def __init__(self, session: requests.Session) -> None:
        self.body = b""
        session.hooks["response"].append(self._keep)

    def _keep(self, response: requests.Response, *_: Any, **__: Any) -> requests.Response:
        if response.ok:
            self.body = response.content
            response._content = NO_RESULT if self.body.lstrip()[:1] == b"{" else b"[]"
        return response


@dataclass(frozen=True)
class Spoken:
    """The client of one run, and what it heard last."""

    client: "mastodon.Mastodon"
    heard: Heard


@contextmanager
def speaking(visit: Visit, base_url: str, token: str) -> Iterator[Spoken]:
    """The client of one run, on one instance."""
    import mastodon  # noqa: PLC0415 - half a second; only who reads Mastodon waits for it

    with polite_session(visit, WHAT, FIX) as session:
        heard = Heard(session)
        client = mastodon.Mastodon(
            api_base_url=base_url,
            access_token=token or None,
            session=session,
            ratelimit_method="throw",  # the visit paces; the client's own waiting has no end
            mastodon_version=KNOWN_VERSION,
            version_check_mode="created",
            user_agent=visit.manners.user_agent,
        )
        yield Spoken(client, heard)


def looked_up(spoken: Spoken, ids: Sequence[str]) -> dict[str, Any]:
    """The posts by id; what is gone has None. Raises a CollectError."""
    told = _several(spoken, ids) if all(map(str.isdigit, ids)) else {}  # ids of letters are not Mastodon's
    for native_id in (each for each in ids if each not in told):
        try:
            said(lambda: spoken.client.status(native_id))  # noqa: B023 - called at once
        except Missing as missing:
            if not missing.named:
                raise
            told[native_id] = None
        else:
            told |= _one(spoken.heard, native_id)
    return told


def _several(spoken: Spoken, ids: Sequence[str]) -> dict[str, Any]:
    """Those posts of which one call tells; none on an instance older than 4.3, which knows no such call."""
    try:
        said(lambda: spoken.client.statuses(list(ids)))
    except Missing:
        return {}
    with documented(WHAT):
        return {status["id"]: status for status in json.loads(spoken.heard.body)}


def shown(heard: Heard, call: Callable[[str], Any], native_id: str) -> Any:
    """What a call about one post says. Raises a CollectError; ConversationGone where the instance knows of none."""
    try:
        said(lambda: call(native_id))
    except Missing as missing:
        if missing.named:
            raise ConversationGone(str(missing)) from missing
        raise
    with documented(WHAT):
        return json.loads(heard.body)


def _one(heard: Heard, native_id: str) -> dict[str, Any]:
    with documented(WHAT):
        status = json.loads(heard.body)
        if status["id"] != native_id:
            raise ValueError(f"the answer is about {status['id']!r}, not {native_id!r}")
        return {native_id: status}


class Missing(UnexpectedResponse):
    """A 404, 405 or 410. `named`: in the platform's own words, so that it is about the post, not about the address."""

    def __init__(self, message: str, *, named: bool) -> None:
        super().__init__(message)
        self.named = named


def said(call: Callable[[], Any]) -> Any:
    """One call through the client. Raises a CollectError."""
    import mastodon  # noqa: PLC0415 - as above

    try:
        return call()
    except mastodon.MastodonNetworkError as error:
        if isinstance(error.__context__, CollectError):
            raise error.__context__ from None
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error
    except mastodon.MastodonAPIError as error:
        status, said = (*error.args, None, None, None, None)[1:4:2]
        if status in (404, 405, 410):
            named = status == 410 or (status == 404 and said not in (None, NOT_SAID))
            raise Missing(f"{WHAT}: {error}"[:1000], named=named) from error
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error
    except (mastodon.MastodonError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error
