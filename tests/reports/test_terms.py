"""The words that stand out: what is counted, what is not, and that any text at all is taken."""

from hypothesis import given
from hypothesis import strategies as st

from reports.terms import MIN_POSTS, Z, over_represented

BEFORE = [f"an ordinary post about the harbour office and form f{number}" for number in range(200)]


def test_a_new_word_stands_out_and_an_old_one_does_not() -> None:
    today = [f"the journal is down at the harbour office, case c{number}" for number in range(30)]
    found = {term.words: term for term in over_represented(today, BEFORE)}
    assert "journal" in found
    assert found["journal"].posts == 30
    assert found["journal"].usual == 0
    assert "harbour" not in found
    assert "office" not in found


def test_a_text_that_is_copied_counts_once() -> None:
    assert over_represented(["buy my miracle vitamins"] * 500, BEFORE) == ()


def test_a_pair_takes_the_place_of_its_words_and_does_not_cross_a_full_stop() -> None:
    today = [f"Caller n{number} met error 503. Teapot" for number in range(30)]
    found = [term.words for term in over_represented(today, BEFORE)]
    assert "error 503" in found
    assert "error" not in found
    assert "503 teapot" not in found


def test_names_addresses_and_handles_are_not_terms() -> None:
    today = [f"@example_1 https://social.example/{number} Harbour Benefits broke b{number}" for number in range(30)]
    found = [term.words for term in over_represented(today, BEFORE, ["Harbour Benefits"])]
    assert found == ["broke"]


def test_a_word_that_everybody_always_uses_is_no_news() -> None:
    every = [f"queue q{number}" for number in range(30)]
    assert "queue" not in [term.words for term in over_represented(every, every)]


def test_nothing_stands_out_of_nothing() -> None:
    assert over_represented([], BEFORE) == ()
    assert over_represented(BEFORE, []) == ()


@given(st.lists(st.text(max_size=60), max_size=30), st.lists(st.text(max_size=60), max_size=30))
def test_any_text_is_taken_and_a_term_is_always_used_more_than_usual(today: list[str], before: list[str]) -> None:
    for term in over_represented(today, before):
        assert term.posts >= MIN_POSTS
        assert term.posts > term.usual
        assert term.z >= Z
