"""SC, DV, CTC and BPSS of somebody who does not work here: other meanings, another's career, adverts, other employers.

The same letters are a violent home, a service charge and a tax credit, and most people who hold a clearance hold it for
somebody else. Who works here is believed to mean a clearance, but for a club's name.
"""

import re
from functools import cache

from classifiers.annex.evidence import Evidence
from classifiers.phrases import phrase_pattern

_LETTERS = r"(?-i:e?SC|e?DV'?d?|CTC|BPSS)"
_LEVEL = rf"(?:{_LETTERS}|vett(?:ed|ing)|clearances?|security checks?|cleared)"
_VIOLENCE = (
    r"\b(?:domestic (?:violence|abuse)|refuges?|women'?s aid|survivors?|idvas?|perpetrators?|marac|coercive|"
    r"abus(?:er|ers|ive)|non[- ]mol\w*|safe ?(?:house|lives)|left him|leaving him|fle(?:d|eing)|helpline|easement|"
    r"(?:the|that) other (?:meaning|dv)|camcorder)\b|"
    r"\b(?:out of|away from|escap\w+|surviv\w+|left|leaving|because of) (?:an? )?(?-i:DV)\b|"
    r"\b(?-i:DV) (?:workers?|advocates?|victims?|cases?|charit\w+|support|services?|shelters?|relationships?|homes?|"
    r"situations?|awareness|leave|units?|modules?|training|agenc\w+|money|grants?|register|disclosure|lottery|tapes?|"
    r"footage|cam(?:era)?)\b"
)
_PROPERTY = (
    r"\b(?:service charges?|ground rent|leasehold\w*|freehold\w*|managing agents?|solicitors?|conveyanc\w+|"
    r"subject to contract|estate agents?|exchange of contracts|south carolina|supreme court|senior counsel|"
    r"sickle cell|severe conditions?|spinal cord|sports? club|school council|snap ?chat)\b|"
    r"\b(?-i:SC) (?:bus|\d+)\b"
)
_CREDITS = (
    r"\b(?:child tax credits?|tax credits?|cyclists?|cycling|cost to company|take[- ]home|lakhs?|plus bonus)\b|"
    r"\b(?-i:CTC) (?:\w+ )?(?:overpayments?|debts?|awards?|claims?|stopped|ended|money|payments?)\b"
)
_TERROR_NEWS = (
    r"\bcounter[- ]?terror\w* (?:police|officers?|command|unit|detectives?|raids?|arrests?|policing|investigat\w+)\b|"
    r"\b(?:arrest(?:s|ed)|raid(?:s|ed)?|suspects?|terror (?:plot|attack))\b"
)
_AS_IN = r"(?: ?[(:=] ?|\W{1,3}(?:(?:that|it)['’]?s |(?:that|it) is |as in |short for |i\.?e\.? ))"
_OTHER = r"(?! (?:check|clear|vett|current|level)\w*)"
# “SC (school council)”, “CTC: city technology college”, “DV, as in …”, but not what vetting calls them
_SPELT_OUT = re.compile(
    rf"\b(?:(?-i:SC){_AS_IN}(?!security|standard)s\w+{_OTHER} c\w+|(?-i:DV){_AS_IN}(?!developed|deep)d\w+{_OTHER} v\w+|"
    rf"(?-i:CTC){_AS_IN}(?!counter)c\w+ t\w+{_OTHER} c\w+)\b",
    re.IGNORECASE,
)
_TOLD = (  # “SC school council”, “SC means …”: enough for who does not work here
    r"\b(?:(?-i:SC)\W{1,3}(?!security)s\w+ c\w+|(?-i:DV)\W{1,3}(?!developed)d\w+ v\w+|"
    r"(?-i:CTC)\W{1,3}(?!counter)c\w+ t\w+"
    rf" c\w+|{_LETTERS} (?:here |\w+ my \w+ |in \w+ )?(?:stands? for|is short for|(?:means?|meant) an?))\b"
)
_MEANINGS = re.compile("|".join((_VIOLENCE, _PROPERTY, _CREDITS, _TERROR_NEWS, _TOLD)), re.IGNORECASE)
_ADVERT = re.compile(
    r"\b(?:hiring|recruiting|vacanc\w+|adverts?|advertis\w+|closing (?:date|on|\w+day|\d)|clos(?:es|ing) \d|apply "
    r"(?:now|by|at|here|via|on)|salary|day rate|per (?:day|annum)|(?:inside|outside) ir35|new roles?|roles? "
    r"(?:needs?|requires?|asks?)|candidates?|applicants?|we place|(?:must|need(?:s|ed)? to|able to|ability to|"
    r"willing(?:ness)? to|have to) "
    r"(?:\w+ )?(?:hold|have|get|obtain|undergo|pass|go through|be)|required?|requirements?|essential|desirable|"
    r"preferred|eligib\w+|needs? (?:people|someone|somebody)|wanted|looking for|needed)\b|"
    r"£ ?[\d,]+(?:k| (?:a|per) (?:day|year))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|i'?m|i'?ve|i'?d|me|my|mine|we|we'?re|we'?ve|our|us)\b", re.IGNORECASE)
_RELATIVE = (
    r"(?:dad|father|mum|mam|mother|brother|sister|son|daughter|husband|wife|hubby|uncle|aunt|auntie|cousin|nephew|"
    r"niece|grandad|grandfather|grandma|nan|gran|grandson|granddaughter|boy|girl|lad|partner|boyfriend|girlfriend|"
    r"fianc\w+|ex|neighbour|flatmate|friend)(?:-in-law)?"
)
_EMPLOYER = (
    r"\b(?:army|navy|raf|marines|armed forces|military|mod|ministry of defence|met police|met office|police|home "
    r"office|foreign office|fcdo|cabinet office|gchq|mi5|mi6|hmrc|hmcts|border force|prison service|nhs|airport|"
    r"heathrow|gatwick|bae|qinetiq|awe|rolls[- ]royce|nuclear|sellafield|submarine|embassy|parliament|bank|"
    r"(?:defence|arms|aerospace) "
    r"(?:firm|company|contractor?|industry)|(?:another|a different|other) (?:department|employer|government))\b"
)
_ELSEWHERE = re.compile(_EMPLOYER, re.IGNORECASE)
_FOR_THEM = re.compile(
    rf"\b{_LEVEL}\b[^.!?,;\n]{{0,30}}? (?:for|by|with|in|under) (?:the |an? )?{_EMPLOYER}", re.IGNORECASE
)
_MOVED = re.compile(
    r"\b(?:transfer\w*|carr(?:y|ied|ies) over|rode on|existing|portable|still|now (?:at|with|in|for|working|doing))\b",
    re.IGNORECASE,
)
_CLUB = re.compile(  # “SC” behind the name of a place, where people swim or sail
    r"\b(?-i:[A-Z])\w+ (?-i:SC)\b(?! (?:clear|vett|level|check|cleared))[^.!?\n]{0,50}\b(?:swim\w*|sail\w*|"
    r"regatta|gala|skat\w+|surf\w*|match|fixture|league|training session|lengths|squash)\b|"
    r"\b(?:swim\w*|sail\w*|gala|regatta|match|lengths|squash) (?:\w+ ){0,2}(?:at|for|with) (?-i:[A-Z])\w+ (?-i:SC)\b",
    re.IGNORECASE,
)
_HIS = re.compile(
    rf"\b(?:my|his|her|their|the) (?:\w+ )?{_RELATIVE}(?:'s)?\b(?:(?!\b(?:i|i'?ve|i'?m|me|my|mine|we|they)\b)[^.!?\n])"
    rf"{{0,70}}?\b{_LEVEL}\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n\U0001F300-\U0001FAFF]+[.!?]*")  # a picture ends a sentence as well as a stop
_SPOKEN = re.compile(rf"\b{_LEVEL}\b", re.IGNORECASE)


def is_of_another(evidence: Evidence) -> bool:
    """Whether the letters in a post are no clearance held here, as the words around them tell.

    Of what our own people write only a club's name and another meaning spelt out.
    A clearance that a relative holds, or another employer gave, is told in a sentence that does not name us.
    """
    text = evidence.text
    if _CLUB.search(text) is not None or _SPELT_OUT.search(text) is not None:
        return True
    if evidence.by_staff:
        return False
    if _MEANINGS.search(text) is not None or (text.rstrip().endswith("?") and not _OWN.search(text)):
        return True
    words = evidence.policy.vocabulary
    ours = _names((*words.names, *(word for word in words.ambiguous if not re.fullmatch(_LETTERS, word))))
    told = [match[0] for match in _SENTENCE.finditer(text) if _SPOKEN.search(match[0])]
    return bool(told) and all(_is_anothers(sentence, ours) for sentence in told)


_names = cache(phrase_pattern)


def _is_anothers(sentence: str, ours: re.Pattern[str]) -> bool:
    if _ADVERT.search(sentence) and not _OWN.search(sentence):
        return True
    moved = _MOVED.search(sentence) is not None
    if ours.search(sentence):
        return not moved and _FOR_THEM.search(sentence) is not None
    return (not moved and _ELSEWHERE.search(sentence) is not None) or _HIS.search(sentence) is not None
