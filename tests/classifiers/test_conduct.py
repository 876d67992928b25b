"""Courses of conduct: days, fixation, a request to stop; and the customer who only chases their claim."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import Scorer
from collectors.mention import Mention
from policies.policy import CategoryName, Policy
from tests.classifiers.conftest import TableScorer

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
PERSON: dict[str, Any] = {"author": {"handle": "example_ipa_employers", "bio": "Employer adviser, DWP"}, "text": "Hi"}
OFFICIAL: dict[str, Any] = {"author": {"handle": "DWPgovuk"}, "text": "Hello"}


def _thread(texts: Sequence[str], parent: dict[str, Any], days_apart: int = 2) -> list[Mention]:
    return [
        Mention.from_record(
            {
                "platform": "x",
                "id": str(number),
                "text": text,
                "kind": "reply",
                "created_at": (START + timedelta(days=days_apart * number)).isoformat(),
                "author": {"id": "77", "handle": "poster_example"},
                "in_reply_to": parent,
            }
        )
        for number, text in enumerate(texts)
    ]


def _last(dwp: Policy, scorer: Scorer, thread: Sequence[Mention]) -> dict[str, str]:
    judgement = Judge(dwp, scorer, MentionHistory(thread)).judge(thread)[-1]
    return {finding.category: finding.severity for finding in judgement.findings}


ADMIRER = ["Lovely smile in that photo", "why won't you answer me", "Still ignoring me?", "Answer me, we will talk"]


def test_fixation_over_days_is_stalking(dwp: Policy, scorer: Scorer) -> None:
    assert "cyberstalking" in _last(dwp, scorer, _thread(ADMIRER, PERSON))


@pytest.mark.parametrize(
    ("category", "score", "apart"),
    [("threat", 0.85, True), ("cyberbullying", 0.85, False), ("cyberbullying", 0.95, True)],
)
def test_a_threat_in_a_course_is_told_beside_it(dwp: Policy, category: CategoryName, score: float, apart: bool) -> None:
    sure = TableScorer({}, {}, {"grendle": (category, score)})
    found = _last(dwp, sure, _thread([*ADMIRER, "Answer me, grendle"], PERSON))
    assert set(found) == {"cyberstalking", *([category] if apart else [])}


def test_one_day_is_no_course(dwp: Policy, scorer: Scorer) -> None:
    assert _last(dwp, scorer, _thread(ADMIRER, PERSON, days_apart=0)) == {}


def test_of_a_picture_alone_no_words_are_quoted(dwp: Policy, scorer: Scorer) -> None:
    thread = _thread(["You blocked me. Answer me", ""], PERSON)
    (stalking,) = Judge(dwp, scorer, MentionHistory(thread)).judge(thread)[-1].findings
    assert stalking.category == "cyberstalking"
    assert "“”" not in stalking.why
    assert "after being asked to stop: a course of conduct" in stalking.behaviours[0].why
    assert stalking.spans == ()


def test_a_request_to_stop_makes_it_graver(dwp: Policy, scorer: Scorer) -> None:
    asked = {**PERSON, "text": "Please stop messaging me."}
    plain, graver = _last(dwp, scorer, _thread(ADMIRER, PERSON)), _last(dwp, scorer, _thread(ADMIRER, asked))
    order = ["low", "medium", "high", "critical"]
    assert order.index(graver["cyberstalking"]) >= order.index(plain["cyberstalking"])


def test_a_customer_who_chases_their_claim_is_not_a_stalker(dwp: Policy, scorer: Scorer) -> None:
    chasing = [
        "Any update on my claim?",
        "Still no news on my payment",
        "Why won't you answer, my rent is due on my claim",
    ]
    assert _last(dwp, scorer, _thread(chasing * 3, PERSON)) == {}
    assert _last(dwp, scorer, _thread(ADMIRER * 3, OFFICIAL)) == {}


def test_abuse_that_goes_on_weighs_more(dwp: Policy, scorer: Scorer) -> None:
    once = _last(dwp, scorer, _thread(["You are worthless scum"], PERSON))
    often = _last(dwp, scorer, _thread(["You are worthless scum"] * 4, PERSON))
    assert (once["cyberbullying"], often["cyberbullying"]) == ("medium", "high")
