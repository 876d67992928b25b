"""Severity in a finding: what raises it, and that each finding says so and quotes the clause that it rests on."""

from collections.abc import Callable

import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.reason import reason
from collectors.mention import Mention
from policies.check import available, load
from policies.policy import Policy
from policies.quotation import LIMIT, Quotation, quotation
from policies.severity import Raise, ReachLevel, RepetitionLevel, SeverityMatrix, TargetSteps
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
ABUSE = "Karen Plimsole at the jobcentre is worthless scum"
LEARNER = "@example_orla you are pathetic and stupid for a learner, DWP should be ashamed of you"
EXAMPLES = [
    (name, category, example)
    for name in ("dwp", "dmm")
    for category, rules in load(name).categories.items()
    for example in rules.examples.fires[:1]
]
MATRIX = SeverityMatrix(
    target=TargetSteps(employee=1, child_or_learner=2), reach=(ReachLevel(adds=1, followers=10_000, views=10_000),)
)


def _judge(policy: Policy, scorer: TableScorer, **matrix: object) -> Judge:
    return Judge(policy.model_copy(update={"severity": MATRIX.model_copy(update=matrix)}), scorer, MentionHistory())


@pytest.mark.parametrize(
    ("more", "severity", "told"),
    [
        ({}, "high", "one step up because it concerns one of our people"),
        ({"metrics": {"views": 9_999}}, "high", "one step up because it concerns one of our people"),
        ({"metrics": {"views": 10_000}}, "critical", "two steps up because it concerns one of our people and it was"),
        ({"author": {"handle": "sample_author", "followers": 20_000}}, "critical", "its author has 20,000 followers"),
    ],
)
def test_target_and_reach_raise_a_finding_and_say_so(
    dwp: Policy, scorer: TableScorer, post: Post, more: dict[str, object], severity: str, told: str
) -> None:
    (finding,) = _judge(dwp, scorer).judge([post(ABUSE, **more)])[0].findings
    assert finding.severity == severity
    assert told in finding.why


def test_without_the_section_a_finding_has_its_categorys_severity(dwp: Policy, scorer: TableScorer, post: Post) -> None:
    silent = dwp.model_copy(update={"severity": SeverityMatrix()})
    (finding,) = Judge(silent, scorer, MentionHistory()).judge([post(ABUSE, metrics={"views": 9_000_000})])[0].findings
    assert finding.severity == "medium"
    assert "Medium for cyberbullying: DWP-SMP Annex 1 says “Cyberbullying" in finding.why


def test_a_learner_is_more_than_a_private_person_and_ones_own_child_is_not_the_target(dwp: Policy, post: Post) -> None:
    judge = _judge(dwp, TableScorer({"pathetic": 0.94}, {}), reach=())
    own = LEARNER.replace("for a learner", "and my child says so")
    learner, other = (judge.judge([post(text)])[0].findings for text in (LEARNER, own))
    assert [one.severity for one in learner] == ["critical"]
    assert "it concerns a child or learner" in learner[0].why
    assert [one.severity for one in other] == ["medium"]


@pytest.mark.parametrize("name", available())
def test_every_category_quotes_its_own_clause_word_for_word(name: str) -> None:
    policy = load(name)
    for category, rules in policy.categories.items():
        quote = quotation(policy, category)
        assert quote.clause in rules.clauses
        words = quote.words.removeprefix("… ").removesuffix(" …")
        assert words in " ".join(policy.clause(quote.clause).text.split())
        assert len(words.split()) >= 2
        assert len(words) <= LIMIT


def test_the_own_accounts_posts_are_held_against_what_may_be_published() -> None:
    quote = quotation(load("dwp"), "own_content")
    assert (quote.clause, "content that is considered inappropriate" in quote.words) == ("DWP-SOB 35", True)


def test_a_person_at_risk_is_read_no_line_on_attacks() -> None:
    protects = Quotation("DWP-SMP 6.3", "DWP have the right to undertake routine monitoring to protect individuals …")
    assert quotation(load("dwp"), "safeguarding") == protects
    assert quotation(load("dwp"), "cyber_attack").words.endswith("guard against any potential cyber-attack")
    assert quotation(load("starter"), "safeguarding").words.endswith("we offer help")


def test_what_was_raised_to_the_top_does_not_count_beyond_it() -> None:
    rests_on, by = Quotation("EW 1", "Nobody is to be abused"), [Raise(2, "a"), Raise(1, "b"), Raise(1, "c")]
    told = reason("Invented", "cyber_attack", "medium", "critical", by, rests_on)
    assert told == (
        "Invented. Critical: EW 1 says “Nobody is to be abused” (medium for cyber attack, up to critical because a, b "
        "and c)."
    )


def test_every_finding_names_its_severity_and_a_clause_in_quotes(scorer: TableScorer, post: Post) -> None:
    judges = {name: Judge(load(name), scorer, MentionHistory()) for name in {name for name, _, _ in EXAMPLES}}
    found = 0
    for number, (name, _, example) in enumerate(EXAMPLES):
        text = example if isinstance(example, str) else example.text
        for finding in judges[name].judge([post(text, number)])[0].findings:
            quote = quotation(judges[name].policy, finding.category)
            assert f"{quote.clause} says “{quote.words}”" in finding.why
            assert finding.severity.capitalize() in finding.why
            assert finding.why.endswith(".")
            found += 1
    assert found > 5


def test_many_posts_to_one_person_raise_it_where_the_pack_says_so(dwp: Policy, scorer: TableScorer, post: Post) -> None:
    matrix = SeverityMatrix(repetition=(RepetitionLevel(adds=2, posts=4),))
    history, author = MentionHistory(), {"handle": "sample_author"}
    judge = Judge(dwp.model_copy(update={"severity": matrix}), scorer, history)
    grave = []
    for number in range(1, 5):
        mention = post(ABUSE, number, author=author, created_at=f"2026-10-01T09:{number:02d}:00Z")
        grave += judge.judge([mention])[0].findings
        history.add(mention)
    assert [finding.severity for finding in grave] == ["medium", "medium", "medium", "critical"]
    assert "it is post 4 to the same person" in grave[-1].why
