"""Cyberbullying: abuse aimed at a person (DWP-SMP Annex 1: "bullying or harassment using electronic means")."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.insults import Insult, insults
from classifiers.annex.wording import WHO, any_of, called, clipped, who_span
from classifiers.behaviour.goodwill import is_playful
from classifiers.finding import Target, TargetKind
from classifiers.insult_words import TERMS
from classifiers.people import GROUPS
from classifiers.target import Person, Span

_PRAISE = (
    r"(?:(?:[\w-]+ ){0,2}?(?:angels?|saints?|dreams?|steel trap|stars?|film star|model|princess|queen|goddess|choir\w*|"
    r"songbird|nightingale|lark|bell|computer|calculator|genius|professor|scholar|encyclop\w+|librarian|philosopher|"
    r"poet|hug|blanket|honey|silk|velvet|gold|roses?|flowers?|heaven|bakery|coffee|bread|summer|spring|newsreader|"
    r"singer|(?:warm|kind|kindly|friendly|gentle|lovely|beautiful|soothing|sunny|happy|gorgeous|sweet|calm) \w+|"
    r"million dollars)\b)"
)
_NO_PRAISE = f"(?!{_PRAISE})"  # after "like a"
_LIKENED = re.compile(rf"\b(?:face|brain|voice|personality|mind) (?:like|of) (?:an?|the) {_PRAISE}", re.IGNORECASE)
_THING = any_of(
    r"\b(?:photocopier|printer|scanner|form|website|app|portal|computer|laptop|machine|kiosk|lift|door|toilet|heating|"
    r"phone ?line|hold music|chair|car ?park)s?\b"
)
_HEAP = any_of(r"\b(?:heap|pile|load|crock|lump|piece|bag)s? of (?:old )?(?:shite?|crap|junk|rubbish|scrap|rust)\b")
_SOMEBODY = any_of(
    r"\b(?:yous?|your\w*|yours|ya|yer|u|ur|he|she|they|him|her|hers|his|them|their|those|these|who|whose|one|"
    r"\w*(?:staff|people|folk|lot|man|men|woman|women|lad|lass|girl|boy|bloke|guy|lady|person|coach|worker|clerk|adviser|"
    r"advisor|manager|boss|guard|nurse|driver|teacher|tutor|agent|officer|assessor|claimant|customer|scrounger|idiot|"
    r"moron)(?:s|es)?)\b"
)
_CRUELTY = any_of(
    rf"\b(?:hope|wish|pray|hoping)(?:ing)?(?: that)? {WHO}(?: all)? (?:\w+ ){{0,2}}?(?:dies?|rots?|"
    r"suffers?|burns?|chokes?|gets? (?:cancer|ill|sick|hit by|run over|made homeless|evicted|"
    r"what\w* deserve)|loses? (?:your|her|his|their|everything|the baby)|never (?:sleep|find|know "
    r"peace)|drops? dead|lives? in misery|ends? up (?:homeless|alone|dead|on the street))",
    r"\b(?:kill yourself|kys|go (?:and )?(?:die|kill yourself|hang yourself|jump off)|drop dead|"
    r"do (?:us|everyone|the world) (?:all )?a favour and (?:die|disappear|quit|jump|end it|never)|"
    r"crawl back (?:under|into|to)|rot in hell|eat shit|burn in hell|choke on it)",
    r"\b(?:no ?body|no one) (?:likes?|loves?|wants?|would miss|will miss|cares about|respects) "
    r"(?P<who2>you|her|him)\b(?! to\b)",
    r"\b(?:world|place|everyone|office|planet|kids|family)(?:'d| would| will)? (?:be |is |are "
    r")?better off without (?P<who3>you|her|him|these people|them)",
    r"\b(?P<who4>you|she|he)(?:'re|'s| are| is)? (?:\w+ )?(?:don'?t deserve|doesn'?t deserve|not "
    r"fit) to (?:live|breathe|exist|be alive|have (?:kids|children))",
    r"\b(?:should|ought to) be ashamed to (?:be alive|look in the mirror|show (?P<who5>your|her|his) face)",
    r"\b(?:let'?s(?: all)?|everyone|everybody|all of you|you lot|lads|please all)(?:,)? (?:go "
    r")?(?:make|give|flood|spam|bombard|pile|message|ruin|mob|hound|swarm|target) (?:on |into "
    r")?(?P<who6>her|him|his|them|@user|this \w+|(?-i:[A-Z])\w+(?: (?-i:[A-Z])[a-z]+)?(?:'s)?)(?: "
    r"life)? (?:\w+ ){0,3}?(?:hell|misery|inbox|until|till|dms?|page|profile|out of|quits?|cries|"
    r"with|so)",
    r"\b(?:has|have|with|got) (?:a|the) (?:face|brain|voice|personality|mind) (?:like|of) (?:an?|the) " + _NO_PRAISE,
    r"\b(?:your|her|his) own (?:mother|mum|kids?|children|family|dad) (?:must |should |will )?(?:be |is |are )?"
    r"(?:ashamed|sick|hates?|can'?t stand|disown)",
    r"\b(?P<who>you|she|he) (?:really )?(?:disgusts? me|makes? me (?:sick|vomit|puke))\b",
    r"\b(?P<who>she|he|you|@user) (?:should|deserves to|needs to|must) be (?:hounded|chased|driven|run) out\b",
    r"\b(?:find|hunt down|go after|dig (?:up|out)) (?P<who>her|his|their) (?:other |personal |private )?accounts?\b",
    r"\b(?P<who>she|he|you)(?:'s|'re| is| are)? not fit to (?:look after|raise|mother|be around)\b",
    r"\b(?:look at the state of|face like a|smell(?:s)? like|have you seen the size of|built like "
    rf"a|voice like a) {_NO_PRAISE}(?P<who7>you|her|him|@user)?",
    r"\b(?:fuck|piss|sod|bugger) off(?: and die)?,? (?P<who8>you|@user|(?-i:[A-Z])[a-z]+)\b|"
    r"\b(?:fuck|screw) (?P<who9>you|@user|(?-i:[A-Z])[a-z]+)\b(?! \w+ing)",
)

_MILD = re.compile(
    r"(?:(?:daft|silly|soft|old|cheeky) )?(?:muppet|numpty|wally|plonker|do(?:ugh)?nut|eejit|daft\w*|silly|clown|idiot|"
    r"goon|melt|sod|bugger|beggar|twit|pillock|bat|mare|apeth)s?",
    re.IGNORECASE,
)
_OF_LOOKS_OR_WITS = re.compile(r"\b(?:fat|ugly|hideous|smelly|stinking|stupid|thick|braindead|lazy)\b", re.IGNORECASE)
_LAUGHING = re.compile(r"tears of joy|floor laughing|laughing|\blol\b|\bhaha|\bmate\b|\bpal\b|love you|\bxx+\b", re.I)
_FRIENDLY = re.compile(  # what is offered or planned together
    r"\b(?:pint|brew|cuppa|curry|chippy|(?:your|my) round|(?:come|pop|coming) (?:round|over) (?:for|to ours|later)|"
    r"fancy a|bring (?:the |some )?(?:biscuits|cake|milk))\b",
    re.IGNORECASE,
)


def cyberbullying(evidence: Evidence) -> Iterator[Hit]:
    """One hit a person who is insulted or wished ill; none where friends tease."""
    if is_banter(evidence):
        return
    by_target: dict[Target, list[Insult]] = defaultdict(list)
    for insult in insults(evidence):
        by_target[insult.person.target].append(insult)
    cruel = dict(_cruelties(evidence))
    for target in {**dict.fromkeys(by_target), **dict.fromkeys(cruel)}:
        terms = by_target.get(target, [])
        spans = (*cruel.get(target, ()), *(insult.span for insult in terms))
        person = terms[0].person if terms else _person(evidence, cruel[target][0], target)
        confidence = _confidence(evidence, person, terms, len(cruel.get(target, ())))
        if confidence > 0:
            because = f"Aims “{clipped(evidence.text, spans)}” at {called(target)}: abuse of a person"
            yield Hit(
                "cyberbullying", confidence, target, tuple(sorted(spans)), because, harm=1 if target in cruel else 0
            )


def _cruelties(evidence: Evidence) -> Iterator[tuple[Target, tuple[Span, ...]]]:
    for match in _CRUELTY.finditer(evidence.text):
        who = who_span(match)
        person = (
            evidence.person_at(who) if who else evidence.cast.antecedent(match.start())
        ) or evidence.cast.addressed
        if evidence.open(match.span()):
            yield person.target, (match.span(),)


def _person(evidence: Evidence, span: Span, target: Target) -> Person:
    return next(
        (person for _, person in evidence.subjects if person.target == target),
        Person(target, span, known=target.handle is not None),
    )


def _confidence(evidence: Evidence, person: Person, terms: list[Insult], cruel: int) -> float:
    """Nothing for robust words about an institution or a politician; more for a known person and heavier words."""
    kind = person.target.kind
    heavy = sum(term.weight == "degrading" for term in terms)
    if kind == "organisation" or person.public:
        return 0.0
    score = (
        0.35 * min(1, len(terms)) + 0.25 * min(2, heavy) + 0.1 * min(2, max(0, len(terms) - 1)) + 0.6 * min(1, cruel)
    )
    if kind == "employee":
        score += 0.25 if person.known else 0.0
    elif kind == "group":
        score -= 0.05 if evidence.cast and _is_staff(evidence, person) else 1.0
    else:
        score -= 0.0 if person.known else 0.3  # two insults at an account are abuse, one is a quarrel
    if not heavy and not cruel and (evidence.feeling > 0.6 or _is_banter(evidence, kind, terms)):
        score -= 0.3  # affection: "you daft … , thank you so much"
    return min(0.97, score + 0.2 * (evidence.toxicity["toxicity"] - 0.5))


def is_no_abuse(evidence: Evidence) -> bool:
    """Whether somebody is likened to what is good and no word insults anybody, or foul words are all of a thing."""
    text = evidence.text
    if _THING.search(text) and _HEAP.search(text) and not _SOMEBODY.search(text):
        return evidence.cast.answered is None and not any(person.known for _, person in evidence.subjects)
    return bool(_LIKENED.search(text)) and not (TERMS.search(text) or _CRUELTY.search(text))


def is_banter(evidence: Evidence) -> bool:
    """Whether people who get on tease each other: in light words, answered in kind, or thrown with a laugh.

    It takes words that hurt nobody, and either an answer to somebody who has just laughed with the author, or a laugh
    (or a plan to meet) of the author's at somebody who is none of our people: of these none is known to be a friend.
    """
    terms = list(TERMS.finditer(evidence.text))
    answered, parent = evidence.cast.answered, evidence.mention.in_reply_to
    if answered is None or parent is None or any(term["degrading"] for term in terms):
        return False
    if answered.target.kind == "organisation" or _CRUELTY.search(evidence.text):
        return False
    laughs, shared = is_playful(evidence.text), is_playful(parent.text or "")
    if not terms:
        return laughs and shared
    mild = all(_MILD.fullmatch(term[0]) for term in terms)
    if answered.target.kind == "employee":  # a laugh of theirs invites a light word, and nothing of looks or wits
        return shared and (mild or (len(terms) == 1 and not _OF_LOOKS_OR_WITS.search(evidence.text)))
    return shared or ((laughs or _FRIENDLY.search(evidence.text) is not None) and mild)


def _is_banter(evidence: Evidence, kind: TargetKind, terms: Sequence[Insult]) -> bool:
    """Friends who laugh at each other, in words that hurt nobody; of our people none is known to be a friend."""
    mild = all(_MILD.fullmatch(evidence.text[slice(*term.span)]) for term in terms)
    return mild and kind == "other" and _LAUGHING.search(evidence.text) is not None


def _is_staff(evidence: Evidence, person: Person) -> bool:
    return GROUPS.fullmatch(evidence.text[person.span[0] : person.span[1]]) is None
