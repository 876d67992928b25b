"""Which words a day uses more than the days before it.

Log-odds ratios with an informative Dirichlet prior, after Monroe, Colaresi and Quinn, "Fightin' Words" (Political
Analysis 16, 2008, section 3.5.1). A term counts once a post, and posts with the same words count as one, so that
neither a long rant nor a copied text makes a term.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

PRIOR = 60.0  # posts' worth of prior: how much evidence a rare term needs
MIN_POSTS = 3
Z = 2.5  # deviations above zero; about one term in 160 by chance
_WORD = re.compile(r"[^\W\d_][\w'’]*|\d{3,}")
_SENTENCE = re.compile(r"[.!?;:,\n]+(?:\s|$)")
_NOISE = re.compile(r"https?://\S+|\bwww\.\S+|@[\w.]+|&\w+;")
STOPWORDS = frozenset(files("reports").joinpath("stopwords.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Term:
    """A word or pair of words that a day over-uses. `posts` held it today, `usual` is the number to be expected."""

    words: str
    posts: int
    usual: float
    z: float


def over_represented(
    today: Iterable[str], before: Iterable[str], ignored: Iterable[str] = (), limit: int = 12
) -> tuple[Term, ...]:
    """Terms of `today`'s texts that stand out against `before`'s, most distinctive first.

    `ignored` are names that say nothing (the organisation's own). Empty where either side has no text.
    """
    skip = STOPWORDS | {word for name in ignored for word in words_of(name)}
    now, now_posts = _counted(today, skip)
    then, then_posts = _counted(before, skip)
    if not now_posts or not then_posts:
        return ()
    scored = [
        Term(term, posts, then[term] / then_posts * now_posts, _z(posts, now_posts, then[term], then_posts))
        for term, posts in now.items()
        if posts >= MIN_POSTS
    ]
    standing_out = sorted((term for term in scored if term.z >= Z), key=lambda term: (-term.z, term.words))
    return _without_parts(standing_out)[:limit]


def _counted(texts: Iterable[str], skip: frozenset[str] | set[str]) -> tuple[Counter[str], int]:
    """How many distinct posts hold each term, and how many distinct posts there are."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for text in texts:
        words = " ".join(words_of(text))
        if words and words not in seen:
            seen.add(words)
            counts.update(_terms(text, skip))
    return counts, len(seen)


def words_of(text: str) -> list[str]:
    """The words of a text in order, casefolded, without addresses, accounts and entities."""
    return [word.replace("’", "'") for word in _WORD.findall(_NOISE.sub(" ", text.casefold()))]


def _terms(text: str, skip: frozenset[str] | set[str]) -> set[str]:
    """Words, and pairs of words that stand side by side in one sentence."""
    found: set[str] = set()
    for sentence in _SENTENCE.split(text):
        words = words_of(sentence)
        single = {word for word in words if word not in skip and len(word) > 2}
        found |= single
        found |= {f"{one} {two}" for one, two in pairwise(words) if one in single and two in single}
    return found


def _z(now: int, now_posts: int, then: int, then_posts: int) -> float:
    """The log-odds ratio in deviations, each side shrunk towards the share that the term has in both together."""
    prior = PRIOR * (now + then) / (now_posts + then_posts)
    odds_now = (now + prior) / (now_posts - now + PRIOR - prior + 1)  # one post more without: a term may be in all
    odds_then = (then + prior) / (then_posts - then + PRIOR - prior + 1)
    return (math.log(odds_now) - math.log(odds_then)) / math.sqrt(1 / (now + prior) + 1 / (then + prior))


def _without_parts(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Drop a word whose pair is in the list with nearly as many posts: "error 503" says it for both."""
    pairs = [term for term in terms if " " in term.words]
    return tuple(
        term
        for term in terms
        if not any(term.words in pair.words.split() and pair.posts >= 0.7 * term.posts for pair in pairs)
    )
