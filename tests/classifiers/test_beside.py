"""Who is one of ours, and what is judged though the text names us not. Every post and person is invented."""

from collections.abc import Callable
from typing import Any

import pytest

from classifiers.backends import scorer
from classifiers.finding import Judgement, Target
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from collectors.register import KnownPeople, Person, Worker
from policies.check import load
from policies.policy import Account, Monitoring, Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
BIO = "Work coach at the DWP. Views my own"
WATCHED = Worker("work coach", monitored=True)
REFUSED = Worker("case manager", basis="refused")
REGISTER = KnownPeople(
    [
        Person(WATCHED, (("x", "example_orla"),), ("Orla Examplesson",)),
        Person(REFUSED, (("x", "example_tam"),), ("Tam O'Sample",)),
    ]
)
CONTEMPT = "Claimants stink, lazy lot, all of them"

DUTY = {
    "Vote Labour on Thursday, get this shower out": "staff_conduct",
    "The Tories are scum and anybody who votes for them is an idiot": "staff_conduct",
    "Proud to be campaigning for the Greens this weekend, come and knock on doors with me": "staff_conduct",
    "The Secretary of State is a liar and a clown": "staff_conduct",
    "Claimants today were lazy as usual, half of them stink": "staff_conduct",
    "Another day of whining scroungers who would not know work if it bit them": "staff_conduct",
    "My line manager is a useless idiot, cannot even run a rota": "staff_conduct",
    "Caseload full of junkies and wasters this week": "staff_conduct",
    "Told a customer to get off his fat backside today, these people are thick as mince": "staff_conduct",
    "@example_nobody you are a stupid ugly cow, delete your account": "staff_conduct",
    "Our sanction figures for the quarter, not published yet: 412, screenshot below": "official_information",
    "Leaked from this morning's all staff briefing, two sites close, not announced yet": "official_information",
    "Just been told before it's announced: the date moves to the 28th. You didn't hear it from me": (
        "official_information"
    ),
    "Finally got my SC clearance through, took six months": "vetting_disclosure",
    "DV cleared as of today, cannot say more": "vetting_disclosure",
}
HOBBY = [
    "New sourdough starter is finally bubbling, loaf tomorrow",
    "Five-a-side tonight, great team, lost six nil but we laughed all the way home",
    "Finally finished painting the spare room, arms like jelly",
    "Arsenal were shocking today. They are useless, absolute clowns at the back",
    "My dog ate the remote. Again. Third one this year",
    "Anyone recommend a decent plumber in Hull? Boiler is on its way out",
    "Choir practice was a joy tonight, two weeks to the concert",
    "Everyone vote for Dotty in the dog show, she deserves it",
    "My sister got the job! So proud of her",
    "Off to the allotment, customers at the farm shop love my leeks",
    "Our quiz team came last and my cat is ashamed of me",
    "Bins not collected for the second week running, come on council",
    "Referee was a disgrace, never a penalty",
    "You daft sausage Dave, see you Saturday",
    "Picking figures for the model railway, 412 painted so far",
    "Between us, the best chip shop in Hull is on Holderness Road, keep it quiet",
]


@pytest.fixture(scope="module")
def said_by_staff(dwp: Policy) -> dict[str, Judgement]:
    """Every post above, by somebody whose bio alone names us, judged by the model that ships."""
    texts = [*DUTY, *HOBBY]
    judged = Judge(dwp, scorer("embedded"), MentionHistory()).judge([_said(text, bio=BIO) for text in texts])
    return dict(zip(texts, judged, strict=True))


def _said(text: str, handle: str = "example_nobody_2", bio: str | None = None, **more: Any) -> Mention:
    record = {"platform": "x", "id": "1", "text": text, "created_at": "2026-10-01T09:15:00Z", **more}
    return Mention.from_record({"author": {"handle": handle, "bio": bio}, **record})


@pytest.mark.parametrize(("text", "category"), DUTY.items(), ids=range(len(DUTY)))
def test_staff_are_judged_by_the_policy_though_only_their_bio_names_us(
    said_by_staff: dict[str, Judgement], text: str, category: str
) -> None:
    judged = said_by_staff[text]
    assert category in [finding.category for finding in judged.findings]
    assert judged.assessment.relevant, "what the policy forbids its staff is about the organisation"


@pytest.mark.parametrize("text", HOBBY, ids=range(len(HOBBY)))
def test_what_staff_do_on_their_evenings_is_nobodys_business(said_by_staff: dict[str, Judgement], text: str) -> None:
    judged = said_by_staff[text]
    assert judged.findings == ()
    assert not judged.assessment.relevant, "no report counts anybody's garden"


def test_the_same_words_of_a_stranger_are_neither_relevant_nor_judged(dwp: Policy) -> None:
    for judged in Judge(dwp, scorer("embedded"), MentionHistory()).judge(
        [_said(text) for text in DUTY if "laimants" not in text and "clearance" not in text]
    ):
        assert judged.findings == ()


def _judge(policy: Policy, register: KnownPeople = REGISTER) -> Judge:
    return Judge(
        policy, TableScorer({"scum": 0.9}, {}, {"grendle": ("cyberbullying", 0.95)}), MentionHistory(), register
    )


def _found(judge: Judge, mention: Mention) -> dict[str, Target]:
    return {finding.category: finding.target for finding in judge.judge([mention])[0].findings}


def test_a_registered_author_is_judged_as_staff_where_the_register_lets_them_be(dwp: Policy) -> None:
    judge = _judge(dwp)
    assert set(_found(judge, _said(CONTEMPT, "example_orla"))) == {"staff_conduct"}
    assert _found(judge, _said(CONTEMPT, "example_tam")) == {}, "said no"
    assert set(_found(judge, _said(CONTEMPT, "example_tam", BIO))) == {"staff_conduct"}, "says so themselves"
    assert _found(judge, _said(CONTEMPT, "example_other")) == {}


def test_a_policy_that_watches_no_personal_accounts_makes_no_use_of_the_register(dwp: Policy) -> None:
    quiet = dwp.model_copy(update={"monitoring": Monitoring(staff_personal_accounts=False, clauses=("DWP-SMP 5.1",))})
    listed = (*quiet.accounts, Account(handle="example_at_home", kind="personal"))
    judge = _judge(quiet.model_copy(update={"accounts": listed}))
    assert _found(judge, _said(CONTEMPT, "example_orla")) == {}
    assert _found(judge, _said(CONTEMPT, "example_at_home")) == {}
    open_judge = _judge(dwp.model_copy(update={"accounts": listed}))
    assert set(_found(open_judge, _said(CONTEMPT, "example_at_home"))) == {"staff_conduct"}


@pytest.mark.parametrize("person", ["Orla Examplesson", "orla examplesson", "Mrs Tam O’Sample", "TAM OSAMPLE's"])
def test_a_registered_name_is_an_employee_without_any_word_for_work(dwp: Policy, person: str) -> None:
    text = f"Universal Credit again. {person} is worthless scum, no question"
    registered, unknown = (_found(_judge(dwp, r), _said(text)).get("cyberbullying") for r in (REGISTER, KnownPeople()))
    assert registered is not None
    assert registered.kind == "employee"
    assert unknown is None or unknown.kind != "employee"


def test_somebody_else_of_the_name_elsewhere_is_not_made_relevant(dwp: Policy) -> None:
    (judged,) = _judge(dwp).judge([_said("Orla Examplesson at the bakery is worthless scum")])
    assert not judged.assessment.relevant
    assert judged.findings == ()


@pytest.mark.parametrize("handle", ["example_orla", "Example_Tam"])
def test_abuse_of_a_registered_worker_is_judged_wherever_it_is_said(dwp: Policy, handle: str) -> None:
    judge = _judge(dwp)
    parent = {"author": {"handle": handle}, "text": "Lovely walk by the sea"}
    answer = _said("you are worthless scum", in_reply_to=parent)
    assert _found(judge, answer) == {"cyberbullying": Target("employee", handle)}
    assert _found(judge, _said(f"@{handle} you are worthless scum")) == {"cyberbullying": Target("employee", handle)}
    (kind,) = judge.judge([_said("what a view", in_reply_to=parent)])
    assert not kind.assessment.relevant, "a chat about the sea is no mention of us"


def test_who_has_left_is_no_longer_ours(dwp: Policy) -> None:
    left = Worker("work coach", monitored=True, leaves=_said("").created_at.date())
    judge = _judge(dwp, KnownPeople([Person(left, (("x", "example_orla"),))]))
    assert set(_found(judge, _said(CONTEMPT, "example_orla"))) == {"staff_conduct"}
    assert _found(judge, _said(CONTEMPT, "example_orla", created_at="2026-10-02T00:00:00Z")) == {}


@pytest.mark.parametrize(
    ("handle", "bio", "scope", "relevant", "found"),
    [
        ("DWPgovuk", None, "official", True, False),
        ("PCSDWP", None, "union", True, False),
        ("example_ipa_workcoach", None, "in", True, True),
        ("example_linkedin", "Case Manager, Department for Work and Pensions | Hull", "in", True, True),
        ("example_former", "Ex DWP, now a florist", "in", True, False),
        ("example_customer", "Sanctioned by the DWP and still here", "in", True, False),
        ("example_rep", "PCS rep, DWP. Opinions mine", "in", True, True),
        ("example_reader", None, "in", True, False),
    ],
)
def test_each_kind_of_account_is_what_it_is(
    dwp: Policy, handle: str, bio: str | None, scope: str, relevant: bool, found: bool
) -> None:
    (judged,) = _judge(dwp).judge([_said(f"DWP: {CONTEMPT}", handle, bio)])
    assert (judged.assessment.scope, judged.assessment.relevant) == (scope, relevant)
    assert bool([each for each in judged.findings if each.category == "staff_conduct"]) == found


@pytest.mark.parametrize("role", ["my work coach", "the case manager", "your adviser", "jobcentre staff"])
def test_a_role_of_the_pack_is_one_of_its_people(dwp: Policy, role: str) -> None:
    kinds = _found(_judge(dwp), _said(f"Universal Credit: {role} is worthless scum, lowlife parasite"))
    assert {target.kind for target in kinds.values()} <= {"employee", "group"}
    assert kinds


def test_a_role_of_another_pack_is_not() -> None:
    judge = _judge(load("airlines"))
    (judged,) = judge.judge([_said("my work coach is worthless scum")])
    assert not judged.assessment.relevant
