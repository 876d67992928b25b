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
_TO_HOLD = (  # what is for everybody, and is said to be for others than these
    r"(?:(?:a|the|any|our|more|free|council) )*(?:jobs?|benefits?|money|houses?|housing|flats?|homes|handouts?|welfare|"
    r"universal credit|uc|pip|visas?|penny|vote|say|rights|help|support|special treatment|anything|citizenship)\b"
)
_AT_WORK = (
    r"(?:here|there|at|in (?:a|an|any|the|our|this|dwp|job ?cent\w+|public|government|offices?)|on (?:the|a)|behind|"
    r"for (?:the|us|dwp|our)|with (?:the public|us|me|our|children|vulnerable|customers|claimants)|near|alongside)\b"
)
_DENIED = (  # of a group that "shouldn't …": a place among the rest, where a wrong that is done to them is advocacy
    r"(?:really |ever |even |all |just |simply )?(?:be (?:allowed\b(?! to (?:starve|suffer|die|freeze|go|fall|struggle|"
    r"become|end|slip|rot|live in|be)\b)|hired|here\b|there\b|born|trusted|employed\b(?! (?:on|for) (?:less|below|"
    r"under|zero))|served\b(?! (?:with|an?|notices?|eviction|papers)\b)|in (?:charge|power|management|(?:this|our|the|"
    rf"a) (?:country|job|jobs|workplace|office|civil service|government|jobcentre|army))\b|(?:given|paid|getting|"
    rf"claiming|receiving|entitled to|on) {_TO_HOLD}|claiming|running|managing|driving|teaching|breeding|(?:let|near|"
    rf"around|behind|anywhere near|doing|on the dole)\b|work(?:ing)? {_AT_WORK})|work(?: {_AT_WORK}| *(?:[.!,]|$))|"
    rf"(?:get|claim|receive|have) {_TO_HOLD}|have (?:kids|children|babies)\b(?! (?:taken|removed))|get to (?:vote|work|"
    r"claim)|claim\b|vote|breed|reproduce|be able to (?:claim|get|vote|work|have)|exist|live (?:here|near|among|next)|"
    r"come (?:here|to)|drive|teach|lead|run |manage|set foot|speak (?:to|in|their)|marry|adopt)"
)
_HEARD = re.compile(  # a view that is told of others, up to what it says
    r"\b(?:dwp|they|he|she|you|who|people|folk|any(?:one|body)|some(?:one|body)|every(?:one|body)|others|some|many|"
    r"media|press|papers?|tor(?:y|ies)|labour|reform|gov(?:t|ernment)?|ministers?|politicians?|mps?|assessors?|"
    r"advis[eo]rs?|coach(?:es)?|staff|managers?|system|society|public|taxpayers|colleagues|bosses|employers|landlords|"
    r"job ?cent(?:re|er)s?)(?: (?:still|just|always|also|all|really|actually|even|often|automatically|simply|would|"
    r"will|might|may|to|seems?|appears?|likes?|loves?|tends?|keeps?|stop|on)){0,4} (?:assum(?:es?|ed|ing)|think(?:s|"
    r"ing)?|thought|believ(?:es?|ed|ing)|say(?:s|ing)?|said|suggest(?:s|ed|ing)?|impl(?:y|ies|ied|ying)|insist(?:s|ed|"
    r"ing)?|pretend(?:s|ed|ing)?|reckons?|claim(?:s|ed|ing)?|mak(?:es?|ing) out|(?:act|behav)(?:e?s|ed|e|"
    r"ing)? (?:like|as (?:if|though)))(?: that)? (?:all |most |many |our |the |my )?$",
    re.IGNORECASE,
)
_LEARNS = r"\b(?:yet|course|class(?:es)?|lessons?|esol|learn\w*|interpret\w+|translat\w+|tutor)\b"
_HELPED = re.compile(_LEARNS, re.IGNORECASE)
_WRONGED = (  # what is said to be done to a group
    r"(?:ever |even |still |also |just |again ){0,2}(?:have (?:to|had|lost|been|less|worse|their (?:\w+ )?(?:cut|"
    r"stopped|taken|stolen|docked|ignored|delayed|reduced|capped|slashed))\b|be (?:\w+ly )?(?:sanctioned|blamed|left|"
    r"forced|treated\b(?! (?:on the nhs|as equals?|the same|like (?:us|normal|real)|for free)\b)|punished|made to|"
    r"told|abused|bullied|mocked|ignored|scared|afraid|frightened|starving|hungry|homeless|poor|begging|waiting|"
    r"struggling|suffering|dying|refused|denied|turned away|demonised|scapegoated|targeted|harassed|worse off|"
    r"paid less|expected|asked|required|assessed|subjected|put through|judged|laughed at|"
    r"shouted at|spoken to|talked to|hung up on|evicted|detained|allowed to (?:starve|suffer|die|freeze|go|fall|"
    r"struggle|become|end|slip|rot|live in|be)|deprived|excluded|discriminated|cut off|let down|failed|hounded|"
    r"accused|penali[sz]ed|shamed|vilified|thrown|dumped|robbed|sent (?:a )?letters?|stripped|dragged|in (?:poverty|"
    r"pain|fear|debt))\b|(?:feel|starve|suffer|die|struggle|lose|fear|beg|wait|freeze|fall|face)\b|go (?:hungry|"
    r"without|cold)\b|live in\b|pay (?:for|the price)\b|get (?:sanctioned|punished|blamed|treated|less|worse|abused?|"
    r"nothing|left|evicted|ignored|letters?)\b)"
)
_SHOULD_NOT = r"(?:shouldn'?t|should not|should never|must not|mustn'?t|must never|ought not to)"
_NOUN = (
    r"(?: (?:people|folk|claimants|workers|staff|groups?|communit(?:y|ies)|minorities|backgrounds?|colleagues|"
    r"applicants|customers))?"
)
_FOR_THEM = re.compile(
    "|".join(
        (
            rf"\b(?:{_PROTECTED}(?: \w+)?(?:, and |, | and | or )(?:\w+(?:, and |, | and |"
            rf" or )){{0,2}})?{_PROTECTED} (?:\w+ ){{0,3}}?(?:{_SHOULD_NOT} {_WRONGED}|(?:don'?t|do not|"
            rf"never) deserve (?:this|that|any of (?:this|it)|to {_WRONGED})|deserve (?:so much |far |"
            rf"much )?(?:better|more|respect|help|support|dignity|justice|an apology|compensation)|(?:should|must|"
            rf"need to|ought to|deserve to) be (?:\w+ for (?:nothing|none)\b|treated (?:with|"
            r"fairly|equally|as (?:equals|humans?)|like (?:humans?|human beings|people|everyone|anyone))|supported|"
            r"helped|protected|respected|listened to|believed|heard|safe|welcome|welcomed|compensated|"
            r"left alone))[^.!?;,]*",
            rf"\bwhy (?:should|do|must) (?:\w+ ){{0,2}}?{_PROTECTED} (?:\w+ )?(?:have to|need to|suffer|"
            rf"wait)\b[^.!?;,]*",
            rf"\bno (?:\w+ )?{_PROTECTED} (?:\w+ ){{0,2}}?should {_WRONGED}[^.!?;,]*",
            rf"\b(?:{_SHOULD_NOT}|stop|can'?t|cannot|don'?t|do not|never|no more) (?:keep )?(?:(?:let|allow)(?:ting|"
            rf"ing)? (?:\w+ ){{0,3}}?{_PROTECTED} (?:people |claimants |folk )?(?:to )?(?:down\b|{_WRONGED}|rot|"
            rf"become|end up)|(?:leav(?:e|ing)|forc(?:e|ing)|punish(?:ing)?|blam(?:e|ing)|sanction(?:ing)?|starv(?:e|"
            rf"ing)|abandon(?:ing)?|fail(?:ing)?|demonis(?:e|ing)|scapegoat(?:ing)?|bully(?:ing)?|mock(?:ing)?|"
            rf"target(?:ing)?|persecut(?:e|ing)|discriminat(?:e|ing) against|treat(?:ing)?|mak(?:e|"
            rf"ing)) (?:\w+ ){{0,3}}?{_PROTECTED})[^.!?;,]*",
            r"\b(?:should|must|could|needs? to|ought to|please|can) (?:\w+ )?do more (?:for|to (?:employ|hire|recruit|"
            r"help|support|include|protect|welcome|train|promote|reach|attract)) (?:(?!(?:before|than|over|not|fewer|"
            r"less|us|against|leave|out|back|from(?! (?:ethnic|minority|black|asian|diverse|all)))\b)\w+,? ){0,7}?"
            rf"{_PROTECTED}{_NOUN}(?:,? (?:and|or) (?:\w+ ){{0,3}}?{_PROTECTED}{_NOUN})*(?=\W*(?:$|[.!?,]))",
            rf"\b(?:can'?t|cannot|barely|don'?t|doesn'?t|hardly) (?:speak|understand|read) (?:much |any )?english\b"
            rf"[^.!?]{{0,80}}?{_LEARNS}",
        )
    ),
    re.IGNORECASE,
)
_GROUP = re.compile(rf"\b{_PROTECTED}\b", re.IGNORECASE)
_CONTEMPT = re.compile(
    "|".join(
        (
            r"\b(?:go(?:es)?|sent?d?|crawl) (?:\w+ )?back to (?:(?:your|ur|her|his|their)(?: own)? "
            r"(?:country|land|homeland|village)|where(?:ver)? (?:you|she|he|they|u)(?:'ve| have)? "
            r"(?:came?|comes?|crawled) from|the jungle|africa|asia|india|pakistan|poland|romania|somalia|"
            r"nigeria|bongo ?bongo land|the middle east)",
            r"(?:\b(?:shouldn'?t|should not|should never|must not|mustn'?t|(?:i|we) (?:don'?t|won'?t|(?:would|will) "
            r"(?:not|never))|(?:why|please|just) (?:do not|don'?t))|(?:^|[.!?:;]\W*)(?:don'?t|do not|never)) (?:be )?"
            rf"(?:employ(?:ed)?|hired?|trust(?:ed)?|served?) (?:(?:by|any|some|all|these|those|the|a|an|more) ){{0,2}}"
            rf"{_PROTECTED}\b",
            r"\b(?:shouldn'?t|should not|should never|must not|mustn'?t|don'?t|do not|not|"
            rf"never) (?:be )?(?:allow(?:ed|ing)?|let(?:ting)?) (?:\w+ ){{0,3}}?{_PROTECTED}(?: people|"
            rf" folk)?(?: to)? (?:in\b(?! (?:need|poverty|pain)\b)|into|near|anywhere|through the door|run|handle|"
            rf"touch|work|claim|vote|have|get {_TO_HOLD}|come|breed|stay|teach|drive|use our)",
            r"\b(?:i|we)(?:'m| am| are)? (?:(?:don'?t|do not) (?:\w+ )?work under|(?:won'?t|wouldn'?t|will not|"
            rf"refuse to|not going to) (?:\w+ )?work (?:under|for|with|alongside)) (?:a |an |any |these |"
            rf"those )?{_PROTECTED}\b",
            rf"\b(?:jobs?|houses?|homes|housing|flats?|money|benefits?|posts?) (?:shouldn'?t|should not|"
            rf"should never) (?:be given|go) to (?:\w+ ){{0,2}}?{_PROTECTED}\b",
            rf"\b{_PROTECTED} (?:\w+ ){{0,3}}?(?:(?:shouldn'?t|should not|should never) {_DENIED}|don'?t deserve (?:"
            rf"{_TO_HOLD}|respect|to (?:breathe|exist|vote|be (?:here|alive|employed|helped|paid)|live\b(?! (?:in|on|"
            rf"with|like)\b)|work\b(?! (?:for|in)\b)|(?:have|keep) (?:jobs?|kids|children|rights)))|can'?t "
            r"be trusted|have no (?:business|place (?:here|in|at|on)\b|right to (?:be|work|vote|breed|claim|live))|"
            r"don'?t belong\b(?! (?:on the streets?|in (?:poverty|detention|prison|jail|limbo|a cell))\b)|"
            r"aren'?t (?:fit|capable|real|even human)|need to (?:go home|be deported|learn)|should (?:be (?:deported|"
            r"banned|shot|put down|sterilised|locked up|sacked|sent (?:home|back))|know their place|stay (?:at|in)|"
            r"go (?:back|home)))",
            r"\b(?:get|got|given|stuck with|served by|dealt with by|put (?:me |us )?through to|spoke to|"
            r"fobbed off (?:with|by)) (?:another |some |a |an |these |all these |yet another )(?:\w+ "
            rf")?{_PROTECTED}[^.!?]{{0,40}}?\b(?:english|useless|typical|stupid|thick|speak|of course|"
            r"obviously|no wonder|proper)",
            r"\b(?:typical|bloody|fucking|filthy|dirty|stinking|stupid|damn|lazy) (?:\w+ "
            rf")?{_PROTECTED}\b(?! (?:hard|good|great|benefits?|access|process|form|system|parking|badge|"
            r"toilet))",
            r"\b(?:i )?(?:hate|can'?t stand|despise|sick of) (?:all |these |those |dealing with |seeing |"
            rf"the )?(?:\w+ )?{_PROTECTED}\b(?! (?:benefit|access|forms?|assessment|parking|being "
            r"(?:treated|called|ignored)|people being|are treated|(?:people |claimants |folk )?(?:suffer|struggl|"
            r"starv|treated|punished|blamed|denied|left|forced|ignored|hav(?:e|ing) to|beg)))",
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
            r")?(?:speak|understand) (?:bloody |proper |fucking )?english(?P<then>[^.!?]{0,50}\b(?:job|hire|employ|"
            r"sack|deport|country|send|back|work|why)[^.!?]{0,40})",
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
    spans = [match.span() for match in _CONTEMPT.finditer(evidence.text) if not (match["then"] and _helps(match))]
    spans += [span for span in slur_spans(evidence.text) if not _OF_SELF.search(evidence.text[: span[0]])]
    spans += _insulted_groups(evidence)
    spans = [span for span in spans if _is_open(evidence, span)]
    if not spans:
        return
    confidence = min(0.97, _SURE + 0.08 * (len(spans) - 1) + 0.2 * (model - 0.3))
    target = _target(evidence, spans[0])
    because = f"Attacks {called(target)} for who they are: “{clipped(evidence.text, spans)}”"
    yield Hit("discrimination", confidence, target, tuple(spans), because)


def speaks_for_them(evidence: Evidence) -> bool:
    """Whether all that a post says of such groups is that they are wronged, or what others think of them."""
    text = evidence.text
    meant_well = [match.span() for match in _FOR_THEM.finditer(text)]
    groups = [match.span() for match in _GROUP.finditer(text)]
    return bool(meant_well or groups) and all(
        is_heard(text, start) or any(a <= start and end <= b for a, b in meant_well) for start, end in groups
    )


def is_heard(text: str, position: int) -> bool:
    """Whether what begins at `position` is told as the view of others: “they assume that …”, “the papers say …”."""
    return _HEARD.search(text[max(0, position - 90) : position]) is not None


def _helps(match: re.Match[str]) -> bool:
    """Whether who does not speak the language is learning it, or is to have it interpreted."""
    return _HELPED.search(match["then"]) is not None


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
    denied = re.search(r"\b(?:not|n't|never) (?:\w+ ){0,2}$", evidence.text[: span[0]], re.I)
    return not (evidence.shielded(span) or denied or is_heard(evidence.text, span[0]))


def _target(evidence: Evidence, span: Span) -> Target:
    """The member of staff whom it is thrown at, if there is one; else the group."""
    cast = evidence.cast
    people = [person for person in (cast.answered, *cast.people) if person and person.target.kind == "employee"]
    known = [person for person in people if person.known]
    return (known or people)[0].target if people else Target("group")
