"""Which accounts are one person's, told conservatively: by a distinctive handle, or by their own statement.

A link is only ever used between posts towards the same person, and every finding that rests on one says what linked
the accounts. A common handle proves nothing: many people are called "sam", and platforms hand out "customer4821".
"""

import re
from functools import lru_cache

from classifiers.people import FIRST_NAMES

SHORTEST = 7  # letters and digits that a handle must keep to be distinctive
LONGEST_TAIL = 3  # digits by which near-identical handles may differ; longer tails are a platform's own numbering

_FOLD = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"})
_APART = re.compile(r"[\W_]+")
_TAIL = re.compile(r"\d+$")
_AGAIN = re.compile(r"(?:again|returns|isback|back|new|alt|two|too|second|v2|ii)$")
_COMMON = re.compile(
    r"(?:the|real|its|im|mr|mrs|miss)*(?:user|users|customer|claimant|anonymous|anon|throwaway|account|guest|someone|"
    r"somebody|nobody|player|gamer|admin|support|helpdesk|member|person|reader|concerned|citizen|taxpayer|jobseeker|"
    r"britain|england|united|london|official|unknown|deleted)+"
)
_STATEMENT = re.compile(
    r"\b(?:(?:my |this is my |here'?s my |on (?:my |a )?)(?:\w+ )?(?:new|second|third|fourth|fifth|sixth|other|alt) "
    r"account|"
    r"new account|made another (?:account|one)|(?:blocked|reported|banned|muted) (?:me|my (?:\w+ )?account)[^.!?]{0,40}"
    r"(?:new account|so (?:here|now)|i'?m back|another account|again)|(?:blocked|banned) my (?:old|last|other|first) "
    r"(?:account|one)|my old account|(?:this is|it'?s) @?\w+ (?:again|here)|same (?:person|guy|man|woman) as @?\w+)\b",
    re.IGNORECASE,
)


@lru_cache(16384)
def stem(handle: str | None) -> str | None:
    """What near-identical handles have in common, e.g. "nightwatcher" of "Night_Watcher2"; None where too common."""
    bare = _APART.sub("", (handle or "").casefold())
    tail = _TAIL.search(bare)
    if tail is not None and len(tail[0]) > LONGEST_TAIL:
        return None
    kept = bare[: tail.start()] if tail else bare
    kept = (_AGAIN.sub("", kept) or kept).translate(_FOLD)
    return kept if len(kept) >= SHORTEST and not _is_common(kept) else None


def states_new_account(text: str) -> bool:
    """Whether the author says that they wrote from another account before."""
    return bool(_STATEMENT.search(text))


def how_linked(one: tuple[str, str | None], other: tuple[str, str | None]) -> str:
    """In words, what links two accounts of one stem, each a platform and handle."""
    if (one[1] or "").casefold() == (other[1] or "").casefold():
        return f"the same handle on {' and '.join(sorted({one[0], other[0]}))}"
    return "near-identical handles"


def _is_common(bare: str) -> bool:
    """A general word, or a first name with no more than a plain surname's initial after it."""
    if _COMMON.fullmatch(bare):
        return True
    return any(bare.startswith(name) and len(bare) - len(name) <= 2 for name in FIRST_NAMES) or any(
        bare[: len(name)] == name and bare[len(name) :] in _SURNAMES for name in FIRST_NAMES
    )


_SURNAMES = frozenset(
    """
    smith jones taylor brown williams wilson johnson davies patel robinson wright thompson evans walker white roberts
    green hall wood jackson clarke clark khan ali ahmed singh lewis james phillips allen scott king martin baker moore
    harris cooper turner hill ward morris hughes edwards murphy kelly adams begum hussain shah campbell anderson lee
    mitchell carter bennett young cook bell shaw miller davis stewart robertson murray graham reid ross
    """.split()  # noqa: SIM905
)
