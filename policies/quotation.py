"""The few words of a clause that say why a category is misuse: a phrase of the policy's own, with the clause's id.

A clause may be a page long, and only a line of it be about the category. Of the clauses that the category rests on, the
sentence with most of the category's own words is taken, and cut at a phrase.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.part import CategoryName
from policies.policy import Clause, Policy

LIMIT = 125  # characters: as much as a reader takes in with the finding itself

_ABOUT: dict[CategoryName, str] = {  # beginnings of the words by which policies speak of a category
    "trolling": "troll|inflammatory|off-topic|provok|abus",
    "cyberbullying": "(?:cyber)?(?:bull|harass)|abus",
    "cyberstalking": "(?:cyber)?stalk|harass|persist",
    "defamation": "defam|slander|libel|false",
    "discrimination": "discriminat|equal",
    "threat": "threat|violen|malicious|harass|abus|protect individuals|safety",
    "doxxing": "personal (?:data|detail|information)|private|confidential|harass|protect|safety",
    "unauthorised_recording": "record|footage|photo|video|consent|permission",
    "official_information": "official information|confidential|disclos|unpublished|management information",
    "vetting_disclosure": "vetting|clearance|security",
    "impersonation": "impersonat|official|account|logo|name",
    "cyber_attack": "cyber|computer misuse|attack|hack|phish|security|system",
    "safeguarding": "safeguard|risk|harm|welfare|vulnerab|protect|concern|duty of care|safety",
    "staff_conduct": "offensive|derogatory|disrepute|personal attack|tasteless|controversial|rude|political",
    "own_content": "brand|accessib|alt text|consent|permission|inappropriate|quality|professional tone|content",
}
_SENTENCE = re.compile(r"[^\s.!?…](?:(?:\b(?:i\.e|e\.g|etc)|[.!?](?=\w))\.?|[^.!?\n…])*[.!?]?")
_BOUNDARY = re.compile(r"[,;:)–](?=\s)| (?=\(|(?:and|or|which|who|that|to|via|by|for|in) )")


@dataclass(frozen=True)
class Quotation:
    """A clause and some of its words, just as they stand there but for line breaks; … where it goes on."""

    clause: str
    words: str


def quotation(policy: Policy, name: CategoryName) -> Quotation:
    """What a finding of this category quotes. Raises KeyError for a category or a clause that the pack has not."""
    about = re.compile(rf"\b(?:{_ABOUT[name]})", re.IGNORECASE)
    clauses = [policy.clause(clause) for clause in policy.categories[name].clauses]
    choices = [(clause, sentence) for clause in clauses for sentence in _sentences(clause)]
    clause, sentence = max(choices, key=lambda choice: _telling(about, choice[1]))
    words = _cut(sentence, about)
    return Quotation(clause.id, _without_attacks(words, about) if name == "safeguarding" else words)


def _sentences(clause: Clause) -> list[str]:
    found = [" ".join(match[0].split()) for match in _SENTENCE.finditer(clause.text)]
    return [sentence for sentence in found if sentence.count(" ") >= 3] or [" ".join(clause.text.split())]


def _telling(about: re.Pattern[str], words: str) -> int:
    """How many different words of the category stand in it; the first of equals is taken."""
    return len({match[0].casefold() for match in about.finditer(words)})


def _cut(sentence: str, about: re.Pattern[str]) -> str:
    if len(sentence) <= LIMIT:
        return sentence.rstrip(".;: ")
    start, end = max(_stretches(sentence), key=lambda at: _merit(about, sentence, *at))
    words = sentence[start:end].strip().rstrip(",;:.– ")
    return f"{'… ' if start else ''}{words}{' …' if end < len(sentence) else ''}"


def _without_attacks(words: str, about: re.Pattern[str]) -> str:
    """Of a line on protecting people that goes on to attacks, the first half: nobody at risk is read the second."""
    attacks = re.compile(rf"\b(?:{_ABOUT['cyber_attack']})", re.IGNORECASE)
    for boundary in _BOUNDARY.finditer(words):
        head, tail = words[: boundary.start()], words[boundary.start() :]
        if about.search(head) and attacks.search(tail) and not about.search(tail):
            return f"{head} …"
    return words


def _merit(about: re.Pattern[str], sentence: str, start: int, end: int) -> tuple[int, bool, int, int]:
    """What tells most is best; of equals, what leaves no bracket open, then the earliest, then the longest."""
    words = sentence[start:end]
    return _telling(about, words), words.count("(") == words.count(")"), -start, end


def _stretches(sentence: str) -> Iterator[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _BOUNDARY.finditer(sentence)), len(sentence)]
    for start in cuts[:-1]:
        ends = [end for end in cuts if start < end <= start + LIMIT]
        yield from ((start, end) for end in ends)
        if not ends:  # a phrase that is longer than anybody reads
            space = sentence.rfind(" ", start, start + LIMIT)
            yield start, space if space > start else start + LIMIT
