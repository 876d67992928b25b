"""Short posts and their languages: which the model reads, which go to people, and what holds no language at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.language import LANGUAGES, NO_WORDS, READ, detect_language, detect_languages, is_read
from classifiers.language_words import MARKERS, SHARED


@dataclass(frozen=True)
class Post:
    """One line of languages.yaml."""

    group: str
    text: str
    language: str
    tag: str | None


def _posts(part: str) -> Iterator[Post]:
    groups = yaml.safe_load((Path(__file__).parent / "languages.yaml").read_text(encoding="utf-8"))[part]
    for name, group in groups.items():
        for line in group["posts"]:
            post = line if isinstance(line, dict) else {"text": line}
            yield Post(name, post["text"], post.get("language", group.get("language")), post.get("tag"))


def _detected(posts: list[Post]) -> list[tuple[Post, str]]:
    return list(zip(posts, detect_languages((post.text, post.tag) for post in posts), strict=True))


# Of 100 posts: named rightly, unreadable but taken for readable, readable but put to people.
@pytest.mark.parametrize(("part", "named", "missed", "troubled"), [("tuned", 97, 4, 2), ("unseen", 91, 7, 8)])
def test_languages_of_short_posts(part: str, named: int, missed: int, troubled: int) -> None:
    found = _detected(list(_posts(part)))
    wrong = [(post.text, post.language, code) for post, code in found if code != post.language]
    assert 100 * len(wrong) <= (100 - named) * len(found), wrong
    unreadable = [is_read(code) for post, code in found if not is_read(post.language)]
    assert 100 * sum(unreadable) <= missed * len(unreadable), wrong
    readable = [is_read(code) for post, code in found if is_read(post.language)]
    assert 100 * (len(readable) - sum(readable)) <= troubled * len(readable), wrong


@pytest.mark.parametrize("group", ["scots", "mle", "jamaican_english"])
def test_englishes_are_english(group: str) -> None:
    posts = [post for part in ("tuned", "unseen") for post in _posts(part) if post.group == group]
    wrong = [post.text for post, code in _detected(posts) if code != "en"]
    assert len(wrong) <= len(posts) // 20, wrong


def test_a_text_without_words_is_read_and_one_of_no_known_language_is_not() -> None:
    for post, code in _detected([post for post in _posts("tuned") if post.group == "no_words"]):
        assert code == NO_WORDS, post.text
    assert is_read(NO_WORDS)
    assert detect_language("") == NO_WORDS
    assert detect_language("ខ្ញុំកំពុងរង់ចាំ") == "und"  # Khmer, which no library here knows
    assert not is_read("und")
    assert set(READ) == {"en"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我有3个孩子需要帮助他们不理我", "zh"),
        ("私は2023年に申請しました助けてください", "ja"),
        ("@DWP你们都是骗子应该去死", "zh"),
        ("#DWP讨厌死了", "zh"),
        ("https://t.co/abc看看这些骗子", "zh"),
        ("@DWPgovuk #ПочемуВыНамНеПомогаете", "ru"),
    ],
)
def test_words_that_go_straight_on_from_a_number_a_handle_or_a_link_are_words(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_the_platforms_tag_decides_only_where_letters_cannot() -> None:
    assert detect_language("ខ្ញុំកំពុងរង់ចាំ", "km") == "km"
    assert detect_language("Where is my payment? Still waiting after six weeks.", "cy") == "en"
    assert detect_language("Mae'r llinell lawr eto", "en") == "cy"
    assert detect_language("👍", "cy") == NO_WORDS


def test_letters_drawn_out_are_the_same_word() -> None:
    assert detect_language("Diooolch yn faaaawr") == "cy"
    assert detect_language("Noooooooo") == "en"


def test_order_is_kept() -> None:
    texts = [("Diolch yn fawr", None), ("Thank you very much", None), ("Dziękuję bardzo", None)] * 20
    assert detect_languages(texts) == ["cy", "en", "pl"] * 20


def test_a_word_that_two_lists_hold_is_marked_as_shared() -> None:
    for code, words in MARKERS.items():
        others = frozenset[str]().union(*(more for other, more in MARKERS.items() if other != code))
        assert words & others <= SHARED, code
    assert not SHARED.difference(*MARKERS.values())


def test_no_language_is_named_twice() -> None:
    assert len(LANGUAGES) == len(set(LANGUAGES))


@settings(deadline=None)  # the first text loads the language models
@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=8)))
def test_any_text_and_any_tag_has_an_answer(text: str, tag: str | None) -> None:
    code = detect_language(text, tag)
    assert code in ("und", "zxx") or (len(code) == 2 and code.isalpha() and code.islower())
    assert is_read(code) is (code in ("en", "zxx"))
