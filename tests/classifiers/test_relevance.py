"""Is it this organisation? Names, namesakes, threads, accounts."""

from collections.abc import Callable
from typing import Any

import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.normalise import normalise
from classifiers.phrases import phrase_pattern
from classifiers.relevance import Relevance
from classifiers.topics import Topics
from collectors.mention import Mention
from policies.policy import Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
OFFICIAL: dict[str, Any] = {"id": "5", "author": {"handle": "DWPgovuk"}, "text": "Offices close at noon."}


@pytest.fixture(scope="module")
def relevance(dwp: Policy) -> Relevance:
    return Relevance(dwp)


def _likelihood(relevance: Relevance, mention: Mention) -> str:
    return relevance.likelihood(mention, normalise(mention.text).text)


def _is_relevant(relevance: Relevance, mention: Mention) -> bool:
    return _likelihood(relevance, mention) == "yes"


@pytest.mark.parametrize(
    "text",
    ["dwp rang me", "the Job-Centre in Hull", "My PIP claim", "@dwpgovuk hello", "#DWPfail again", "d w p are late"],
)
def test_what_names_us_may_be_ours(relevance: Relevance, post: Post, text: str) -> None:
    assert _likelihood(relevance, post(text)) != "no"


@pytest.mark.parametrize("text", ["the Job-Centre in Hull", "@dwpgovuk hello", "#DWPfail again", "my work coach"])
def test_what_nobody_else_is_called_is_ours(relevance: Relevance, post: Post, text: str) -> None:
    assert _is_relevant(relevance, post(text))


@pytest.mark.parametrize("text", ["dwp rang me", "PIP", "UC late again", "sanctioned by the EU"])
def test_what_others_are_called_too_is_for_the_model_to_place(relevance: Relevance, post: Post, text: str) -> None:
    assert _likelihood(relevance, post(text)) == "maybe"


@pytest.mark.parametrize(
    "text",
    [
        "pip install failed again",
        "Pip is a good dog, she wants her benefits",
        "UC Berkeley won",
        "off to #DWP, the Djakarta Warehouse Project",
        "what a lovely morning",
    ],
)
def test_namesakes_are_not(relevance: Relevance, post: Post, text: str) -> None:
    assert not _is_relevant(relevance, post(text))


def test_a_reply_to_us_or_to_talk_about_us_is_ours(relevance: Relevance, post: Post) -> None:
    about: dict[str, Any] = {"author": {"handle": "somebody_example"}, "text": "The jobcentre lost my form"}
    assert _is_relevant(relevance, post("really?", in_reply_to=OFFICIAL))
    assert _is_relevant(relevance, post("same here", in_reply_to=about))
    assert not _is_relevant(relevance, post("same here", in_reply_to={**about, "text": "The bus is late"}))


def test_what_is_answered_gives_a_reply_its_subject(dwp: Policy, relevance: Relevance, post: Post) -> None:
    hint: dict[str, Any] = {"author": {"handle": "somebody_example"}, "text": "PIP renewal came, dreading it"}
    assert relevance.likelihood(post("same", in_reply_to=hint), "same") == "maybe"
    assert relevance.likelihood(post("same", in_reply_to={**hint, "text": "The bus is late"}), "same") == "no"
    named = {"author": {"name": "Department for Work and Pensions"}, "text": "We are listening"}
    assert _is_relevant(relevance, post("cry harder, the lot of you", in_reply_to=named))
    at_risk = post("Same. I can't go on any more", in_reply_to=hint)
    judged = Judge(dwp, TableScorer({}, {}), MentionHistory()).judge([at_risk])[0]
    assert judged.assessment.relevant
    assert [finding.category for finding in judged.findings] == ["safeguarding"]


def test_a_reply_to_one_of_our_people_is_ours(relevance: Relevance, post: Post) -> None:
    person = {"author": {"handle": "somebody_example", "bio": "Work coach at DWP. Own views."}, "text": "Nice walk"}
    former = {"author": {"handle": "somebody_example", "bio": "Ex DWP, now baking"}, "text": "Nice walk"}
    assert _is_relevant(relevance, post("you liar", in_reply_to=person))
    assert not _is_relevant(relevance, post("you liar", in_reply_to=former))


def test_a_forum_gives_an_ambiguous_word_its_context(relevance: Relevance, post: Post) -> None:
    forum = "https://forum.example/r/DWPhelp/comments/1"
    assert _is_relevant(relevance, post("UC late again", url=forum))
    assert not _is_relevant(relevance, post("UC late again"))
    assert not _is_relevant(relevance, post("nice weather", url=forum))


def test_an_imitation_of_us_is_ours(relevance: Relevance, post: Post) -> None:
    assert _is_relevant(relevance, post("Send your details", author={"handle": "DWPgovuk_help"}))
    assert not _is_relevant(relevance, post("Send your details", author={"handle": "DWPgovuk_help", "bio": "Parody"}))


def test_phrases_are_whole_words_in_any_spacing() -> None:
    pattern = phrase_pattern(["work coach", "UC", "PIP"])
    assert pattern.search("My Work-Coach")
    assert pattern.search("PIP late")
    assert pattern.search("pip late")
    assert not pattern.search("homework coaching")
    assert not pattern.search("uc late")
    assert not pattern.search("Pip late")
    assert not phrase_pattern([]).search("anything")


def test_topics_come_from_the_pack(dwp: Policy) -> None:
    found = dict(Topics(dwp).of("On hold to the jobcentre for an hour"))
    assert found == {"Service": "Jobcentre", "Matter": "Waiting and phone queues"}
    assert Topics(dwp).of("a lovely morning") == ()
