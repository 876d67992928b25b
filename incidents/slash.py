"""`/tocsin`: what is open, what is mine, what was there before. A person sees only what they may act upon."""

from collections.abc import Callable, Sequence
from typing import Protocol

from incidents.authority import Authority, NotAllowed, Person
from incidents.escape import one_line
from incidents.grouping import rank
from incidents.incident import Incident
from incidents.interaction import Typed
from incidents.wording import SIGNS, moment

LISTED = 15
LOOKED_AT = 200  # incidents of which those are listed that the person may see

HELP = """/tocsin open: incidents that nobody has closed, the gravest first
/tocsin mine: those that you have in hand
/tocsin search WORDS: incidents whose posts, reason, category or id hold the words
/tocsin help: this
Silences and a rota of who is on call are not offered yet. What a policy always allows is an approved exception in the
pack; who is told is the pack's route."""
SILENCE = (
    "Silences are not offered yet: nothing was silenced. What is always allowed belongs into the pack's register of "
    "approved exceptions; a single incident can be resolved or dismissed by its buttons."
)
ON_CALL = (
    "A rota is not offered yet: Tocsin does not know who is on call. Each incident goes to the channel of its route in "
    "the policy pack, and everybody there may take it."
)


class Search(Protocol):
    """Looks incidents up, newest first, `limit` at most."""

    def unclosed(self, limit: int) -> list[Incident]:
        """Those that are neither resolved nor dismissed."""
        ...

    def of_person(self, user_id: str, limit: int) -> list[Incident]:
        """Those not closed that are assigned to a Slack user, or that they acknowledged."""
        ...

    def holding(self, words: str, limit: int) -> list[Incident]:
        """Those whose id, category, reason or posts hold the words, whatever their case."""
        ...


class Commands:
    """Answers `/tocsin`."""

    def __init__(self, search: Search, authority: Authority) -> None:
        self._search = search
        self._authority = authority

    def __call__(self, typed: Typed, person: Person) -> str:
        """The answer's words. Raises DeliveryError where Slack does not say what the person may see."""
        verb, _, rest = typed.words.strip().partition(" ")
        answers: dict[str, Callable[[], str]] = {
            "open": lambda: self._listed(person, self._search.unclosed(LOOKED_AT), "Nothing is open that you may see."),
            "mine": lambda: self._listed(
                person, self._search.of_person(person.id, LOOKED_AT), "You have nothing in hand."
            ),
            "search": lambda: self._found(person, rest.strip()),
            "silence": lambda: SILENCE,
            "on-call": lambda: ON_CALL,
        }
        return answers.get(verb.casefold(), lambda: HELP)()

    def _found(self, person: Person, words: str) -> str:
        if not words:
            return "Say what to look for: /tocsin search WORDS"
        found = self._search.holding(words, LOOKED_AT)
        return self._listed(person, found, f"Nothing that you may see holds “{one_line(words, 100)}”.")

    def _listed(self, person: Person, found: Sequence[Incident], nothing: str) -> str:
        seen = sorted(self._visible(person, found), key=lambda each: rank(each.severity), reverse=True)
        if not seen:
            return nothing
        more = f"\nand {len(seen) - LISTED} more" if len(seen) > LISTED else ""
        return "\n".join(_line(each) for each in seen[:LISTED]) + more

    def _visible(self, person: Person, found: Sequence[Incident]) -> list[Incident]:
        may: dict[tuple[str, str], bool] = {}
        for each in found:
            key = (each.key.policy, each.route)
            if key not in may:
                may[key] = self._may(person, *key)
        return [each for each in found if may[each.key.policy, each.route]]

    def _may(self, person: Person, policy: str, route: str) -> bool:
        try:
            self._authority.admit(person.id, policy, route)
        except NotAllowed:
            return False
        return True


def _line(each: Incident) -> str:
    category = each.key.category.replace("_", " ")
    posts = "1 post" if len(each.mention_ids) == 1 else f"{len(each.mention_ids)} posts"
    held = f", with {one_line(each.assignee, 80)}" if each.assignee else ""
    last = moment(each.last_seen_at)
    return f"{SIGNS[each.severity]} {each.id} {each.severity} {category}: {each.status}{held}; {posts}, last {last}"
