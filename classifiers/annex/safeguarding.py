"""Safeguarding: somebody may be at risk. A finding here asks for help for a person; it accuses nobody."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.protected import sentence_at
from classifiers.annex.wording import any_of, clipped
from classifiers.finding import Target

_SELF = re.compile(
    r"\b(?:(?:i|i'?m|im|i'?ve|ive|i'?ll) (?:\w+ ){0,5}?(?:kill(?:ing)? myself|end(?:ing)? (?:it all|my "
    r"(?:own )?life)|tak(?:e|ing) my (?:own )?life|hurt(?:ing)? myself|harm(?:ing)? myself|cut(?:ting)? "
    r"myself|self[- ]?harm(?:ing|ed)?|suicidal|end it (?:all|tonight|now)|overdos\w+|hang myself|jump "
    r"(?:off|in front))|"
    r"(?:kill myself|end my (?:own )?life|take my own life|want to die|wish i (?:was|were) dead|wish i "
    r"(?:didn'?t|wasn'?t going to) wake up|don'?t want to (?:be here|live|wake up|exist|be alive)|"
    r"don'?t think i can (?:do this|go on|carry on)|sav(?:ing|ed) up (?:my|the) (?:tablets|pills|meds)|"
    r"(?:can'?t|cannot) (?:go on|carry on|do this any ?more|take (?:it|this|any) ?(?:any)? ?more)|no "
    r"(?:reason|point) (?:to live|in living|living|left|being here|going on|carrying on)|better off "
    r"(?:dead|without me)|better off if i|"
    r"thoughts? (?:of|about) (?:suicide|ending|killing)|suicidal thoughts|planned (?:how|my suicide)|"
    r"written (?:my|a) (?:goodbye|suicide|note)|saying goodbye(?! to)|goodbye everyone|this is goodbye|have "
    r"(?:the|my) (?:pills|tablets) (?:ready|here)|won'?t be (?:here|around) (?:tomorrow|much longer|next|"
    r"by)|ready to (?:end (?:it|everything|things|my life)|give up on life)|hadir fy hun|lladd fy hun|zabić się|"
    r"nie chcę (?:już )?żyć))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:(?:my|our|her|his|their|a|this) (?:\w+ ){0,2}?(?:brother|sister|mum|mam|dad|son|daughter|"
    r"partner|husband|wife|friend|mate|neighbour|child|kid|kids|children|uncle|aunt|nan|client|tenant|"
    r"cousin)(?:'s)? (?:\w+ ){0,6}?(?:suicidal|going to (?:kill|end|hurt|harm)|wants to (?:die|end)|"
    r"threatening (?:suicide|to (?:kill|end|hurt) (?:him|her|them)sel\w+)|tried to (?:kill|end|take|hang)|"
    r"self[- ]?harming|talking about (?:suicide|ending|killing)|(?:hasn'?t|haven'?t|not|has not|have not) "
    r"(?:eaten|had (?:a meal|food|anything to eat))|being (?:beaten|abused|hit|hurt|groomed|neglected)|at "
    r"risk|starving|isn'?t safe|not safe|in danger))\b|"
    r"\b(?:child|kid|baby|toddler|girl|boy|children|kids|pupil|learner)s? (?:\w+ ){0,5}?(?:being "
    r"(?:abused|hurt|hit|beaten|groomed|neglected|touched)|covered in bruises|bruises|at risk|left alone|"
    r"in danger|not safe|unsafe|afraid to go home|scared to go home|starving)\b",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:(?:i|we|i'?ve|we'?ve|me and (?:my|the) (?:\w+ )?kids) (?:have ?n'?t|have not|not|had no|'?ve "
    r"not|ain'?t) (?:eaten|had (?:food|anything to eat|a (?:hot )?meal))(?: anything| properly)? (?:in|"
    r"for|since)|(?:no|haven'?t (?:got )?any) (?:food|electric|heating|gas) (?:or \w+ )?(?:and|for|in|"
    r"left)[^.!?]{0,30}(?:days|week|baby|kids|children|newborn|insulin)|"
    r"(?:he|she|my (?:partner|husband|wife|ex|boyfriend|girlfriend|dad|mum|stepdad|step ?father)|(?:mum|"
    r"mam|dad)'?s (?:\w+ )?(?:partner|boyfriend|girlfriend))(?:'s| "
    r"is| has been)? (?:\w+ ){0,2}?(?:hits?|hitting|beats?|beating|hurts?|hurting|rapes?|strangl\w+|"
    r"locks?) (?:me|us|the kids|my kids)\b(?! up)|(?:scared|afraid|terrified) (?:to go home|for my "
    r"(?:life|kids|children)|he'?ll (?:kill|hurt|find))|(?:nowhere|no ?where|no place) to (?:sleep|stay|"
    r"go)(?: \w+)? (?:tonight|from tonight|now)|fleeing (?:domestic|an? abus\w+)|sleeping "
    r"(?:rough|in my car|on the streets?) (?:with|tonight)[^.!?]{0,30}(?:kids?|baby|child\w*|freezing|"
    r"minus|winter)|(?:run|running|ran) out of (?:my )?(?:insulin|medication|meds))\b",
    re.IGNORECASE,
)
_FAMILY = r"(?:kids|children|wife|husband|partner|family|mum|mam|dad|son|daughter|girls|boys)"
_CHILDREN = r"(?:baby|newborn|(?:my|our|the) (?:\w+ )?(?:toddler|kids?|children|little ones?|son|daughter))"
_THEY = r"\b(?:he|she|my (?:partner|husband|wife|ex|boyfriend|girlfriend|dad|stepdad|stepmum|son|carer))\b[^.!?]{0,60}?"
_MONEY = r"(?:universal credit|uc|pip|money|benefits?|pension(?: credit)?|dla|esa|(?:bank )?card)"
_FEAR = r"(?:hit\w*|hurt\w*|scared|afraid|frightened|lock\w*|no food|starv\w*|nothing to eat|hands|can'?t leave)"
_DESPAIR = any_of(
    r"\b(?:there'?s|there is|i see) no (?:point|way out|way forward)(?: for me)?(?: any ?more| left|"
    r" at all)? *(?:[.,!;]|$)",
    rf"\b(?:wrote|written|writing|left) (?:(?:the|my|a|some|goodbye|out) ){{0,2}}(?:letters?|notes?) (?:to|"
    rf"for) my {_FAMILY}\b",
    r"\b(?:nothing left in me|had enough|can'?t do this)\b[^\n]{0,80}\bwritten (?:all )?(?:my|the) letters\b|"
    r"\bwritten (?:all )?(?:my|the) letters\b[^\n]{0,80}\b(?:thank you (?:all )?for being|goodbye|look after)\b",
    r"\b(?:nobody|no ?one|they)(?: would| will|'d|'ll) (?:even )?(?:miss me|notice (?:if i|i'?m) (?:was |"
    r"were )?gone)\b",
    r"\b(?:world|everyone|kids|family)(?: is| are|'s|'d be| would be|'ll be|"
    r" will be) (?:\w+ )?better (?:off )?without me\b",
    r"\b(?:won'?t|will not) (?:have|need) to (?:worry about|deal with|pay|see) me (?:after|much longer|any ?more|"
    r"again)\b",
    r"\bcan'?t (?:do|face|get through|take) another (?:day|week|night|winter|month|year)\b",
    r"\b(?:tired|sick|had enough) of (?:living|life|being alive|existing)\b",
    r"\b(?:don'?t|do not|can'?t) see (?:a|any|another) (?:way out|way forward|morning|christmas)\b",
    r"\b(?:took|taken|swallowed) (?:all (?:of )?|too many |a (?:load|bottle|packet) of )(?:my |the )?"
    r"(?:tablets|pills|meds|paracetamol)\b",
)
_ABUSED = any_of(
    r"\b(?:he|she|my ex|ex)(?:'s)? (?:has |have )?(?:says?|said|threatened|promised|swears?) (?:that )?(?:s?he'?ll|"
    r"to|s?he will|"
    r"s?he'?s going to) (?:\w+ )?(?:kill|burn|hurt|stab|find) (?:\w+ ){0,3}(?:me|us|my kids|the kids|with us|flat|"
    r"house)\b",
    rf"\b(?:neighbour|carer|son|daughter|nephew|niece|grandson|friend|lodger)\b[^.!?]{{0,30}}\b(?:drawing out|taking|"
    rf"spending|"
    rf"stealing|withdrawing|took|stole|spends|takes) (?:all )?(?:of )?(?:her|his|their|my|mum'?s|dad'?s|"
    rf"nan'?s) (?:\w+ )?{_MONEY}\b",
    rf"{_THEY}\b(?:put|puts|had|got|wrapped) (?:his|her) hands? (?:a?round|on|over) my (?:neck|throat|mouth)\b",
    rf"{_THEY}\b(?:grabbed|grabs) me by the (?:throat|neck|hair)\b",
    rf"{_THEY}\b(?:punch|chok|slapp?|batter|strangl|smother)(?:es|ed|s) me\b(?! up| out| with)",
    rf"{_THEY}\b(?:threatens|threatened) to (?:kill|hurt) (?:me|us|the kids)\b",
    rf"{_THEY}\bwon'?t let me (?:out|leave the (?:house|flat)|see anybody|see anyone|have (?:any|my own) (?:money|"
    rf"phone))\b",
    rf"{_THEY}\b(?:controls|takes|keeps|spends|steals) (?:all )?(?:of )?my {_MONEY}\b[^.!?]{{0,80}}\b{_FEAR}\b",
)
_WITHOUT = any_of(
    r"\b(?:have ?n'?t|has ?n'?t|not) (?:had|got) (?:any |a |much )?(?:proper |hot )?(?:food|meals?|thing to eat)"
    r"(?: in)?(?: the (?:house|flat|cupboards?|fridge))? (?:since|for|today|yesterday|all)\b",
    r"\bno (?:food|milk|formula|nappies|electric|heating|insulin)\b[^.!?]{0,40}\b(?:since (?:\w+day|last)|"
    r"for (?:\w+ )?days|"
    rf"{_CHILDREN})\b",
    rf"\b{_CHILDREN}(?:'s| has| have| are| is)?(?: got)? (?:no|out of|without|going without) (?:food|milk|formula|"
    rf"nappies|heating|"
    r"breakfast|dinner|tea)\b",
    rf"\b{_CHILDREN}(?: are| is| have| has|'re)? (?:going|gone|went) (?:to bed )?hungry\b",
    rf"\b(?:skip\w*|missing|going without) meals so (?:that )?{_CHILDREN}\b",
)
_HOMELESS = any_of(
    r"\b(?:lad|girl|boy|kid|child|teenager|youngster|teen)s?\b[^.!?]{0,30}\b(?:sleeping|living) (?:rough|"
    r"on the streets?|in (?:a|the) "
    r"(?:\w+ )?(?:doorway|park|tent|car|bus shelter|stairwell))\b",
    r"(?:^1[0-7](?=,| and | years?| yo)|\b(?:i'?m|i am|aged|only just) 1[0-7]\b)[^.!?]{0,40}\b(?:kicked out|"
    r"thrown out|chucked out|homeless|"
    r"sleeping|on the "
    r"streets?|nowhere to)\b",
    r"\b(?:i'?m|i am|i'?ve been|we'?re|me and (?:my|the) \w+ are) (?:now |still |currently )?(?:sleeping|"
    r"living) (?:rough|on the "
    r"streets?|in (?:a|the|my) (?:\w+ )?(?:park|doorway|bus shelter|stairwell|tent|shed|car|van|woods))\b",
)
_LAUGHED = re.compile(
    r"\b(?:lol|lmao|haha\w*|rofl|(?<!not )(?<!no )(?:joke|joking)|jk|rolling on the floor laughing|"
    r"face with tears of joy|"
    r"skull|laughing|queue music|hold music)\b",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(  # in one sentence with it; in another it may be whom somebody asked for help
    r"\b(?:festival|camping|holiday|fancy dress|film|movie|series|novel|game|"
    r"awareness (?:day|week|month|training)|training (?:on|in|about|course|day)|(?:first aid|training) course|helpline|"
    r"samaritans|conference|webinar|study|statistics|stats|research|inquest|campaign|years ago|used to|"
    r"back in \d{4}|thankfully|recovered|recovery|diet|fasting|dietary|ramadan|safeguarding lead)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'?m|i'?ve|me|my|myself)\b", re.IGNORECASE)

_RISKS = (
    (_SELF, 0.85),
    (_DESPAIR, 0.75),
    (_OTHERS, 0.75),
    (_ABUSED, 0.8),
    (_NEED, 0.7),
    (_WITHOUT, 0.7),
    (_HOMELESS, 0.8),
)
_DENIED = re.compile(r"\b(?:am|'?m|was) (?:not|never) (?:\w+ ){0,2}suicidal", re.IGNORECASE)


def safeguarding(evidence: Evidence) -> Iterator[Hit]:
    """A hit where the author, or somebody they speak of, may be in danger or in desperate need."""
    for pattern, confidence in _RISKS:
        for match in pattern.finditer(evidence.text):
            if _is_meant(evidence, match.span()):
                because = f"Somebody may be at risk and need help: “{clipped(evidence.text, [match.span()])}”"
                yield Hit("safeguarding", confidence, Target("other"), (match.span(),), because)
                return


def _is_meant(evidence: Evidence, span: tuple[int, int]) -> bool:
    left, right = sentence_at(evidence.text, span[0])
    if _LAUGHED.search(evidence.text) or _OF_SOMETHING_ELSE.search(evidence.text[left : max(right, span[1])]):
        return False
    if evidence.shielded(span, "quotation", "news"):
        return False
    own = _FIRST_PERSON.search(evidence.text[left : span[1]])  # "how do I cope, I want to …" asks for itself
    if own is None and evidence.shielded(span, "counter_speech", "advice"):
        return False
    told_to = re.search(r"\b(?:told|telling|tells?|said)\b[^.!?]{0,25}\bto $", evidence.text[: span[0]], re.I)
    before, found = evidence.text[: span[0]], evidence.text[slice(*span)]
    denied = re.search(r"\b(?:not|\w+n't|never|no) (?:\w+ )?$", before, re.I) or _DENIED.search(found)
    of_no_one = re.search(r"\b(?:say|says|saying|said) (?:that )?they $", before, re.I)  # of people whom staff hear
    return not told_to and not denied and not of_no_one
