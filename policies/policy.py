"""The types of a policy pack: one organisation's clauses, vocabulary, accounts, categories and routes.

A pack is one YAML file that a policy officer can edit. `policies/check.py` reads one and names each mistake by line;
what comes out is a `Policy`, frozen, versioned by its content, and passed to every room above.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from policies.exceptions import ApprovedException
from policies.hours import Deadlines, Hours, Intervals, QuietHours
from policies.part import A_NUMBER, CATEGORY_NAMES, CategoryName, Day, Part, Words, folded
from policies.rota import OnCall
from policies.severity import SEVERITIES, Severity, SeverityMatrix

__all__ = [
    "CATEGORY_NAMES",
    "SEVERITIES",
    "Account",
    "AccountKind",
    "ApprovedException",
    "Category",
    "CategoryName",
    "Clause",
    "Deadlines",
    "Example",
    "Examples",
    "Hours",
    "Intervals",
    "Monitoring",
    "OnCall",
    "Organisation",
    "Policy",
    "QuietHours",
    "Retention",
    "Route",
    "Severity",
    "Vocabulary",
]

AccountKind = Literal["official", "union", "individual_professional", "exempt", "personal"]

Probability = Annotated[float, Field(ge=0.0, le=1.0), A_NUMBER]
Term = Annotated[int, Field(ge=1, le=36_500), A_NUMBER]  # days; a century, so that every term reaches back to a date
SlackActor = Annotated[str, Field(pattern=r"^[USW][A-Z0-9]{2,40}$")]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]  # of the setting TOCSIN_ROUTE_<NAME>
# What the warehouse keeps beside every post is no longer than its column.
RouteKey = Annotated[str, Field(max_length=100)]
TopicGroup = Annotated[str, Field(pattern=r"\S", max_length=60)]
Topic = Annotated[str, Field(pattern=r"\S", max_length=100)]
PackId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Clause(Part):
    """One paragraph of the written policy, quoted word for word."""

    id: Words  # as cited in findings, e.g. "DWP-SMP 4.1"
    document: Words
    paragraph: Words
    text: Words


class Organisation(Part):
    """Who the policy belongs to, and the words by which the public calls it and its people."""

    name: Words
    short_names: tuple[Words, ...] = ()  # acronyms: names that others may share
    staff_words: tuple[Words, ...] = ()  # role words that mean one of its people: "work coach", "your agent"


class Vocabulary(Part):
    """What to search for, and how to tell this organisation from its namesakes.

    A text is about the organisation when it holds one of `names` or `hashtags`, or one of `ambiguous` beside a word
    of `context`; a text with a phrase of `not_us`, and no name but an acronym (`Policy.certain_names`), is about
    somebody else. Hashtags are written without their #, subreddits (communities about the organisation, where
    an ambiguous word is enough) without r/.
    """

    names: Annotated[tuple[Words, ...], Field(min_length=1)]
    ambiguous: tuple[Words, ...] = ()
    context: tuple[Words, ...] = ()
    not_us: tuple[Words, ...] = ()
    hashtags: tuple[Words, ...] = ()
    subreddits: tuple[Words, ...] = ()


class Account(Part):
    """An account whose place in the policy is known. `platform` None: the handle on any platform.

    The last three are an exempt account's: until when (a UTC day of posting, included; None: without end), by whose
    word and why.
    """

    handle: Words
    kind: AccountKind
    platform: Words | None = None
    name: Words | None = None
    end: Day | None = None
    approver: Words | None = None  # a role
    reason: Words | None = None


class Example(Part):
    """An invented post, nobody's words, that shows what a category means; `tocsin policy test` judges it."""

    text: Words
    handle: Words | None = None  # its author's
    bio: Words | None = None
    answers: Words | None = None  # the text of the post that it replies to
    answers_handle: Words | None = None


class Examples(Part):
    """What a category catches, and what comes near and is innocent. A bare text stands for an `Example` of it."""

    fires: tuple[Words | Example, ...] = ()
    quiet: tuple[Words | Example, ...] = ()


class Category(Part):
    """How one category of misuse is judged here: the clauses it rests on, what it weighs, who hears of it."""

    clauses: Annotated[tuple[Words, ...], Field(min_length=1)]
    severity: Severity
    route: Words
    threshold: Probability = 0.5  # a finding needs at least this confidence
    enabled: bool = True
    next_step: str = ""  # the playbook line: what the receiver does next
    examples: Examples = Examples()


class Route(Part):
    """A group of people who are told, and the channel in which they are told."""

    name: Words
    slack_channel: Words | None = None  # None: the channel of TOCSIN_SLACK_CHANNEL
    also: tuple[ChannelName, ...] = ()  # further channels; where each is, a secret, stands in the settings
    fallback: ChannelName | None = None  # by which goes what Slack does not take; None: the operators' mail
    restricted: bool = False  # True: no channel that the route does not name hears what an incident is about
    description: str = ""
    # Slack user and user group ids who may act on its incidents; empty: the members of its channel
    slack_actors: tuple[SlackActor, ...] = ()
    digest: Literal["never", "hourly", "daily"] = "never"  # how often it hears of what can wait, all in one message
    digest_severities: tuple[Literal["low", "medium", "high"], ...] = ("low",)  # what can wait; safeguarding never does
    names_in_channel: bool = False  # True: messages name whom a post is aimed at; else they give the role alone
    acknowledge_within: Deadlines = Deadlines()  # after that it is reminded of
    remind_every: Intervals = Intervals()
    reminders: Annotated[int, Field(ge=0, le=20), A_NUMBER] = 2  # then it goes to the next route, or to the operators
    escalates_to: Words | None = None  # the next route, where nobody takes it here
    hours: Hours | None = None  # None: those of the pack
    quiet_hours: QuietHours | None = None
    rings_in_quiet_hours: tuple[Severity, ...] = ("critical",)
    on_call: OnCall | None = None

    def within(self, severity: Severity) -> str:
        """How soon an incident of this severity must be acknowledged."""
        return str(getattr(self.acknowledge_within, severity))

    def between(self, severity: Severity) -> str:
        """How long after one reminder the next step follows."""
        return getattr(self.remind_every, severity) or self.within(severity)


class Retention(Part):
    """How long each kind of row is kept, in days. Whatever an incident rests on is held until it is closed."""

    mentions_days: Term = 365
    irrelevant_days: Term = 30
    closed_incidents_days: Term = 2190


class Monitoring(Part):
    """What may be watched at all. `clauses` say why not, where something may not."""

    staff_personal_accounts: bool = True  # False: what staff say on accounts of their own is never stored, only counted
    clauses: tuple[Words, ...] = ()


class Policy(Part):
    """One pack, read and checked. `version` is the first 12 hex digits of the SHA-256 of the pack's content."""

    id: PackId  # the pack's short name: "dwp"
    title: Words
    organisation: Organisation
    clauses: tuple[Clause, ...]
    vocabulary: Vocabulary
    accounts: tuple[Account, ...] = ()
    categories: dict[CategoryName, Category]
    routes: dict[RouteKey, Route]
    hours: Hours | None = None  # of the routes that name none of their own; None: round the clock
    # what people talk about: group -> topic -> phrases
    topics: dict[TopicGroup, dict[Topic, tuple[Words, ...]]] = Field(default={})
    monitoring: Monitoring = Monitoring()
    retention: Retention = Retention()
    severity: SeverityMatrix = SeverityMatrix()  # what raises a finding above its category's severity
    exceptions: tuple[ApprovedException, ...] = ()
    version: str = ""

    @property
    def stamp(self) -> str:
        """What findings carry: `dwp@3f2a9c01b7de`."""
        return f"{self.id}@{self.version}"

    @property
    def certain_names(self) -> tuple[str, ...]:
        """The names that nobody else shares: those of the vocabulary that are not the organisation's acronyms."""
        acronyms = {name.lstrip("@#").casefold() for name in self.organisation.short_names}
        return tuple(name for name in self.vocabulary.names if name.lstrip("@#").casefold() not in acronyms)

    def hours_of(self, route: str) -> Hours | None:
        """When a route's people work; None: round the clock. Raises KeyError for a route that the pack has not."""
        return self.routes[route].hours or self.hours

    def enabled(self, category: CategoryName) -> bool:
        """Whether the pack looks for a category at all."""
        return category in self.categories and self.categories[category].enabled

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id. Raises KeyError where the pack has none; the checker makes sure that it has."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def account(self, platform: str, handle: str | None, day: date | None = None) -> Account | None:
        """The known account behind a handle, compared without case and leading @.

        `day`: of a post; an entry that ended before it says nothing of the account.
        """
        wanted = folded(handle or "")
        if not wanted:
            return None
        for account in self.accounts:
            if day and account.end and day > account.end:
                continue
            if folded(account.handle) == wanted and account.platform in (None, platform):
                return account
        return None

    def excepted(
        self, platform: str, handle: str | None, category: CategoryName, text: str, day: date
    ) -> ApprovedException | None:
        """The approved exception that covers a finding in a post of that UTC day, the first where there are several."""
        fitting = (each for each in self.exceptions if each.covers(platform, handle, category, text, day))
        return next(fitting, None)

    def exempts(self, platform: str, handle: str | None, day: date) -> bool:
        """Whether an exception covers all that this account says on that UTC day."""
        return any(
            each.whole_account and each.in_force(day) and each.is_of(platform, handle) for each in self.exceptions
        )
