"""The judge: order, scope, thresholds, spans, one scoring pass."""

from collections.abc import Callable, Sequence
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.backends import scorer
from classifiers.embedded import Embedded
from classifiers.history import MentionHistory
from classifiers.judge import Judge, judge_all
from classifiers.scorer import Scores
from collectors.mention import Mention
from policies.check import load
from policies.policy import CategoryName, Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]
ABUSE = "Karen Plimsole at the jobcentre is worthless scum"


def _with(policy: Policy, category: CategoryName, **changes: object) -> Policy:
    changed = policy.categories[category].model_copy(update=changes)
    return policy.model_copy(update={"categories": {**policy.categories, category: changed}})


def test_order_and_stamps(judge: Judge, post: Post) -> None:
    mentions = [post(text, number) for number, text in enumerate([ABUSE, "hello", "", "DWP is late", ABUSE])]
    judgements = judge.judge(mentions)
    assert [found.assessment.mention_id for found in judgements] == [f"x:{number}" for number in range(5)]
    assert [len(found.findings) for found in judgements] == [1, 0, 0, 0, 1]
    assert {found.assessment.policy for found in judgements} == {judge.policy.stamp}
    assert {found.assessment.model for found in judgements} == {"table-1"}
    assert judge.judge([]) == []


def test_a_finding_cites_its_clauses_and_its_words(judge: Judge, post: Post) -> None:
    text = "Oi! Karen Plimsole at the jobcentre is w0rthless   s.c.u.m 👎"
    (finding,) = judge.judge([post(text)])[0].findings
    assert finding.clauses == judge.policy.categories["cyberbullying"].clauses
    assert [text[start:end] for start, end in finding.spans] == ["w0rthless", "s.c.u.m"]
    assert finding.target.handle == "Karen Plimsole"
    assert "DWP-SMP Annex 1 says “" in finding.why
    assert "scum" in finding.why


@pytest.mark.parametrize(
    ("handle", "scope"),
    [("DWPgovuk", "official"), ("PCSDWP", "union"), ("example_ipa_digital", "in"), ("somebody_example", "in")],
)
def test_official_and_union_accounts_have_no_findings(judge: Judge, post: Post, handle: str, scope: str) -> None:
    (found,) = judge.judge([post(ABUSE, author={"handle": handle})])
    assert found.assessment.scope == scope
    assert bool(found.findings) == (scope == "in")


def test_only_an_official_account_is_judged_by_how_it_publishes(dwp: Policy, post: Post) -> None:
    careless = "apply to the dwp now bit.ly/2pensn #getpensioncredit #dontmissout"
    judge = Judge(dwp, scorer("embedded"), MentionHistory())
    ours, somebody = judge.judge([post(careless, author={"handle": h}) for h in ("DWPgovuk", "somebody_example")])
    assert [finding.category for finding in ours.findings] == ["own_content"]
    assert ours.findings[0].clauses == dwp.categories["own_content"].clauses
    assert "own_content" not in [finding.category for finding in somebody.findings]


def test_what_is_not_about_us_has_scores_and_no_findings(judge: Judge, post: Post) -> None:
    (found,) = judge.judge([post("Karen Plimsole at the bakery is worthless scum")])
    assert not found.assessment.relevant
    assert found.findings == ()
    assert found.assessment.toxicity["toxicity"] == pytest.approx(0.9, abs=1e-3)


def test_the_pack_decides_what_counts(dwp: Policy, judge: Judge, post: Post) -> None:
    for changes in ({"enabled": False}, {"threshold": 1.0}):
        strict = Judge(_with(dwp, "cyberbullying", **changes), judge.scorer, MentionHistory())
        assert strict.judge([post(ABUSE)])[0].findings == ()
    grave = Judge(_with(dwp, "cyberbullying", severity="critical"), judge.scorer, MentionHistory())
    assert grave.judge([post(ABUSE)])[0].findings[0].severity == "critical"


def test_a_threshold_asks_of_the_confidence_that_is_told(dwp: Policy, post: Post) -> None:
    """0.846 is stored as 0.85; a threshold of 0.85, which is proposed on what is stored, keeps it."""
    sure = TableScorer({}, {}, {"grendle": ("trolling", 0.846)})
    for threshold, kept in ((0.85, [0.85]), (0.86, [])):
        judge = Judge(_with(dwp, "trolling", threshold=threshold), sure, MentionHistory())
        found = judge.judge([post("The jobcentre grendle")])[0].findings
        assert [finding.confidence for finding in found] == kept


def test_every_distinct_text_is_scored_once_for_all_packs(dwp: Policy, judge: Judge, post: Post) -> None:
    second = Judge(load("airlines"), judge.scorer, MentionHistory())
    mentions = [post("The DWP is late", number) for number in range(5)] + [post("The\u200b DWP is late", 9)]
    first, other = judge_all([judge, second], mentions)
    assert judge.scorer.seen == 1  # type: ignore[attr-defined]
    assert [found.assessment.relevant for found in first] == [True] * 6
    assert [found.assessment.relevant for found in other] == [False] * 6


class CaseReader(TableScorer):
    """As Detoxify's newer checkpoints, it reads capitals: here as shouting."""

    def score(self, texts: Sequence[str]) -> Scores:
        found = super().score(texts)
        found.toxicity[[text.isupper() for text in texts]] = 0.9
        return found


@pytest.mark.parametrize("order", [1, -1])
def test_a_posts_toxicity_does_not_depend_on_who_is_judged_with_it(dwp: Policy, post: Post, order: int) -> None:
    judge = Judge(dwp, CaseReader({}, {}), MentionHistory())
    mentions = [post("dwp is late again", 1), post("DWP IS LATE AGAIN", 2)][::order]
    toxic = {one.assessment.mention_id: one.assessment.toxicity["toxicity"] for one in judge.judge(mentions)}
    assert toxic == pytest.approx({"x:1": 0.3, "x:2": 0.9}, abs=1e-3)


def test_judges_that_judge_together_share_a_scorer(dwp: Policy, judge: Judge, post: Post) -> None:
    stranger = Judge(dwp, Embedded(), MentionHistory())
    with pytest.raises(ValueError, match="share one scorer"):
        judge_all([judge, stranger], [post("hello")])


PIECES = st.sampled_from(
    (
        *(
            "DWP",
            "you",
            "are",
            "scum",
            "@DWPgovuk",
            "Karen Plimsole",
            "jobcentre",
            "kill",
            "“",
            "”",
            ".",
            ">",
            "I",
            "her",
        ),
        *("will", "s.c.u.m", "👎", "https://a.example", "07700 900123", "lives at", "recorded", "#DWP"),
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25))
def test_any_text_is_judged_and_its_spans_lie_within_it(pieces: list[str]) -> None:
    text = " ".join(pieces).replace("\x00", "")
    mention = Mention.from_record({"platform": "x", "id": "1", "text": text, "created_at": "2026-10-01T09:15:00Z"})
    (found,) = ANY_JUDGE.judge([mention])
    assert -1 <= found.assessment.sentiment.score <= 1
    for finding in found.findings:
        assert 0 <= finding.confidence <= 1
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)


ANY_JUDGE = Judge(load("dwp"), Embedded(threads=1), MentionHistory())


@pytest.mark.parametrize(
    "piece",
    [
        "he called me scum, ",
        "Karen Plimsole ",
        "you are scum ",
        "DWP @user ",
        "a@!",
        "Ab Cd ",
        "I will stab you\n\n\n\n",
    ],
)
def test_time_stays_in_proportion_to_length(judge: Judge, post: Post, piece: str) -> None:
    def seconds(length: int) -> float:
        mention = post("DWP " + piece * (length // len(piece)))
        started = perf_counter()
        judge.judge([mention])
        return perf_counter() - started

    seconds(1_000)
    assert seconds(24_000) < 30 * max(seconds(6_000), 0.05)


def test_two_insults_at_an_account_are_abuse_and_one_is_a_quarrel(dwp: Policy, post: Post) -> None:
    scorer = TableScorer({"pathetic": 0.94}, {})
    judge = Judge(dwp, scorer, MentionHistory())
    two, one = judge.judge(
        [
            post("@example_orla you are pathetic and stupid, DWP should be ashamed of you", 1),
            post("@example_orla that answer was pathetic, DWP should be ashamed of it", 2),
        ]
    )
    assert [finding.category for finding in two.findings] == ["cyberbullying"]
    assert one.findings == ()


INSULT = "@example_orla you are a worthless idiot."
WISH = "@example_orla kill yourself, you worthless pig. I hope you get cancer and die."
MIDDLE = "The office was busy, it rained, and the people in the queue read the paper. " * 50


@pytest.mark.parametrize(("first", "last"), [(INSULT, WISH), (WISH, INSULT)])
def test_of_a_long_post_the_gravest_place_counts_and_the_words_of_all_are_shown(
    judge: Judge, post: Post, first: str, last: str
) -> None:
    text = f"{first} {MIDDLE}DWP. {last}"
    (short,) = judge.judge([post(f"DWP. {first} {last}")])[0].findings
    (long,) = judge.judge([post(text)])[0].findings
    assert (long.category, long.severity, long.target) == (short.category, short.severity, short.target)
    words = {text[start:end] for start, end in long.spans}
    assert {"idiot", "hope you get cancer"} <= words
    assert list(long.spans) == sorted(long.spans)
    assert "hope you get cancer" in long.why
