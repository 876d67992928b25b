"""Words by which a post points at people: names, roles at work, public figures, and groups of people."""

import re
from collections.abc import Callable, Iterator

from collectors.register import MOST_WORDS, plain_name

Span = tuple[int, int]

MOST_NAMES = 50  # a text that names more is a list, and time must not grow with its square

_PLACE = (
    r"(?:desk|counter|phone|phones|front desk|reception|door|office|branch|job ?centre|call centre|"
    r"helpline|till|gate)"
)
STAFF = re.compile(
    r"\b(?:(?P<many>staff|workers|employees|advis[eo]rs|agents|work coaches|coaches|case managers|managers|assessors|"
    r"officers|civil servants|receptionists|security guards|everyone (?:who works|working) (?:there|at|for|in)|"
    r"(?:people|those|anyone|everyone|anybody) (?:who|that) work(?:s|ing)? (?:there|at|for|in)|"
    r"(?:the )?(?:people|lot|women|girls|lads|guys|blokes) (?:on|at|behind|in|working (?:at|in|on)) "
    rf"(?:the|your) (?:\w+ ){{0,2}}{_PLACE})|"
    r"(?P<one>work coach|case manager|decision maker|advis[eo]r|assessor|caseworker|case worker|call handler|"
    r"receptionist|security guard|team leader|(?:branch |office |centre )?manager|supervisor|agent|civil servant|"
    rf"(?:the|that|this|a|some|your) (?:\w+ ){{0,3}}(?:woman|man|lady|guy|girl|bloke|lad|person|one|fella) "
    r"(?:who (?:works|sits|answers)|(?:on|at|behind|in|from)) (?:the|your|this|my) (?:\w+ "
    rf"){{0,2}}{_PLACE}))\b",
    re.I,
)
WORKPLACE = re.compile(
    r"\b(?:job ?cent(?:re|er)s?|(?:at|from|in|of) (?:the )?(?:\w+ )?(?:office|branch|call centre|helpline|"
    r"desk|reception)|"
    r"(?:my|your|his|her) (?:appointment|interview|claim|assessment)|works (?:at|for|in) (?:the|your))\b",
    re.I,
)
PUBLIC = re.compile(
    r"\b(?:minister|mp|mps|secretary of state|prime minister|chancellor|pm|politicians?|tor(?:y|ies)|"
    r"labour|lib dems?|"
    r"reform|government|govt|party|parliament|westminster|celebrity|footballer|actor|singer)\b",
    re.I,
)
_CLAIMING = r"(?:benefits?|universal credit|uc|pip|jsa|esa|disability|welfare|dole)"
GROUPS = re.compile(
    rf"\b(?:(?:{_CLAIMING} )?claimants|people (?:on|claiming|who claim) {_CLAIMING}|benefit(?:s)? "
    r"(?:scroungers|families)|"
    r"(?:the )?(?:disabled|unemployed|homeless)(?: people| claimants| ones)?(?! (?:person|man|woman|child|"
    r"access|parking|badge|toilet|benefits?|facilities))|disabled (?:people|staff|workers)|"
    r"immigrants|migrants|asylum seekers|refugees|foreigners|muslims|jews|jewish people|hindus|sikhs|christians|"
    r"catholics|black people|blacks|white people|asians|africans|indians|pakistanis|bangladeshis|poles|polish people|"
    r"romanians|eastern europeans|chinese people|gypsies|travellers|roma|arabs|somalis|nigerians|"
    r"gay people|gays|lesbians|homosexuals|trans people|transgender people|trans women|women|single mums|"
    r"single mothers|"
    r"old people|pensioners|the elderly|autistic people|autistics|deaf people|blind people|"
    r"wheelchair users|people (?:with|in) (?:disabilities|autism|mental health|wheelchairs|a wheelchair))\b",
    re.I,
)

FIRST_NAMES = frozenset(
    """
    aaron abdul abigail adam adele agnes aisha alan alex alice alison amanda amir amy andrea andrew andy angela ann
    anna anne annie anthony asha ashley barbara barry becky ben bernard beth betty bev beverley bill bob brenda
    brian bridget callum cameron carl carol caroline carole cath catherine cathy charlie charlotte cheryl chloe
    chris christine claire clare clive colin connor craig damian dan daniel danielle darren dave david dawn dean
    debbie deborah deborah denise dennis derek diana diane donna doreen doris dorothy doug duncan dylan eddie edith
    eileen elaine eleanor elizabeth ellie emily emma eric erin ethan eve farah fatima fiona frank fred gareth gary
    gavin gemma geoff george gerald gillian glenda glenn gloria gordon graham gwen hamza hannah harriet harry hassan
    hayley hazel heather helen henry hilary holly howard hugh ian ibrahim imran irene isaac isabel ivan jackie jacob
    jade jake james jamie jane janet janice jasmine jason jean jeff jen jenna jennifer jenny jeremy jess jessica
    jill jim jimmy joan joanna joanne jodie joe joel john johnny jon jonathan jordan joseph josh joyce jude judith
    judy julia julian julie june karen karl kate katherine kathleen kathy katie kay keith kelly ken kerry kev kevin
    khalid kieran kim kirsty kyle laura lauren leah leanne lee leigh leo leon lesley lewis liam lily linda lisa liz
    lorna lorraine louise lucy luke lynn lynne maggie malcolm mandy marcus margaret maria marie marian marilyn
    marion martin martyn mary matt matthew maureen megan mel melanie melissa michael michelle miguel mike mohammed
    mohamed moira molly monica morgan muhammad nadia naomi natalie natasha neil nia niall nicholas nick nicola nigel
    noel nora norma norman olivia omar owen pam pamela pat patricia patrick paul paula pauline penny pete peter phil
    philip phoebe priya rachael rachel ralph raymond rebecca rhys richard rita rob robert robin roger ron rosemary
    rosie roy russell ruth ryan sally sam samantha samir sandra sanjay sara sarah scott sean shannon sharon shaun
    sheila shirley sian simon sonia sophie stacey stella stephanie stephen steve steven stewart stuart sue suki
    susan suzanne sylvia tamsin tanya tara ted teresa terry theresa thomas tim tina toby tom tony tracey tracy
    trevor val valerie vanessa vera veronica vicky victoria vikram vince vincent vivian wayne wendy william yasmin
    yusuf yvonne zara zoe
    """.split()  # noqa: SIM905
) - {"dawn", "eve", "grace", "jade", "june", "pat", "penny", "ray", "rob", "sue", "val", "bill", "jean", "will", "mark"}

_NOT_NAMES = frozenset(
    """
    universal credit job centre jobcentre plus work coach department for pensions personal independence payment
    pension the a an and but or so if my your our their his her this that these those i we you he she it they me us
    dear hi hello thanks thank please no yes not just been when what why how who where is are was were do does did
    can could should would will shame well today tomorrow yesterday monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november december north
    south east west great northern southern united kingdom england scotland wales ireland london leeds manchester
    birmingham cardiff glasgow edinburgh liverpool sheffield bristol newcastle nottingham leicester hull bradford
    swansea belfast british government secretary state minister prime house commons lords customer service services
    support allowance income employment jobseekers attendance carers housing benefit benefits tax child council
    social media facebook twitter google youtube reddit bbc news national insurance health office team street road
    avenue lane close drive court park square christmas easter new year mr mrs ms miss dr sir lady lord king queen
    still never always every all absolutely totally worst best good bad big love hate stop get got go going come
    look see watch let make keep give take tell ask said says breaking welsh english polish black white red blue
    green old young union branch group national general airlines airways air america american virgin southwest delta
    jetblue flight customer business class first manager assessor adviser advisor caseworker officer maker agent
    oh ah aw poor bless way terrace crescent gardens mews parade grove hospital school station
    """.split()  # noqa: SIM905
)
_BEFORE_YOU = frozenset(  # capitals that begin a sentence whose next word is "you", and name nobody who is spoken to
    """
    after although anyone apparently because before believe bet clearly congratulations considering even everyone
    everything evidently except fear feel felt figures find found gather given glad guess guessed happy hear heard
    hope hoped hoping imagine knew know like literally maybe nobody none obviously once only people perhaps pity
    pleased presumably pretend pretty proud provided really reckon remember sadly seems seriously shocked since
    someone sorry suppose supposing sure suspect swear telling then there therefore though thought truly trust
    unfortunately unless until whatever whenever where wherever whether which while whilst whoever whom wish wonder
    wondering
    """.split()  # noqa: SIM905
)
_CAPITAL = r"[A-Z][a-zà-ÿ]+(?:['’-][A-Z][a-zà-ÿ]+|-[a-zà-ÿ]+)?"
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? (?P<name>{_CAPITAL}(?: {_CAPITAL})?)")
_PAIR = re.compile(rf"(?<![\w@#/])(?P<name>(?P<first>{_CAPITAL}) (?:(?:Mc|Mac|O['’])?(?P<last>{_CAPITAL})))(?!\w)")
_SINGLE = re.compile(r"(?<![\w@#/])[A-Za-z]{2,11}(?!\w)")
_ROLE = r"\b(?:coach|manager|assessor|advis[eo]r|caseworker|officer|maker|agent|called|named|name is|name's)"
_ROLE_THEN_PAIR = re.compile(
    rf"{_ROLE} (?P<name>{_CAPITAL} (?:Mc|Mac|O['’])?{_CAPITAL})(?!\w)(?! (?:job ?cent|office|branch|DWP))"
)  # "coach Dean Northwick jobcentre" names one Dean, and a place
_ROLE_THEN_NAME = re.compile(rf"{_ROLE} (?P<name>[A-Z][a-zà-ÿ]{{2,}})(?!\w)")
_NAME_AT_WORK = re.compile(
    r"(?<![\w@#/])(?P<name>[A-Z][a-zà-ÿ]{3,}) (?:at|from|in) (?:the |your )?(?:\w+ )?(?:job ?cent(?:re|"
    r"er)|office|DWP|desk|branch)\b"
)
_SPOKEN_TO = re.compile(r"(?<![\w@#/])(?P<name>[A-Z][a-zà-ÿ]{3,})(?=,? (?:you(?:'re| are)|if you(?:'re| are)|u r)\b)")
_AROUND = 300  # characters on each side, which tell a headline as well as a whole book would
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_APART = re.compile(r"[^\w\s'’‐-―-]")  # what stands between two names, and within none
_STREET = re.compile(  # what follows a name that is a place's; in small letters only words that mean nothing else
    r"^(?: [A-Z][a-z]+)? (?:(?i:street|road|avenue|terrace|crescent)|St|Rd|Ave|Lane|Close|Drive|Court|Park|Square|"
    r"Way|Place|"
    r"Gardens|Grove|House|Hill|Row|Walk|Mews|Parade|Hospital|School|Station)\b(?!\.? [A-Z][a-z]+ (?:is|was)\b)"
)
_OWN = re.compile(r"['’]s$")
_AFTER_PLACE_WORD = re.compile(r"\b(?:in|near|via|of)\s+$", re.I)


def names_in(text: str, taken: list[Span]) -> list[tuple[str, Span]]:
    """Personal names in a normalised text, in order, at most `MOST_NAMES`; `taken` spans hold other things."""
    found: dict[int, tuple[str, Span]] = {}
    for name, span in _candidates(text):
        if len(found) >= MOST_NAMES:
            break
        if _STREET.match(text[span[1] :]):
            continue  # "Victoria Road" is nobody
        if not _overlaps(span, [*(entry[1] for entry in found.values()), *taken]):
            found[span[0]] = (name, span)
    return [found[start] for start in sorted(found)]


def registered_names(text: str, is_registered: Callable[[str], bool]) -> list[tuple[str, Span]]:
    """Names in a normalised text that the staff register knows, longest first where they overlap, in order.

    Every run of two words or more is asked about, whatever its case: a register tells what grammar cannot.
    """
    words = [(match.span(), plain_name(_OWN.sub("", match[0]))) for match in _WORD.finditer(text)]
    found: list[tuple[str, Span]] = []
    for length in range(MOST_WORDS, 1, -1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            span = (run[0][0][0], run[-1][0][1])
            if not is_registered(" ".join(plain for _, plain in run)):
                continue
            if not _APART.search(text[slice(*span)]) and not _overlaps(span, [other for _, other in found]):
                found.append((_OWN.sub("", text[slice(*span)]), span))
            if len(found) >= MOST_NAMES:
                return sorted(found, key=lambda entry: entry[1])
    return sorted(found, key=lambda entry: entry[1])


def _candidates(text: str) -> Iterator[tuple[str, Span]]:
    for pattern in (_TITLED, _ROLE_THEN_PAIR, _ROLE_THEN_NAME, _PAIR, _NAME_AT_WORK, _SPOKEN_TO):
        yield from ((match["name"], match.span("name")) for match in _each(pattern, text) if _is_name(match, text))
    for match in _SINGLE.finditer(text):
        if match[0].casefold() in FIRST_NAMES:
            yield match[0].capitalize(), match.span()


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches that may begin inside an earlier one: in "That Ann Other", "Ann Other" is the name."""
    position = 0
    while (match := pattern.search(text, position)) is not None:
        yield match
        position = match.start("name") + 1


def _is_name(match: re.Match[str], text: str) -> bool:
    words = [word.casefold() for word in re.split(r"[\s]+", match["name"])]
    if any(word in _NOT_NAMES for word in words) or (match.re is _SPOKEN_TO and words[0] in _BEFORE_YOU):
        return False
    if match.re is not _PAIR or words[0] in FIRST_NAMES:
        return True
    return not _is_headline(text, match.span("name")) and not _AFTER_PLACE_WORD.search(text[: match.start()])


def _is_headline(text: str, name: Span) -> bool:
    """Whether most words beside a name are written as one would be; acronyms are no sign of it."""
    left, right = max(0, name[0] - _AROUND), name[1] + _AROUND
    others = (text[left : name[0]] + text[name[1] : right]).split()
    return sum(word[:1].isupper() and not word.isupper() for word in others) >= 0.5 * len(others)


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
