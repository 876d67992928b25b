"""English words and how often books have them: symspellpy's dictionary (from the Google Books n-grams and SCOWL)."""

from functools import cache
from importlib.resources import files

_COMMON = 5_000_000  # of a dictionary that has "the" 23 billion times
_LACKING = ("shite", "asshole", "assholes", "fuckwit", "bellend", "bellends")  # foul words that it has not


@cache
def words() -> dict[str, int]:
    """How often books have each word, in lower case; 0 of a few foul words that the dictionary lacks."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    return dict.fromkeys(_LACKING, 0) | {word: int(count) for word, count in map(str.split, lines)}


def is_common(word: str) -> bool:
    """Whether a word, in lower case, is one that many would write; of single letters only "a" and "i" are."""
    return words().get(word, 0) > _COMMON and (len(word) > 1 or word in ("a", "i"))
