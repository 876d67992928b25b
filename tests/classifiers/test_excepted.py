"""An approved exception at the judge: what it covers is marked, and no finding of `classify`; nothing else changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.lookalike import imitated
from classifiers.wire import to_json
from collectors.mention import Author, Mention
from policies.exceptions import ApprovedException
from policies.policy import Account, Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
ABUSE = "Karen Plimsole at the jobcentre is worthless scum #SamplePanto"
PANTO = ApprovedException(
    id="EX 7",
    account="sample_panto",
    approver="Security Advice Centre",
    reason="An invented staff pantomime.",
    start=date(2026, 9, 20),
    end=date(2026, 10, 1),
    clause="DWP-SMP 5.2",
)


def _judge(dwp: Policy, scorer: TableScorer, **changes: object) -> Judge:
    policy = dwp.model_copy(update={"exceptions": (PANTO.model_copy(update=changes),)})
    return Judge(policy, scorer, MentionHistory())


@pytest.mark.parametrize(
    ("changes", "more", "scope", "covered"),
    [
        ({}, {}, "exempt", True),
        ({}, {"author": {"handle": "somebody_else"}}, "in", False),
        ({}, {"created_at": "2026-10-02T00:00:00Z"}, "in", False),
        ({"platform": "reddit"}, {}, "in", False),
        ({"categories": ("cyberbullying",)}, {}, "in", True),
        ({"categories": ("trolling",)}, {}, "in", False),
        ({"account": None, "phrases": ("#samplepanto",)}, {"author": {"handle": "somebody_else"}}, "in", True),
        ({"account": None, "phrases": ("#sample",)}, {}, "in", False),
    ],
)
def test_what_an_exception_covers_is_kept_and_told_to_nobody(
    dwp: Policy,
    scorer: TableScorer,
    post: Post,
    changes: dict[str, object],
    more: dict[str, object],
    scope: str,
    covered: bool,
) -> None:
    mention = post(ABUSE, **({"author": {"handle": "Sample_Panto"}} | more))
    plain = Judge(dwp, scorer, MentionHistory()).judge([mention])[0]
    judged = _judge(dwp, scorer, **changes).judge([mention])[0]
    assert [one.excepted for one in judged.findings] == ["EX 7" if covered else None]
    assert replace(judged.findings[0], excepted=None) == plain.findings[0]
    told = to_json(mention, judged)
    assert told["scope"] == scope
    assert len(told["findings"]) == (0 if covered else 1)


def test_a_union_account_is_out_of_scope_whatever_the_register_says(
    dwp: Policy, scorer: TableScorer, post: Post
) -> None:
    union = dwp.model_copy(update={"accounts": (Account(handle="sample_panto", kind="union"),), "exceptions": (PANTO,)})
    judged = Judge(union, scorer, MentionHistory()).judge([post(ABUSE, author={"handle": "sample_panto"})])[0]
    assert (judged.assessment.scope, judged.findings) == ("union", ())


AT_WORK = {"handle": "sample_fair", "bio": "Work coach at the Department for Work and Pensions"}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Lovely roses in the garden today", {"author": {"handle": "sample_fair"}}),
        ("My claimants are lazy scum, I laugh at them all day at work", {"author": AT_WORK}),
        ("@sample_fair you are worthless scum, shame on you", {"in_reply_to": {"id": "9", "author": AT_WORK}}),
    ],
)
def test_an_account_that_was_exempt_is_judged_like_any_other_from_then_on(
    dwp: Policy, scorer: TableScorer, post: Post, text: str, more: dict[str, object]
) -> None:
    exempt = Account(handle="sample_fair", kind="exempt", end=date(2026, 9, 30))
    once = dwp.model_copy(update={"accounts": (exempt, *dwp.accounts)})
    judged = [Judge(policy, scorer, MentionHistory()).judge([post(text, **more)]) for policy in (once, dwp)]
    assert judged[0] == judged[1]


def test_an_account_that_was_exempt_imitates_like_any_other_from_then_on(dwp: Policy) -> None:
    exempt = Account(handle="DWPgovuk_help", kind="exempt", end=date(2026, 9, 30))
    once = dwp.model_copy(update={"accounts": (*dwp.accounts, exempt)})
    like_us = Author(handle="DWPgovuk_help")
    assert imitated(once, "x", like_us, date(2026, 9, 30)) is None
    assert imitated(once, "x", like_us, date(2026, 10, 1)) == dwp.account("x", "DWPgovuk")


def test_an_account_that_was_exempt_asks_for_details_like_any_other_from_then_on(
    dwp: Policy, scorer: TableScorer, post: Post
) -> None:
    exempt = Account(handle="DWPgovuk_help", kind="exempt", end=date(2026, 9, 30))
    once = dwp.model_copy(update={"accounts": (*dwp.accounts, exempt)})
    lure = post(
        "DWP helpdesk here: you are owed a refund, DM us your bank details and National Insurance number",
        author={"handle": "DWPgovuk_help"},
    )
    judged = [Judge(policy, scorer, MentionHistory()).judge([lure])[0].findings for policy in (once, dwp)]
    assert judged[0] == judged[1]
    assert {one.category for one in judged[0]} >= {"impersonation", "cyber_attack"}


def test_what_an_ended_entry_hides_counts_from_then_on(dwp: Policy) -> None:
    exempt = Account(handle="sample_fair", kind="exempt", platform="x", end=date(2026, 9, 30))
    after = Account(handle="sample_fair", kind="individual_professional")
    policy = dwp.model_copy(update={"accounts": (exempt, after)})
    assert [policy.account("x", "sample_fair", date(2026, month, 1)) for month in (9, 10)] == [exempt, after]
