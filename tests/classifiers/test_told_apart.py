"""Posts that a rule once took for another thing: people at risk passed over, ordinary words held against their authors.

The rules alone are asked (the model is undecided). All posts are invented.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import pytest

from classifiers.annex.protected import shields
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.lookalike import imitated
from classifiers.normalise import normalise
from classifiers.people import names_in
from classifiers.relevance import Relevance
from collectors.mention import Author, Mention
from policies.policy import Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
OUR_POST = {"in_reply_to": {"id": "9", "text": "Our lines are open until five", "author": {"handle": "DWPgovuk"}}}
A_COACH = {"handle": "example_ipa_workcoach", "bio": "Work coach at DWP"}
A_LAUGH = {"in_reply_to": {"id": "9", "text": "Busy morning at the jobcentre haha", "author": A_COACH}}

AT_RISK = (
    ("DWP turned down my PIP again. I have ulcerative colitis and I can't go on, I want to end my life.", {}),
    ("I have ulcerative colitis, please help, I want to end my life", OUR_POST),
    ("I can’t go on, Universal Credit stopped and I can’t go on", {}),  # the apostrophe of telephones
    ("Of course the Universal Credit helpline cut me off. I want to end my life tonight", {}),
    ("Nobody at DWP wants me, I want to end my life", {}),
    ("How do I cope without Universal Credit, I don't want to be here any more", {}),
    ("I'm not ok since DWP stopped my money, I want to die", {}),
)
FOUND = (
    ("cyberbullying", "@example_ipa_workcoach you bastards that do this to them at the jobcentre", {}),
    ("vetting_disclosure", "I've got my SC so can't tell you what I do at DWP", {"author": A_COACH}),
    ("vetting_disclosure", "I hold SC since coming to DWP", {"author": A_COACH}),
    ("vetting_disclosure", "I hold DV. My DV means a pay rise at DWP", {"author": A_COACH}),
    ("trolling", "Cry harder you DWP fanboys. Go on, rage for me", {}),
    ("cyberbullying", "@example_ipa_workcoach disgusting. You are disgusting, what you did to her", A_LAUGH),
    ("threat", "I’ll stab that work coach at Northwick jobcentre", {}),
    ("threat", "The work coach told me I'm sanctioned, I am going to stab her tomorrow. Northwick jobcentre", {}),
    ("threat", "Nobody needs you at that jobcentre, I am going to stab you when you finish", {}),
    ("threat", "Don't think you're safe at that jobcentre, I am going to stab you", {}),
    ("cyberbullying", "You are a fat ugly cow", A_LAUGH),
    ("doxxing", "She stopped my claim at the jobcentre. Mary Example, she lives at 14 Example Street", {}),
    ("cyber_attack", "Selling DWP journal logins, £50 a pop, dm me", {}),
    ("unauthorised_recording", "Watch the video i took of my work coach at the jobcentre, she had no idea", {}),
)
NOTHING = (
    ("@example_ipa_workcoach disgusting what happened to you at the jobcentre", {}),
    ("@example_ipa_workcoach vile that anyone at the jobcentre would do that", {}),
    ("UC Berkeley have the best ulcerative colitis clinic", {}),
    ("My work coach said a bloke shouted I'll stab you, I'll find you, at the jobcentre. Horrible", {}),
    (
        "Labour are evil, cutting PIP again",
        {"author": {"handle": "sample_mum", "bio": "Disabled mum on Universal Credit"}},
    ),
    ("Labour are evil, cutting PIP again", {"author": {"handle": "sample_dad", "bio": "I don't work for the DWP"}}),
    ("We'll smash them at the polls in May over Universal Credit, vote Labour out", {}),
    ("They will cut your Universal Credit if you miss one appointment", {}),
    ("They will hurt the poorest people in the country, DWP should be ashamed", {}),
    ("My brother can't walk. He lives in a village and the jobcentre is a 40 minute drive away.", {}),
    ("Write to the manager at Northwick jobcentre, their address is 20 Market Street", {}),
    ("My new place is 14 Example Street, ring me on 07700 900123. Universal Credit need to know", {}),
    ("Had to buy mobile data to do my Universal Credit journal, the price of it is a joke", {}),
    ("DWP would sell our data if the price was right", {}),
    ("Watch the video of the minister's interview, he had no idea what Universal Credit pays", {}),
    ("I don't want to die waiting for my State Pension, DWP sort it out", {}),
    ("New job Monday, ready to end my Universal Credit claim!", {}),
)


def _found(judge: Judge, mention: Mention) -> set[str]:
    return {finding.category for finding in judge.judge([mention])[0].findings}


@pytest.mark.parametrize(("text", "more"), AT_RISK)
def test_a_person_at_risk_is_not_passed_over(judge: Judge, post: Post, text: str, more: Mapping[str, Any]) -> None:
    assert _found(judge, post(text, **more)) == {"safeguarding"}


@pytest.mark.parametrize(("category", "text", "more"), FOUND)
def test_what_was_hidden_by_other_words_is_found(
    judge: Judge, post: Post, category: str, text: str, more: Mapping[str, Any]
) -> None:
    assert category in _found(judge, post(text, **more))


@pytest.mark.parametrize(("text", "more"), NOTHING)
def test_ordinary_words_are_held_against_nobody(judge: Judge, post: Post, text: str, more: Mapping[str, Any]) -> None:
    assert _found(judge, post(text, **more)) == set()


def test_a_threat_to_a_politician_is_no_vote(judge: Judge, post: Post) -> None:
    answered = {"id": "9", "text": "My view on welfare", "author": {"handle": "sample_mp"}}
    text = "You voted to cut Universal Credit and now I am going to batter you"
    assert _found(judge, post(text, in_reply_to=answered)) == {"threat"}


def test_a_claimant_named_beside_a_benefit_is_none_of_our_people(judge: Judge, post: Post) -> None:
    (finding,) = judge.judge([post("Sharon is on PIP and she is a lazy, worthless, stupid cow")])[0].findings
    assert (finding.category, finding.target.kind) == ("cyberbullying", "other")


def test_a_feeble_rule_does_not_silence_a_model_that_is_sure(dwp: Policy, post: Post) -> None:
    sure = TableScorer({}, {}, {"peace": ("cyberbullying", 0.97)})
    text = "Northwick jobcentre front desk: she is an idiot and the whole town crosses the road, may she have no peace"
    assert "cyberbullying" in _found(Judge(dwp, sure, MentionHistory()), post(text))


@pytest.mark.parametrize(
    ("bio", "works_here"),
    [
        ("Work coach at DWP", True),
        ("jobcentre Bangor", True),
        ("Universal Credit team, Hull", True),
        ("Disabled mum on Universal Credit", False),
        ("Claimant. DWP survivor", False),
        ("I don’t work for the DWP", False),
    ],
)
def test_a_bio_that_names_a_benefit_is_not_yet_a_workers(dwp: Policy, bio: str, works_here: bool) -> None:
    assert Relevance(dwp).employs(Author(bio=bio)) is works_here


@pytest.mark.parametrize(
    ("platform", "author"),
    [
        ("x", Author(name="Dеpartment for Work and Pensions")),  # the first e is Cyrillic
        ("x", Author(name="𝗗𝗲𝗽𝗮𝗿𝘁𝗺𝗲𝗻𝘁 for Work and Pensions ✅")),
        ("x", Author(name="ＤＷＰ Support")),
        ("x", Author(name="DWP SUPP0RT 🇬🇧")),
        ("mastodon", Author(handle="DWPgovuk@social.example")),
        ("mastodon", Author(handle="DWPgovuk_help@social.example")),
        ("bluesky", Author(handle="dwpgovuk-help.bsky.social")),
    ],
)
def test_a_name_in_disguise_or_on_a_server_of_its_own_imitates_still(
    dwp: Policy, platform: str, author: Author
) -> None:
    assert imitated(dwp, platform, author) is not None


@pytest.mark.parametrize(
    ("platform", "author"),
    [
        ("x", Author(name="DWP p\u0430rody")),  # with a Cyrillic a
        ("x", Author(name="Dеborah Works", handle="debworks")),
        ("mastodon", Author(handle="dwp@social.example")),  # somebody's initials
        ("bluesky", Author(handle="jane.social.example")),
    ],
)
def test_others_imitate_nobody(dwp: Policy, platform: str, author: Author) -> None:
    assert imitated(dwp, platform, author) is None


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("letters and signs", "a@!" * 33_000),
        ("names that might be", "Ab Cd " * 16_000),
        ("empty lines", "I will stab that work coach" + "\n" * 150_000),
        ("a handle of help-desk words", "DWP" + "govuk" * 30 + "x"),
    ],
)
def test_no_text_takes_long(dwp: Policy, what: str, text: str) -> None:
    started = perf_counter()
    if what == "a handle of help-desk words":
        assert imitated(dwp, "x", Author(handle=text)) is None
    elif what == "names that might be":
        names_in(text, [])
    else:
        shields(normalise(text), text, "post")
    assert perf_counter() - started < 20  # by the clock, since what it guards against took minutes, or for ever
