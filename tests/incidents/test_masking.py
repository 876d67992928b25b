"""Words of a post without the people in them that can be told. Numbers are of the ranges kept for drama."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.masking import EXCERPT, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@example_coach and @other.one@example.social, see", "[handle] and [handle], see"),
        ("call 07700 900123 or +44 1632 960 001", "call [number] or [number]"),
        ("at SW1A 2AA, QQ 12 34 56 C", "at [postcode], [number]"),
        ("write to jo@example.org or https://example.org/jo?x=1", "write to [e-mail] or [link]"),
        ("u/example_writer said it on 19 October at 9.15", "[handle] said it on 19 October at 9.15"),
        ("Sandra Example\nparks  a red car. SANDRA EXAMPLE does", "[name] parks a red car. [name] does"),
        ("Sandra Examples are many", "Sandra Examples are many"),
        ("\x1b[2J\u202eturned", "[2Jturned"),
    ],
)
def test_people_are_masked_and_words_stay(text: str, shown: str) -> None:
    assert masked(text, ["Sandra Example", "@", None, ""]) == shown


def test_a_long_text_is_cut() -> None:
    assert len(masked("word " * 500)) <= EXCERPT
    assert masked("word " * 500).endswith("…")


def test_what_was_found_is_seen_however_late_it_comes() -> None:
    text = "word " * 100 + "@example_coach is a fool, 07700 900123 " + "more " * 100
    shown = masked(text, around="is a fool")
    assert shown.startswith("… word")
    assert "[handle] is a fool, [number] more" in shown
    assert len(shown) <= EXCERPT
    assert masked("short and found", around="found") == "short and found"
    assert masked(text, around="not there") == masked(text)


@settings(max_examples=60)
@given(st.text(max_size=80), st.from_regex(r"[a-z_]{2,15}", fullmatch=True), st.text(max_size=80))
def test_a_known_handle_never_shows(before: str, handle: str, after: str) -> None:
    shown = masked(f"{before} @{handle} {after}", [handle])
    assert f"@{handle}" not in shown
    assert "\n" not in shown
