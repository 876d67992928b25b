"""Whether a deed told in the words of violence would hurt anybody: hair is cut, a claim killed, somebody kicked out."""

import re

from classifiers.annex.evidence import Evidence
from classifiers.annex.wording import who_span
from classifiers.target import Span

PEACEFUL_TOO = r"(?:cut|end|finish|kick|knock|hang|drown|beat|bury|smash|burn)"  # verbs with a peaceful use
_VERB = re.compile(rf"\b(?P<verb>{PEACEFUL_TOO}) (?P<out_of>[^.!?]*\bof )?(?:up |down )?$", re.IGNORECASE)
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
HARMLESS = re.compile(  # after the person or owner: what makes a verb of violence another thing
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
_NO_WEAPON = re.compile(  # a place that only names what is done away with, or where a knife is wanted
    r"\s(?:\w+ )?(?:amnesty|surrender|rule ?books?|rules?|letters?|forms?|polic(?:y|ies)|journals?|paperwork|budgets?|"
    r"sanctions?|regime|envelopes?|backlog|system|website|agenda|narrative|leaflets?|posters?|manual|guidance|scripts?|"
    r"cuts|spending|figures|reports?|app|targets?|myths?|lies|logo)\b|"
    r"\s(?:to|for) (?:cut |slice |do )?(?:the|our|my|some|an?) (?:\w+ )?(?:cake|buffet|party|lunch|cheese)\b",
    re.IGNORECASE,
)
_AMNESTY = re.compile(r"\bamnesty\b", re.IGNORECASE)


def thing_of_theirs(evidence: Evidence, match: re.Match[str]) -> re.Match[str] | None:
    """What of somebody's the deed is done to, where it harms nobody: their claim is killed, their budget shot."""
    if _TO_A_PLACE.search(match[0]) or not _is_owner(evidence, match):
        return None
    return _THING.match(evidence.text, match.end())


def is_bodily(evidence: Evidence, match: re.Match[str]) -> bool:
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


def no_attack(text: str, match: re.Match[str]) -> int | None:
    """Where what reads as an attack on a place ends, if a rulebook is burnt or a knife brought to cut the cake."""
    thing = _NO_WEAPON.match(text, match.end())
    if thing is None:
        return match.end() if _AMNESTY.search(match[0]) else None
    return thing.end()


def _is_owner(evidence: Evidence, match: re.Match[str]) -> bool:
    """Whether the last word of a match may say whose something is, rather than whom it is done to."""
    who = who_span(match)
    return who is not None and bool(_OWNER.match(evidence.text[slice(*who)]) or evidence.text.startswith("'s", who[1]))


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
