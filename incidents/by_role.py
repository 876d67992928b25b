"""Posts in words for a shared channel: whom they are aimed at by role and not by name, slurs by their first letter.

The evidence keeps every word. What is replaced here is found in disguise too: fullwidth and look-alike letters, digits
for letters and letters set apart, as far as `classifiers.normalise` undoes them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from classifiers.annex.slurs import slur_spans
from classifiers.normalise import normalise
from classifiers.people import registered_names
from collectors.register import NOBODY, StaffRegister, plain_name
from incidents.escape import harmless
from incidents.incident import Exhibit

KINDS = {  # by role: whose name it is stands in the evidence, not in a channel
    "employee": "an employee",
    "group": "a group of people",
    "organisation": "the organisation",
    "other": "somebody outside the organisation",
}
OURS = " (one of our people)"  # said of a name by the judge; of a role it is nothing new
BEFORE = 160  # characters that are shown before what was found, where it comes late in a long post
LATE = 400
READ = 2500  # characters of a text that are looked at: a message shows far fewer

Span = tuple[int, int]


@dataclass(frozen=True)
class Aim:
    """Whom an incident is aimed at: the kind, their role where the staff register knows it, and names to replace."""

    kind: str
    role: str = ""
    names: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """`an employee (work coach)`."""
        return called(self.kind, self.role)


def called(kind: str, role: str = "") -> str:
    """`an employee (work coach)`: a kind of target, with the role where it is known."""
    named = KINDS.get(kind, "somebody")
    return f"{named} ({role})" if role else named


def aim_of(exhibits: Iterable[Exhibit], register: StaffRegister = NOBODY) -> Aim:
    """Whom exhibits of one incident are aimed at. The newest decides the kind; all their names are replaced."""
    ordered = list(exhibits)
    named = [each for each in ordered if each.target_handle]
    workers = (register.holder(each.platform, each.target_handle, each.posted_at.date()) for each in reversed(named))
    role = next((worker.role for worker in workers if worker is not None), "")
    names = dict.fromkeys(each.target_handle for each in named if each.target_handle)
    return Aim(ordered[-1].target_kind, role, tuple(names))


_read = lru_cache(maxsize=64)(normalise)  # a text is read twice: for names, and for slurs


def told(text: str, aim: Aim, register: StaffRegister = NOBODY, on: date | None = None) -> str:
    """A text, harmless, with the people it is aimed at by role and slurs masked. `on`: the day it was written."""
    shown = _replaced(harmless(text[:READ]), aim.names, f"[{aim.called}]")
    if on is not None:
        shown = _without_registered(shown, lambda name: register.is_named(name, on), f"[{called('employee')}]")
    return mask_slurs(shown)


def without_names(text: str, aim: Aim) -> str:
    """A text of ours, such as why a post was found, with the people it is aimed at by role; all else as it is."""
    return in_sentence(_replaced(text, aim.names, f"[{aim.called}]"), aim)


def in_sentence(text: str, aim: Aim) -> str:
    """A text of ours in which a role stands for a name: without brackets where the judge spoke, not a post."""
    return text.replace(f"[{aim.called}]{OURS}", aim.called)


def excerpt(text: str, spans: Iterable[Span]) -> str:
    """The part of a long text that holds what was found first; a text in which that comes early is left whole."""
    start = min((first for first, _ in spans), default=0)
    if start < LATE:
        return text
    cut = text.rfind(" ", 0, start - BEFORE) + 1
    return f"… {text[cut:]}"


def mask_slurs(text: str) -> str:
    """Each slur as its first letter and asterisks, `x****`; the words themselves stand nowhere in this program."""
    read = _read(text)
    for start, end in reversed([read.to_original(span) for span in slur_spans(read.text)]):
        text = text[: start + 1] + re.sub(r"\S", "*", text[start + 1 : end]) + text[end:]
    return text


def _replaced(text: str, names: Iterable[str], role: str) -> str:
    patterns = [pattern for name in names if (pattern := _pattern(name))]
    if not patterns:
        return text
    folded, places = _folded(text)
    found = re.finditer("|".join(sorted(patterns, key=len, reverse=True)), folded)
    for start, end in reversed([(places[match.start()], places[match.end() - 1] + 1) for match in found]):
        text = text[:start] + role + text[end:]
    return text


@lru_cache(maxsize=1024)  # in a flood many posts are aimed at one name
def _pattern(name: str) -> str:
    """A handle or a name, between anything but letters and digits; of `jo@server` also a bare `jo` after an @."""
    plain = _folded(name.strip().lstrip("@"))[0]
    words = [re.escape(word) for word in re.split(r"\s+", plain) if word]
    if len("".join(words)) < 2:
        return ""
    joined = r"[\W_]+".join(words)
    whole = rf"(?<![^\W_])@?\u2060?{joined}(?![^\W_])"
    local, at, _ = plain.partition("@")
    return rf"{whole}|@{re.escape(local)}(?![^\W_])" if at and local else whole


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and width, and which character of it each of the folded ones stands for."""
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _without_registered(text: str, is_named: Callable[[str], bool], role: str) -> str:
    read = _read(text)
    for name, (start, end) in reversed(registered_names(read.text, lambda words: is_named(plain_name(words)))):
        first, last = read.to_original((start, start + len(name) if name else end))
        text = text[:first] + role + text[last:]
    return text
