"""Threats: violence announced, wished for as a call to others, or hinted at. Idiom and legal steps are not threats."""

import re
from collections.abc import Iterator

from classifiers.annex.bodily import HARMLESS, PEACEFUL_TOO, is_bodily, no_attack, thing_of_theirs
from classifiers.annex.elections import is_of_an_election
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import WHO, any_of, called, clipped, who_span
from classifiers.finding import Target
from classifiers.target import Person, Span

# Verbs of nothing but violence; those of `bodily` have a peaceful use besides: "cut her hair".
_VIOLENT = (
    r"(?:kill|murder|stab|shoot|strangle|throttle|batter|punch|slap|knife|hurt|gut|bomb|slit|"
    r"rape|torture|deck|skin|run over|put(?= (?:[\w']+ ){1,3}?(?:in (?:the )?(?:hospital|ground|grave)|six feet))|"
    r"break(?= (?:[\w']+ ){1,3}?(?:legs?|neck|arms?|face|jaw|nose|windows?))|set fire to|"
    r"poison|acid|glass|chin|lamp|cave(?= (?:[\w']+ ){1,3}?(?:head|skull|face))|destroy(?= (?:your|her|"
    r"his) (?:face|house|car)))"
)
_WILL = (
    r"(?:i|we)(?:'ll| will|'m going to|'re going to| am going to| are going to|'m gonna|'re gonna| gonna| "
    r"swear (?:to god )?(?:i'?ll|i will)|'d love to|'d happily| want to| promise (?:i'?ll|to))|"
    r"i'?ma|ill|im (?:going to|gonna)|"
    r"(?:i'?m|we're) (?:coming|on (?:my|our) way) to|gonna|(?:someone|somebody) will|(?:someone|somebody|we|"
    r"they|you all|"
    r"people|everyone) (?:should|needs? to|ought to|must|has to|have to)"
)
_OUT_OF_THEM = (
    r"(?:(?:the )?(?:shit|hell|fuck|life|living daylights|crap) out of |up |down |every (?:single )?(?:last )?one of )?"
)
_BEFORE_IT = (
    rf"\b(?:{_WILL}) (?:(?:really|fucking|bloody|personally|(?:come|go|walk|turn|get) (?:[\w']+ "
    rf"){{0,7}}?and|find (?:[\w']+ ){{1,4}}?and|literally|happily|just|gladly|so|absolutely|one day) ){{0,3}}"
)
_NOT_MEANT = r"(?! (?:with kindness|at tribunal|in court|an email))"
_DIRECT = any_of(rf"{_BEFORE_IT}{_VIOLENT} {_OUT_OF_THEM}{WHO}{_NOT_MEANT}")
_MAYBE = any_of(rf"{_BEFORE_IT}{PEACEFUL_TOO} {_OUT_OF_THEM}{WHO}{_NOT_MEANT}")
_DOOM = any_of(
    r"\b(?P<who>you|u|she|he|they|your staff)(?:'re| are|'s| is|r)? (?:all )?(?:fucking )?(?:dead(?: meat|"
    r" man| woman)?(?= ?(?:[.!,]|$|when|if|next|meat|man|woman|bitch))|going to (?:die|bleed|get hurt|get "
    r"stabbed|get shot|get what'?s coming)|gonna (?:die|bleed|get hurt|get stabbed|get shot|get what'?s "
    r"coming|get it)|will (?:die|bleed|be dead|get stabbed)|won'?t (?:live|make it (?:home|out)|see "
    r"(?:christmas|tomorrow|next week|the new year|another)))|"
    r"\b(?:watch (?:your|ur|her|his) back|sleep with one eye open|(?:your|her|his) days are numbered|"
    r"(?:i'?m|we'?re) coming (?:for|after) (?:you|her|him|your|every)|(?:i|we)(?:'ll| will) (?:find|hunt|"
    r"track) (?:you|her|him|your)\b(?! (?:an?|the|work|another|some|more|one|your|that|somewhere))|"
    r"you'?re next|see what happens "
    r"(?:to you|when you|next time you)|"
    r"(?:you|she|he)(?:'d)? (?:better|best) (?:watch|look) (?:out|over|behind)|(?:bullet|knife|blade|"
    r"brick) (?:with|in|through) (?:your|her|his|the (?:jobcentre|job centre|office)) ?\w*|"
    r"(?:i'?ll|we'?ll|i will|i'?m going to|be) (?:be )?(?:wait(?:ing)?|see you|get you|catch you) (?:for "
    r"(?:you|her|him) )?(?:outside|in the car ?park|after (?:your shift|work|you finish)|when (?:you|she|"
    r"he) (?:finish|leave|clock|get)\w*|round the back|on (?:your|her|his) way home)|"
    r"nobody will find your body|hope (?:you|she|he)(?:'ve| have|'s| has)? (?:got )?(?:good )?(?:life "
    r"insurance|security|your will)|accidents? (?:do |can )?happen (?:to people|you know)|would be a "
    r"shame if (?:something|anything) happened)\b"
    r"|\b(?:gonna|going to|i'?ll|will) find out where (?P<who>you|she|he|they) (?:lives?|parks?)\b|"
    r"\b(?P<who>you|she|he|they)(?:'ll| will|'re going to)? (?:be )?(?:leav\w+|carried|coming|taken|going home) "
    r"(?:[\w']+ ){0,4}?(?:in|out in) a (?:body bag|box|coffin|hearse)|"
    r"\b(?:better|best) watch (?P<who>your|her|him|them)sel\w+|"
    r"\b(?P<who>you|your)\b[^!?\n]{0,60}?\bbe (?:a|such a) (?:\w+ )?shame if (?:something|anything) (?:\w+ )?"
    r"(?:happened|were to happen) to (?:it|that|them|you)\b|"
    r"\b(?P<who>your|her|his|their) (?:car|house|home|kids?|office|family|dog) (?:will|'ll|is going to|"
    r"are going to|is gonna) "
    r"(?:be )?(?:on fire|burn\w*|in flames|go up|blow up|pay|suffer|get hurt)",
)
_SITE = (
    r"(?:your |the |that |this |my |every |(?:\w+ ){0,2})(?:job ?cent(?:re|er)s?|jcp|offices?|building|"
    r"branch|hq|headquarters|place|caxton house|call centre|dwp|desk|appointment|staff entrance|"
    r"reception|planes?|aircraft|airport|terminal|trains?|stations?|depots?|bus(?:es)?|shops?|stores?|college|school|"
    r"town hall)\b"
)
_ATTACK = re.compile(
    rf"\b(?:someone|somebody|one of (?:you|them)|they|people) (?:is|are|'s|'re) (?:going to|gonna) (?:get |be )?"
    rf"(?:stabbed|shot|knifed|battered|killed|die) (?:at|in|inside) {_SITE}|"
    rf"{_SITE}[^.!?]{{0,40}}\b(?:taking|bringing|carrying|tooled up with) (?:a|my) (?:\w+ )?"
    rf"(?:knife|machete|gun|bat|hammer|axe|petrol|acid|blade) with me|"
    # Two sentences will do for an arm that has no other use there, unless it goes on as a licence or back to a shop.
    rf"{_SITE}[^?]{{0,50}}?\b(?:taking|bringing|carrying|packing) (?:a|my|me|our|the|[\w']+s) (?:[\w']+ ){{0,2}}?"
    r"(?:shotgun|rifle|machete|handgun|kitchen knife)\b(?! (?:licen[cs]e|certificate|permit|back|in to be|"
    r"to (?:the )?police))|"
    r"\b(?:(?:i|we)(?:'ll| will|'m going to|'re going to|'m gonna|'re gonna| am going to)|gonna|going to|"
    r"someone (?:should|needs to|will)|time to|tempted to|let'?s) (?:\w+ )?(?:burn|torch|blow up|bomb|"
    r"firebomb|petrol[- ]bomb|shoot up|set fire to|smash up|brick|attack|drive (?:a|my) (?:car|van|truck) "
    rf"(?:into|through)(?! the car ?park)|put (?:a )?(?:bomb|brick|petrol bomb)s? (?:in|through)) (?:down )?{_SITE}|"
    r"\b(?:bring(?:ing)?|tak(?:e|ing)|carry(?:ing)?|got|coming with|turn(?:ing)? up with|walk(?:ing)? in "
    r"with) (?:a|my|an|the|some) (?:\w+ )?(?:knife|machete|gun|shotgun|bat|hammer|axe|bomb|petrol(?: "
    rf"can)?|acid|blade|crowbar|can of petrol) (?:\w+ ){{0,4}}?(?:to|into|in|at|for|down) {_SITE}|"
    rf"\b(?:there(?:'s| is) a|planted a|i'?ve (?:left|put) a) bomb\b|\b(?:burn|blow|torch) {_SITE} (?:to "
    r"the ground|down|up)(?! (?:policy|system))",
    re.IGNORECASE,
)
_WISH = any_of(
    r"\b(?:hope(?:s|fully)?|wish|pray)(?: that)? (?:someone (?:\w+ )?(?:stabs?|shoots?|kills?|beats?|"
    rf"murders?|burns?|attacks?|batters?|runs? over) {WHO}|(?P<who1>you|she|he|they|@user|"
    r"(?-i:[A-Z])[a-z]+)(?: all)? (?:gets?|is|are) (?:stabbed|shot|raped|beaten|attacked|murdered|killed|"
    r"jumped|battered|lynched|what\w* coming))|"
    r"\b(?P<who2>you|she|he|they|@user|staff|(?-i:[A-Z])[a-z]+|(?:\w+ )?(?:coach(?:es)?|advis[eo]rs?|"
    r"workers?|assessors?|managers?))(?: (?:at|in|from|on) (?:\w+ ){1,3}?)?(?: all)? ?(?:should|"
    r"deserves?(?: to)?|needs?(?: to)?|ought to|wants?) (?:all )?(?:be )?(?:shot(?! of)|shooting|stabbed|"
    r"stabbing|hanged|hung|lynched|strangled|knifed|punched|slapped|run over|drowned|skinned|strung up|"
    r"burned|burnt|beaten(?! at)|raped|put down|lined up|executed|gassed|killed|a bullet|a (?:good "
    r")?(?:kicking|beating|hiding|stabbing|slap))\b",
)
_NOT_BODY = re.compile(
    r"^\W*(?:in court|at tribunal|at the tribunal|on appeal|with (?:kindness|paperwork|evidence|facts)|in the "
    r"(?:election|polls|league|ratings)|to it|at (?:chess|pool|football)|on the (?:back|wrist)\b)",
    re.I,
)
_ON_THE_BACK = re.compile(r"\s*on the (?:back|wrist)\b", re.IGNORECASE)


_LEFT_ALONE = re.compile(  # whose side is taken; “or I will …” makes it an ultimatum
    r"(?<!n't )(?<!n’t )(?<!not )(?<!never )\b(?:leave|let) (?:her|him|them|me|us|@\w+|(?-i:[A-Z])[a-z]+) "
    r"(?:alone\b(?! with)|in peace\b|be\b(?=\W*(?:$|[.!?,])))"
    r"(?![^.!?\n]*\b(?:or|else|otherwise|until|unless|last warning)\b)",
    re.IGNORECASE,
)


def threat(evidence: Evidence) -> Iterator[Hit]:
    """The gravest threat in the text, if there is one."""
    found = [hit for hit in _threats(evidence) if hit is not None]
    if found:
        best = max(found, key=lambda hit: hit.confidence)
        yield best


def only_peaceful(evidence: Evidence) -> bool:
    """Whether what reads as a threat is a deed that hurts nobody: hair cut, a form finished, somebody left alone."""
    stretches = list(_peaceful(evidence))
    spans = evidence.deciding("threat") if stretches else ()
    return bool(spans) and all(any(a <= start and end <= b for a, b in stretches) for start, end in spans)


def _peaceful(evidence: Evidence) -> Iterator[Span]:
    text = evidence.text
    yield from (match.span() for match in _LEFT_ALONE.finditer(text))
    for match in _DIRECT.finditer(text):
        if thing := thing_of_theirs(evidence, match):
            yield match.start(), thing.end()
    for match in _MAYBE.finditer(text):
        if (harmless := HARMLESS.match(text, match.end())) and not is_bodily(evidence, match):
            yield match.start(), harmless.end()
    for match in _ATTACK.finditer(text):
        if (end := no_attack(text, match)) is not None:
            yield match.start(), end
    for match in _WISH.finditer(text):
        if praised := _ON_THE_BACK.match(text, match.end()):
            yield match.start(), praised.end()


def _threats(evidence: Evidence) -> Iterator[Hit | None]:
    for match in _DIRECT.finditer(evidence.text):
        if not thing_of_theirs(evidence, match):
            yield _hit(evidence, match, 0.9, institutions=False)
    for match in _MAYBE.finditer(evidence.text):
        if is_bodily(evidence, match):
            yield _hit(evidence, match, 0.9, institutions=False)
    for match in _DOOM.finditer(evidence.text):
        yield _hit(evidence, match, 0.75, institutions=False)
    for match in _WISH.finditer(evidence.text):
        yield _hit(evidence, match, 0.7, institutions=False)
    for match in _ATTACK.finditer(evidence.text):
        if no_attack(evidence.text, match) is None:
            yield _hit(evidence, match, 0.88, institutions=True)


def _hit(evidence: Evidence, match: re.Match[str], base: float, institutions: bool) -> Hit | None:
    span = match.span()
    if not evidence.open(span) or _NOT_BODY.match(evidence.text[span[1] :]):
        return None
    if not institutions and is_of_an_election(evidence, span):
        return None
    person = _meant(evidence, match)
    target = Target("organisation") if institutions else person.target if person else Target("other")
    if not institutions and (person is None or (target.kind == "organisation" and base < 0.8)):
        return None  # "you'll pay for this", to an institution, is politics
    if target.kind == "other" and not (person and person.known) and base < 0.8:
        return None
    confidence = min(0.98, base + 0.1 * (evidence.toxicity["threat"] > 0.3) - 0.15 * (evidence.feeling > 0.5))
    return Hit("threat", confidence, target, (span,), f"Threatens {called(target)}: “{clipped(evidence.text, [span])}”")


def _meant(evidence: Evidence, match: re.Match[str]) -> Person | None:
    who = who_span(match)
    if who is None:
        return evidence.cast.addressed
    return evidence.person_at(who) or evidence.cast.addressed
