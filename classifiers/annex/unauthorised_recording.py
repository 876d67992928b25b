"""Unauthorised recording: staff filmed or taped without leave, and published (DWP-SMP 4.2).

Asking for a recorded assessment, or keeping a recording of one's own call for an appeal, is a right and no finding.
"""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import called, clipped
from classifiers.finding import Target

_MADE = re.compile(
    r"(?:^|[.!?] |\b(?:i|i've|we|we've|just|secretly|my mate|been|so) )(?:\w+ ){0,2}?(?:record(?:ed|ing)|"
    r"film(?:ed|ing)|video(?:ed|'d|ing)|taped|live ?stream(?:ed|ing)|screen ?record(?:ed|ing))\b|"
    r"\b(?:secretly|sneakily|covertly) (?:record|film|video|tap)\w*|\b(?:phone|camera|recorder|body ?cam|"
    r"gopro) (?:was )?(?:in my (?:pocket|bag|top pocket|jacket)|hidden|running|recording|rolling)|"
    r"\b(?:hidden|secret|covert|undercover) (?:camera|footage|recording|video|audio|mic)|\b(?:video|"
    r"footage|recording|audio|clip) (?:i (?:took|made|got)|of (?:my|this|her|him|our) |of (?:the|that|a) (?!minister|"
    r"secretary|mp|pm|prime|"
    r"chancellor|committee|debate|speech|interview with|news))|(?:had|"
    r"have|has) no idea (?:i|we) (?:was|were) (?:recording|filming)|\b(?:filming|recording) (?:my|the|"
    r"this|inside|in) ",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\b(?:secretly|sneakily|covertly|without (?:her|him|them|their|anyone|the \w+)(?:'s)?(?: even)? "
    r"(?:knowing|consent|permission|noticing|knowledge|realising)|(?:s?he|they)(?: \w+)? (?:had )?no idea(?! (?:what|"
    r"how|who|where|about|why)\b)|"
    r"(?:s?he|they) (?:don'?t|didn'?t|doesn'?t) (?:even )?(?:know|notice|realise)|(?:s?he|they) (?:hasn'?t|"
    r"haven'?t) a clue|never said a word|(?:never|didn'?t) (?:tell|told) (?:her|him|them)\b|hidden|undercover|covert|"
    r"in my (?:top )?pocket|told (?:me|us) to stop (?:filming|recording)|no filming)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:post(?:ed|ing)?|upload(?:ed|ing)?|up on|on (?:my |our )?(?:youtube|tiktok|channel|facebook|"
    r"page|story|insta\w*|profile|feed|live)|going (?:live|viral|online)|watch|listen|link (?:in|below)|"
    r"full (?:video|vid|clip|recording|audio|call|footage|thing)|see (?:the|for yourself)|shar(?:e|ing)|"
    r"here(?:'s| is)|streaming|put (?:it|this|the \w+|him|her) (?:up|online|out|all over)|viral|url|"
    r"dropping|part \d)\b",
    re.IGNORECASE,
)
_STAFFED = re.compile(
    r"\b(?:work coach|coach|advis[eo]r|staff|manager|assessor|receptionist|security|guard|interview|"
    r"appointment|jobcentre|job centre|agent|call handler|worker|case ?manager|desk|her|him|assessment|she|"
    r"he)\b",
    re.IGNORECASE,
)
_OF_STAFF = re.compile(  # whom the camera is on; "her" and "the jobcentre" may be anybody's
    r"\b(?:work coach(?:es)?|coach(?:es)?|advis[eo]rs?|manager|assessors?|receptionists?|security|guards?|agents?|call "
    r"handlers?|workers?|case ?managers?|interview|appointment|assessment|staff\b(?! (?:room|survey|training|day|night|"
    r"canteen|forum|network|meeting|photo))|(?:lad|lass|woman|man|girl|bloke|guy|lady) (?:on|at|behind) (?:the|"
    r"reception)\b)\b",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(r"\W*(?:\w+ ){0,2}?(?:her|him|them)\b", re.IGNORECASE)
_OCCASION = re.compile(
    r"\b(?:committee|inquiry|parliament|conference|hearing|panto(?:mime)?|choir|quiz|raffle|party|awards?|open day|"
    r"fundraiser|charity|opening|launch|carols?|concert|bake ?sale|fun ?run|dance)\b",
    re.IGNORECASE,
)
_LAWFUL = re.compile(
    r"\b(?:with (?:her|his|their|my|full|everyone'?s) (?:consent|permission|agreement|blessing)|(?:s?he|"
    r"they|dwp|assessor|provider) (?:agreed|consented|said (?:yes|it was fine)|recorded|records?)|"
    r"consent(?:ed)?|agreed to (?:be )?(?:record|film)|asked (?:if|for|to)|request(?:ed|ing)? (?:a |an |"
    r"my |the )?(?:audio )?record|calls? (?:are|is|may be|will be) recorded|recorded (?:assessment|"
    r"delivery|message|announcement|voice)|"
    r"on record|for the record|record (?:number|high|low|time)|track record|own (?:notes|records?|use)|"
    r"for (?:my|the) (?:appeal|tribunal|own|notes|solicitor|evidence)|subject access|official|webinar|"
    r"podcast|documentary|press|journalist|allowed to|can i|training video|promo|my (?:own )?(?:voice|"
    r"daughter|son|dog|cv|progress)|hold music|the queue music|should i|nothing to hide)\b",
    re.IGNORECASE,
)


_IN_MIND = re.compile(
    r"\b(?:re-?play|re-?run|re-?wind|play|loop)\w*\b(?:(?!\b(?:record|film|video|footage|upload|post)\w*)[^.!?,\n]){0,40}?\b"
    r"in (?:my|his|her|your|their|our) (?:own )?(?:head|mind|brain|dreams?|nightmares?|sleep|memory)s?\b",
    re.IGNORECASE,
)


def only_in_mind(evidence: Evidence) -> bool:
    """Whether what is played again is a memory, and nothing is hidden or put out."""
    text = evidence.text
    return _IN_MIND.search(text) is not None and not (_SECRET.search(text) or _PUBLISHED.search(text))


def unauthorised_recording(evidence: Evidence) -> Iterator[Hit]:
    """A hit where the author made a recording of staff, secretly or for publication."""
    text = evidence.text
    made = _MADE.search(text)
    if made is None or not evidence.open(made.span()) or not _STAFFED.search(text) or _LAWFUL.search(text):
        return
    secret, published = _SECRET.search(text), _PUBLISHED.search(text)
    filmed = any(media.type in ("video", "audio") for media in evidence.mention.media)
    if not (secret or published or filmed):
        return
    if not secret and (_OCCASION.search(text) or not _is_of_staff(evidence, made)):
        return
    confidence = 0.55 + (0.2 if secret else 0.0) + (0.17 if published or filmed else 0.0)
    spans = tuple(match.span() for match in (made, secret, published) if match)
    target = _recorded(evidence)
    because = f"Records {called(target)} {'secretly' if secret else 'for publication'}: “{clipped(text, spans)}”"
    yield Hit("unauthorised_recording", confidence, target, spans, because, harm=0)


def _is_of_staff(evidence: Evidence, made: re.Match[str]) -> bool:
    """Whether a member of staff is what was filmed: a role, somebody by name, or whoever is spoken of at once."""
    named = any(person.known and person.target.kind == "employee" for person in evidence.cast.people)
    return named or bool(_OF_STAFF.search(evidence.text) or _OF_WHOM.match(evidence.text, made.end()))


def _recorded(evidence: Evidence) -> Target:
    people = [person for person in evidence.cast.people if person.target.kind == "employee"]
    known = [person for person in people if person.known]
    return (known or people)[0].target if people else Target("employee")
