"""Doxxing: a private person's address, number, car or family details, published. An office's own details are not."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.protected import sentence_at
from classifiers.annex.wording import called, clipped
from classifiers.finding import Target
from classifiers.target import Person, Span

_PHONE = re.compile(r"(?<![\w£$.])(?:\+44\s?\(?0?\)?\s?|0)7(?:[\s.-]?\d){9}(?!\d)")
_STREET = re.compile(
    r"(?<![\w£.])(?!\d+ (?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|miles?|km|"
    r"more)\b)(?:flat \w+,? )?\d{1,4}[a-d]?,? (?:[A-Za-z][\w'-]+ ){1,3}(?:street|st|road|rd|avenue|ave|"
    r"lane|ln|close|drive|crescent|terrace|gardens|grove|(?-i:Way|Place|Court|Row|Square|Mews|Hill|Walk))\b(?! "
    r"(?:job|office))(?:,? (?-i:[A-Z])[a-z]+)?(?:,? [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_PLATE = re.compile(r"\b(?:drives?|driving|car|reg|plate|registration)\b[^.!?]{0,40}\b[A-Z]{2}\d{2} ?[A-Z]{3}\b")
_MAIL = re.compile(
    r"(?<![\w@.])[\w.+-]+@(?!dwp|gov|[\w-]*\.?gov)[\w-]+\.(?:com|net|org|co\.uk|uk|example|test|invalid)\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:her|his|their|(?P<name>(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)(?:'s)?|@user(?:'s)?|(?:the |"
    r"this |that )?(?:\w+ )?(?:coach|manager|advis[eo]r|woman|man|guy|assessor)(?:'s)?|she|he|they) "
    r"(?:actually |also |real |personal |private )?"
    r"(?:lives? (?:at|on|in|near|opposite|next|above|round|behind)|home address|address is|house is|home "
    r"is|(?:personal |private |mobile |home |phone )?(?:number|mobile) is|number:|address:|kids? (?:go|"
    r"goes) to|children (?:go|attend)|daughter (?:goes|attends)|son (?:goes|attends)|parks? (?:at|on|in) |"
    r"walks? home|drives? a)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:here(?:'s| is| are)|posting|dropping|leaking|got hold of|found|sharing|this is|dm me for|i'?ll "
    r"post|i have|i've got) (?:\w+ ){0,3}?(?:her|his|their|(?-i:[A-Z])[\w'-]+'s|@user's|(?:the|this|my|"
    r"that) (?:\w+ ){0,3}\w+'s|(?:work )?coach's|manager's) (?:full |real |home |personal |private |phone "
    r"|mobile )*(?:address|number|phone|mobile|email|facebook|details|house|location|postcode|full name|"
    r"family|kids|dox)\b",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"\b(?:anyone|anybody|who|someone|somebody) (?:know|knows|got|have|has|find|post|drop|tell me)s? "
    r"(?:out )?(?:where (?:she|he|they|this \w+|that \w+|(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?)(?: (?:from|"
    r"at|in|of) (?:\w+ ){1,4}?| )(?:actually )?(?:lives?|parks?|drinks?)|(?:her|his|their|"
    r"(?-i:[A-Z])\w+'s) (?:home |personal |phone |full )*(?:address|number|name and address|postcode))",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:job ?cent(?:re|er)|office|branch|helpline|freephone|call (?:us|them|the)|ring (?:us|them|the)|"
    r"text|switchboard|surgery|court|tribunal|council|mp|food ?bank|citizens advice|centre|address for|"
    r"post (?:it|your|the form) to|send (?:it|your|the form|forms) to|write to|opening hours|open (?:from|"
    r"until)|drop[- ]in|venue|hotel|library|station|samaritans|contact us|helps?desk)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:mobile|personal|home|her|his|go wild|do your worst|have fun|enjoy)\b", re.IGNORECASE)
_MINE = re.compile(
    r"\b(?:my (?:\w+ )?(?:address|number|home|house|flat|phone|mobile|email|name|partner|mum|claim|postcode|"
    r"landlord|new)|i (?:live|lived|moved|am at)|i'?m (?:at|on)|call me|contact me|email me|reach me|text me|"
    r"our (?:house|home|address))\b",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(r"(?:their|they)\b", re.IGNORECASE)


def doxxing(evidence: Evidence) -> Iterator[Hit]:
    """A hit where details lead to a private person's door, phone or family."""
    text = evidence.text
    pointed = [match.span() for match in _HOME.finditer(text)]
    if _MINE.search(text) and not any(_is_anothers(text, span) for span in pointed):
        return
    details = [match.span() for pattern in (_PHONE, _STREET, _PLATE) for match in pattern.finditer(text)]
    offered = [match.span() for match in (*_OFFER.finditer(text), *_ASK.finditer(text))]
    if _OFFICE.search(text):  # "write to the manager, their address is …"
        pointed = [span for span in pointed if not _OF_SEVERAL.match(text, span[0])]
    spans = [*details, *pointed, *offered]
    spans += (
        [match.span() for match in (*_MAIL.finditer(text), *_POSTCODE.finditer(text))] if pointed or offered else []
    )
    spans = [
        span
        for span in spans
        if not evidence.shielded(span, "news", "advice", "counter_speech", "quotation", "reported")
    ]
    person = _person(evidence)
    confidence = _confidence(evidence, person, spans, details=len(details), pointed=len(pointed), offered=len(offered))
    if person is None or not spans or confidence <= 0:
        return
    because = f"Publishes or seeks private details of {called(person)}: “{clipped(text, spans)}”"
    yield Hit("doxxing", confidence, person, tuple(sorted(set(spans))), because)


def _is_anothers(text: str, span: Span) -> bool:
    """Whether a home is told in a sentence that says nothing of the author's own."""
    left, right = sentence_at(text, span[0])
    return _MINE.search(text[left:right]) is None


def _confidence(
    evidence: Evidence, person: Target | None, spans: list[Span], *, details: int, pointed: int, offered: int
) -> float:
    if not spans or person is None or (_OFFICE.search(evidence.text) and not (pointed and details) and not offered):
        return 0.0
    if details and (pointed or offered):
        return 0.93
    if offered:
        return 0.75
    if pointed:
        return 0.7 if person.kind == "employee" else 0.45
    if person.handle is None and person.kind == "employee":
        return 0.65 if _PERSONAL.search(evidence.text) else 0.0
    return 0.7 if person.handle and person.kind in ("employee", "other") else 0.0


def _person(evidence: Evidence) -> Target | None:
    """Whose details they are: a named person first, then a role, then whoever is answered."""
    cast = evidence.cast
    everybody: list[Person] = [*cast.people, *((cast.answered,) if cast.answered else ())]
    ours = [person for person in everybody if person.target.kind == "employee"]
    others = [person for person in everybody if person.target.kind == "other" and not person.public]
    ranked = sorted(ours, key=lambda person: not person.known) + others
    if ranked:
        return ranked[0].target
    return Target("other") if re.search(r"\b(?:her|his|she|he)\b", evidence.text, re.I) else None
