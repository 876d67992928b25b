"""Why words are protected: each reason by name, and only as far as it reaches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.annex.protected import is_negated, shields
from classifiers.normalise import normalise


def _reasons(text: str, word: str, kind: str = "post") -> set[str]:
    normalised = normalise(text)
    position = normalised.text.index(word)
    return {found.reason for found in shields(normalised, text, kind) if found.start <= position < found.end}


@pytest.mark.parametrize(
    ("reason", "text", "word"),
    [
        ("quotation", "The wall said “you are all scum” in red", "scum"),
        ("quotation", "> you are scum\nNo, they are not", "scum"),
        ("reported", "He called me scum at the desk", "scum"),
        ("reported", "I was told to kill myself by a stranger", "kill"),
        ("reported", "I've had messages, I'll find you, I'll kill you, for a year", "kill"),
        ("counter_speech", "Nobody should be called scum at work", "scum"),
        ("counter_speech", "Calling staff scum is not okay", "scum"),
        ("idiom", "this wait is killing me", "killing"),
        ("idiom", "shoot me an email", "shoot"),
        ("news", "Man jailed for threatening to kill staff", "kill"),
        ("news", "BREAKING: man who said he would stab a work coach", "stab"),
        ("self", "I feel like an idiot", "idiot"),
        ("advice", "What do I do if someone threatens to kill me", "kill"),
    ],
)
def test_each_protection(reason: str, text: str, word: str) -> None:
    assert reason in _reasons(text, word)


def test_an_article_is_news_throughout() -> None:
    assert "news" in _reasons("They will kill it off. Then what", "kill", kind="article")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She told me no, you vile witch", "vile"),
        ("You are a “worthless” clown", "clown"),
        ("I will kill you", "kill"),
        ("Is it legal to carry a knife? I'll kill you", "kill"),
        ("Police are useless so I'll kill you myself", "kill"),
        ("According to them I'm fit for work, I will kill that adviser", "kill"),
        ("Got a message from them, I'll stab my work coach", "stab"),
        ("Good news: I'll stab it", "stab"),
    ],
)
def test_protection_ends_where_the_authors_own_words_begin(text: str, word: str) -> None:
    assert not _reasons(text, word)


def test_negation() -> None:
    assert is_negated("she is not a thief", len("she is not a "))
    assert is_negated("I never said he was a thief", len("I never said he was a "))
    assert not is_negated("not only is he a thief", len("not only is he a "))
    assert not is_negated("they said no and I'm going to stab her", len("they said no and "))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_shields_stay_within_the_text(text: str) -> None:
    normalised = normalise(text)
    for found in shields(normalised, text, "post"):
        assert 0 <= found.start <= found.end <= len(normalised.text)
