"""A course as its posts show it, and as one text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classifiers.behaviour.course import Course
from classifiers.behaviour.past import Post
from classifiers.behaviour.reading import InARow, in_a_row

START = datetime(2026, 9, 1, tzinfo=UTC)

REFUSALS = (
    "Stop commenting on my pictures",
    "I've asked you to stop, nicely, twice",
    "Enough. Please stop.",
    "I don't want to hear from you",
    "No more messages. Go away",
)


def _course(handles: list[str], texts: list[str], said: str = "Hello") -> Course:
    posts = [
        Post(str(day), "x", handle, handle, "reply", text, START + timedelta(days=day), "one_example", said)
        for day, (handle, text) in enumerate(zip(handles, texts, strict=True))
    ]
    return Course("one_example", tuple(posts))


def test_posts_in_a_row_are_sentences_without_handles() -> None:
    assert in_a_row(["@one_example no café today?", "@one_example", "I stayed"]).text == "no café today? I stayed."


def test_however_long_the_posts_are_what_is_read_in_a_row_is_short() -> None:
    assert len(in_a_row(["again and " * 10_000] * 40).text) <= 6 * 501


def test_a_third_account_of_one_name_is_as_a_request_to_stop() -> None:
    words = ["Hello", "Me again", "And again"]
    assert _course(["heron_grey", "heron_grey2", "heron_grey3"], words).unheeded
    assert not _course(["heron_grey", "heron_grey2", "heron_grey2"], words).unheeded


@pytest.mark.parametrize("said", ["I said no.", "Do not ask me again", "leave me be", "I have blocked you", *REFUSALS])
def test_plain_refusals_are_heard(said: str) -> None:
    assert _course(["a_example"] * 2, ["tea?", "tea then"], said).unheeded


@pytest.mark.parametrize(
    "said", ["Please do stop by", "We won't stop helping", "The scam texts have to stop", "No, stop!"]
)
def test_what_is_no_request_to_the_author_is_none(said: str) -> None:
    assert not _course(["a_example"] * 2, ["tea?", "tea then"], said).unheeded


def test_a_refusal_in_what_is_answered_counts_where_its_author_is_not_told() -> None:
    posts = _course(["a_example"] * 2, ["@one_example tea?", "@one_example tea then"], "please stop messaging me").posts
    untold = tuple(replace(post, answers=None) for post in posts)
    strangers = tuple(replace(post, answers="two_example") for post in posts)
    assert Course("one_example", untold).unheeded
    assert not Course("one_example", strangers).unheeded


@pytest.mark.parametrize("kind", ["shall we say six?", "hope you are better soon", "haha"])
def test_what_is_shared_is_not_one_sided(kind: str) -> None:
    assert _course(["a_example"] * 2, ["at your door", "your light is off"]).one_sided
    assert not _course(["a_example"] * 2, ["at your door", kind]).one_sided


@pytest.mark.parametrize(("watched", "feeling", "pursuit"), [(0.9, -0.5, True), (0.4, -0.5, False), (0.9, 0.6, False)])
def test_the_model_is_believed_where_it_is_sure_and_the_posts_are_not_glad(
    watched: float, feeling: float, pursuit: bool
) -> None:
    assert InARow(watched, feeling).is_pursuit is pursuit
