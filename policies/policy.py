"""The types of a policy pack: one organisation's clauses, vocabulary, accounts, categories and routes.

A pack is one YAML file that a policy officer can edit. `policies/check.py` reads one and names each mistake by line;
what comes out is a `Policy`, frozen, versioned by its content, and passed to every room above.
"""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

CategoryName = Literal[
    "trolling",
    "cyberbullying",
    "cyberstalking",
    "defamation",
    "discrimination",
    "threat",
    "doxxing",
    "unauthorised_recording",
    "official_information",
    "vetting_disclosure",
    "impersonation",
    "cyber_attack",
    "safeguarding",
    "staff_conduct",
    "own_content",
]
CATEGORY_NAMES: tuple[CategoryName, ...] = get_args(CategoryName)

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # ascending: index is rank

AccountKind = Literal["official", "union", "individual_professional", "exempt"]

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(_Part):
    """One paragraph of the written policy, quoted word for word."""

    id: str  # as cited in findings, e.g. "DWP-SMP 4.1"
    document: str
    paragraph: str
    text: str


class Organisation(_Part):
    """Who the policy belongs to, and the words by which the public calls it and its people."""

    name: str
    short_names: tuple[str, ...] = ()
    staff_words: tuple[str, ...] = ()  # role words that mean one of its people: "work coach", "your agent"


class Vocabulary(_Part):
    """What to search for, and how to tell this organisation from its namesakes.

    A text is about the organisation when it holds one of `names`, or one of `ambiguous` beside a word of `context`;
    a text with a phrase of `not_us`, and none of `names`, is about somebody else.
    """

    names: tuple[str, ...]
    ambiguous: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    not_us: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    subreddits: tuple[str, ...] = ()


class Account(_Part):
    """An account whose place in the policy is known. `platform` None: the handle on any platform."""

    handle: str
    kind: AccountKind
    platform: str | None = None
    name: str | None = None


class Category(_Part):
    """How one category of misuse is judged here: the clauses it rests on, what it weighs, who hears of it."""

    clauses: tuple[str, ...]
    severity: Severity
    route: str
    threshold: Probability = 0.5  # a finding needs at least this confidence
    enabled: bool = True
    next_step: str = ""  # the playbook line: what the receiver does next


class Route(_Part):
    """A group of people who are told, and the channel in which they are told."""

    name: str
    slack_channel: str | None = None  # None: the channel of TOCSIN_SLACK_CHANNEL
    description: str = ""


class Retention(_Part):
    """How long each kind of row is kept, in days. Whatever an incident rests on is held until it is closed."""

    mentions_days: Annotated[int, Field(ge=1)] = 365
    irrelevant_days: Annotated[int, Field(ge=1)] = 30
    closed_incidents_days: Annotated[int, Field(ge=1)] = 2190


class Policy(_Part):
    """One pack, read and checked. `version` is the first 12 hex digits of the SHA-256 of the pack's content."""

    id: str  # the pack's short name: "dwp"
    title: str
    organisation: Organisation
    clauses: tuple[Clause, ...]
    vocabulary: Vocabulary
    accounts: tuple[Account, ...] = ()
    categories: dict[CategoryName, Category]
    routes: dict[str, Route]
    topics: dict[str, dict[str, tuple[str, ...]]] = {}  # what people talk about: group -> topic -> phrases
    retention: Retention = Retention()
    version: str = ""

    @property
    def stamp(self) -> str:
        """What findings carry: `dwp@3f2a9c01b7de`."""
        return f"{self.id}@{self.version}"

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id. Raises KeyError where the pack has none; the checker makes sure that it has."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def account(self, platform: str, handle: str | None) -> Account | None:
        """The known account behind a handle, compared without case and leading @."""
        wanted = (handle or "").lstrip("@").casefold()
        if not wanted:
            return None
        for account in self.accounts:
            if account.handle.lstrip("@").casefold() == wanted and account.platform in (None, platform):
                return account
        return None
