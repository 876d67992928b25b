"""Matrix: messages of the rooms that a bot has joined, on whatever homeserver it lives.

Endpoints: GET /_matrix/client/v3/sync for the news of all rooms at once, GET /rooms/{id}/messages for what it left out,
GET /rooms/{id}/event/{id} for the message that an edit is of.
Auth: the bot's access token (TOCSIN_MATRIX_ACCESS_TOKEN); TOCSIN_MATRIX_BASE_URL is its homeserver.
Quota: each server's own; a 429 names the wait, in a header or as `retry_after_ms`.
Cannot see: end-to-end encrypted messages (each is counted, in quarantine), rooms that the bot was not invited to, what
was said before it joined where the room's history is closed, edits on servers that neither bundle nor show them.
Terms: each server's own; a redaction comes as an event, and is carried out here.
Source, read on 2026-11-21: https://spec.matrix.org/latest/client-server-api/

Syncing is read rather than each room's messages, since only it is in the order in which the server itself came to know
of events: one that another server sent late has its place in the middle of a room, and at the end of a sync.
A small client of our own: matrix-nio keeps state of its own, and drops what it cannot digest.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from pydantic import Field, SecretStr

from collectors import matrix_thread
from collectors.backlog import Backlog
from collectors.collector import Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit
from collectors.matrix_event import PLATFORM
from collectors.matrix_rooms import WHAT, Reading, resolved
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.vocabulary import Terms
from collectors.wire import Wire
from policies.policy import Policy

FIX = "Check TOCSIN_MATRIX_ACCESS_TOKEN, and that the bot is in the room."


class MatrixSettings(HttpSection):
    """The settings of Matrix."""

    prefix = "matrix"
    base_url: BaseUrl = needed("Base URL of the bot's homeserver: https://matrix.example.org")
    access_token: SecretStr = needed("Access token of the bot's account")
    rooms: Listed = Field((), description="Ids or aliases of rooms, comma-separated; empty: all that the bot is in")


class Matrix:
    """The rooms of one bot. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    queries = ("sync",)

    def __init__(
        self,
        base_url: str,
        access_token: str,
        policies: Sequence[Policy],
        *,
        rooms: Sequence[str] = (),
        pages: int = 100,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to look for."""
        self._matcher = Terms.of(policies, PLATFORM).matcher()
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._rooms = tuple(rooms)
        self.pages = pages
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: MatrixSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Matrix, ...]":
        """Raises ValueError, naming the settings, where homeserver or token is missing."""
        own = settings.required()
        token = own.access_token.get_secret_value()
        return (cls(own.base_url, token, policies, rooms=own.rooms, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            with visit.billed():
                rooms = tuple(resolved(wire, room) for room in self._rooms)
            reading = Reading(wire, rooms, self._matcher)
            yield from Backlog(self.source, checkpoint, {}, onward={"sync": reading.follow}).batches(self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch what was said around messages, 50 at a time, and what answers them. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            reading = Reading(wire, (), self._matcher)
            yield from told(visit, seeds, partial(matrix_thread.read, wire, reading.read))


ENTRY = Platform(
    name=PLATFORM,
    access="messages of the rooms that a bot has joined",
    settings=MatrixSettings,
    make=Matrix.from_settings,
    reach=Reach(
        endpoint="GET /_matrix/client/v3/sync and /rooms/{id}/messages of the bot's homeserver, by httpx",
        auth="the access token of a bot that was invited to the rooms",
        cannot_see="end-to-end encrypted messages; rooms without the bot; what was said before it joined, where a room "
        "keeps that to its members",
        terms="each server's own; a redaction comes as an event, and deletes here too",
        conversation="/context of the message, and /relations of the first of its thread; 50 messages around, 200 in "
        "the thread",
        documents="https://spec.matrix.org/latest/client-server-api/",
        checked=date(2026, 11, 21),
        volume=(0, 50_000),
    ),
)
