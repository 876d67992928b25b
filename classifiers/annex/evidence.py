"""What a rule looks at, and what it may say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from classifiers.annex.protected import Shield, is_negated, shields
from classifiers.assessment import ToxicityLabel
from classifiers.behaviour.past import Past
from classifiers.behaviour.reading import InARow
from classifiers.behaviour.timeline import Behaviour
from classifiers.finding import Target
from classifiers.normalise import Normalised
from classifiers.target import Cast, Person, Span
from collectors.mention import Mention
from policies.policy import CategoryName, Policy

# Why words may not be the author's own or not meant; belittling oneself ("self") matters to insults alone.
OTHERS_WORDS = ("quotation", "reported", "counter_speech", "idiom", "news", "advice")


@dataclass(frozen=True)
class Evidence:
    """One relevant mention, read. Spans in everything below are in `normalised.text`."""

    mention: Mention
    normalised: Normalised
    cast: Cast
    toxicity: Mapping[ToxicityLabel, float]
    categories: Mapping[CategoryName, float]  # how likely the model holds each, with the context read
    deciding: Callable[[CategoryName], tuple[Span, ...]]  # the words that decided the model; asked for only if needed
    of_anybody: Callable[[], Mapping[CategoryName, float]]  # how it reads the post with no author told; as `deciding`
    in_a_row: Callable[[Sequence[str]], InARow]  # how the model reads posts of the author's as one; as `deciding`
    feeling: float  # the text's own sentiment, -1 to 1
    policy: Policy
    past: Past
    by_staff: bool  # the author says that they work here
    names_us: bool  # the text itself names the organisation, not only its thread

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normalised.text

    @cached_property
    def shields(self) -> tuple[Shield, ...]:
        """Every protected stretch of the text; looked for only once a rule has found something."""
        return shields(self.normalised, self.mention.text, self.mention.kind)

    @cached_property
    def subjects(self) -> tuple[tuple[Span, Person], ...]:
        """Every word that points at somebody, pronouns resolved, in order."""
        return tuple(self.cast.subjects(self.text))

    def person_at(self, span: Span) -> Person | None:
        """Whom the word at `span` points at."""
        for found, person in self.subjects:
            if found[0] < span[1] and span[0] < found[1]:
                return person
        return None

    def open(self, span: Span) -> bool:
        """Whether the words at `span` are the author's own and meant: neither protected nor negated."""
        return not self.shielded(span, *OTHERS_WORDS) and not is_negated(self.text, span[0])

    def shielded(self, span: Span, *reasons: str) -> bool:
        """Whether the words at `span` are protected (by one of `reasons`, if any are given)."""
        return any(
            shield.start < span[1] and span[0] < shield.end and (not reasons or shield.reason in reasons)
            for shield in self.shields
        )


@dataclass(frozen=True)
class Hit:
    """What a rule found: enough for a finding once the pack has said what it weighs.

    `because` completes "… (clause)": a plain sentence without its full stop. `harm` raises the pack's severity by so
    many steps; `days` is on how many distinct days the author did this to the same person, this mention included;
    `behaviours` are what it rests on beside this mention.
    """

    category: CategoryName
    confidence: float
    target: Target
    spans: tuple[Span, ...]
    because: str
    harm: int = 0
    days: int = 1
    behaviours: tuple[Behaviour, ...] = ()
