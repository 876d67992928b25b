"""Viva Engage, formerly Yammer: public messages of one's own network, and what a search for the packs' terms finds.

Endpoints: GET /messages.json, 20 a page, newest first; GET /search.json, 20 messages a page, for each term; GET
/messages/{id}.json for the re-check.
Auth: the token of a user of the network (TOCSIN_YAMMER_ACCESS_TOKEN); there is no access but on a user's behalf.
Quota: 10 calls in 30 seconds for a user and app, which is kept here, and one poll of the messages a minute, which is
the schedule's to keep.
Cannot see: other networks, private groups without that user, direct messages, and in long threads what the API leaves
out; of what the search finds beyond the messages, what it ranks below a page without anything new.
Terms: the network's own data, under its own retention; what was deleted is a 404.
Source, read on 2026-11-21: https://learn.microsoft.com/en-us/rest/api/yammer/messagesjson

A small client of our own: Microsoft's (yampy) has rested since 2013.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import yammer_thread
from collectors.admission import Admitted, admit
from collectors.backlog import Backlog
from collectors.budget import Quota
from collectors.collector import AccessDenied, Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Page, Record, Walk
from collectors.vocabulary import Matcher, Terms
from collectors.wire import Declined, Params, Wire
from collectors.yammer_message import PLATFORM, Known, is_notice, referenced, to_mention
from policies.policy import Policy

WHAT = "Viva Engage"
FIX = "Check TOCSIN_YAMMER_ACCESS_TOKEN: a token of a user of the network."
PAGE_SIZE = 20
AT_ONCE = 10  # calls that may be made without a pause
PAUSE_S = 3.0  # before each further one: 10 calls in 30 seconds
SETTLE = timedelta(hours=1)  # the overlap window: what is younger is read again, for edits
MOST_PAGES = 50  # of one search


class YammerSettings(HttpSection):
    """The settings of Viva Engage."""

    prefix = "yammer"
    base_url: BaseUrl = Field("https://www.yammer.com/api/v1", description="Base URL of the REST API")
    access_token: SecretStr = needed("Token of a user of the network")


class Yammer:
    """One network. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    at_once = 50  # stored messages: each is a call, and three seconds
    a_run = 200

    def __init__(
        self,
        access_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://www.yammer.com/api/v1",
        pages: int = 60,
        settle: timedelta = SETTLE,
        pause_s: float = PAUSE_S,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        self._terms = terms.spoken()
        self.queries = ("messages", *self._terms)  # each costs at least one call a run
        self._matcher = terms.matcher()
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self.pages = pages
        self._settle = settle
        self._pause_s = pause_s
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: YammerSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Yammer, ...]":
        """Raises ValueError, naming the setting, where the token is missing."""
        own = settings.required()
        return (cls(own.access_token.get_secret_value(), policies, base_url=own.base_url, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            run = Run(wire, visit, self._pause_s, self._matcher)
            found = {f"search {term}": partial(run.search, term) for term in self._terms}
            backlog = Backlog(self.source, checkpoint, {"messages": run.messages}, self._settle, found)
            yield from backlog.batches(self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch threads, 20 messages a call. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            run = Run(wire, visit, self._pause_s, self._matcher)
            yield from told(visit, seeds, partial(yammer_thread.read, run.asked, run.admitted))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which messages are still there, one a call. Raises a CollectError.

        A message that is refused is not known to be gone: the user has left its group. AccessDenied where the public
        messages are refused too.
        """
        visit = Visit(self._manners, self._base_url)
        gone: list[str] = []
        present: list[Mention] = []
        with visit.billed(), Wire(visit, WHAT, FIX, self._base_url, headers=self._headers) as wire:
            run = Run(wire, visit, self._pause_s, self._matcher)
            for native_id in ids:
                try:
                    message = run.asked(f"messages/{native_id}.json")
                except AccessDenied:
                    run.must_be_shown()
                    continue
                except Declined as error:
                    if error.status not in (404, 410):
                        raise
                    gone.append(native_id)
                    continue
                with documented(WHAT):
                    admitted = run.admitted(message, {}) if str(message["id"]) == native_id else None
                present += [admitted] if isinstance(admitted, Mention) else []
            if gone:  # a wrong address answers 404 too: the network itself must be there
                run.must_be_shown()
        return Rechecked(tuple(gone), tuple(present), visit.requests)


@dataclass
class Run:
    """What one run reads; a message that is both listed and found comes once."""

    wire: Wire
    visit: Visit
    pause_s: float
    matcher: Matcher
    seen: set[str] = field(default_factory=set, init=False)
    shown: bool = field(default=False, init=False)

    def must_be_shown(self) -> None:
        """See, once a run, that the network shows us its public messages. Raises a CollectError where it does not."""
        if not self.shown:
            self.messages(Walk(None, None))
            self.shown = True

    def messages(self, walk: Walk) -> Page:
        """The public messages of the network, newest first."""
        answer = self.asked("messages.json", {"limit": PAGE_SIZE, "older_than": walk.cursor or walk.top})
        with documented(WHAT):
            listed, known = list(answer["messages"]), referenced(answer)
            records = tuple(Record(_number(message), self.new(message, known)) for message in listed)
            # Some feeds say whether there is more; a page that is not full is the last of the others.
            more = (answer.get("meta") or {}).get("older_available", len(listed) >= PAGE_SIZE)
            return Page(records, str(listed[-1]["id"]) if more and listed else None)

    def search(self, term: str, cursor: str | None) -> Stretch:
        """A page of what a term finds. Pages are asked for until one holds nothing newer than the last search did."""
        kept = json.loads(cursor) if cursor else {"page": 1, "above": 0, "highest": 0}
        answer = self.asked("search.json", {"search": term, "page": kept["page"], "num_per_page": PAGE_SIZE})
        with documented(WHAT):
            found = answer["messages"]
            listed, known = list(found["messages"]), referenced(found)
            numbers = [number for message in listed if (number := _number(message)) is not None]
            admitted = tuple(item for message in listed if (item := self.new(message, known)) is not None)
        fresh = any(number > kept["above"] for number in numbers)
        highest = max([kept["highest"], *numbers])
        more = fresh and len(listed) >= PAGE_SIZE and kept["page"] < MOST_PAGES
        onward = {"page": kept["page"] + 1, "above": kept["above"]} if more else {"page": 1, "above": highest}
        return Stretch(admitted, json.dumps(onward | {"highest": highest}), more)

    def asked(self, path: str, params: Params | None = None) -> Any:
        """One call, no sooner than the quota allows. Raises a CollectError."""
        if self.visit.requests >= AT_ONCE:
            self.visit.manners.sleep(self.pause_s)
        return self.wire.get(path, params)

    def new(self, message: Any, known: Known) -> Admitted | None:
        """The message as a mention; None where this run has had it, or it is a notice."""
        native_id = str(message.get("id")) if isinstance(message, dict) else ""
        if native_id in self.seen or (isinstance(message, dict) and is_notice(message)):
            return None
        self.seen |= {native_id} if native_id else set()
        return self.admitted(message, known)

    def admitted(self, message: Any, known: Known) -> Admitted:
        """The message as a mention with its matched terms, or quarantined."""
        native_id = message.get("id") if isinstance(message, dict) else None
        admitted = admit(message, f"{PLATFORM} {native_id or 'without id'}", lambda one: to_mention(one, known))
        if not isinstance(admitted, Mention):
            return admitted
        return admitted.model_copy(update={"matched_terms": self.matcher(admitted.text)})


def _number(message: Any) -> int | None:
    native_id = message.get("id") if isinstance(message, dict) else None
    return native_id if isinstance(native_id, int) and not isinstance(native_id, bool) else None


ENTRY = Platform(
    name=PLATFORM,
    access="public messages of one's own Viva Engage network, and search",
    settings=YammerSettings,
    make=Yammer.from_settings,
    reach=Reach(
        endpoint="GET /api/v1/messages.json and /search.json of www.yammer.com, by httpx",
        auth="the token of a user of the network",
        cannot_see="other networks; private groups without that user; direct messages; what long threads leave out",
        terms="the network's own data; a deleted message answers 404, and is deleted here",
        conversation="/messages/in_thread/{id}.json; 200 messages",
        documents="https://learn.microsoft.com/en-us/rest/api/yammer/messagesjson",
        checked=date(2026, 11, 21),
        quotas=(Quota(10, 30),),
        volume=(0, 10_000),
    ),
)
