"""Text as evidence prints it: nothing acts, nothing is hidden, nothing floods."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.visible import cell, one_line, visible

LATIN = frozenset(range(32, 0x250))
anything = st.text(st.characters(), max_size=60)


@settings(deadline=None, max_examples=60)
@given(anything)
def test_no_character_acts_unseen(text: str) -> None:
    shown = visible(text, LATIN)
    assert all(ord(character) in LATIN or character in "\n…×" for character in shown)
    assert not [each for each in shown if unicodedata.category(each)[0] == "C" and each != "\n"]
    shown.encode("utf-8")


@settings(deadline=None, max_examples=60)
@given(anything)
def test_no_cell_is_a_formula_or_two_lines(text: str) -> None:
    written = cell(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "\n" not in written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain, with Ünïcödé.", "Plain, with Ünïcödé."),
        ("a\u202eexe.b", "a[U+202E]exe.b"),
        ("\x00", "[U+0000]"),
        ("\u202e" * 500, "[U+202E ×500]"),
        ("\ud800", "[U+D800]"),
        ("\U0001f44d", "[emoji: thumbs up]"),
        ("e\u0301" + "\u0301" * 40, "é"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("<script>&", "<script>&"),
        ("中", "[U+4E2D]"),
    ],
)
def test_what_each_kind_becomes(text: str, shown: str) -> None:
    assert unicodedata.normalize("NFC", visible(text, LATIN | {0x301}))[: len(shown)] == shown


def test_a_flood_is_cut_and_says_so() -> None:
    assert visible("A" * 40_000, LATIN, 100) == "A" * 100 + "…"
    assert visible("A" * 100, LATIN, 100) == "A" * 100
    assert len(visible("Z" + "\u0351" * 40_000, LATIN, 10_000)) < 100
    assert len(one_line("\u202e\u202d" * 20_000, LATIN, 300)) <= 301
    assert cell("=cmd|' /C calc'!A0").startswith("'=")
