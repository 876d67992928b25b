"""A course as its posts show it, and as one text."""

from datetime import UTC, datetime, timedelta

import pytest

from classifiers.behaviour.course import Course
from classifiers.behaviour.past import Post
from classifiers.behaviour.reading import InARow, in_a_row

START = datetime(2026, 9, 1, tzinfo=UTC)


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


@pytest.mark.parametrize("said", ["I said no.", "Do not ask me again", "leave me be", "I have blocked you"])
def test_plain_refusals_are_heard(said: str) -> None:
    assert _course(["a_example"] * 2, ["tea?", "tea then"], said).unheeded


@pytest.mark.parametrize("kind", ["shall we say six?", "hope you are better soon", "haha"])
def test_what_is_shared_is_not_one_sided(kind: str) -> None:
    assert _course(["a_example"] * 2, ["at your door", "your light is off"]).one_sided
    assert not _course(["a_example"] * 2, ["at your door", kind]).one_sided


@pytest.mark.parametrize(("watched", "feeling", "pursuit"), [(0.9, -0.5, True), (0.4, -0.5, False), (0.9, 0.6, False)])
def test_the_model_is_believed_where_it_is_sure_and_the_posts_are_not_glad(
    watched: float, feeling: float, pursuit: bool
) -> None:
    assert InARow(watched, feeling).is_pursuit is pursuit
