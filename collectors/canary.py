"""Canaries: posts about nothing, planted on test sources, which a working watch must find. Nothing else is written.

A place is planted on where its settings name it, and nowhere else: a room, an instance, a page of comments that the
operators run for tests. The account that plants is another than the one that reads.

Endpoints: Matrix, PUT /_matrix/client/v3/rooms/{room}/send/m.room.message/{marker}; Mastodon, POST /api/v1/statuses by
Mastodon.py; Isso (comments under a page, read as a feed), POST /new. On Matrix and Mastodon the marker is the key by
which a second try is known, so one that is repeated after a crash plants nothing twice.
Terms: each server's own; plant only where its owner agrees. Read in November 2026.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import quote

from pydantic import Field, SecretStr

from collectors.collector import UnexpectedResponse
from collectors.manners import Manners, Visit, documented
from collectors.section import BaseUrl, Section
from collectors.transport import polite_client, polite_session
from collectors.vocabulary import Terms
from collectors.wire import Declined, Wire
from policies.policy import Policy

MARKER = re.compile(r"tocsin-canary-\d{8}-[0-9a-f]{8}")
NONE = SecretStr("")


class CanarySettings(Section):
    """Where canaries are planted. Nothing is, where nothing is set."""

    prefix = "canary"
    matrix_base_url: BaseUrl = Field("", description="Homeserver on which a canary is planted each day")
    matrix_access_token: SecretStr = Field(NONE, description="Access token of the account that plants on Matrix")
    matrix_room: str = Field("", description="Id of the test room: !abc:matrix.example.org")
    mastodon_base_url: BaseUrl = Field("", description="Your own Mastodon instance, for a canary each day")
    mastodon_access_token: SecretStr = Field(NONE, description="Token with write:statuses of the account that plants")
    isso_base_url: BaseUrl = Field(
        "", description="Isso server whose comments you read as a feed, for a canary each day"
    )
    isso_page: str = Field("/tocsin-canary", description="The page under which the canary is a comment")
    hours: float = Field(6.0, gt=0, description="Hours in which a canary must reach the mart")


@dataclass(frozen=True)
class Place:
    """A test source. `plant(text, marker)` posts there and gives the platform's own id; it raises a CollectError."""

    name: str
    plant: Callable[[str, str], str]


def places(settings: CanarySettings, manners: Manners | None = None) -> list[Place]:
    """The test sources that are set. Raises ValueError, naming what is missing, for one that is set by half."""
    own, mannered = settings, manners or Manners()
    wanted = {
        "matrix": (own.matrix_base_url, own.matrix_access_token.get_secret_value(), own.matrix_room),
        "mastodon": (own.mastodon_base_url, own.mastodon_access_token.get_secret_value()),
        "isso": (own.isso_base_url, own.isso_page) if own.isso_base_url else ("",),
    }
    found = []
    for name, needed in wanted.items():
        if any(needed) and not all(needed):
            keys = [own.key(field) for field in type(own).model_fields if field.startswith(name)]
            raise ValueError(f"canary on {name}: set all of {', '.join(f'TOCSIN_{key.upper()}' for key in keys)}")
        if all(needed):
            found.append(Place(name, partial(PLANTERS[name], mannered, *needed)))
    return found


def new_marker(day: date) -> str:
    """Words that nobody else writes."""
    return f"tocsin-canary-{day:%Y%m%d}-{secrets.token_hex(4)}"


def wording(policies: Sequence[Policy], marker: str) -> str:
    """A post that the search must find: a name and a hashtag of the packs, and that it is about nothing."""
    terms = Terms.of(policies, "canary")
    tag = f" #{terms.hashtags[0]}" if terms.hashtags else ""
    about = terms.names[0] if terms.names else terms.spoken()[0]
    return f"A test of the watch over {about}, about nothing.{tag} {marker}"


def _on_matrix(manners: Manners, base_url: str, token: str, room: str, text: str, marker: str) -> str:
    what, fix = "Matrix", "Check TOCSIN_CANARY_MATRIX_ACCESS_TOKEN, and that its account is in the room."
    path = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/send/m.room.message/{marker}"
    headers = {"Authorization": f"Bearer {token}"}
    with polite_client(Visit(manners, base_url), what, fix, headers=headers) as client:
        answer = client.put(f"{base_url}{path}", json={"msgtype": "m.text", "body": text})
        if answer.is_client_error:
            raise Declined(f"{what} took no canary: {answer.text[:200]}", answer.status_code, answer.text)
        with documented(what):
            return str(answer.json()["event_id"])


def _on_mastodon(manners: Manners, base_url: str, token: str, text: str, marker: str) -> str:
    import mastodon  # noqa: PLC0415 - half a second; only who plants there waits for it

    what, fix = "Mastodon", "Check TOCSIN_CANARY_MASTODON_ACCESS_TOKEN (write:statuses)."
    with polite_session(Visit(manners, base_url), what, fix) as session:
        client = mastodon.Mastodon(
            api_base_url=base_url,
            access_token=token,
            session=session,
            ratelimit_method="throw",
            version_check_mode="none",
        )
        try:
            with documented(what):
                return str(client.status_post(text, visibility="public", idempotency_key=marker)["id"])
        except mastodon.MastodonError as error:
            raise UnexpectedResponse(f"{what} took no canary: {error}") from error


def _on_isso(manners: Manners, base_url: str, page: str, text: str, marker: str) -> str:
    what = "Isso"
    with Wire(Visit(manners, base_url), what, "", base_url, headers={"Origin": base_url}) as wire:
        body = {"text": text, "author": "Tocsin canary", "title": page}
        answer = wire.post(f"/new?uri={quote(page, safe='')}", body)
        with documented(what):
            return str(answer["id"])


PLANTERS: dict[str, Callable[..., str]] = {"matrix": _on_matrix, "mastodon": _on_mastodon, "isso": _on_isso}
