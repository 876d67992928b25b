"""Elections told in the words of a fight: “bury them at the locals”, “wipe them out in May”. Nobody is threatened."""

import re

from classifiers.annex.evidence import Evidence
from classifiers.target import Span

_VOTING = re.compile(
    r"\b(?:locals|elections?|electoral\w*|by-?elections?|re-?election|ballots?|ballot box|polls|polling|vot(?:e|es|"
    r"ed|ing|er|ers)|hustings|manifesto|canvass\w*|constituenc\w+|marginals?|(?:safe|council|target) seats?|"
    r"landslide|turnout|at the count)\b",
    re.IGNORECASE,
)
_IN_A_MONTH = re.compile(
    r"\b(?:(?i:in|come|this|next) (?-i:May)|on (?:the )?\d+\w* (?:of )?May|on thursday|this thursday)\b"
)
_PARTY = re.compile(
    r"\b(?:labour|tor(?:y|ies)|conservatives?|lib dems?|reform|greens?|snp|plaid|part(?:y|ies)|councillors?|mps?|"
    r"ministers?|government|govt|politicians?|starmer|prime minister|leadership)\b",
    re.IGNORECASE,
)
_FIGHT = re.compile(
    r"\b(?:bur(?:y|ied|ying)|wip(?:e|ed|ing) (?:\w+ ){0,3}?out|smash\w*|destroy\w*|crush\w*|finish\w*|end (?:them|"
    r"him|her|you|it)|slaughter\w*|hammer\w*|annihilat\w*|thrash\w*|batter\w*|beat(?:en|ing)?|kill(?:ed|ing)? off|"
    r"murder(?:ed)? at|"
    r"massacre\w*|bloodbath|execut\w+ at|hunt(?:ed|ing)? (?:\w+ ){0,4}?down|com(?:e|ing) (?:for|after)|punish\w*|"
    r"knock\w* (?:\w+ )?out|flatten\w*|rout(?:ed)?|hang(?:ed|ing)? out to dry|demolish\w*|pay for)\b",
    re.IGNORECASE,
)
_BODILY = re.compile(
    r"\b(?:burn\w*|torch\w*|set fire|stab\w*|shoot\w*|shot|knif\w+|knives|gun|guns|bomb\w*|acid|strangl\w+|throat|"
    r"petrol|machete|blood on|bodies|grave|house|home|kids|children|family|kill(?! off)(?:ing|ed)?|raped?|lynch\w*|"
    r"hang (?:them|him|her|you|every|all)|drown\w*|car park|outside|wait\w*|"
    r"i(?:'m going to|'m gonna| am going to|'ll| will) (?:\w+ )?(?:batter|smash|hammer|punch|kick|knock|hunt) "
    r"(?:you|u|him|her)(?! (?:at|in|on|come|next)\b))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\n]+(?:\s|$)")


def is_of_an_election(evidence: Evidence, span: Span) -> bool:
    """Whether a fight at `span` is a vote's: told in one sentence with it, of no worker, and of nobody's body."""
    sentence = _sentence(evidence.text, span)
    if _BODILY.search(evidence.text) or any(one.target.kind == "employee" for one in evidence.cast.people):
        return False
    of_a_vote = _VOTING.search(sentence) or (_IN_A_MONTH.search(sentence) and _PARTY.search(evidence.text))
    return bool(of_a_vote and _FIGHT.search(sentence))


def speaks_of_an_election(evidence: Evidence) -> bool:
    """Whether all that fights in a text fights for votes."""
    spans = [match.span() for match in _FIGHT.finditer(evidence.text)]
    return bool(spans) and all(is_of_an_election(evidence, span) for span in spans)


def _sentence(text: str, span: Span) -> str:
    starts = [match.end() for match in _SENTENCE_END.finditer(text, 0, span[0])]
    following = _SENTENCE_END.search(text, span[1])
    return text[starts[-1] if starts else 0 : following.start() if following else len(text)]
