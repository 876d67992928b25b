"""Cyberstalking: somebody watched, followed or located; or a course of conduct towards one person over days."""

import re
from collections.abc import Iterator
from dataclasses import replace

from classifiers.annex.evidence import OTHERS_WORDS, Evidence, Hit
from classifiers.annex.wording import any_of, called, clipped, who_span
from classifiers.conduct import course_of_conduct, is_with_a_friend

_YOURS = r"(?P<who>your|ur|her|his|their|@user's|(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[a-z]+)?'s)"
_THEM = r"(?P<who>you|u|her|him|them|she|he|@user|(?-i:[A-Z])[a-z]+)"


_LOCATED = any_of(
    r"\b(?:i|we)(?:'ve| have)? (?:now )?(?:know|found(?: out)?|worked out|figured out) (?:exactly "
    rf")?(?:where|which (?:street|house|car|school|train|bus)|what (?:street|time|car|train|bus)) {_THEM} "
    r"(?:all )?(?:lives?|works?|parks?|takes?|catch(?:es)?|gets? on|drinks?|shops?|sleeps?|stays?|goes|go|"
    r"is|are|leaves?|gets?|drives?|takes?|finish\w*|walks?)(?! (?:for|as|wonders))",
    r"\b(?:i|i've|we|we've|been|i'?m|i'?ll keep) (?:been )?(?:just )?(?:watch(?:ed|ing)(?! your (?:\w+ "
    r")?(?:videos?|stream|channel|talks?|webinars?|clips?|reels?|stories))|follow(?:ed|ing)|sat outside|"
    r"sitting outside|waited outside|waiting outside|parked outside|driv(?:en|ing) past|drove past|walked "
    rf"past|walking past) {_THEM}(?:r)?\b(?! (?:on (?:x|twitter|here|youtube|tiktok)|video|videos|channel|"
    r"page|stream|webinar|talk|advice|instructions|process))(?= |[.,!?]|$)",
    r"\b(?:sat|sitting|parked|standing|stood|waiting|waited|driving past|drove past|been) (?:\w+ "
    rf")?(?:outside|past|by|opposite|at) {_YOURS} (?:house|home|flat|street|work|office|gym|car|kids?'? "
    r"school|place|door)",
    rf"\b(?:i )?(?:saw|seen|spotted|clocked) {_THEM} (?:\w+ )?(?:leav\w+|walking|getting (?:in|out|off|on)|"
    r"park\w*|shopping|in (?:tesco|asda|aldi|lidl|morrisons|sainsbury\S*|the (?:pub|gym|car ?park|park))|"
    r"at (?:the (?:gym|school|bus stop|station|pub|park)|home|tesco|asda|school)|(?:on|this) (?:\w+day|"
    r"morning|evening)|with (?:your|her|his) (?:kids?|children|husband|wife|daughter|son|dog)|through "
    r"(?:your|her|his) window|last night)",
    r"\b(?:nice|lovely|cute) (?:new )?(?:house|car|dog|kids|garden|curtains|front door|little girl|little "
    rf"boy)\b[^.!?]{{0,40}}\b(?:isn'?t it|shame if|on \w+ (?:street|road|avenue|lane|close)|{_YOURS} "
    r"street)",
    r"\b(?:found|find|got|saved|screenshotted|been through|looked through|going through) (?:all "
    rf")?{_YOURS} (?:home address|address|facebook|instagram|photos|family|kids|children|husband|wife|"
    r"house|number plate|reg|daily routine|shift pattern|rota)\b(?! (?:page helpful|post))",
    rf"\b(?:which|what) school (?:do )?{_YOURS} (?:kids?|children|daughter|son)|\b{_YOURS} (?:kids?|"
    r"children|daughter|son) (?:go(?:es)? to|at|is at|are at|walks? (?:home|to)|plays?) ",
    rf"\b(?:wherever|everywhere) {_THEM} go(?:es)?,? (?:i'?ll|i will|i'?m)|\b(?:you|she|he) can'?t (?:hide|"
    rf"block|get away|escape|get rid)\b[^.!?]{{0,20}}(?:from )?(?:me|forever)?",
    r"\b(?:block|blocking|blocked|ban|report) me (?:all you (?:like|want)|again|as (?:many|"
    r"much))[^.!?]{0,25}\b(?:new|another|more) accounts?|\b(?:you|she|he) (?:blocked|muted) (?:me|my "
    r"(?:last|other|old))[^.!?]{0,40}(?:new account|so (?:here|i)|i'?m back|found another|made another)|"
    r"\b(?:you|she|he)(?:'ve|'s| have| has)? blocked (?:\w+ )?(?:of )?my accounts\b[^.!?]{0,60}(?:hear(?:ing)? from me|"
    r"number \w+ is|another|new one)|"
    r"\b(?:my|\d+|two|three|four|five|six|seven|eight|nine|ten) (?:\w+ )?accounts? (?:that )?(?:you|she|he)(?:'ve|'s|"
    r" have|"
    r" has)?(?: now)? blocked\b|"
    r"\bthis is my (?:\w+ )?(?:new|second|third|fourth|fifth|sixth) account\b[^.!?]{0,30}",
    rf"\b(?:i )?(?:never|won'?t ever|will not|won'?t|not going to|never going to) (?:stop|leave {_THEM} "
    rf"alone|let {_THEM} (?:go|sleep|rest)|give up on {_THEM})(?: (?:messaging|writing to|watching|"
    r"following|contacting) \w+)?(?! (?:fighting|appealing|claiming|asking for my|chasing|campaigning|"
    r"until (?:i get|my) (?:my )?(?:money|payment|claim|answer|benefits?)))",
    rf"\b(?:i )?know (?:that )?{_THEM} (?:all )?(?:parks?|lives?|walks?|drinks?|shops?|jogs?|runs?|gets? "
    r"(?:home|in|off)|"
    r"finish(?:es)?|drives?|leaves?|drops? (?:off|the kids))\b",
    rf"\b(?:i )?know {_YOURS} (?:\w+'s )?(?:school run|route|routine|shifts?|address|street|car|number "
    r"plate|gym|bus|train|"
    r"kids?'? school|school)\b",
    rf"\b(?:i'?ll|i will|i'?m going to|see you) (?:be )?(?:at|outside|by|near) {_YOURS} (?:mother|mum|mam|"
    r"dad|sister|brother|nan|"
    r"house|home|flat|gate|door|kids?|gym|street|car|parents)\w*(?:'s)?\b",
    r"\b(?:i )?(?:waited|waiting|stood|sat|standing|sitting|been|was) (?:\w+ )?(?:by|at|near|outside|"
    rf"behind) {_YOURS} "
    r"(?:gate|front door|back door|car|house|fence|bus stop|window|drive|garden|flat|home)\b",
    rf"\b(?:i )?missed {_THEM} (?:at|on) the [\w.:]+ ?(?:train|bus|station|stop|gym|\d|this morning)?",
    r"\b(?:lovely|nice|pretty|new|like (?:the|your)) (?:curtains|front door|garden|kitchen|conservatory)\b|"
    r"\blights? (?:went |was |were )?(?:off|out|on) (?:at|until|till|by) [^.!?]{0,25}\b(?:last night|"
    r"tonight|again)\b",
    rf"\b(?:saw|seen|spotted|noticed) {_YOURS} (?:car|van|bike|husband|wife|kids?|daughter|son|mum|bedroom|"
    r"lights?)\b(?! (?:post|video))",
    r"\b(?:i )?(?:follow|tail|trail|watch) (?:my|the|that) (?:\w+ ){0,2}?(?P<who>coach|advis[eo]r|"
    r"manager|worker|assessor|receptionist) "
    r"(?:\w+ ){0,3}?(?:home|every|leave|from)\b",
    rf"\b(?:been|gone|going) through (?:all )?{_YOURS} (?:old )?(?:posts|photos|pictures|profile|bins)\b|"
    rf"\bknow everything about {_THEM}\b|\bi'?m always (?:nearby|near you|close by|around|behind you|watching)\b",
    rf"\b(?:changed|switched|altering|changing) {_YOURS} (?:route|routine|locks|car|shifts?|train|bus)\b",
)
_TO_SEVERAL = re.compile(r"\b(?:you|u) (?:lot|all|guys)\b|\byou're all\b", re.IGNORECASE)  # nobody is pursued in plural
_STRONG = 0.82
_FRIENDLY = 0.25  # less where all that went before was friendly: "I know where you live, I'll bring the curry"
_PERSISTING = re.compile(r"\b(?:block|account|never|won'?t|will not|can'?t)\b", re.IGNORECASE)


def cyberstalking(evidence: Evidence) -> Iterator[Hit]:
    """A single post that shows watching or locating; or one more post in a course of conduct."""
    single = next(_located(evidence), None)
    if single is not None and single.target.handle and is_with_a_friend(evidence, single.target.handle):
        single = replace(single, confidence=single.confidence - _FRIENDLY)
    course = course_of_conduct(evidence)
    if course is not None and (single is None or course.confidence >= single.confidence):
        yield course
    elif single is not None:
        yield single


def _located(evidence: Evidence) -> Iterator[Hit]:
    for match in _LOCATED.finditer(evidence.text):
        span = match.span()
        who = who_span(match)
        person = (evidence.person_at(who) if who else None) or evidence.cast.addressed
        target = person.target
        if target.kind in ("organisation", "group") or evidence.shielded(span, *OTHERS_WORDS):
            continue
        weak = (target.kind == "other" and not person.known) or bool(_PERSISTING.search(match[0]))
        weak = weak or bool(_TO_SEVERAL.search(evidence.text))
        confidence = _STRONG - (0.2 if weak else 0.0) - (0.25 if evidence.feeling > 0.5 else 0.0)
        because = f"Shows watching or locating of {called(target)}: “{clipped(evidence.text, [span])}”"
        yield Hit("cyberstalking", confidence, target, (span,), because, harm=0)
