"""Official information: what somebody inside makes public without authority. News and FOI releases are not."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import clipped
from classifiers.finding import Target

_SHOWN = (
    r"(?:here(?:'s| is| are)|screenshot(?:s|ted)?|posting|sharing|shared|leak(?:ed|ing|s)?|attached|"
    r"photo(?:s|graph)?|pics? of|picture|got hold of|copy of|copied|see (?:below|attached|pic)|uploaded|"
    r"dropping|"
    r"snapped|straight from|from (?:our|the)|read this|look at|got|seen|saw|we(?:'ve| have)? (?:been|"
    r"just) (?:told|sent|had|got)|just (?:been told|had|came out of|out of|got)|in (?:our|today'?s|this "
    r"morning'?s)|according to (?:our|the))"
)
_INTERNAL = (
    r"(?:official[- ]sensitive|(?:internal|staff[- ]only|confidential|unpublished|embargoed|restricted|"
    r"classified|secret|private) (?:\w+ ){0,3}?(?:memo|email|e-mail|document|doc|docs|guidance|figures?|"
    r"stats|statistics|numbers|data|report|slides?|deck|briefing|dashboard|target|targets|note|system|"
    r"chat|teams|information|instructions?|spreadsheet|presentation|forecast|plan|plans|list|notice|"
    r"bulletin)|"
    r"(?:all[- ]staff|team|leadership|managers?'?|ops|site) (?:briefing|email|call|meeting|brief|memo)|"
    r"management information|(?:office )?whiteboards?|sanction targets?|\bMI\b|performance (?:data|"
    r"figures|dashboard)|staff intranet|our intranet|"
    r"the intranet|our internal \w+|(?:claimant|customer|citizen)s?'?s? (?:records?|files?|details|"
    r"addresses|journals?|case notes))"
)
_LEAK = re.compile(
    rf"\b{_SHOWN}\b[^.!?]{{0,70}}\b{_INTERNAL}\b|\b{_INTERNAL}\b[^.!?]{{0,60}}\b(?:attached|below|"
    r"screenshot\w*|leaked|here|in the (?:pic|photo|screenshot)|says?|shows?|before (?:it'?s|they)|hasn'?t "
    r"been published|not (?:been )?(?:published|public|announced|released))\b",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"\b(?:not (?:been )?(?:public|published|announced|out|released)(?: yet)?|isn'?t (?:public|out|"
    r"announced)(?: yet)?|hasn'?t been (?:announced|published|released)|before (?:it'?s|the) (?:public|"
    r"announce\w+|published)|(?:you )?(?:didn'?t hear|heard) (?:it|this) (?:from me|here first)|don'?t "
    r"(?:tell|say) (?:anyone|i told|it came)|between us|not supposed to (?:say|share|post|tell)|"
    r"shouldn'?t (?:be )?(?:say|shar|post|tell)\w*|keep (?:it|this) quiet|under embargo|(?:management|"
    r"bosses|managers|they|dwp) (?:don'?t|do not|won'?t) want (?:you|anyone|people|this) to (?:see|know|"
    r"get out)|hush hush)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\b(?:my (?:team|office|manager|site|colleagues?|desk|caseload|director|directorate|g7|"
    r"grade)|our (?:office|team|site|directorate|system|targets?|managers?|figures|internal|intranet|"
    r"dashboard|staff|caseload|all[- ]staff)|we(?:'ve| have)? (?:been|just been|just|were|got) told|as (?:a|an) "
    r"(?:work coach|civil servant|dwp|insider|case manager|decision maker)|i work (?:at|for|in)|working "
    r"(?:at|for) (?:the )?(?:dwp|jobcentre|job centre)|insider|us (?:staff|work coaches)|in here)\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"\b(?:foi|freedom of information|published|gov\.uk|ons|hansard|reports? that|according to (?:the "
    r")?(?:bbc|guardian|times|mirror|media|news|press)|the (?:guardian|times|mirror|bbc|telegraph|"
    r"independent|register)|journalist|newspaper|select committee|nao|audit office|data breach|leaked my|"
    r"my (?:own )?(?:claim|record|data|details|file|journal|case notes|subject access|sar)|whistle "
    r"?blow\w*|allegedly|story|petition|asked for|request(?:ed)?|my (?:nan|mum)'?s?)\b",
    re.IGNORECASE,
)
_SNOOPED = re.compile(
    r"\b(?:looked|look|looking) up\b[^.!?]{0,50}\b(?:record|claim|file|account|address|details|journal|uc)s?\b|"
    r"\b(?:had a (?:nosy|look|peek)|accessed|went into|pulled up|checked)\b[^.!?]{0,40}\b(?:'s|neighbour|"
    r"celebrity|ex|mate|footballer)\b[^.!?]{0,30}\b(?:record|claim|file|account|journal)s?\b",
    re.IGNORECASE,
)
_NINO = re.compile(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")

_CITED = re.compile(
    r"\b(?:nao|national audit office|ons|hansard|annual report|according to the (?:accounts|statistics|stats|figures)|"
    r"(?:official|published) (?:statistics|stats|figures)|stat[- ]?xplore|foi|freedom of information|select committee|"
    r"gov\.uk)\b",
    re.IGNORECASE,
)


def official_information(evidence: Evidence) -> Iterator[Hit]:
    """A hit where inside information, or a customer's record, is shown by someone inside."""
    text = evidence.text
    leak = _LEAK.search(text)
    inside = evidence.by_staff or bool(_INSIDE.search(text))
    early = _EARLY.search(text)
    nino = (_NINO.search(text) or _SNOOPED.search(text)) if inside else None
    cue = leak or (early if inside else None) or nino
    if cue is None or (_PUBLIC.search(text) and not _hush(early, text)) or not _own(evidence, cue.span()):
        return
    confidence = 0.4 + 0.25 * bool(leak) + 0.2 * inside + 0.15 * bool(early) + 0.3 * bool(nino)
    spans = tuple(match.span() for match in (leak, early, nino) if match)
    because = f"Makes inside information public: “{clipped(text, spans)}”"
    yield Hit("official_information", min(0.95, confidence), Target("organisation"), spans, because)


def cites_the_published(evidence: Evidence) -> bool:
    """Whether a text names an auditor, a report or statistics that anybody can read."""
    return _CITED.search(evidence.text) is not None


def _hush(early: re.Match[str] | None, text: str) -> bool:
    """“Not published yet” holds the word that otherwise tells of something public."""
    return early is not None and not re.search(
        r"\b(?:foi|gov\.uk|guardian|bbc|mirror|journalist|whistle ?blow\w*)\b", text, re.I
    )


def _own(evidence: Evidence, span: tuple[int, int]) -> bool:
    return not evidence.shielded(span, "news", "quotation", "counter_speech", "advice")
