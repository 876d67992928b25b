"""`/tocsin`: what is open, what is mine, what was there before. A person sees only what they may act upon."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from incidents.authority import Authority, NotAllowed, Person
from incidents.duty import duties, spoken
from incidents.escape import one_line
from incidents.grouping import rank
from incidents.incident import Incident
from incidents.interaction import Typed
from incidents.outbox import Denied, Refused
from incidents.slash_merge import HELP as MERGES
from incidents.slash_merge import Merging
from incidents.slash_silence import HELP as SILENCES
from incidents.slash_silence import Silencing
from incidents.wording import SIGNS, moment
from policies.counted import counted
from policies.policy import Policy

LISTED = 15
LOOKED_AT = 200  # incidents at a time, of which those are listed that the person may see
MOST_LOOKED_AT = 5000  # in all

HELP = f"""/tocsin open: incidents that nobody has closed, the gravest first
/tocsin mine: those that you have in hand
/tocsin search WORDS: incidents whose posts, reason, category or id hold the words
/tocsin list DIG-3: incidents that a digest told of, or that a silence (SIL-3) kept quiet
/tocsin on-call [ROUTE]: who is on call now, until when, and who is next
{MERGES}
{SILENCES}
/tocsin help: this
What a policy always allows is an approved exception in the pack; who is told is the pack's route."""
SILENCE = "Silences are begun and ended with `tocsin silence` here: this installation takes none from Slack."
MERGE = "Merge and unmerge with `tocsin incident` here: this installation takes neither from Slack."


class Search(Protocol):
    """Looks incidents up, newest first, `limit` at most, and older than `before` (an id) where that is given."""

    def unclosed(self, limit: int, before: str | None = None) -> list[Incident]:
        """Those that are neither resolved nor dismissed."""
        ...

    def of_person(self, user_id: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those not closed that are assigned to a Slack user, or that they acknowledged."""
        ...

    def of_bulletin(self, bulletin_id: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those that a digest told of, or that a silence kept quiet."""
        ...

    def holding(self, words: str, limit: int, before: str | None = None) -> list[Incident]:
        """Those whose id, category, reason or posts hold the words, whatever their case."""
        ...


class Page(Protocol):
    """A search, LOOKED_AT at a time."""

    def __call__(self, *, before: str | None) -> list[Incident]:
        """Those older than `before`."""
        ...


class Commands:
    """Answers `/tocsin`."""

    def __init__(
        self,
        search: Search,
        authority: Authority,
        policies: Callable[[], Mapping[str, Policy]] = dict,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        silencing: Silencing | None = None,
        merging: Merging | None = None,
    ) -> None:
        self._search = search
        self._authority = authority
        self._policies = policies
        self._clock = clock
        self._silencing = silencing
        self._merging = merging

    def __call__(self, typed: Typed, person: Person, since: datetime | None = None) -> str:
        """The answer's words. Raises DeliveryError where Slack does not say what the person may see.

        `since`: when it was asked, where somebody who has died may have done it already; it is not done twice.
        """
        verb, _, rest = typed.words.strip().partition(" ")
        answers: dict[str, Callable[[], str]] = {
            "open": lambda: self._listed(
                person, partial(self._search.unclosed, LOOKED_AT), "Nothing is open that you may see."
            ),
            "mine": lambda: self._listed(
                person, partial(self._search.of_person, person.id, LOOKED_AT), "You have nothing in hand."
            ),
            "search": lambda: self._found(person, rest.strip()),
            "list": lambda: self._of_bulletin(person, rest.strip()),
            "silence": lambda: self._silencing(rest.strip(), person, since) if self._silencing else SILENCE,
            "merge": lambda: self._merging.merge(rest, person, since) if self._merging else MERGE,
            "unmerge": lambda: self._merging.unmerge(rest, person, since) if self._merging else MERGE,
            "on-call": lambda: self._on_call(rest.strip()),
        }
        return answers.get(verb.casefold(), lambda: HELP)()

    def _on_call(self, route: str) -> str:
        now = self._clock()
        return spoken(duties(self._policies().values(), now, route or None), self._name, now)

    def _name(self, user_id: str) -> str:
        try:
            return self._authority.person(user_id).actor
        except NotAllowed:
            return f"{user_id}, whom Slack does not know as one of us"
        except (Refused, Denied):
            return user_id

    def _found(self, person: Person, words: str) -> str:
        if not words:
            return "Say what to look for: /tocsin search WORDS"
        found = partial(self._search.holding, words, LOOKED_AT)
        return self._listed(person, found, f"Nothing that you may see holds “{one_line(words, 100)}”.")

    def _of_bulletin(self, person: Person, bulletin: str) -> str:
        if not bulletin:
            return "Say of which digest or silence: /tocsin list DIG-3"
        found = partial(self._search.of_bulletin, bulletin, LOOKED_AT)
        return self._listed(person, found, f"Nothing that you may see belongs to “{one_line(bulletin, 40)}”.")

    def _listed(self, person: Person, page: Page, nothing: str) -> str:
        found, all_of_them = _pages(page)
        older = "" if all_of_them else f"\nOlder than {found[-1].id} was not looked at: say more words."
        seen = sorted(self._visible(person, found), key=lambda each: rank(each.severity), reverse=True)
        if not seen:
            return nothing + older
        more = f"\nand {len(seen) - LISTED} more" if len(seen) > LISTED else ""
        shown = seen[:LISTED]
        quiet = self._silencing.covering([each.id for each in shown]) if self._silencing else {}
        return "\n".join(_line(each, quiet.get(each.id)) for each in shown) + more + older

    def _visible(self, person: Person, found: Sequence[Incident]) -> list[Incident]:
        may: dict[tuple[str, str], bool] = {}
        for key in {(each.key.policy, route) for each in found for route in each.routes}:
            may[key] = self._authority.may(person.id, *key)
        return [each for each in found if any(may[each.key.policy, route] for route in each.routes)]


def _pages(page: Page) -> tuple[list[Incident], bool]:
    """What a search finds, page by page, and whether that is all."""
    found = page(before=None)
    last = len(found)
    while last == LOOKED_AT and len(found) < MOST_LOOKED_AT:
        more = page(before=found[-1].id)
        found, last = [*found, *more], len(more)
    return found, last < LOOKED_AT


def _line(each: Incident, silence: str | None = None) -> str:
    category = each.key.category.replace("_", " ")
    posts = counted(len(each.mention_ids), "post")
    held = f", with {one_line(each.assignee, 80)}" if each.assignee else ""
    last = moment(each.last_seen_at)
    quiet = f"; kept quiet by {silence}" if silence else ""
    said = f"{each.id} {each.severity} {category}: {each.status}{held}; {posts}, last {last}{quiet}"
    return f"{SIGNS[each.severity]} {said}"
