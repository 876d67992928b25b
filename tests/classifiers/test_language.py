"""Short posts, Welsh and Polish among them, and what holds no language at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.language import detect_language, detect_languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("DWP are a disgrace", "en"),
        ("Thanks!", "en"),
        ("OMG THANK U", "en"),
        ("hello", "en"),
        ("Diolch", "cy"),
        ("Bore da", "cy"),
        ("Gwarthus", "cy"),
        ("Wedi ffonio tair gwaith heddiw", "cy"),
        ("Canolfan waith", "cy"),
        ("Nie pomogli", "pl"),
        ("Jestem w kolejce od godziny", "pl"),
        ("Merci beaucoup", "fr"),
        ("¿Por qué no contestan?", "es"),
        ("Спасибо большое", "ru"),
        ("Дякую", "uk"),
        ("شكرا", "ar"),
        ("", "und"),
        ("DWP", "und"),
        ("😂😂", "und"),
        ("@somebody https://site.example/a", "und"),
    ],
)
def test_language_of_short_posts(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_the_platforms_tag_decides_where_letters_cannot() -> None:
    assert detect_language("👍", "cy") == "cy"
    assert detect_language("Where is my payment? Still waiting after six weeks.", "cy") == "en"


def test_order_is_kept() -> None:
    texts = [("Diolch yn fawr", None), ("Thank you very much", None), ("Dziękuję bardzo", None)] * 20
    assert detect_languages(texts) == ["cy", "en", "pl"] * 20


@settings(deadline=None)  # the first text loads the language models
@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=8)))
def test_any_text_and_any_tag_has_an_answer(text: str, tag: str | None) -> None:
    code = detect_language(text, tag)
    assert code == "und" or (len(code) == 2 and code.isalpha() and code.islower())
