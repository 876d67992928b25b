"""The judge: mentions in, one judgement each out, in the same order.

Texts are normalised, read for language and scored once however many packs are in force: `judge_all` gathers what every
judge wants to know, asks the model once for each distinct text, and lets each judge decide on the answers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.annex import RULES
from classifiers.annex.evidence import Evidence, Hit
from classifiers.assessment import TOXICITY_LABELS, Assessment, Scope, ToxicityLabel
from classifiers.conduct import DISTINCT_DAYS, distinct_days
from classifiers.finding import Finding, Judgement
from classifiers.history import History
from classifiers.language import detect_languages
from classifiers.normalise import Normalised, normalise
from classifiers.relevance import Relevance
from classifiers.scorer import Scorer
from classifiers.sentiment import focus, towards
from classifiers.target import CastReader
from classifiers.topics import Topics
from collectors.mention import Mention
from policies.policy import SEVERITIES, Category, Policy, Severity

_WINDOW = 3000  # characters; nearly every post is one window
_OVERLAP = 300
_SCOPES: Mapping[str, Scope] = {"official": "official", "union": "union", "exempt": "exempt"}


@dataclass(frozen=True)
class Reading:
    """What is known of a mention before any policy: its normalised text and its language."""

    mention: Mention
    normalised: Normalised
    language: str


@dataclass(frozen=True)
class Score:
    """The model's answer for one text: toxicity (7,) and sentiment (3,), as the rows of `Scores`."""

    toxicity: NDArray[np.float32]
    sentiment: NDArray[np.float32]


Scorebook = Mapping[str, Score]  # by the text's key


class Judge:
    """Judges mentions by one pack. Compiles the pack's words once; holds no state between calls."""

    def __init__(self, policy: Policy, scorer: Scorer, history: History) -> None:
        self.policy = policy
        self.scorer = scorer
        self._history = history
        self._relevance = Relevance(policy)
        self._topics = Topics(policy)
        self._cast = CastReader(policy, self._relevance)

    def judge(self, mentions: Sequence[Mention]) -> list[Judgement]:
        """One judgement a mention, in the order given."""
        return judge_all([self], mentions)[0]

    def wanted(self, reading: Reading) -> Iterable[str]:
        """The normalised texts whose scores this judge needs: the whole, and its part about the organisation."""
        text = reading.normalised.text
        part = focus(text, self._relevance.spans(text))
        return (text,) if part is None else (text, part)

    def decide(self, reading: Reading, scores: Scorebook) -> Judgement:
        """The judgement of one reading, from the scores of the texts that it wanted."""
        mention, text = reading.mention, reading.normalised.text
        relevant = self._relevance.relevant(mention, text)
        account = self.policy.account(mention.platform, mention.author.handle)
        scope = _SCOPES.get(account.kind, "in") if account else "in"
        whole = scores[_key(text)]
        spans = self._relevance.spans(text)
        about = focus(text, spans)
        assessment = Assessment(
            mention_id=mention.mention_id,
            language=reading.language,
            relevant=relevant,
            sentiment=towards((scores[_key(about)] if about else whole).sentiment, text, spans),
            toxicity=_named(whole.toxicity),
            scope=scope,
            model=self.scorer.name,
            policy=self.policy.stamp,
            topics=self._topics.of(mention.text, text),
        )
        findings = self._findings(reading, whole, assessment) if relevant and scope == "in" else ()
        return Judgement(assessment, findings)

    def _findings(self, reading: Reading, score: Score, assessment: Assessment) -> tuple[Finding, ...]:
        found: dict[tuple[str, str], Finding] = {}
        for window in _windows(reading.normalised):
            evidence = self._evidence(reading.mention, window, score, assessment)
            for rule in RULES:
                for hit in rule(evidence):
                    if (finding := self._finding(evidence, hit)) is not None:
                        found.setdefault((hit.category, str(hit.target)), finding)
        return tuple(found.values())

    def _evidence(self, mention: Mention, window: Normalised, score: Score, assessment: Assessment) -> Evidence:
        return Evidence(
            mention=mention,
            normalised=window,
            cast=self._cast.read(mention, window),
            toxicity=assessment.toxicity,
            feeling=float(score.sentiment[2] - score.sentiment[0]),
            policy=self.policy,
            history=self._history,
            by_staff=self._relevance.employs(mention.author),
            names_us=self._relevance.named(mention.text),
        )

    def _finding(self, evidence: Evidence, hit: Hit) -> Finding | None:
        """The hit as this pack weighs it; None where the pack has switched it off or asks for more certainty."""
        category = self.policy.categories.get(hit.category)
        if category is None or not category.enabled or hit.confidence < category.threshold:
            return None
        return Finding(
            mention_id=evidence.mention.mention_id,
            category=hit.category,
            clauses=category.clauses,
            severity=_severity(category, hit, max(hit.days, distinct_days(evidence, hit.target))),
            confidence=round(hit.confidence, 2),
            target=hit.target,
            spans=_original(evidence.normalised, hit),
            why=f"{hit.because} ({', '.join(category.clauses)}).",
        )


def judge_all(judges: Sequence[Judge], mentions: Sequence[Mention]) -> list[list[Judgement]]:
    """One list of judgements a judge, each in the order of `mentions`; every distinct text is scored once.

    Raises ValueError where the judges do not share one scorer.
    """
    if len({id(judge.scorer) for judge in judges}) > 1:
        raise ValueError("Judges that judge together must share one scorer: construct them with the same object")
    if not judges:
        return []
    readings = read(mentions)
    scores = score_texts(judges[0].scorer, (text for one in readings for judge in judges for text in judge.wanted(one)))
    return [[judge.decide(reading, scores) for reading in readings] for judge in judges]


def read(mentions: Sequence[Mention]) -> list[Reading]:
    """Normalise each distinct text once and tell its language."""
    normalised = {text: normalise(text) for text in {mention.text for mention in mentions}}
    languages = detect_languages((mention.text, mention.lang) for mention in mentions)
    return [
        Reading(mention, normalised[mention.text], language)
        for mention, language in zip(mentions, languages, strict=True)
    ]


def score_texts(scorer: Scorer, texts: Iterable[str]) -> Scorebook:
    """The scores of normalised texts, those that differ only in case scored once."""
    distinct: dict[str, str] = {}
    for text in texts:
        distinct.setdefault(_key(text), text)
    scores = scorer.score(list(distinct.values()))
    rows = zip(distinct, scores.toxicity, scores.sentiment, strict=True)
    return {key: Score(toxicity, sentiment) for key, toxicity, sentiment in rows}


def _windows(normalised: Normalised) -> Iterator[Normalised]:
    """The text in overlapping stretches: rules relate words to people nearby, and time must stay in proportion."""
    size = len(normalised.text)
    for start in range(0, max(1, size - _OVERLAP), _WINDOW - _OVERLAP):
        part = slice(start, min(size, start + _WINDOW))
        yield Normalised(normalised.text[part], normalised.offsets[part], normalised.ends[part])


def _key(text: str) -> str:
    return text.casefold()


def _named(row: NDArray[np.float32]) -> dict[ToxicityLabel, float]:
    return {label: round(float(value), 4) for label, value in zip(TOXICITY_LABELS, row, strict=True)}


def _severity(category: Category, hit: Hit, days: int) -> Severity:
    """The pack's severity, one step up for each harm, one more where it goes on over days; see docs/judging.md."""
    rank = SEVERITIES.index(category.severity) + hit.harm + (1 if days >= DISTINCT_DAYS else 0)
    return SEVERITIES[min(rank, len(SEVERITIES) - 1)]


def _original(normalised: Normalised, hit: Hit) -> tuple[tuple[int, int], ...]:
    """The hit's spans in the writer's own characters, sorted and without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(normalised.to_original(span) for span in hit.spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
