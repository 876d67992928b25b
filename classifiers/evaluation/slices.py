"""The slices of a set in which a model may fail unseen: how long, where, about whom, in what way of speaking."""

import re

from classifiers.evaluation.labelled import Labelled
from classifiers.people import GROUPS

_QUOTATION = re.compile(r"[“\"«][^”\"»]{3,}[”\"»]|^\s*>", re.MULTILINE)
_NEGATION = re.compile(r"\b(?:not|no|never|nobody|none|nor|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
_DIALECT = re.compile(
    r"\b(?P<scots>aye|didnae|cannae|wisnae|dinnae|wee|bairn|ken|gonnae)\b|\b(?P<welsh>mun|cwtch|butt|bach|tidy|by here|"
    r"now in a minute|diolch)\b|\b(?P<northern>nowt|owt|summat|gan|howay|canny|reyt|la)\b|"
    r"\b(?P<london>innit|bruv|wagwan|peng|allow it|man's)\b",
    re.IGNORECASE,
)
_SHORT, _MIDDLE = 8, 30  # words
_SHOUTING = 0.7


def slices_of(post: Labelled) -> set[str]:
    """The names of the slices that a post is in: those that its tags name, and those that its text shows."""
    text = post.mention.text
    words = len(text.split())
    found = {f"tag: {tag}" if "=" not in tag else tag.replace("=", ": ") for tag in post.tags}
    found.add(f"platform: {post.mention.platform}")
    found.add("length: " + ("short" if words <= _SHORT else "middling" if words <= _MIDDLE else "long"))
    found |= {
        name
        for name, holds in (
            ("quotation marks", _QUOTATION.search(text)),
            ("negation", _NEGATION.search(text)),
            ("a group named", GROUPS.search(text)),
            ("a reply", post.mention.in_reply_to),
            ("emoji or other signs", not text.isascii()),
            ("capitals", _is_shouted(text)),
        )
        if holds
    }
    return found | {f"dialect words: {match.lastgroup}" for match in _DIALECT.finditer(text)}


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 10 and sum(map(str.isupper, letters)) > _SHOUTING * len(letters)
