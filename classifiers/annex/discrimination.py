"""Discrimination: contempt for people for who they are: race, faith, disability, sex, orientation, age, nation."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.insults import insults
from classifiers.annex.slurs import slur_spans
from classifiers.annex.wording import called, clipped
from classifiers.finding import Target
from classifiers.insult_words import TERMS
from classifiers.people import GROUPS
from classifiers.target import Span

_PROTECTED = (
    r"(?:disabled|crippled|autistic|deaf|blind|mentally ill|wheelchair|immigrants?|migrants?|asylum "
    r"seekers?|refugees?|foreign(?:ers?)?|muslims?|islam\w*|jews?|jewish|hindus?|sikhs?|christians?|"
    r"catholics?|"
    r"blacks?|black (?:people|woman|man|women|men|staff|girl|guy)|asians?|africans?|indians?|pakistanis?|"
    r"bangladeshis?|poles|polish|romanians?|eastern europeans?|chinese|gyps(?:y|ies)|travellers|roma|"
    r"arabs?|somalis?|nigerians?|turks?|albanians?|"
    r"gays?|lesbians?|homosexuals?|trans(?:gender)?|women|females?|woman|single mums?|single mothers?|"
    r"girls|old people|pensioners|hijabs?|headscar(?:f|ves)|accents?|ethnics?|minorit(?:y|ies)|brown "
    r"people|white people)"
)
_CONTEMPT = re.compile(
    "|".join(
        (
            r"\b(?:go(?:es)?|sent?d?|crawl) (?:\w+ )?back to (?:(?:your|ur|her|his|their)(?: own)? "
            r"(?:country|land|homeland|village)|where(?:ver)? (?:you|she|he|they|u)(?:'ve| have)? "
            r"(?:came?|comes?|crawled) from|the jungle|africa|asia|india|pakistan|poland|romania|somalia|"
            r"nigeria|bongo ?bongo land|the middle east)",
            r"\b(?:shouldn'?t|should not|should never|don'?t|not) (?:be )?(?:allow(?:ed)?|employ(?:ed)?|"
            rf"hired?|let|trusted|served?|work(?:ing)?|given|put) (?:\w+ ){{0,6}}?{_PROTECTED}\b",
            rf"\b{_PROTECTED} (?:\w+ ){{0,3}}?(?:shouldn'?t|should not|should never|don'?t deserve|can'?t "
            r"be trusted|have no (?:place|business|right)|don'?t belong|aren'?t (?:fit|capable|real|even "
            r"human)|need to (?:go home|be deported|learn)|should (?:be (?:deported|banned|shot|put down|"
            r"sterilised|locked up|sacked|sent (?:home|back))|know their place|stay (?:at|in)|go (?:back|"
            r"home)))",
            r"\b(?:get|got|given|stuck with|served by|dealt with by|put (?:me |us )?through to|spoke to|"
            r"fobbed off (?:with|by)) (?:another |some |a |an |these |all these |yet another )(?:\w+ "
            rf")?{_PROTECTED}[^.!?]{{0,40}}?\b(?:english|useless|typical|stupid|thick|speak|of course|"
            r"obviously|no wonder|proper)",
            r"\b(?:typical|bloody|fucking|filthy|dirty|stinking|stupid|damn|lazy) (?:\w+ "
            rf")?{_PROTECTED}\b(?! (?:hard|good|great|benefits?|access|process|form|system|parking|badge|"
            r"toilet))",
            r"\b(?:i )?(?:hate|can'?t stand|despise|sick of) (?:all |these |those |dealing with |seeing |"
            rf"the )?(?:\w+ )?{_PROTECTED}\b(?! (?:benefit|access|forms?|assessment|parking|being "
            r"(?:treated|called|ignored)|people being|are treated))",
            rf"\b{_PROTECTED} (?:people |staff |claimants |women |men |ones )?(?:are|is|were) (?:all |just "
            r"|nothing but |naturally |too |always )?(?:\w+ )?(?:scum|vermin|parasites?|leeches|animals|"
            r"subhuman|filth|lazy|thick|stupid|inferior|dirty|savages?|criminals|terrorists|thieves|rats|"
            r"cockroaches|faking|fakers|fakes|burdens?|a burden|useless|disgusting|a waste|weak|"
            r"hysterical|emotional)\b",
            r"\b(?:your|their|her|his) (?:kind|sort|lot|type|people) (?:are|is|shouldn'?t|should|don'?t|"
            r"aren'?t|isn'?t|have|make|always|can'?t|never|ruin|belong)\b(?! (?:helpful|kind|great|"
            r"brilliant))",
            r"\b(?:learn|speak|talk) (?:(?:bloody|fucking|proper|some) )?english\b[^.!?]{0,30}\b(?:or|"
            r"first|before|if you|you|go)|\b(?:can'?t|cannot|barely|don'?t|doesn'?t|hardly) (?:even "
            r")?(?:speak|understand) (?:bloody |proper |fucking )?english[^.!?]{0,50}\b(?:job|hire|employ|"
            r"sack|deport|country|send|back|work|why)",
            r"\b(?:too (?:old|disabled|foreign|female|black|brown|gay|deaf|blind|autistic) (?:to|for))|"
            r"\b(?:diversity|woke|dei|affirmative action) hire\b|\bonly (?:got|has|have|gave|hired|given|"
            r"promoted|employ(?:ed)?) (?:(?:her|him|you|them) )?(?:(?:the|that|her|his|your|this) (?:\w+ "
            r")?job )?because (?:she|he|you|they)(?:'s|'re| is| are)? (?:\w+ )?(?:black|brown|asian|gay|a "
            r"woman|female|disabled|muslim|trans|foreign)",
            rf"\b{_PROTECTED} (?:scum|freaks?|vermin|parasites?|filth|animals|rats?|leeches|savages?|"
            r"idiots?|trash)\b",
            r"\b(?:take|get|rip|pull) (?:that|your|the|her) (?:rag|tea ?towel|bin ?bag|curtain|costume) off\b",
            r"\b(?:women|woman|girls|females)\b[^.!?]{0,25}\b(?:belong in the kitchen|back in the kitchen|"
            r"back to the kitchen|make me a sandwich|can'?t do|shouldn'?t be in charge)|\btime of the "
            r"month\b",
            r"\b(?:deport|get rid of|round up|send back|ban|sterilise|exterminate|gas) (?:\w+ "
            rf"){{0,3}}?{_PROTECTED}\b",
        )
    ),
    re.IGNORECASE,
)
_OF_SELF = re.compile(r"\b(?:as|i'?m|i am|we|us|my|our|me|being)\b[^.!?]{0,40}$", re.IGNORECASE)
_SURE = 0.72


def discrimination(evidence: Evidence) -> Iterator[Hit]:
    """One hit for the plainest contempt; the model's word weighs, but does not decide alone."""
    model = evidence.toxicity["identity_attack"]
    spans = [match.span() for match in _CONTEMPT.finditer(evidence.text)]
    spans += [span for span in slur_spans(evidence.text) if not _OF_SELF.search(evidence.text[: span[0]])]
    spans += _insulted_groups(evidence)
    spans = [span for span in spans if _is_open(evidence, span)]
    if not spans:
        return
    confidence = min(0.97, _SURE + 0.08 * (len(spans) - 1) + 0.2 * (model - 0.3))
    target = _target(evidence, spans[0])
    because = f"Attacks {called(target)} for who they are: “{clipped(evidence.text, spans)}”"
    yield Hit("discrimination", confidence, target, tuple(spans), because)


def _insulted_groups(evidence: Evidence) -> list[Span]:
    """A protected group and a degrading word in one breath, with nothing but "are" and the like between."""
    found = [
        insult.span
        for insult in insults(evidence)
        if insult.weight == "degrading" and _is_protected(evidence.text[slice(*insult.person.span)])
    ]
    for group in GROUPS.finditer(evidence.text):
        if not _is_protected(group[0]):
            continue
        term = TERMS.search(evidence.text, group.end(), group.end() + 40)
        if (
            term
            and term["degrading"]
            and re.fullmatch(
                r"\s+(?:(?:are|is|all|just|nothing|but|lazy|dirty|a|fucking|bloody)\s+){0,4}",
                evidence.text[group.end() : term.start()],
                re.I,
            )
        ):
            found.append((group.start(), term.end()))
    return found


def _is_protected(words: str) -> bool:
    """Whether the words name a group by who its people are, not by what they claim."""
    return bool(GROUPS.fullmatch(words)) and not re.search(r"claim|benefit|unemployed|homeless", words, re.I)


def _is_open(evidence: Evidence, span: Span) -> bool:
    return not evidence.shielded(span) and not re.search(
        r"\b(?:not|n't|never) (?:\w+ ){0,2}$", evidence.text[: span[0]], re.I
    )


def _target(evidence: Evidence, span: Span) -> Target:
    """The member of staff whom it is thrown at, if there is one; else the group."""
    cast = evidence.cast
    people = [person for person in (cast.answered, *cast.people) if person and person.target.kind == "employee"]
    known = [person for person in people if person.known]
    return (known or people)[0].target if people else Target("group")
