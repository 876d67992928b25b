"""Posts to read: what counts as the same post, and what a post is said to say."""

from reports.reading import _distinct, _terms_in
from reports.terms import Term


def test_posts_without_a_word_are_the_same_only_where_they_are() -> None:
    rows = [
        {"text": text}
        for text in ("😡😡 @DWP", "❤️", "https://example.org/a", "❤️ ", "no money again", "No money again!")
    ]
    kept = _distinct(rows, 9)
    assert [(row["text"], copies) for row, copies in kept] == [
        ("😡😡 @DWP", 0),
        ("❤️", 1),
        ("https://example.org/a", 0),
        ("no money again", 1),
    ]


def test_a_term_with_an_apostrophe_is_found() -> None:
    terms = [Term("minister's", 5, 1.0, 4.0), Term("can't log", 4, 1.0, 3.0)]
    assert _terms_in("The minister’s statement says nothing", terms) == ["minister's"]
    assert _terms_in("I CAN'T LOG in", terms) == ["can't log"]
