"""The judge: mentions in, one judgement each out, in the same order.

Texts are normalised, read for language and scored once however many packs are in force: `judge_all` gathers what every
judge wants to know, asks the model once for each distinct text, and lets each judge decide on the answers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from classifiers.annex import RULES
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.verdict import weighed
from classifiers.assessment import TOXICITY_LABELS, Assessment, Scope, ToxicityLabel
from classifiers.behaviour.over_time import over_time
from classifiers.behaviour.past import Past
from classifiers.behaviour.reading import read_in_a_row
from classifiers.beside import beside, concerns_us
from classifiers.circumstances import circumstances
from classifiers.context import Role, in_context
from classifiers.explain import deciding_words
from classifiers.finding import Finding, Judgement
from classifiers.history import History
from classifiers.language import UNDETERMINED, detect_languages, is_read
from classifiers.normalise import Normalised, normalise
from classifiers.reason import reason
from classifiers.relevance import Relevance
from classifiers.scorebook import Scorebook, scorebook
from classifiers.scorer import InContext, Scorer
from classifiers.sentiment import sentiment, settled
from classifiers.target import CastReader
from classifiers.topics import Topics
from collectors.mention import Author, Mention
from collectors.register import NOBODY, StaffRegister
from policies.policy import CATEGORY_NAMES, CategoryName, Policy
from policies.quotation import quotation
from policies.severity import SEVERITIES, raised, raises

Span = tuple[int, int]

_WINDOW = 3000  # characters; nearly every post is one window
_OVERLAP = 300
_SCOPES: Mapping[str, Scope] = {"official": "official", "union": "union", "exempt": "exempt"}
_ROLES: Mapping[str, Role] = {
    "official": "the organisation",
    "individual_professional": "its staff",
    "union": "a union",
}


@dataclass(frozen=True)
class Reading:
    """What is known of a mention before any policy: its normalised text and its language."""

    mention: Mention
    normalised: Normalised
    language: str


@dataclass(frozen=True)
class Passage:
    """A stretch of a mention that one policy judges as one, and how the model reads it."""

    normalised: Normalised
    names: tuple[Span, ...]  # where it names the organisation
    asked: InContext


class Judge:
    """Judges mentions by one pack. Compiles the pack's words once; holds no state between calls."""

    def __init__(self, policy: Policy, scorer: Scorer, history: History, register: StaffRegister = NOBODY) -> None:
        self.policy = policy
        self.scorer = scorer
        self.history = history
        self._relevance = Relevance(policy, register)
        self._topics = Topics(policy)
        self._quotations = {name: quotation(policy, name) for name in policy.categories}
        self._cast = CastReader(policy, self._relevance)

    def judge(self, mentions: Sequence[Mention]) -> list[Judgement]:
        """One judgement a mention, in the order given."""
        return judge_all([self], mentions)[0]

    def passages(self, reading: Reading) -> list[Passage]:
        """What this judge wants the model to read in context: nothing of what is plainly about somebody else."""
        mention = reading.mention
        said = self._relevance.likelihood(mention, reading.normalised.text)
        if said == "no" and not beside(self._relevance, mention):
            return []
        names = self._relevance.marks(mention.text, reading.normalised)
        return [
            Passage(part, inside, self._asked(mention, inside, part))
            for part, inside in _windows(reading.normalised, names)
        ]

    def decide(self, reading: Reading, passages: Sequence[Passage], scores: Scorebook, past: Past) -> Judgement:
        """The judgement of one reading, from the scores of its text and passages and what was there before it."""
        mention, text = reading.mention, reading.normalised.text
        relevant = self._is_relevant(reading, passages, scores)
        account = self._relevance.account(mention, mention.author)
        scope = _SCOPES.get(account.kind, "in") if account else "in"
        whole = scores.alone[text]
        assessment = Assessment(
            mention_id=mention.mention_id,
            language=reading.language,
            relevant=relevant,
            sentiment=sentiment(_feelings(passages, scores) if relevant else [], whole.sentiment),
            toxicity=_named(whole.toxicity),
            scope="exempt" if scope == "in" and self._exempts(mention) else scope,
            model=self.scorer.name,
            policy=self.policy.stamp,
            topics=self._topics.of(mention.text, text),
        )
        asked = None if relevant else beside(self._relevance, mention)
        judged = passages if scope in ("in", "official") and asked != frozenset() else ()
        findings = self._findings(reading, judged, scores, assessment, past)
        if asked is None:
            return Judgement(assessment, findings)
        findings = tuple(each for each in findings if each.category in asked and concerns_us(each))
        return Judgement(replace(assessment, relevant=bool(findings)), findings)

    def _exempts(self, mention: Mention) -> bool:
        """Whether an approved exception covers the author whole: it is judged all the same, and that is put aside."""
        return self.policy.exempts(mention.platform, mention.author.handle, mention.created_at.date())

    def _is_relevant(self, reading: Reading, passages: Sequence[Passage], scores: Scorebook) -> bool:
        likelihood = self._relevance.likelihood(reading.mention, reading.normalised.text)
        if likelihood != "maybe":
            return likelihood == "yes"
        if not is_read(reading.language):
            return self._relevance.named(reading.mention.text)
        return any(scores.in_context[passage.asked].relevant >= 0.5 for passage in passages)

    def _findings(
        self, reading: Reading, passages: Sequence[Passage], scores: Scorebook, assessment: Assessment, past: Past
    ) -> tuple[Finding, ...]:
        found: dict[tuple[str, str], Finding] = {}
        for passage in passages:
            evidence = self._evidence(reading.mention, passage, scores, assessment, past)
            hits = [hit for rule in RULES for hit in rule(evidence)]
            sure = list(weighed(evidence, hits)) if is_read(reading.language) else hits
            for hit in over_time(evidence, sure):
                if (hit.category == "own_content") != (assessment.scope == "official"):
                    continue  # an official account is judged as a publisher, and nobody else is
                if (finding := self._finding(evidence, hit)) is not None:
                    place = (hit.category, str(hit.target))
                    found[place] = _united(found[place], finding) if place in found else finding
        return tuple(found.values())

    def _evidence(
        self, mention: Mention, passage: Passage, scores: Scorebook, assessment: Assessment, past: Past
    ) -> Evidence:
        alone, read = scores.alone[passage.normalised.text], scores.in_context[passage.asked]
        return Evidence(
            mention=mention,
            normalised=passage.normalised,
            cast=self._cast.read(mention, passage.normalised),
            toxicity=assessment.toxicity,
            categories=_by_category(read.categories),
            deciding=partial(
                deciding_words, self.scorer, passage.normalised.text, passage.names, passage.asked.context
            ),
            of_anybody=partial(self._of_anybody, mention, passage),
            in_a_row=partial(read_in_a_row, self.scorer, partial(self._asked, mention, ())),
            feeling=float(alone.sentiment[2] - alone.sentiment[0]),
            policy=self.policy,
            past=past,
            by_staff=self._relevance.answers_for_us(mention),
            names_us=self._relevance.named(mention.text),
        )

    def _asked(self, mention: Mention, names: Sequence[Span], part: Normalised) -> InContext:
        roles = self._role(mention), self._answered(mention)
        return in_context(part, names, self.policy.organisation.name, mention, *roles)

    def _of_anybody(self, mention: Mention, passage: Passage) -> Mapping[CategoryName, float]:
        asked = self._asked(mention.model_copy(update={"author": Author()}), passage.names, passage.normalised)
        return _by_category(self.scorer.score_in_context([asked]).categories[0])

    def _role(self, mention: Mention) -> Role:
        account = self._relevance.account(mention, mention.author)
        return "the organisation" if account is not None and account.kind == "official" else "someone"

    def _answered(self, mention: Mention) -> Role:
        author = mention.in_reply_to.author if mention.in_reply_to else None
        account = self._relevance.account(mention, author)
        if account is not None and account.kind in _ROLES:
            return _ROLES[account.kind]
        return "its staff" if self._relevance.one_of_us(mention, author) else "someone"

    def _finding(self, evidence: Evidence, hit: Hit) -> Finding | None:
        """The hit as this pack weighs it; None where the pack has switched it off or asks for more certainty."""
        category = self.policy.categories.get(hit.category)
        confidence = round(hit.confidence, 2)  # weighed as it is stored: thresholds are refitted on what is stored
        if category is None or not category.enabled or confidence < category.threshold:
            return None
        by = raises(self.policy.severity, circumstances(evidence, hit))
        severity = raised(category.severity, by)
        return Finding(
            mention_id=evidence.mention.mention_id,
            category=hit.category,
            clauses=category.clauses,
            severity=severity,
            confidence=confidence,
            target=hit.target,
            spans=_original(evidence.normalised, hit),
            why=reason(hit.because, hit.category, category.severity, severity, by, self._quotations[hit.category]),
            behaviours=hit.behaviours,
            excepted=self._excepted(evidence.mention, hit),
        )

    def _excepted(self, mention: Mention, hit: Hit) -> str | None:
        day, handle = mention.created_at.date(), mention.author.handle
        one = self.policy.excepted(mention.platform, handle, hit.category, mention.text, day)
        return one.id if one else None


def judge_all(judges: Sequence[Judge], mentions: Sequence[Mention]) -> list[list[Judgement]]:
    """One list of judgements a judge, each in the order of `mentions`; every distinct text is scored once.

    Raises ValueError where the judges do not share one scorer.
    """
    if len({id(judge.scorer) for judge in judges}) > 1:
        raise ValueError("Judges that judge together must share one scorer: construct them with the same object")
    if not judges:
        return []
    readings = read(mentions)
    passages = [[judge.passages(reading) for reading in readings] for judge in judges]
    every = [passage for of_judge in passages for of_reading in of_judge for passage in of_reading]
    texts = [*(one.normalised.text for one in readings), *(passage.normalised.text for passage in every)]
    scores = scorebook(judges[0].scorer, texts, [passage.asked for passage in every])
    pasts = {history: history.before(mentions) for history in {judge.history for judge in judges}}
    return [
        [
            judge.decide(reading, parts, scores, pasts[judge.history])
            for reading, parts in zip(readings, of_judge, strict=True)
        ]
        for judge, of_judge in zip(judges, passages, strict=True)
    ]


def read(mentions: Sequence[Mention]) -> list[Reading]:
    """Normalise each distinct text once and tell its language."""
    normalised = {text: normalise(text) for text in {mention.text for mention in mentions}}
    return [
        Reading(mention, normalised[mention.text], language)
        for mention, language in zip(mentions, _languages(mentions, normalised), strict=True)
    ]


def _languages(mentions: Sequence[Mention], normalised: Mapping[str, Normalised]) -> list[str]:
    """Of the text as written; where disguises hide the language, of the text without them."""
    found = detect_languages((mention.text, mention.lang) for mention in mentions)
    hidden = [i for i, language in enumerate(found) if language == UNDETERMINED]
    bare = detect_languages((normalised[mentions[i].text].text, mentions[i].lang) for i in hidden)
    for i, language in zip(hidden, bare, strict=True):
        found[i] = language
    return found


def _windows(normalised: Normalised, names: Sequence[Span]) -> Iterator[tuple[Normalised, tuple[Span, ...]]]:
    """The text in overlapping stretches: rules relate words to people nearby, and time must stay in proportion."""
    size = len(normalised.text)
    for start in range(0, max(1, size - _OVERLAP), _WINDOW - _OVERLAP):
        end = min(size, start + _WINDOW)
        part = Normalised(normalised.text[start:end], normalised.offsets[start:end], normalised.ends[start:end])
        yield part, tuple((a - start, b - start) for a, b in names if start <= a and b <= end)


def _feelings(passages: Sequence[Passage], scores: Scorebook) -> list[NDArray[np.float32]]:
    """What is felt towards the organisation in each passage that names it."""
    return [
        settled(scores.in_context[passage.asked].towards, passage.normalised.text, passage.names)
        for passage in passages
        if passage.names
    ]


def _named(row: NDArray[np.float32]) -> dict[ToxicityLabel, float]:
    return {label: round(float(value), 4) for label, value in zip(TOXICITY_LABELS, row, strict=True)}


def _by_category(row: NDArray[np.float32]) -> dict[CategoryName, float]:
    return dict(zip(CATEGORY_NAMES, map(float, row), strict=True))


def _united(one: Finding, other: Finding) -> Finding:
    """What two places of a text show of one deed: the graver finding, with the words of both."""
    graver = max(one, other, key=lambda each: (SEVERITIES.index(each.severity), each.confidence))
    return replace(graver, spans=_merged((*one.spans, *other.spans)))


def _original(normalised: Normalised, hit: Hit) -> tuple[Span, ...]:
    """The hit's spans in the writer's own characters, sorted and without overlaps."""
    return _merged(normalised.to_original(span) for span in hit.spans if span[0] < span[1])


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
