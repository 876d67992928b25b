"""Safeguarding: somebody may be at risk. A finding here asks for help for a person; it accuses nobody."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.protected import sentence_at
from classifiers.annex.wording import any_of, clipped
from classifiers.finding import Target

# What makes the same words ordinary: "I can't carry on with UC, my pay is too high", "I hurt myself at work".
_NOT_ON = (
    r"(?! (?:with (?!(?:this|it|it all|things|everything|life|my life|living)\b(?! (?:claim|form|job|course|journal|"
    r"application|appeal|work|app|website|page)))|to\b|using|claiming|working|paying|about|there|here|in the|at the|"
    r"strike|holiday|the|a|an|my|your|uc|universal|pip|esa|jsa|courses?|x|facebook|twitter|youtube|past|online|"
    r"maternity|until)\b)"
)
_NOT_HURT = (
    r"(?! (?:at (?!night|home)|on|off|laughing|falling|slipping|tripping|"
    r"lifting|carrying|moving|while|whilst|playing|getting|running|doing|"
    r"in (?:a|the)|a|some|out|shaving|chopping|cooking|by|short|loose|badly (?:at|on))\b)"
)
_HIGH = (
    r"(?:off (?:a|the|that|this) (?:\w+ ){0,3}?(?:bridge|roof|building|cliff|balcony|car park|multi-?storey|tower|"
    r"flats|block|pier|viaduct|overpass)|in front of (?:a|the|that) (?:\w+ )?(?:train|tube|tram|bus|lorry|car|truck|"
    r"traffic))"
)
_PILLS = r"(?:tablets|pills|meds|medication|painkillers|paracetamol|insulin)"
_OFFICIAL = (
    r"(?:\w+ )?(?:coach|advis|mp|landlord|case|boss|gp|doctor|manager|journal|councillor|employer|union|solicitor)"
)
_SELF = re.compile(
    r"\b(?:(?:i|i'?m|im|i'?ve|ive|i'?ll) (?:(?!rather|sooner)\w+ ){0,5}?(?:kill(?:ing)? myself|end(?:ing)? (?:it all|"
    r"my (?:own )?life)|tak(?:e|ing) my (?:own )?life|(?:hurt(?:ing)?|harm(?:ing)?|cut(?:ting)?) "
    rf"myself{_NOT_HURT}|self[- ]?harm(?:ing|ed)?|suicidal|end it (?:all|tonight|now)|overdos\w+|hang myself|jump "
    rf"{_HIGH})|"
    r"(?:kill(?:ing)? myself|end(?:ing)? my (?:own )?life|take my own life|want to die(?! (?:laughing|(?:of|from|with) "
    r"(?:\w+ )?(?:embarrassment|boredom|laughing|laughter|shame|cringe|awkwardness|shock|joy|happiness)))|"
    r"wish i (?:was|were) dead|wish i (?:didn'?t|wasn'?t going to) wake up|"
    r"don'?t want to (?:be here(?! (?:at (?:\d|eight|nine|the|this)|all (?:day|morning|afternoon)|in (?:this|the) "
    r"(?:queue|jobcentre|office|meeting|room)))|"
    r"live(?! (?:here|there|together|alone|(?:in|on|off|at|under|near|with|by|next to) (?!this\b|it\b|pain\b|myself)))|"
    r"wake up(?! (?:at|early|before|so early|late|for (?:a|an|the|work|my)|the|"
    r"them|him|her|my)\b)|exist|be alive)|"
    rf"don'?t think i can (?:do this|go on{_NOT_ON}|carry on{_NOT_ON})|"
    rf"sav(?:ing|ed) up (?:my|the) {_PILLS}|"
    rf"(?:can'?t|cannot) (?:(?:go|carry) on{_NOT_ON}|do this any ?more|take (?:it|this|any) ?(?:any)? ?more(?! "
    r"(?:calls|customers|appointments|shifts|hours|work|leave|holiday|time|bookings|cases|payments|money|credit|loans?|"
    r"paracetamol|ibuprofen|tablets)\b))|"
    rf"no (?:reason|point) (?:in )?(?:to live|living|left(?! (?:to (?!live|go on|carry on|be here)|for|in the))|"
    rf"being here(?! (?:at|for|before|until|if|when|on)\b)|(?:going|carrying) on{_NOT_ON})|better off "
    r"(?:dead|without me)|better off if i|"
    r"(?:thoughts?|(?<!they're )(?<!you're )(?<!you )(?<!are )think(?:ing)?) (?:of|about) "
    r"(?:suicide(?! (?:prevention|awareness|rates?|figures|statistics|bids?|"
    rf"notes?|policy))|ending (?:it all|my (?:own )?life)|killing myself|jumping {_HIGH})|thoughts? (?:of|about) "
    r"(?:ending (?:it|things|everything)|killing)|"
    r"suicidal thoughts|planned (?:how|my suicide)|"
    r"life (?:just |really )?(?:is not|is no longer|isn'?t|ain'?t) worth (?:living|it)|life'?s (?:just )?(?:not|no "
    r"longer) worth (?:living|it)|"
    rf"written (?:my|a) (?:goodbye|suicide|note(?! (?:(?:for|to) (?!whoever|everyone|my (?!{_OFFICIAL}))|in\b|on\b|"
    r"about|of\b|that|asking|from|with|explaining)))|"
    r"saying goodbye(?! to)|goodbye everyone(?! (?:at|in (?!here)|from|on)\b)|this is goodbye(?! to)|"
    rf"have (?:the|my) (?:pills|tablets) (?:ready|here)|won'?t be (?:here|around) (?:tomorrow|much longer|next|"
    r"by)|ready to (?:end (?:it|everything|things|my life)|give up on life)|hadir fy hun|lladd fy hun|zabić się|"
    r"nie chcę (?:już )?żyć))\b",
    re.IGNORECASE,
)
# Beside a leave, a new job or a colleague to ask meanwhile, a goodbye is no more than that.
_FAREWELL = re.compile(r"\b(?:goodbye|won'?t be (?:here|around) (?:tomorrow|next|by))\b", re.IGNORECASE)
_OF_WORK = re.compile(
    r"\b(?:day off|days off|(?:annual|sick|maternity|paternity) leave|on leave|off sick|colleagues?|holiday|rota|shift|"
    r"my cover|covering for|retir(?:e|ed|ing|ement)|(?:new|got (?:the|a)|start(?:s|ed|ing)? (?:a|my|the)) (?:\w+ )?job|"
    r"start(?:s|ed|ing)? (?:\w+ )?work|last day (?:at|in|here|of|with)|leaving (?:do|party|card)|(?:moving|moved|"
    r"transferr\w+) (?:to|office)|training course|out of office|"
    r"(?:so|please|but)(?: please)? (?:ring|call|phone|e-?mail|contact|message|ask) (?:my|the|our|me|us|for|after)|"
    r"back (?:on|in) \w+day)\b",
    re.IGNORECASE,
)
_THEMSELVES = r"(?:(?:him|her|them)sel\w+|(?:his|her|their) (?:own )?li(?:fe|ves)|it all)"
_OTHERS = re.compile(
    r"\b(?:my|our|her|his|their|a|this) (?:[\w']+ ){0,2}?(?:brother|sister|mum|mam|dad|son|daughter|lad|lass|"
    r"flatmate|housemate|boyfriend|girlfriend|nephew|niece|partner|husband|wife|friend|mate|neighbour|child|kid|kids|children|uncle|aunt|nan|client|tenant|"
    r"cousin)(?:'s)? (?:(?:\w+ ){0,6}?(?:suicidal|(?:take|took|taken|taking|had) an overdose(?! of (?:advice|jargon|"
    r"emails|forms|news))|overdosed|self[- ]?harming|(?:hasn'?t|haven'?t|not|has not|have not) "
    r"(?:eaten|had (?:a meal|food|anything to eat))|being (?:beaten|abused|hit|hurt|groomed|neglected)|at "
    r"risk|starving|isn'?t safe|not safe|in danger)|"
    # What they say of themselves has apostrophes in it, and is not what the author goes on to say of another.
    rf"(?:(?!(?:i|you|we)\b)[\w']+ ){{0,6}}?(?:(?:going to|gonna) (?:(?:kill|end|hurt|harm|hang|take) {_THEMSELVES}|"
    rf"(?:kill|hurt|harm) (?:him|her|them|us)\b|kill me(?! (?:when|if|for|once|over)))|"
    rf"wants? to (?:die|end it(?! (?:with|by|on|as|early))|(?:kill|end|hurt|harm|hang|take) {_THEMSELVES})|"
    rf"(?:thinking|talking) (?:of|about) (?:suicide|(?:ending|killing|hurting|hanging|taking) {_THEMSELVES}|"
    rf"jumping {_HIGH})|threatening (?:suicide|to (?:kill|end|hurt) (?:him|her|them)sel\w+)|tried to (?:(?:kill|end|"
    rf"take|hang) {_THEMSELVES}|jump {_HIGH})))\b|"
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
_TOO_MANY = (
    rf"(?:all (?:of )?|too many (?:of )?|a (?:load|bottle|packet|handful) of )(?:my |the |these |those )?{_PILLS}\b"
    r"(?! (?:to|with|for|as|in|into|on|away|off|back|out|from|round|every|at (?:breakfast|lunch|tea|bedtime|the))\b)"
)
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
    rf"\b(?:took|taken|swallowed) {_TOO_MANY}",
    r"\b(?:going to|gonna|about to|want to|might|could just|i'?ll|i will|think\w* (?:of|about)) (?:just )?"
    rf"(?:take|taking|swallow|swallowing) {_TOO_MANY}",
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
    r"\b(?:nothing|nowt|not a thing) (?:left )?to eat (?:(?:in|at) (?:the|this|my|our) (?:house|flat|cupboards?|fridge|"
    r"place|home)|at home|since (?:\w+day|yesterday|last|this)|for (?:\w+ )?days|today|tonight|left)\b",
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
_LAUGH = (
    r"\b(?:lol|lmao|haha\w*|rofl|jk|(?<!not )(?:only|just) (?:joking|kidding)|as a joke|"
    r"(?:i'?m|was|crying|myself) laughing|rolling on the floor laughing|face with tears of joy)\b"
)
_LAUGHED = re.compile(_LAUGH, re.IGNORECASE)
_LAUGHED_AFTER = re.compile(rf"[\s.!?]*{_LAUGH}", re.IGNORECASE)
_OF_SOMETHING_ELSE = re.compile(  # in one sentence with it; in another it may be whom somebody asked for help
    r"\b(?:festival|camping|holiday|fancy dress|film|movie|series|novel|game|(?:queue|hold) music|"
    r"awareness (?:day|week|month|training)|training (?:on|in|about|course|day)|(?:first aid|training) course|helpline|"
    r"samaritans|conference|webinar|study|statistics|stats|research|inquest|campaign|years ago|used to|"
    r"back in \d{4}|thankfully|recovered|recovery|diet|fasting|dietary|ramadan|safeguarding lead)\b",
    re.IGNORECASE,
)
# Said outright of now: then nothing beside it makes it another thing, neither a helpline nor what was years ago.
_OUTRIGHT = re.compile(
    r"\b(?:(?:i'?m|i am|i'?ll|i will|still|going to|gonna|(?<!me )wants? to|need to|ready to|might|about to) "
    rf"(?:\w+ ){{0,3}}?(?:(?:kill|hurt|harm|cut|hang)(?:ing)? (?:myself|{_THEMSELVES})|(?:end|tak)(?:e|ing)? (?:my|"
    rf"{_THEMSELVES}|all|too many)|jump {_HIGH})|(?<!me )wants? to die|i'?m (?:\w+ ){{0,2}}suicidal|"
    r"wish i (?:was|were)|don'?t want to (?:live|exist|be alive|be here any ?more)|"
    rf"think(?:ing)? (?:of|about) (?:suicide|(?:ending|killing|taking) (?:my|{_THEMSELVES})|jumping {_HIGH})|"
    r"(?:took|taken|swallowed) (?:all|too many))",
    re.IGNORECASE,
)
_USED_TO = re.compile(r"\bused to (?:(?:want|wish|think|feel|plan)\b|(?:\w+ ){0,2}$)", re.IGNORECASE)
_SAID_WITHIN = 40  # characters before what a pattern found: "I really do want to" + "end my life"
_DONE = re.compile(r"\b(?:took|taken|swallowed)\b", re.IGNORECASE)
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
_DENIED = re.compile(
    r"(?:am|'?m|was) (?:not|never) (?:\w+ ){0,2}suicidal|"
    r"\b(?:not|never|won'?t) (?:(?:going|trying|about|planning) to|gonna) (?:kill|end|hurt|harm|cut|take)",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(r"\b(?:not|\w+n't|never|no) (?:\w+ )?$", re.IGNORECASE)
_UNTHOUGHT = re.compile(
    r"\b(?:not|\w+n't|never) (?:think|say|said|saying|mean|believe|claim)\w* (?:that )?$", re.IGNORECASE
)


def safeguarding(evidence: Evidence) -> Iterator[Hit]:
    """A hit where the author, or somebody they speak of, may be in danger or in desperate need."""
    for pattern, confidence in _RISKS:
        for match in pattern.finditer(evidence.text):
            if _is_meant(evidence, match.span()):
                because = f"Somebody may be at risk and need help: “{clipped(evidence.text, [match.span()])}”"
                yield Hit("safeguarding", confidence, Target("other"), (match.span(),), because)
                return


def _is_meant(evidence: Evidence, span: tuple[int, int]) -> bool:
    text, found = evidence.text, evidence.text[slice(*span)]
    left, right = sentence_at(text, span[0])
    right = max(right, span[1])
    before, sentence = text[: span[0]], text[left:right]
    if not _DONE.search(found) and (_LAUGHED.search(sentence) or _LAUGHED_AFTER.match(text, right)):
        return False
    if _FAREWELL.search(found) and _OF_WORK.search(sentence):
        return False
    own = _FIRST_PERSON.search(text[left : span[1]])  # "how do I cope, I want to …" asks for itself
    outright = (
        own is not None
        and _OUTRIGHT.search(text, max(left, span[0] - _SAID_WITHIN), span[1])
        and not _USED_TO.search(before[left:])
        and not _USED_TO.search(found)
    )
    if not outright and _OF_SOMETHING_ELSE.search(sentence):
        return False
    told = evidence.mention.kind == "article" or evidence.shielded(span, "reported")
    if evidence.shielded(span, "quotation") or (evidence.shielded(span, "news") and (told or not outright)):
        return False
    if own is None and evidence.shielded(span, "counter_speech", "advice"):
        return False
    told_to = re.search(r"\b(?:told|telling|tells?|said)\b[^.!?]{0,25}\bto $", before, re.I)
    # "It's not fair I want to …" denies nothing: where the author begins anew, only what is thought is denied.
    denied = (_UNTHOUGHT if _FIRST_PERSON.match(found) else _DENIED_BEFORE).search(before) or _DENIED.search(found)
    of_no_one = re.search(r"\b(?:say|says|saying|said) (?:that )?they $", before, re.I)  # of people whom staff hear
    return not told_to and not denied and not of_no_one
