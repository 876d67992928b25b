"""Rules and model weighed together: neither decides alone where the other knows better.

A rule knows words and whom they are aimed at; the model has read the post in its context. Their odds are multiplied,
the model's tempered, so that a model that is undecided leaves a rule's word as it is.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from classifiers.annex.comfort import comforted
from classifiers.annex.cyber_attack import is_lure, only_got_in
from classifiers.annex.cyberbullying import is_banter, is_no_abuse
from classifiers.annex.discrimination import speaks_for_them
from classifiers.annex.elections import speaks_of_an_election
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.impersonation import is_openly_another
from classifiers.annex.official_information import cites_the_published
from classifiers.annex.other_vetting import is_of_another
from classifiers.annex.staff_conduct import speaks_as_staff, tells_of_others
from classifiers.annex.threat import only_peaceful
from classifiers.annex.unauthorised_recording import only_in_mind
from classifiers.annex.wording import called, clipped
from classifiers.finding import Target
from classifiers.target import Person, Span
from policies.policy import CategoryName

_TRUST = 0.3  # how much of the model's odds counts where a rule has spoken: rules know plain abuse better than it does
_TRUST_OVER_TIME = 0.2  # and where a course of posts has spoken, of which the model has read only the last
_SHIELDED = 2.0  # taken from the odds where the deciding words are somebody else's, or not meant
_ASKED = 0.80  # where no rule speaks the model must be surer, for the sake of those who only criticise

_ASKED_OF_THE_CITED = 0.95  # and that something is not public, where it is quoted from what is
_ASKED_OF_RISK = 0.55  # of a person at risk: to pass one over is worse than to look once in vain

_DOES = {
    "trolling": "baits or derails the conversation it stands in",
    "cyberbullying": "abuses or humiliates {}",
    "cyberstalking": "pursues or watches {}",
    "defamation": "accuses {} of serious wrongdoing as a fact",
    "discrimination": "attacks {} for who they are",
    "threat": "threatens {} or wishes harm",
    "doxxing": "gives or seeks private details of {}",
    "unauthorised_recording": "records or publishes {} without consent",
    "official_information": "discloses what is not public",
    "vetting_disclosure": "reveals a security vetting status",
    "impersonation": "poses as the organisation or its staff",
    "cyber_attack": "announces, invites or serves an attack on systems",
    "safeguarding": "tells of a person who may be at risk",
    "staff_conduct": "is contemptuous or partisan, by somebody who says they work here",
    "own_content": "breaks the organisation's own publishing rules",
}
_OF_A_LURE = frozenset({"impersonation", "cyber_attack"})
_AT_PEOPLE = frozenset(
    {"cyberbullying", "cyberstalking", "defamation", "discrimination", "threat", "doxxing", "unauthorised_recording"}
)

_AT_ONE = frozenset({"cyberbullying", "cyberstalking", "defamation"})  # an organisation suffers none of these
_OF_PEOPLE = frozenset({"cyberbullying", "discrimination"})  # words at "you lot" and "they" are at those who work there
_SURE_OF_ONE = {"cyberbullying": 1.0, "cyberstalking": 0.97, "defamation": 1.0}  # a person whom no word names
_ONE_PERSON = re.compile(r"\b(?:s?he|her|him|his|hers|lad|lass|girl|bloke|guy|woman|man|lady)\b", re.IGNORECASE)
_INNOCENT: Mapping[CategoryName, Callable[[Evidence], bool]] = {  # whatever the model makes of such words
    "cyber_attack": only_got_in,
    "cyberbullying": is_no_abuse,
    "discrimination": speaks_for_them,
    "impersonation": is_openly_another,
    "staff_conduct": tells_of_others,
    "threat": only_peaceful,
    "unauthorised_recording": only_in_mind,
}
_SAYS_ENOUGH = 0.2  # below, a rule has seen next to nothing, and the model is heard as if it were silent
_SURE_APART = 0.9  # from which a post of a pursuit is bullying as well; below, the course says it better
_DISMISSAL = re.compile(
    r"\b(?:you |she |he |they )?(?:should|must|ought to|needs? to|deserves? to|has to|have to|get) (?:all )?"
    r"(?:be |get )?(?:sacked|fired|dismissed|suspended|struck off|replaced|demoted|removed|reported|investigated)\b|"
    r"\bresign\b|(?:\b(?:hope|wish|pray)(?: that)? (?:you|he|she|they) )?\blos(?:e|es|ing) "
    r"(?:your|her|his|their) (?:job|post|pension)s?\b|\b(?:get|gets|got) the (?:sack|"
    r"boot)\b|\b(?:hope|want|wish) (?:that )?(?:he|she|they|the \w+) (?:rots?|goes|go|gets?|is|are|ends? up) (?:\w+ )"
    r"{0,2}?(?:jail|prison|jailed|locked up|prosecuted|convicted|arrested|caught)\b",
    re.IGNORECASE,
)

_DISMAY = re.compile(
    r"\b(?:sick|sickened|sorry|gutted|horrified|appalled|heartbroken|disgusted|ashamed|shocked|awful|"
    r"horrible|can'?t believe) (?:that )?(?:(?:any|some)(?:one|body)|people) (?:would|could|did|has|have|had)\b",
    re.IGNORECASE,
)

_REMOVAL = re.compile(
    r"\b(?:please|needs? to|should|must|can (?:you|someone|somebody|admin)|will (?:you|someone|somebody)) "
    r"(?:\w+ )?(?:(?:delete|remove) (?:this|that|it|these|those|them|the|your|(?:her|his|their) (?:\w+ )?(?:address|"
    r"number|details|name|post))\b|take (?:it|this|that|them|the \w+)? ?down\b)",
    re.IGNORECASE,
)
_PLEA = re.compile(  # to stop it, too short for a detail to stand in it
    r"\A(?=\D{0,100}\Z).*\bstop (?:sharing|posting|publishing|spreading|giving out|passing (?:on|round)) "
    r"(?:[@\w'’-]+ ){0,5}?(?:address(?:es)?|numbers?|details|names?|photos?|pictures?)\b",
    re.IGNORECASE | re.DOTALL,
)


def weighed(evidence: Evidence, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The rules' hits with the model's odds in their confidence, then what the model alone has seen."""
    ruled = set()
    for hit in hits:
        trust = _TRUST_OVER_TIME if any(one.kind == "course_of_conduct" for one in hit.behaviours) else _TRUST
        odds = _odds(hit.confidence) + trust * _odds(evidence.categories[hit.category])
        yield replace(hit, confidence=_probability(odds))
        if hit.confidence >= _SAYS_ENOUGH:
            ruled.add(hit.category)
    pursued = any(one.kind == "course_of_conduct" for hit in hits for one in hit.behaviours)
    for category, read in evidence.categories.items():
        if category in ruled or not evidence.policy.enabled(category):
            continue
        asked = _asked(evidence, category)
        score = _of_the_words(evidence, category, read) if read < asked else read
        if score < asked:
            continue
        if _is_excused(evidence, category) or (pursued and category == "cyberbullying" and score < _SURE_APART):
            continue
        spans = evidence.deciding(category)
        target = _target(evidence, category, spans)
        if category == "cyberbullying" and target in comforted(evidence):
            continue  # of who is taken the side of, only a rule may say that they are abused
        if category not in _AT_ONE or score >= _SURE_OF_ONE[category] or not _is_a_customers(evidence, target):
            yield _by_the_model(evidence, category, score, spans, target)


def _asked(evidence: Evidence, category: CategoryName) -> float:
    """How sure the model must be alone."""
    if category == "official_information" and cites_the_published(evidence):
        return _ASKED_OF_THE_CITED
    return _ASKED_OF_RISK if category == "safeguarding" else _ASKED


def _of_the_words(evidence: Evidence, category: CategoryName, score: float) -> float:
    """Of a lure, the more telling of two readings, one without its author: the same words are one campaign's."""
    if category not in _OF_A_LURE or not is_lure(evidence):
        return score
    return max(score, evidence.of_anybody()[category])


def _is_excused(evidence: Evidence, category: CategoryName) -> bool:
    """Whether the model cannot be right: nobody's conduct or clearance, an opinion on a job, friends who tease."""
    if category == "staff_conduct" and not speaks_as_staff(evidence):
        return True
    if (innocent := _INNOCENT.get(category)) is not None and innocent(evidence):
        return True
    if category == "vetting_disclosure":
        return is_of_another(evidence)
    if category == "threat":
        dismayed = _DISMAY.search(evidence.text) is not None  # at what others did to somebody
        return dismayed or speaks_of_an_election(evidence) or _asks_for_dismissal(evidence)
    if category == "doxxing" and (_REMOVAL.search(evidence.text) or _PLEA.search(evidence.text)):
        return True
    return category in ("cyberbullying", "staff_conduct") and is_banter(evidence)


def _is_a_customers(evidence: Evidence, target: Target) -> bool:
    """Whether words are aimed at an official account, and speak of no one person: a customer's, however cross."""
    at_us = target.kind == "organisation" and target.handle is not None
    return at_us and _ONE_PERSON.search(evidence.text) is None


def _asks_for_dismissal(evidence: Evidence) -> bool:
    """Whether what reads as a threat is that somebody should lose their job, or be tried: an opinion."""
    stretches = [match.span() for match in _DISMISSAL.finditer(evidence.text)]
    spans = evidence.deciding("threat")
    return bool(spans) and all(any(a <= start and end <= b for a, b in stretches) for start, end in spans)


def _by_the_model(
    evidence: Evidence, category: CategoryName, score: float, spans: tuple[Span, ...], meant: Target
) -> Hit:
    target = Target("group") if category in _OF_PEOPLE and meant.kind == "organisation" else meant
    shielded = bool(spans) and all(evidence.shielded(span) for span in spans)
    telling = [span for span in spans if not _is_a_name(evidence, span)]
    quoted = f" “{clipped(evidence.text, telling)}” decided." if telling else ""
    because = f"The model reads that this {_DOES[category].format(called(target))};{quoted}".rstrip(".;")
    return Hit(category, _probability(_odds(score) - _SHIELDED * shielded), target, spans, because)


def _is_a_name(evidence: Evidence, span: Span) -> bool:
    """Whether a stretch is no more than what somebody is called: that tells a reader nothing of why."""
    word = evidence.text[slice(*span)].strip(" .,;:!?'\"").casefold()
    return any(one.known and evidence.text[slice(*one.span)].casefold() == word for one in evidence.cast.people)


def _target(evidence: Evidence, category: CategoryName, spans: Sequence[Span]) -> Target:
    """Whom the deciding words are nearest to; for what is aimed at nobody, the organisation."""
    if category not in _AT_PEOPLE:
        return Target("other" if category == "safeguarding" else "organisation")
    spared = comforted(evidence) if category == "cyberbullying" else frozenset()
    people = [
        (span, person)
        for span, person in evidence.subjects
        if person.target.kind != "organisation" and person.target not in spared
    ]
    if category == "discrimination" and (groups := [one for one in people if one[1].target.kind == "group"]):
        people = groups
    if people:
        return min(people, key=lambda one: (not one[1].known, _distance(one[0], spans)))[1].target
    answered: Person | None = evidence.cast.answered
    return answered.target if answered is not None else evidence.cast.addressed.target


def _distance(span: Span, spans: Sequence[Span]) -> int:
    return min((max(0, span[0] - end, start - span[1]) for start, end in spans), default=0)


def _odds(probability: float) -> float:
    held = min(max(probability, 0.005), 0.995)
    return math.log(held / (1 - held))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
