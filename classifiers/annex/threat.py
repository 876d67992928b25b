"""Threats: violence announced, wished for as a call to others, or hinted at. Idiom and legal steps are not threats."""

import re
from collections.abc import Iterator

from classifiers.annex.elections import is_of_an_election
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import WHO, any_of, called, clipped, who_span
from classifiers.finding import Target
from classifiers.target import Person, Span

# Verbs of nothing but violence, and verbs with a peaceful use besides: "cut her hair", "finish his form for him".
_VIOLENT = (
    r"(?:kill|murder|stab|shoot|strangle|throttle|batter|punch|slap|knife|hurt|gut|bomb|slit|"
    r"rape|torture|deck|skin|run over|put(?= (?:[\w']+ ){1,3}?(?:in (?:the )?(?:hospital|ground|grave)|six feet))|"
    r"break(?= (?:[\w']+ ){1,3}?(?:legs?|neck|arms?|face|jaw|nose|windows?))|set fire to|"
    r"poison|acid|glass|chin|lamp|cave(?= (?:[\w']+ ){1,3}?(?:head|skull|face))|destroy(?= (?:your|her|"
    r"his) (?:face|house|car)))"
)
_PEACEFUL_TOO = r"(?:cut|end|finish|kick|knock|hang|drown|beat|bury|smash|burn)"
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
_MAYBE = any_of(rf"{_BEFORE_IT}{_PEACEFUL_TOO} {_OUT_OF_THEM}{WHO}{_NOT_MEANT}")
_VERB = re.compile(rf"\b(?P<verb>{_PEACEFUL_TOO}) (?P<out_of>[^.!?]*\bof )?(?:up |down )?$", re.IGNORECASE)
_OWNER = re.compile(r"(?:your|hers?|his|their|.+'s)$", re.IGNORECASE)
_THING = re.compile(  # of somebody's that is killed, hurt or shot without anybody's harm
    r"\s(?:universal credit|uc|pip|esa|dla|pensions?|benefits?|money|payments?|claims?|housing|council tax|hours|wages|"
    r"pay|budgets?|funding|allowances?|support|awards?|element|income|sanctions?|appeals?|applications?|cases?|"
    r"chances?|prospects|confidence|hopes?|careers?|reputation|arguments?|ideas?|plans?|polic(?:y|ies)|bill|reforms?|"
    r"mood|vibe|feelings|pride|ego|credit|ratings?|scores?|tickets?|cards?|videos?|emails?|letters?|forms?|paperwork|"
    r"rules?|rulebook|minds?|sales|business|party|majority|seats?|votes?|brand|profits?|targets?|logo)\b"
    r"(?! (?:\w+ )?(?:managers?|workers?|handlers?|officers?|staff|team|advis[eo]rs?|coach(?:es)?|agents?|assessors?|"
    r"clerks?|people|lot|man|woman|owner|lady|bloke|guy|counters?|desks?|offices?|halls?|booths?|shops?|stands?)\b)",
    re.IGNORECASE,
)
_TO_A_PLACE = re.compile(r"\b(?:bomb|shoot up)\b", re.IGNORECASE)  # whatever place it is, somebody is in it
_PART = re.compile(  # of a body, or what violence is done to in its stead
    r"\s(?:(?!(?:for|and|or|to|of|with|in|on|at|by|so|heads? in (?:shame|the sand))\b)[\w'-]+ ){0,2}?"
    r"(?:heads?(?! in (?:shame|the sand))|skulls?|faces?|throats?|necks?|arms?|hands?|fingers?|legs?|feet|knees?|"
    r"kneecaps?|nose|jaw|teeth|eyes?|ears?|tongue|balls|bollocks|guts|belly|stomach|ribs|brains?|lungs|bod(?:y|ies)|"
    r"lights out|brakes?|houses?|homes?|cars?|van|flat|gaff|windows?|windscreen|door (?:in|down|off)|tyres|office|"
    r"family|kids?|children|husband|wife|mother|mum|dog|cat|li(?:fe|ves)|arse|ass)\b"
    r"(?! (?:insurance|lease|finance|payments?|tax|claims?|allowances?|benefits?|element|support|bills?|sentence|rent|"
    r"cover|policy|forms?|pass|funds?|funding|budgets?|expenses|costs?|account|money|story|credits?|visits?|hours|keys|"
    r"into gear|in gear)\b)",
    re.IGNORECASE,
)
_AFTER_A_PERSON = re.compile(  # and no more of theirs: not "out", "some slack", "in paperwork" nor "shift"
    r"\s*(?:[^\w\s]|$|(?:when|if|unless|with (?:an?|my|this|that|the|it)|tonight|tomorrow|myself|next|until|till|"
    r"for (?:this|that|what|good|\w+ing)|because|cos|one day|outside|to death|to a pulp|from (?:a|the)|"
    r"at (?:his|her|their|home|work)|on (?:sight|his|her|their|one)|onto|"
    r"into(?! (?:gear|shape|line|place|touch|action)\b)|"
    r"through|over|against|under|alive|slow\w*|"
    r"half|senseless|unconscious|spark|black|bad\w*|good and proper|right|today|so|up(?! (?:an?|some)\b)|as soon|once|"
    r"where|of (?:them|you)|before|after|and|in (?:the|his|her|their|your|front|an?|it|half)\b(?! (?:paperwork|papers|"
    r"letters|polls|league|elections?|end|long run|race|queue|vote|debate|argument)\b)|like|hard|down the|"
    r"off (?:the|his|her|their|a)|all|bloody|dead|dwp|nobody|they|she|he|you)\b)",
    re.IGNORECASE,
)
_SORELY = re.compile(r"\s(?:up|to death|to a pulp|senseless|unconscious|black|half|with an?|until)\b", re.IGNORECASE)
_OUT_OR_OFF = re.compile(r"\s(?:out|off)\b(?! of (?:the )?(?:cup|league|competition|race|park))", re.IGNORECASE)
_DONE_OUT_OR_OFF = frozenset({"knock", "finish", "burn"})
_DONE_TO_THINGS = frozenset({"cut", "end", "finish"})  # "they should end them": sanctions
_YOU = re.compile(r"(?:you|u|ya)\b", re.IGNORECASE)
_AT_LAW = re.compile(
    r"[^.!?,]{0,60}\b(?:at|in|on|with|by|through|to) (?:the |a |an |my |our )?(?:\w+ )?(?:tribunals?|court|appeal|"
    r"ombudsman|judge|judicial review|ballot|polls?|elections?|law|solicitors?|lawyers?|evidence|paperwork|facts)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?:them|they|.*(?:staff|workers|coaches|advis[eo]rs|managers|agents|assessors|people|guards|lot))$", re.IGNORECASE
)
_HARMLESS = re.compile(  # after the person or owner: what makes a verb of violence another thing
    r"\s(?:(?!(?:and|or|then|with|to|of|in|on|at|so)\b)[\w'-]+ ){0,2}?(?:hair|fringe|nails|grass|lawn|hedges?|hours|"
    r"coats?|shifts?|degree|training|courses?|homework|dinner|lunch|tea|food|sandwich\w*|cake|universal credit|uc|pip|"
    r"esa|dla|pensions?|benefits?|money|payments?|claims?|housing|council tax|wages|pay|budgets?|funding|allowances?|"
    r"element|sanctions?|appeals?|applications?|forms?|paperwork|letters?|misery|suffering|calls?|contracts?|jobs?|leases?|"
    r"tenanc(?:y|ies)|cv|heads? in (?:shame|the sand))\b|"
    r"\s(?:out(?! (?:cold|of (?:a|the) (?:window|car)))|off (?:uc|universal credit|benefits|pip|esa|(?:the|his|her|"
    r"their) (?:claim|course|programme|system|scheme|list|call|phone))|some slack|(?:in)?to (?:gear|shape|line)|"
    r"in(?: the)? (?:paperwork|letters|e-?mails|complaints|fois?|evidence|forms|questions)|"
    r"to (?:it|the (?:front|job ?centre|door|queue|phone|punch))|an? (?:medal|card|cheque|deal|break|cd|cake|cv)|"
    r"up (?:an?|some) (?:\w+ )?(?:cv|sandwich|meal|cake)|at (?:the )?tribunal|in court)\b",
    re.IGNORECASE,
)
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
_NO_WEAPON = re.compile(  # a place that only names what is done away with, or where a knife is wanted
    r"\s(?:\w+ )?(?:amnesty|surrender|rule ?books?|rules?|letters?|forms?|polic(?:y|ies)|journals?|paperwork|budgets?|"
    r"sanctions?|regime|envelopes?|backlog|system|website|agenda|narrative|leaflets?|posters?|manual|guidance|scripts?|"
    r"cuts|spending|figures|reports?|app|targets?|myths?|lies|logo)\b|"
    r"\s(?:to|for) (?:cut |slice |do )?(?:the|our|my|some|an?) (?:\w+ )?(?:cake|buffet|party|lunch|cheese)\b",
    re.IGNORECASE,
)
_ON_THE_BACK = re.compile(r"\s*on the (?:back|wrist)\b", re.IGNORECASE)
_AMNESTY = re.compile(r"\bamnesty\b", re.IGNORECASE)


def threat(evidence: Evidence) -> Iterator[Hit]:
    """The gravest threat in the text, if there is one."""
    found = [hit for hit in _threats(evidence) if hit is not None]
    if found:
        best = max(found, key=lambda hit: hit.confidence)
        yield best


def only_peaceful(evidence: Evidence) -> bool:
    """Whether what reads as a threat is a deed that hurts nobody: hair is cut, a form finished, somebody kicked out."""
    stretches = list(_peaceful(evidence))
    spans = evidence.deciding("threat") if stretches else ()
    return bool(spans) and all(any(a <= start and end <= b for a, b in stretches) for start, end in spans)


def _peaceful(evidence: Evidence) -> Iterator[Span]:
    text = evidence.text
    for match in _DIRECT.finditer(text):
        if thing := _thing_of_theirs(evidence, match):
            yield match.start(), thing.end()
    for match in _MAYBE.finditer(text):
        if (harmless := _HARMLESS.match(text, match.end())) and not _is_bodily(evidence, match):
            yield match.start(), harmless.end()
    for match in _ATTACK.finditer(text):
        place = _NO_WEAPON.match(text, match.end())
        if place or _AMNESTY.search(match[0]):
            yield match.start(), place.end() if place else match.end()
    for match in _WISH.finditer(text):
        if praised := _ON_THE_BACK.match(text, match.end()):
            yield match.start(), praised.end()


def _threats(evidence: Evidence) -> Iterator[Hit | None]:
    for match in _DIRECT.finditer(evidence.text):
        if not _thing_of_theirs(evidence, match):
            yield _hit(evidence, match, 0.9, institutions=False)
    for match in _MAYBE.finditer(evidence.text):
        if _is_bodily(evidence, match):
            yield _hit(evidence, match, 0.9, institutions=False)
    for match in _DOOM.finditer(evidence.text):
        yield _hit(evidence, match, 0.75, institutions=False)
    for match in _WISH.finditer(evidence.text):
        yield _hit(evidence, match, 0.7, institutions=False)
    for match in _ATTACK.finditer(evidence.text):
        if _AMNESTY.search(match[0]) or _NO_WEAPON.match(evidence.text, match.end()):
            continue
        yield _hit(evidence, match, 0.88, institutions=True)


def _thing_of_theirs(evidence: Evidence, match: re.Match[str]) -> re.Match[str] | None:
    """What of somebody's the deed is done to, where it harms nobody: their claim is killed, their budget shot."""
    if _TO_A_PLACE.search(match[0]) or not _is_owner(evidence, match):
        return None
    return _THING.match(evidence.text, match.end())


def _is_owner(evidence: Evidence, match: re.Match[str]) -> bool:
    """Whether the last word of a match may say whose something is, rather than whom it is done to."""
    who = who_span(match)
    return who is not None and bool(_OWNER.match(evidence.text[slice(*who)]) or evidence.text.startswith("'s", who[1]))


def _is_bodily(evidence: Evidence, match: re.Match[str]) -> bool:
    """Whether a verb with a peaceful use is done to a body or a home, or to somebody with whom the clause ends."""
    text, who = evidence.text, who_span(match)
    if who is None:
        return False
    verb = _VERB.search(text, match.start(), who[0])
    if verb is None or verb["out_of"]:
        return True
    whose = _is_owner(evidence, match)
    if whose and _PART.match(text, who[1] + 2 * text.startswith("'s", who[1])):
        return True
    if _AT_LAW.match(text, who[1]) or (whose and text[slice(*who)].casefold() != "her"):
        return False
    return _is_to_a_person(evidence, verb["verb"].casefold(), who)


def _is_to_a_person(evidence: Evidence, deed: str, who: Span) -> bool:
    """Whether the clause ends with the person: who is cut some slack, or kicked out of a claim, is not hurt."""
    text, end = evidence.text, who[1]
    if deed in _DONE_OUT_OR_OFF and _OUT_OR_OFF.match(text, end):
        return True
    many, person = _MANY.match(text[slice(*who)]), evidence.person_at(who)
    if deed == "beat" and many:
        return _SORELY.match(text, end) is not None
    if person is None and text[who[0]].isupper():
        return False  # "I'll end up Homeless", "we should kick Labour"
    to_us = (person or evidence.cast.addressed).target.kind == "organisation"
    if deed in _DONE_TO_THINGS and (many or (to_us and not _YOU.match(text, who[0]))):
        return False
    if deed == "beat" and to_us:
        return False
    return _AFTER_A_PERSON.match(text, end) is not None


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
