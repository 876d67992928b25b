"""Insults, how heavy they are, and whom they are bound to by the grammar around them.

Words about competence and courtesy (useless, rude, clueless) are complaint, and are not here.
"""

import re
from dataclasses import dataclass
from typing import Literal

from classifiers.annex.comfort import is_set_aside
from classifiers.annex.evidence import Evidence
from classifiers.finding import Target
from classifiers.insult_words import ADJECTIVES, TERMS
from classifiers.target import Person, Span

Weight = Literal["insult", "degrading"]

_THING = (
    r"(?:(?:piece|waste) of|forms?|web ?sites?|sites?|system|systems|app|apps|queues?|phones?|lines?|"
    r"music|letters?|rules?|process|processes|decisions?|"
    r"policy|policies|service|services|offices?|place|computers?|portal|journal|questions?|game|idea|"
    r"excuses?|answers?|hold|tune|song|waits?|delays?|"
    r"sanctions?|government|department|organisation|company|scheme|treatment|attitude|behaviour|behavior|"
    r"way|ways|thing|things|stuff|situation|amount|"
    r"joke|state|o'clock|email|emails|text|message|link|seat|seats|flight|flights|plane|airline|bag|bags|"
    r"food|chance|envelope|report|week|day|chips|controller|shaming|people skills)"
)
_THING_NEXT = re.compile(
    r"^(?:[\s,]+(?:and|\w+ing|\w+ed|fucking|bloody|damn|old|little|new|long|online|phone|hold|"
    rf"\w+ly)){{0,2}}\s+{_THING}\b",
    re.I,
)
_FILLER = (
    r"(?:in|particular|is|are|was|were|r|am|be|being|been|must|look|looks|sound|sounds|smell|seem|seems|like|really|"
    r"just|all|both|such|nothing|but|a|an|the|one|absolute|absolutely|"
    r"complete|completely|total|totally|utter|utterly|proper|fucking|fuckin|effing|f\*+ing|bloody|damn|"
    r"literally|actually|clearly|honestly|obviously|still|so|too|soo|as|and|lot|bunch|pack|"
    r"of|pair|most|biggest|ever|little|old|big|real|right|pure|massive|sad|bitter|lazy|smug|useless|"
    r"horrible|evil|nasty|miserable|ignorant|arrogant|dirty|filthy|rotten|"
    r"jumped|up|dim|thieving|lying|heartless|human|know|what|can|only|always|also|you|she|he|they|that|"
    r"stupid|thick|pathetic|ugly|fat|hideous|dumb|vile|disgusting|revolting|worthless|spineless|"
    r"incompetent|cruel)"
)
_LINK = re.compile(
    rf"^(?:['’]?(?:s|re|ve|r))?(?:[\s,:–-]+{_FILLER}){{0,10}}(?:\s+[\w-]+)?(?:\s+{_FILLER}){{0,3}}[\s,:–-]*$", re.I
)
_ASIDE = re.compile(
    r"^,? (?:who|at|from|in|on|of|behind|working)\b[^.!?;]{0,45}?(?=,? (?:is|was|['’]s|has been|looks|"
    r"sounds)\b),?",
    re.I,
)
_COPULA = re.compile(r"^\s*(?:['’]s|is|was|are|were|looks|sounds|you|what)\b", re.I)
_TOWARDS = re.compile(
    r"^[\s,]*(?:(?:as|of an?|like|called|named|named|is|are|that is|aka|the|that|my|our|your|all)\s+){0,3}$", re.I
)
_ATTRIBUTIVE = re.compile(r"^\s+(?:\w+\s+)?$")
_SOME = re.compile(r"\b(?:that|this|the|some|my|what an?|those|these|your)\s+(?:[\w-]+\s+){0,3}$", re.I)
_AT_WORK = re.compile(
    r"^\s+(?:who works\s+)?(?:at|in|on|from|behind|running)\s+(?:the\s+|your\s+)?(?:\w+\s+){0,2}(?:job "
    r"?cent(?:re|er)|office|desk|counter|phone|reception|door|branch|dwp|helpline)\b",
    re.I,
)
_APPOSED = re.compile(r",\s*(?:the|what an?|absolute|total|that|a|an)\s+(?:[\w-]+\s+){0,2}$", re.I)
_VERDICT = re.compile(r"^\s*(?:(?:what an?|absolute|total|complete|utter|proper|horrible|vile|nasty|,)\s*){1,3}$", re.I)
_SEVERAL = re.compile(r"\b(?:pack|bunch|load|shower|crowd|gang|set) of (?:[\w-]+ ){0,2}$", re.I)
_NEAREST = 6  # words that point at people, looked at from an insult backwards
_MADE_TO_LOOK = re.compile(r"\b(?:make|makes|made|making|leave|leaves|let|lets) (?:all |both )?$", re.I)
_OF_A_DEED = re.compile(  # “disgusting what they did to you”
    r"^\s+(?:(?:what|how|that)\b(?!\s+you\b)[^.!?;\n]{0,40}?\b(?:to|at|about) (?:you|him|her|them)|"
    r"that (?:any|some)(?:one|body))\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:you|an?|these|those|is|are|['’]re|['’]s)(?: \w+)?\s*$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?;…\n]|\b(?:but|because|when|while|if)\b", re.I)


@dataclass(frozen=True)
class Insult:
    """One insult and the person it is bound to."""

    person: Person
    weight: Weight
    span: Span


def insults(evidence: Evidence) -> list[Insult]:
    """Every insult in the text that is aimed at somebody and is the author's own."""
    found = []
    for match in TERMS.finditer(evidence.text):
        span = match.span()
        before, after = evidence.text[: span[0]], evidence.text[span[1] :]
        of_a_deed = match[0].casefold() in ADJECTIVES and _OF_A_DEED.match(after) and not _CALLED.search(before)
        if _THING_NEXT.match(after) or of_a_deed or is_set_aside(before):
            continue
        person = _bound(evidence, span)
        if person is not None and evidence.open(span) and not evidence.shielded(span, "self"):
            found.append(Insult(person, "degrading" if match["degrading"] else "insult", span))
    return found


def _bound(evidence: Evidence, term: Span) -> Person | None:
    text = evidence.text
    start, end = _clause(text, term)
    before = [entry for entry in evidence.subjects if start <= entry[0][0] and entry[0][1] <= term[0]]
    several = _SEVERAL.search(text[start : term[0]]) is not None
    if several:  # "what a bunch of …" is not of one person, whoever is named or answered
        before = [entry for entry in before if entry[1].target.kind not in ("employee", "other")]
    for span, person in reversed(before[-_NEAREST:]):
        between = text[span[1] : term[0]]
        if _MADE_TO_LOOK.search(text[max(0, span[0] - 20) : span[0]]):
            continue
        if aside := _ASIDE.match(between):
            between = between[aside.end() :]
        if _LINK.match(between):
            return person
    after = [entry for entry in evidence.subjects if term[1] <= entry[0][0] <= min(end, term[1] + 30)]
    adjective = text[term[0] : term[1]].casefold() in ADJECTIVES
    for span, person in () if several else after[:1]:
        between = text[term[1] : span[0]]
        if _TOWARDS.match(between) or (adjective and _ATTRIBUTIVE.match(between)):
            return person
    return None if several else _unnamed(evidence, term, start)


def _unnamed(evidence: Evidence, term: Span, start: int) -> Person | None:
    """ "That … at the jobcentre"; or a bare insult thrown at the person who is answered."""
    text = evidence.text
    if _SOME.search(text[start : term[0]]) and _AT_WORK.match(text[term[1] :]):
        return Person(Target("employee"), term, known=False)
    spoken_of = [person for person in evidence.cast.people if person.span[0] < term[0] and person.known]
    if spoken_of and (_APPOSED.search(text[start : term[0]]) or _VERDICT.search(text[start : term[0]])):
        return spoken_of[-1]
    answered = evidence.cast.answered or evidence.cast.addressed
    verdict = text[term[0] : term[1]].casefold() in ADJECTIVES
    bare = (
        not verdict
        and not any(start <= span[0] < term[0] for span, _ in evidence.subjects)
        and len(text[start : term[0]].split()) <= 3
    )
    if (
        bare
        and answered.known
        and answered.target.kind != "organisation"
        and not re.search(r"\b(?:i|my|me|it|this|that)\b", text[start : term[0]], re.I)
    ):
        return answered
    return None


def _clause(text: str, span: Span) -> Span:
    start = 0
    for match in _CLAUSE_END.finditer(text, 0, span[0]):
        start = match.end()
    following = _CLAUSE_END.search(text, span[1])
    return start, following.start() if following else len(text)
