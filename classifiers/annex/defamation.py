"""Defamation: wrongdoing asserted as fact of an identified person, on the author's own word.

An institution is not defamed by its public; a question, a complaint under way, an opinion or a court report is none.
"""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import called, clipped
from classifiers.target import Person

_MONEY = (  # that it is of money: people pocket telephones, and launder shirts
    r"\b(?=(?: [\w']+){0,3}? (?:(?:money|cash|fees?|payments?|funds?|benefits?|bonus\w*|refunds?|donations?|wages|tips|"
    r"pensions?|giros?|vouchers?|them|the (?:lot|rest|difference)|half|grants?|deposits?|proceeds|grand|quid)\b|[£$]))"
)
_DEDUCTED = (  # what is taken by the book: off a benefit, or for a good cause
    r"(?![^.!?]{0,25} (?:off|from|out of) (?:my|our|his|her|their|the|your) (?:\w+ )?(?:uc|universal credit|benefits?|"
    r"payments?|claim|money|award|pip|esa|jsa|pension|wages|entitlement)\b)(?! (?:donations?|collections?|payments?)\b)"
)
_DRUGS = r"(?:drugs?|coke|cocaine|heroin|weed|crack|smack|gear|pills)"
_WRONG = re.compile(
    r"\b(?:(?:is|'s|was|has been|have been|'ve been|been|caught|are|'re|keeps?|kept|spent (?:\w+ "
    rf"){{0,3}})\s?(?:\w+ ){{0,2}}?(?:steal(?:ing)?|nick(?:ing)?|pocketing{_MONEY}|embezzling|skimming|fiddling|"
    r"forging|falsifying|faking|selling (?:claimants?'?|customers?'?|people'?s|our|your|personal|"
    rf"confidential|private|client) \w+|taking (?:bribes|backhanders|kickbacks|(?:cash|money)\b{_DEDUCTED})|dealing(?= "
    rf"(?:\w+ )?{_DRUGS}\b| on the side| to\b| (?:from|out of|outside) (?:the|his|her)\b|\W*$|[.!,;])|"
    r"blackmailing|defrauding|grooming|abusing (?:kids|children|claimants)|molesting|accessing \w+ "
    rf"records|sleeping with (?:claimants|customers|clients)|laundering{_MONEY}|running (?:a )?(?:scam|fraud|"
    r"benefit fraud|racket))|"
    rf"(?:stole|steals|nicked|pocket(?:s|ed){_MONEY}|embezzled|skimmed|skims|forged|forges|falsified|"
    r"falsifies|faked|fakes|doctored|took bribes|takes bribes|take bribes|took backhanders|takes backhanders|took "
    rf"cash|takes cash\b(?! (?:payments?|only|or|and)\b)|defrauded|blackmailed|blackmails|groomed|grooms|raped|"
    rf"molested|sexually assaulted|assaulted|beats? (?:his|her) (?:wife|kids|husband|partner|children)|"
    rf"deals? (?:drugs|coke|heroin)|sells? (?:drugs|coke|claimants?'? \w+|customers?'? \w+|people'?s (?:data|details|"
    rf"information))|sold (?:claimants?'? \w+|customers?'? \w+|people'?s \w+|my (?:data|details))|rigged|rigs|"
    rf"launders{_MONEY})|(?:is|'s|was|are|'re) (?:a |an |on the |actually a |nothing but a |just a |well known |"
    rf"a known |a convicted |a registered )(?:\w+ )?(?:thief|thieves|fraud\b(?! (?:investigat|officer|team|manager|"
    r"advis|specialist|prevention|analyst|lead|expert))|fraudster|criminal\b(?! (?:law|solicitor|barrister|justice|"
    r"defence|investigat|record))|crook|paedo(?:phile)?|pedo(?:phile)?|nonce|rapist|sex offender|groomer|drug dealer|"
    r"(?:(?<=\ba )|(?<=known )|(?<=convicted )|(?<=local ))dealer(?! (?:in|at|of|for|from)\b)|bent|on the take|"
    r"wife ?beater|con ?(?:man|woman|artist)|sex offenders? register|take|predator|child abuser|blackmailer|junkie|"
    r"alcoholic|drunk at work|benefit cheat|money launderer)|"
    r"(?:is|'s) (?:bent|corrupt|on the take|on the fiddle|drunk (?:at work|on shift|every)|high (?:at "
    r"work|on shift)))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\?|\b(?:alleged(?:ly)?|apparently|i think|i reckon|in my (?:view|opinion)|seems|suspect|rumou?r|if "
    r"(?:it'?s )?true|might|maybe|wondering|could have|should investigate|investigat(?:e|ed|ing|ion)|"
    r"reported (?:it|this|him|her|them)|complain(?:ed|t)|whistle ?blow\w*|raised (?:it|this|a)|grievance|"
    r"ombudsman|evidence (?:has been|was) (?:given|sent|handed)|the show|joke|joking|time|my heart|the "
    r"show|limelight|sick days?)\b",
    re.IGNORECASE,
)
_INNOCENT = re.compile(
    r"^\W*(?:the show|my heart|your heart|hearts?|a march|the limelight|the scene|my thunder|a glance|a smile|"
    r"a look|it \(?in a good|the deal|the cards|hugs?|cakes?|biscuits?|my (?:pen|seat|lunch|chair|sandwich|"
    r"biscuit))",
    re.I,
)
_ROLE_AT = re.compile(
    r"\b(?:manager|supervisor|team leader|receptionist|security guard|work coach|boss|"
    r"head)\b[^.!?]{0,20}\b(?:at|of|in) (?:the )?(?-i:[A-Z])[a-z]+|\b(?-i:[A-Z])[a-z]+ (?:job ?cent(?:re|er)|"
    r"Jobcentre|office|branch)\b[^.!?]{0,10}\b(?:manager|supervisor|receptionist|team leader)",
    re.I,
)


def defamation(evidence: Evidence) -> Iterator[Hit]:
    """One hit for the first accusation that names its man."""
    for match in _WRONG.finditer(evidence.text):
        person = _accused(evidence, match)
        start, end = _sentence(evidence.text, match.span())
        sentence = evidence.text[start:end]
        if person is None or person.public or _HEDGED.search(sentence) or _INNOCENT.match(evidence.text[match.end() :]):
            continue
        span = (max(start, min(person.span[0], match.start())) if person.span[1] else match.start(), match.end())
        if not evidence.open(match.span()):
            continue
        confidence = 0.82 if person.target.kind == "employee" else 0.66
        if not person.known:
            confidence -= 0.15
        because = f"States as fact that {called(person.target)} did wrong: “{clipped(evidence.text, [span])}”"
        yield Hit("defamation", confidence, person.target, (span,), because)
        return


def _accused(evidence: Evidence, match: re.Match[str]) -> Person | None:
    """The nearest person before the accusation in its sentence: named, by handle, or by role and place."""
    start, _ = _sentence(evidence.text, match.span())
    before = [(span, person) for span, person in evidence.subjects if start <= span[0] and span[1] <= match.start() + 1]
    for span, person in reversed(before):
        reach = 70 if person.target.kind == "employee" else 30
        if evidence.text[span[0]] == "@" and person.target.kind == "other":
            reach = 3  # "@airport handlers stole …" accuses nobody that it names
        if person.target.kind in ("employee", "other") and person.known and match.start() - span[1] < reach:
            return person
        if person.target.kind == "employee" and _ROLE_AT.search(evidence.text[start : match.start() + 1]):
            return person
        if (person.target.kind == "organisation" and person.known) or (
            span and evidence.text[span[0] : span[1]].lower() in ("they", "them", "you")
        ):
            return None
    return None


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start = max(text.rfind(mark, 0, span[0]) for mark in ".!?") + 1
    ends = [end + 1 for mark in ".!?" if (end := text.find(mark, span[1])) >= 0]
    return start, min(ends, default=len(text))
