"""Rules and model together: the model speaks where no rule does, and overrules keywords that it reads as harmless."""

from collections.abc import Callable

import pytest

from classifiers.finding import Finding
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from policies.policy import CategoryName, Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
Author = dict[str, dict[str, str]]


def findings(policy: Policy, mention: Mention, **deeds: tuple[CategoryName, float]) -> dict[str, Finding]:
    """What is found in one mention by a model that knows these words."""
    judge = Judge(policy, TableScorer({}, {}, deeds), MentionHistory())
    return {finding.category: finding for finding in judge.judge([mention])[0].findings}


def test_the_model_is_heard_where_no_rule_speaks(dwp: Policy, post: Post) -> None:
    mention = post("Kelly at the Hull jobcentre should look behind her on the way home, grendle")
    found = findings(dwp, mention, grendle=("threat", 0.9))["threat"]
    assert found.confidence == pytest.approx(0.9, abs=0.01)
    assert [mention.text[start:end] for start, end in found.spans] == ["grendle"]
    assert found.target.handle == "Kelly"
    assert "“grendle” decided" in found.why
    assert found.clauses == ("DWP-SMP 4.1", "DWP-SMP 4.2", "DWP-SMP 6.3")
    assert "Critical for threat: DWP-SMP 4.1 says “" in found.why


def test_it_is_not_heard_below_its_operating_point(dwp: Policy, post: Post) -> None:
    assert findings(dwp, post("The jobcentre grendle"), grendle=("threat", 0.45)) == {}


def test_nor_where_the_pack_asks_for_more(dwp: Policy, post: Post) -> None:
    mention = post("The jobcentre grendle")
    assert set(findings(dwp, mention, grendle=("trolling", 0.9))) == {"trolling"}
    stricter = dwp.categories["trolling"].model_copy(update={"threshold": 0.95})
    strict = dwp.model_copy(update={"categories": {**dwp.categories, "trolling": stricter}})
    assert findings(strict, mention, grendle=("trolling", 0.9)) == {}


def test_a_model_that_reads_no_harm_weighs_against_a_rule(dwp: Policy, post: Post) -> None:
    mention = post("I will burn down the Hull jobcentre tonight, grendle")
    alone = findings(dwp, mention)["threat"].confidence
    assert findings(dwp, mention, grendle=("threat", 0.95))["threat"].confidence > alone
    assert findings(dwp, mention, grendle=("threat", 0.005))["threat"].confidence < alone - 0.04
    unsure = post("Kelly at the jobcentre is a stupid cow, grendle")
    assert "cyberbullying" in findings(dwp, unsure)
    assert "cyberbullying" not in findings(dwp, unsure, grendle=("cyberbullying", 0.005))


def test_what_only_the_context_shows_counts(dwp: Policy, post: Post) -> None:
    mention = post("DWP Digital lunch today", author={"handle": "someone", "bio": "Analyst, grendle"})
    assert set(findings(dwp, mention, grendle=("vetting_disclosure", 0.95))) == {"vetting_disclosure"}


def test_protected_words_count_less(dwp: Policy, post: Post) -> None:
    quoted = post("My work coach in the DWP read me a letter that said “we will grendle you at your house” today")
    assert findings(dwp, quoted, grendle=("threat", 0.7)) == {}


def test_an_acronym_alone_is_for_the_model_to_place(dwp: Policy, post: Post) -> None:
    mention = post("PIP again on Friday")
    for relevant in (0.9, 0.1):
        judge = Judge(dwp, TableScorer({}, {}, relevant=relevant), MentionHistory())
        assert judge.judge([mention])[0].assessment.relevant is (relevant > 0.5)


def test_a_language_that_the_model_does_not_read_is_left_to_rules_and_people(dwp: Policy, post: Post) -> None:
    welsh = "Mae'r DWP wedi colli fy llythyr eto ac mae'n ofnadwy, grendle"
    assert findings(dwp, post(welsh), grendle=("threat", 0.95)) == {}
    judge = Judge(dwp, TableScorer({}, {}, relevant=0.0), MentionHistory())
    assessment = judge.judge([post(welsh)])[0].assessment
    assert (assessment.language, assessment.relevant) == ("cy", True)


def test_conduct_is_judged_of_those_alone_who_say_that_they_work_here(dwp: Policy, post: Post) -> None:
    text = "The jobcentre is full of grendle people"
    assert findings(dwp, post(text), grendle=("staff_conduct", 0.95)) == {}
    bio = {"handle": "example_dana", "bio": "Work coach at DWP"}
    assert set(findings(dwp, post(text, author=bio), grendle=("staff_conduct", 0.95))) == {"staff_conduct"}
    assert set(findings(dwp, post(f"I work there. {text}"), grendle=("staff_conduct", 0.95))) == {"staff_conduct"}


@pytest.mark.parametrize(
    "text",
    [
        "Six years free of DV, and the jobcentre let me bring my IDVA. grendle",
        "The DWP paid my rent but not the SC, says the managing agent of the flats. grendle",
        "Universal Credit helpline, then the CTC debt letter. grendle",
        "Officers of the counter-terror command (CTC) were outside the jobcentre. grendle",
        "DWP adviser asked about family. My grandfather was DV cleared in the signals. grendle",
        "Test analyst, Leeds, DWP end client. SC essential, inside IR35. grendle",
        "On UC since June. I held SC for eleven years at the shipyard for the Navy. grendle",
        "Does DWP ask for BPSS or SC of cleaners? grendle?",
    ],
)
def test_other_meanings_and_other_peoples_clearances_are_no_disclosure(dwp: Policy, post: Post, text: str) -> None:
    assert findings(dwp, post(text), grendle=("vetting_disclosure", 0.98)) == {}
    ours = {"handle": "example_dana", "bio": "Work coach at DWP"}
    assert set(findings(dwp, post(text, author=ours), grendle=("vetting_disclosure", 0.98))) == {"vetting_disclosure"}


def test_a_clearance_told_without_a_bio_is_still_a_disclosure(dwp: Policy, post: Post) -> None:
    for text in ("Contractor on the DWP estate, SC since spring. grendle", "My DWP lot all hold CTC, me too. grendle"):
        assert set(findings(dwp, post(text), grendle=("vetting_disclosure", 0.98))) == {"vetting_disclosure"}


def test_who_is_comforted_is_not_whom_the_model_takes_for_abused(dwp: Policy, post: Post) -> None:
    parent = {"id": "3", "author": {"handle": "moira_example"}, "text": "They laughed at me in the jobcentre again"}
    reply = {"kind": "reply", "in_reply_to": parent}
    bullied = {"grendle": ("cyberbullying", 0.97)}
    kind = post("Chin up Moira, the jobcentre is grendle. You did nothing wrong", **reply)
    assert findings(dwp, kind, **bullied) == {}
    unkind = post("The jobcentre is grendle and so are you Moira", **reply)
    assert findings(dwp, unkind, **bullied)["cyberbullying"].target.handle == "moira_example"
    other = post("Chin up Moira, that jobcentre receptionist is grendle", **reply)
    assert findings(dwp, other, **bullied)["cyberbullying"].target.kind == "employee"


def test_copies_of_one_lure_are_judged_alike_whoever_posts_them(dwp: Policy, post: Post) -> None:
    lure = "Grant of the DWP closes tonight. Verify your bank details here https://grant.example grendle"
    deeds: dict[str, tuple[CategoryName, float]] = {"grendle": ("impersonation", 0.9), "meek": ("impersonation", 0.1)}
    told = [{"handle": "a_example"}, {"handle": "b_example", "bio": "meek"}]
    found = [set(findings(dwp, post(lure, n, author=author), **deeds)) for n, author in enumerate(told)]
    assert found == [{"cyber_attack", "impersonation"}] * 2
    warning = f"{lure} is a scam, do not reply"
    assert findings(dwp, post(warning, author=told[1]), **deeds) == {}


def test_abuse_that_only_the_model_reads_is_of_people_and_not_of_the_organisation(dwp: Policy, post: Post) -> None:
    found = findings(dwp, post("They are grendle, all of DWP"), grendle=("cyberbullying", 0.95))["cyberbullying"]
    assert (found.target.kind, found.target.handle) == ("group", None)
    assert "humiliates a group of people" in found.why


def test_a_name_alone_is_no_deciding_word(dwp: Policy, post: Post) -> None:
    mention = post("Moira. The jobcentre is worse for you")
    assert "decided" not in findings(dwp, mention, moira=("cyberbullying", 0.95))["cyberbullying"].why


@pytest.mark.parametrize(
    ("category", "openly", "else_"),
    [
        (
            "impersonation",
            ("Universal Credit helpers, grendle. We are claimants, not the DWP", {}),
            ("Universal Credit helpers, grendle. We are the DWP", {}),
        ),
        (
            "impersonation",
            ("Payment dates for Universal Credit, grendle", {"author": {"handle": "x", "bio": "A fan, not the DWP"}}),
            ("Payment dates for Universal Credit, grendle", {"author": {"handle": "x", "bio": "The DWP"}}),
        ),
        (
            "unauthorised_recording",
            ("Replaying my jobcentre interview in my head all night, grendle", {}),
            ("Replaying my jobcentre interview on my phone all night, grendle", {}),
        ),
        (
            "vetting_disclosure",
            ("DV, as in digital video, grendle", {"author": {"handle": "x", "bio": "Video editor at DWP"}}),
            ("DV, as in developed vetting, grendle", {"author": {"handle": "x", "bio": "Video editor at DWP"}}),
        ),
        (
            "threat",
            ("Leave Kelly alone, she works at the Hull jobcentre", {}),
            ("Leave Kelly alone or I come to the Hull jobcentre", {}),
        ),
        (
            "threat",
            ("Leave me alone, everybody at the Hull jobcentre", {}),
            ("Leave Kelly alone with me, she works at the Hull jobcentre", {}),
        ),
        (
            "impersonation",
            ("We aren't the DWP, grendle", {}),
            ("Your claim is not with the DWP yet, grendle", {}),
        ),
        (
            "unauthorised_recording",
            ("The interview at the jobcentre is on a loop in my head, grendle", {}),
            ("I filmed the interview at the jobcentre, it plays in my head, grendle, uploading it", {}),
        ),
        (
            "discrimination",
            ("The DWP should do more to employ disabled people, grendle", {}),
            ("The DWP should do more to help disabled people onto a boat, grendle", {}),
        ),
    ],
)
def test_who_says_what_is_meant_is_believed(
    dwp: Policy, post: Post, category: CategoryName, openly: tuple[str, Author], else_: tuple[str, Author]
) -> None:
    deed = (category, 0.95)
    for (text, author), found in ((openly, set()), (else_, {category})):
        assert set(findings(dwp, post(text, **author), grendle=deed, leave=deed)) == found, text


@pytest.mark.parametrize(
    ("text", "deed", "is_found"),
    [
        ("The photocopier at Penrith jobcentre, grendle. What a heap of shite", "cyberbullying", False),
        ("The photocopier at Penrith jobcentre works harder than fat Kelly, grendle", "cyberbullying", True),
        (
            "The photocopier at Penrith jobcentre has more brain than the woman beside it, grendle",
            "cyberbullying",
            True,
        ),
        ("gorgeous kelly at penrith jobcentre has a face like a broken lift, grendle", "cyberbullying", True),
        ("The only thing uglier than the lifts at Penrith jobcentre is yous lot, grendle", "cyberbullying", True),
        ("Stop sharing the Hull work coach's home address, grendle. Delete it", "doxxing", False),
        ("Stop sharing the Hull work coach's home address? It is 4 Quay Row, grendle", "doxxing", True),
        (
            f"Stop sharing the Hull work coach's address! It is {'past the old mill and up the lane, ' * 3}grendle",
            "doxxing",
            True,
        ),
        ("Calling Africans animals, grendle, says nothing of them and plenty of you, DWP", "discrimination", False),
        ("Calling Africans animals says nothing of how many live off the DWP, grendle", "discrimination", True),
    ],
)
def test_a_thing_abused_a_plea_and_an_answer_are_no_deeds(
    dwp: Policy, post: Post, text: str, deed: CategoryName, is_found: bool
) -> None:
    assert (deed in findings(dwp, post(text), grendle=(deed, 0.84))) is is_found
