"""Disguises change a text, a person can still read it, and the normaliser undoes those that it is said to undo."""

import re
from difflib import SequenceMatcher

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation.disguised import disguised
from classifiers.evaluation.disguises import DISGUISES, Disguise
from classifiers.normalise import normalise

POST = "Oi, you spiteful parasite: I hope the whole rotten office loses its windows. Ask @somebody_example why!"
PLAIN = [
    "parasite",
    "Idiots",
    "kill",
    "KILL",
    "scum",
    "hideous",
    "swim",
    "Class",
    "piss",
    "hello,",
    "really?",
    "(those)",
]
WORDS = st.sampled_from([*PLAIN, "office", "and I", "was a", "the", "£20"])
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: "Well " + " ".join(words) + " now.")
NAMES = [one.name for one in DISGUISES]
each = pytest.mark.parametrize("disguise", DISGUISES, ids=NAMES)


def bare(text: str) -> str:
    """Without case and doubled letters, which the normaliser leaves."""
    return re.sub(r"(.)\1+", r"\1", normalise(text).text.casefold())


@each
def test_it_changes_the_text_and_can_be_repeated(disguise: Disguise) -> None:
    for seed in range(20):
        once = disguised(POST, disguise, np.random.default_rng(seed))
        assert once != POST
        assert once == disguised(POST, disguise, np.random.default_rng(seed))


@each
def test_it_touches_three_words_at_most(disguise: Disguise) -> None:
    for seed in range(20):
        before, after = POST.split(), re.split(r"\s+", disguised(POST, disguise, np.random.default_rng(seed)))
        kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
        assert len(before) - 3 <= kept < len(before)


@each
@given(text=TEXTS, seed=st.integers(0, 2**32 - 1))
def test_it_stays_readable_and_is_undone_where_it_says_so(disguise: Disguise, text: str, seed: int) -> None:
    hidden = disguised(text, disguise, np.random.default_rng(seed))
    if disguise.undone:
        assert bare(hidden) == bare(text)
    letters = [char for char in normalise(hidden).text.casefold() if char.isalpha()]
    wanted = [char for char in text.casefold() if char.isalpha()]
    assert in_order(wanted, letters) >= 0.6 * len(wanted)


def in_order(wanted: list[str], letters: list[str]) -> int:
    """How many letters can be read in their order (the longest common subsequence), whatever stands between them."""
    row = [0] * (len(letters) + 1)
    for one in wanted:
        above = row
        row = [0]
        for column, letter in enumerate(letters):
            row.append(above[column] + 1 if letter == one else max(above[column + 1], row[column]))
    return row[-1]


@each
@given(text=st.text() | TEXTS, seed=st.integers(0, 99))
def test_every_disguised_character_leads_back_to_the_original(disguise: Disguise, text: str, seed: int) -> None:
    hidden = disguised(text, disguise, np.random.default_rng(seed))
    found = normalise(hidden)
    assert all(0 <= start < end <= len(hidden) for start, end in zip(found.offsets, found.ends, strict=True))


@pytest.mark.parametrize("disguise", [one for one in DISGUISES if one.undone and one.name != "elongation"])
def test_a_span_of_an_undone_disguise_covers_the_whole_of_it(disguise: Disguise) -> None:
    hidden = disguised("that is spiteful", disguise, np.random.default_rng(1))
    found = normalise(hidden)
    start = found.text.casefold().index("spiteful")
    first, last = found.to_original((start, start + len("spiteful")))
    assert hidden.removeprefix("that is ").removeprefix("ｔｈａｔ is ").strip().endswith(hidden[first:last].strip())
    assert bare(hidden[first:last]) == "spiteful" or disguise.name == "homoglyphs"


@each
@pytest.mark.parametrize(
    "text",
    [
        "@somebody_example",
        "https://site.example/some/page",
        "www.site.example",
        "office.example/claims",
        "#SomeHashtag",
        "someone@office.example",
        "u/somebody",
        "§ Jobcentre",
        "one two 2024 £1,200 &nbsp;",
        "",
    ],
)
def test_handles_links_and_the_like_are_never_touched(disguise: Disguise, text: str) -> None:
    assert disguised(text, disguise, np.random.default_rng(0)) == text


def test_what_is_spared_is_never_touched_and_abuse_comes_first() -> None:
    text, mixed = "Universal Credit parasite office windows", next(d for d in DISGUISES if d.name == "mixed case")
    for seed in range(30):
        hidden = disguised(text, mixed, np.random.default_rng(seed), [(0, 16)])
        assert hidden.startswith("Universal Credit ")
        assert "parasite" not in hidden
