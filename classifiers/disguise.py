"""Letters in disguise: which signs stand for which letters, in which words, and where ordinary writing only looks so.

`classifiers.normalise` uses these on every text; each leaves alone what it is not sure of.
"""

import re
from itertools import product

from classifiers.dictionary import words

LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХӀаеѕіјкорсухӏԁһԛԝґѵАΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχԌևոսօհցɑɡ",
    "ABESIJKMHOPCTYXIaesijkopcyxldhqwrvAABEZHIKMNOPTYXaikvoptuxGunuohgag",
)
SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
# Letters in circles and squares that NFKC leaves alone (and the emoji set would read as "A button").
ENCLOSED = {first + i: chr(ord("A") + i) for first in (0x1F150, 0x1F170) for i in range(26)}
# The halves of flags; once whole flags have become words, a half that is left is a letter.
HALF_FLAGS = {0x1F1E6 + i: chr(ord("A") + i) for i in range(26)}
READ_AS = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "il",
    "|": "li",
}
_SHORTEST = 3  # of a token that is no word: b4u, u3a
_MOST_READINGS = 64  # of a token; one with more has its likeliest

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LEET_TOKEN = re.compile(r"(?<![\w@#$.+/-])\$?[A-Za-z](?:[013457@$!|]{0,2}[A-Za-z]){1,40}(?![\w@$/]|[.-]\w)")
# Before a spaced-out word "I" is a word of its own, unless it may begin one: idiot, ignorant, imbecile, inbred.
SPACED = re.compile(
    r"(?<![\w'’])(?!I [^dgmn\W] [a-z])[^\W\d_](?P<gap>[ .\-_*])(?:[^\W\d_](?P=gap)){1,}[^\W\d_](?![\w'’])"
)
# Signs that people also put between a few letters in earnest (A/B/C, A→B): four letters or more.
PARTED = re.compile(
    r"(?<![\w'’])[^\W\d_](?P<gap> ?(?:[/|~+=·•]|[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?) ?)"
    r"(?:[^\W\d_](?P=gap)){2,}[^\W\d_](?![\w'’])"
)
LONG_LETTER = re.compile(
    r"\b(?:[IVXLC]*III|([^\W\d_])\1\1)\b|(?P<letter>[^\W\d_])(?P=letter){2,}", re.IGNORECASE
)  # but not George III, AAA, www
_NEVER_DOUBLE = frozenset("ahijkquvwxy")  # in nearly every English word

_LATIN = re.compile("[A-Za-z]")
_OTHER_ALPHABET = re.compile(
    "[" + "".join(c for c in map(chr, range(0x370, 0x590)) if c.isalpha() and ord(c) not in LOOKALIKES) + "]"
)
_CODE = re.compile(  # SW1A, UC50; ES40JP; EC1A1BB; P45s, mp3s
    r"[A-Z\d@$!|]{1,4}|[A-Z]+\d{2,}[A-Z]+|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}|[A-Z]{1,3}\d{1,2}s|mp[34]s|ps[1-5]s|[Gg]4[Ss]"
)
_PLATE = re.compile(r"[a-z]{2}\d{2}[a-z]{3}", re.IGNORECASE)
_LONDON = re.compile(r"(?:ec[1-4]|wc[12]|sw1|se1|nw1|w1|e1|n1)[a-z] ?\d[a-z]{2}(?!\w)", re.IGNORECASE)


def is_of_another_alphabet(text: str) -> bool:
    """Whether a text has Greek, Cyrillic or Armenian letters that nobody takes for Latin ones, or no Latin ones."""
    return not _LATIN.search(text) or _OTHER_ALPHABET.search(text) is not None


def unmasked(match: re.Match[str]) -> str:
    """A word that mixes Latin with letters that look so, in Latin; a match of `WORD`."""
    word = match.group()
    return word.translate(LOOKALIKES) if not word.isascii() and _LATIN.search(word) else word


def unmasked_whole(match: re.Match[str]) -> str:
    """A word of nothing but look-alikes, for a text that is Latin otherwise; a match of `WORD`."""
    word = match.group()
    latin = word.translate(LOOKALIKES)
    return latin if len(word) > 2 and latin.isascii() else word


def unleeted(match: re.Match[str]) -> str:
    """A word with signs for letters, in letters; a match of `LEET_TOKEN`. Codes and glued words stay."""
    token = match.group()
    letters = sum(map(str.isalpha, token))
    signs = len(token) - letters
    code = _CODE.fullmatch(token) or _LONDON.match(match.string, match.start())
    barred = "|" in token and not 4 <= len(token) <= 5
    if not signs or letters <= signs or code or barred:
        return token
    spelt = readings(token)
    known = [reading for reading in spelt if reading.casefold() in words()]
    if known:
        return max(known, key=lambda reading: words()[reading.casefold()])
    return token if _is_glued(token) or _PLATE.fullmatch(token) else spelt[0]


def readings(token: str) -> list[str]:
    """What a token may say, the likeliest first: 1 is an i or an l."""
    choices = [READ_AS.get(sign, sign) for sign in token]
    ambiguous = sum(len(choice) > 1 for choice in choices)
    if 2**ambiguous > _MOST_READINGS:
        choices = [choice[0] for choice in choices]
    return ["".join(letters) for letters in product(*choices)]


def _is_glued(token: str) -> bool:
    """Whether a token that is no word may be two, or a code: a space missing after "!", "cash@5pm", "b4u"."""
    if len(token) <= _SHORTEST or re.search(r"@\d", token) or ("!" in token and len(token) > 6):
        return True
    pieces = re.split(r"[!|@]+", token.casefold())
    return len(pieces) > 1 and all(len(piece) > 1 and piece in words() for piece in pieces)


def joined(match: re.Match[str]) -> str:
    """Letters without what stands between them; a match of `SPACED` or `PARTED`."""
    return match.group().replace(match["gap"], "")


def shortened(match: re.Match[str]) -> str:
    """A drawn-out letter as a word may have it: twice, or once where none has it twice; a match of `LONG_LETTER`."""
    letter: str | None = match["letter"]
    return match.group() if letter is None else letter * (1 if letter.casefold() in _NEVER_DOUBLE else 2)
