"""Phrases of a policy pack as compiled patterns: whole words, either apostrophe, any space or hyphen between words."""

import re
from collections.abc import Iterable

NEVER = re.compile(r"(?!)")
_GAP = r"[\s\-\u2010-\u2015]+"


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern that finds any of `phrases` as whole words; no phrases, no finds.

    A written-out phrase is found in any case. An acronym is not found in title case ("Pip" is a dog, "pip" and "PIP"
    the benefit), and one of two letters only as it is written ("UC", not "uc").
    """
    parts = [_part(phrase.strip()) for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))]
    return re.compile("|".join(parts)) if parts else NEVER


def hashtag_pattern(names: Iterable[str], hashtags: Iterable[str]) -> re.Pattern[str]:
    """Finds the hashtags themselves, and hashtags that begin with a name ("#DWPfail"), with or without case."""
    starts = [re.sub(r"\W+", "", name) for name in names]
    tags = [rf"{re.escape(tag.lstrip('#'))}(?!\w)" for tag in hashtags]
    tags += [re.escape(start) for start in starts if len(start) >= 3]
    return re.compile(rf"[#＃](?:{'|'.join(tags)})", re.IGNORECASE) if tags else NEVER


def _part(phrase: str) -> str:
    if re.fullmatch(r"[A-Z]{2}", phrase):
        return rf"(?<!\w){phrase}(?!\w)"
    if re.fullmatch(r"[A-Z]{3,5}", phrase):
        return rf"(?<!\w)(?:{phrase}|{phrase.lower()})(?!\w)"
    words = [re.escape(word).replace("'", "['’]").replace("’", "['’]") for word in re.split(r"[\s\-]+", phrase) if word]
    before = r"(?<!\w)" if re.match(r"\w", phrase) else ""
    after = r"(?!\w)" if re.search(r"\w$", phrase) else ""
    return f"{before}(?i:{_GAP.join(words)}){after}"
