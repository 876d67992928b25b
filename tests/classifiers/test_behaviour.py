"""Sequences over days, accounts and platforms, each beside its innocent neighbour. Every post is invented by us."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from classifiers.behaviour.fingerprint import SIMILAR, bands, similarity
from classifiers.behaviour.linking import states_new_account, stem
from classifiers.finding import Finding
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import Scorer
from collectors.mention import Mention
from policies.policy import Policy

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
PERSON: dict[str, Any] = {"author": {"handle": "example_ipa_employers", "bio": "Employer adviser, DWP"}, "text": "Hi"}
OFFICIAL: dict[str, Any] = {"author": {"handle": "DWPgovuk"}, "text": "Hello"}


def _post(
    number: int, text: str, handle: str, hours: float, parent: dict[str, Any] | None = PERSON, platform: str = "x"
) -> Mention:
    record = {
        "platform": platform,
        "id": str(number),
        "text": text,
        "kind": "reply" if parent else "post",
        "created_at": (START + timedelta(hours=hours)).isoformat(),
        "author": {"id": f"{handle}@{platform}", "handle": handle},
    }
    return Mention.from_record(record | ({"in_reply_to": parent} if parent else {}))


def _found(dwp: Policy, scorer: Scorer, posts: Sequence[Mention]) -> dict[str, Finding]:
    """What is found in the last post."""
    judged = Judge(dwp, scorer, MentionHistory(posts)).judge(posts)
    return {finding.category: finding for finding in judged[-1].findings}


def _kinds(finding: Finding) -> set[str]:
    return {behaviour.kind for behaviour in finding.behaviours}


ADMIRER = ["Lovely smile in that photo", "why won't you answer me", "Still ignoring me?", "Answer me, we will talk"]
PLACES = [("night_heron_77", "x"), ("night_heron_77", "reddit"), ("nightheron78", "mastodon"), ("Night.Heron77", "x")]


def test_a_course_runs_across_platforms_and_near_identical_handles(dwp: Policy, scorer: Scorer) -> None:
    posts = [
        _post(i, text, handle, 48 * i, platform=platform)
        for i, (text, (handle, platform)) in enumerate(zip(ADMIRER, PLACES, strict=True))
    ]
    stalking = _found(dwp, scorer, posts)["cyberstalking"]
    assert "near-identical handles" in stalking.why
    shown = next(behaviour for behaviour in stalking.behaviours if behaviour.kind == "course_of_conduct")
    assert [step.mention_id for step in shown.steps] == [post.mention_id for post in posts]
    assert {step.platform for step in shown.steps} == {"x", "reddit", "mastodon"}


@pytest.mark.parametrize("handle", ["sam", "alex99", "davesmith", "customer", "user48213"])
def test_a_common_handle_on_two_platforms_proves_nothing(dwp: Policy, scorer: Scorer, handle: str) -> None:
    platforms = ["x", "reddit", "mastodon", "x"]
    posts = [_post(i, t, handle, 48 * i, platform=p) for i, (t, p) in enumerate(zip(ADMIRER, platforms, strict=True))]
    assert "cyberstalking" not in _found(dwp, scorer, posts)


def test_a_new_account_that_says_so_goes_on(dwp: Policy, scorer: Scorer) -> None:
    old = [_post(i, text, "grey_kettle", 48 * i) for i, text in enumerate(ADMIRER[1:3])]
    new = _post(9, "New account, you blocked my old one. Answer me", "plum_anorak", 120)
    stalking = _found(dwp, scorer, [*old, new])["cyberstalking"]
    assert "own words about an account before" in stalking.why
    assert [step.account for step in stalking.behaviours[0].steps] == ["grey_kettle", "grey_kettle", "plum_anorak"]


def test_of_two_that_it_may_be_a_new_account_is_neither(dwp: Policy, scorer: Scorer) -> None:
    old = [_post(i, ADMIRER[1], handle, 48 * i) for i, handle in enumerate(("grey_kettle", "red_ladder"))]
    posts = [*old, _post(9, "New account, you blocked my old one. Answer me", "plum_anorak", 120)]
    assert all(not finding.behaviours for finding in _found(dwp, scorer, posts).values())
    named = [*old, _post(9, "New account, you blocked my old one, red_ladder. Answer me", "plum_anorak", 72)]
    stalking = _found(dwp, scorer, [*named, _post(10, "Answer me", "plum_anorak", 120)])["cyberstalking"]
    assert [step.account for step in stalking.behaviours[0].steps] == ["red_ladder", "plum_anorak", "plum_anorak"]


def test_two_days_after_a_request_to_stop_are_a_course(dwp: Policy, scorer: Scorer) -> None:
    asked = {**PERSON, "text": "Please stop messaging me."}
    pleas = ("Answer me", "I only want to talk to you")
    went_on = [_post(i, text, "grey_kettle", 30 * i, PERSON if i else asked) for i, text in enumerate(pleas)]
    assert "after being asked to stop" in _found(dwp, scorer, went_on)["cyberstalking"].why
    plain = [_post(i, text, "grey_kettle", 30 * i) for i, text in enumerate(pleas)]
    assert "cyberstalking" not in _found(dwp, scorer, plain)


def test_the_apostrophe_of_telephones_is_read_in_earlier_posts_too(dwp: Policy, scorer: Scorer) -> None:
    asked = {**PERSON, "text": "Please don’t message me."}
    went_on = [_post(0, "Answer me", "grey_kettle", 0, asked), _post(1, "I only want to talk", "grey_kettle", 30)]
    assert "after being asked to stop" in _found(dwp, scorer, went_on)["cyberstalking"].why
    curly = ["You’re a joke", "You’ll be sorry", "You’re a disgrace", "You can’t hide", "You’re a bully"]
    crowd = [_post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(curly)]
    assert "pile_on" in _kinds(_found(dwp, scorer, crowd)["cyberbullying"])
    texts = ["I saw Sarah O’Brien at the DWP jobcentre, liar", "Sarah O’Brien DWP liar, not going away"]
    named = [_post(i, text, "plum_anorak", 48 * i, None) for i, text in enumerate([*texts, f"{texts[1]}, found her"])]
    assert len(_found(dwp, scorer, named)["cyberstalking"].behaviours[0].steps) == 3


@pytest.mark.parametrize("who", ["Mrs Day", "my work coach Hope", "Mr Long"])
def test_a_common_word_is_no_name_in_earlier_posts(dwp: Policy, scorer: Scorer, who: str) -> None:
    """A customer who is angry at an official account, and then names one person once, is still a customer."""
    words = (
        "Will you answer? I ring every day, how long do you go on ignoring me? Hope will not help, I hope you read this"
    )
    texts = [words, f"Another day, {words}", f"Now {who} at the jobcentre is ignoring me too"]
    posts = [_post(i, text, "plum_anorak", 48 * i, OFFICIAL) for i, text in enumerate(texts)]
    assert "cyberstalking" not in _found(dwp, scorer, posts)


@pytest.mark.parametrize(
    "named", ["I saw Mrs Day, liar", "day after day mrs day hides, liar", "where is Day hiding, liar"]
)
def test_a_name_of_one_word_that_stands_as_a_name_counts(dwp: Policy, scorer: Scorer, named: str) -> None:
    texts = [f"DWP jobcentre: {named}", f"DWP: {named}", "Now Mrs Day at the DWP jobcentre is ignoring me too, liar"]
    posts = [_post(i, text, "plum_anorak", 48 * i, None) for i, text in enumerate(texts)]
    assert len(_found(dwp, scorer, posts)["cyberstalking"].behaviours[0].steps) == 3


def test_it_escalates_to_whereabouts(dwp: Policy, scorer: Scorer) -> None:
    texts = ["Lovely photo", "why won't you answer me", "Still ignoring me?", "Saw your car on your street, answer me"]
    posts = [_post(i, text, "grey_kettle", 48 * i) for i, text in enumerate(texts)]
    stalking = _found(dwp, scorer, posts)["cyberstalking"]
    assert "whereabouts" in stalking.why
    assert "home or routine" in stalking.behaviours[0].steps[-1].counted_as


CHASING = ["Any update on my claim?", "Still no news on my payment", "Why won't you answer, my rent is due on my claim"]


@pytest.mark.parametrize("parent", [PERSON, OFFICIAL])
def test_a_customer_who_chases_a_claim_for_weeks_on_two_platforms(
    dwp: Policy, scorer: Scorer, parent: dict[str, Any]
) -> None:
    posts = [
        _post(i, text, "plum_anorak", 60 * i, parent, platform)
        for i, (text, platform) in enumerate(zip(CHASING * 3, ["x", "reddit", "facebook"] * 3, strict=True))
    ]
    assert _found(dwp, scorer, posts) == {}


JEERS = ["Resign, shame on you", "You should be sacked", "Get a life", "Everyone hates you", "You are a joke, resign"]


def test_many_who_turn_on_one_person_pile_on(dwp: Policy, scorer: Scorer) -> None:
    posts = [_post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(JEERS)]
    bullying = _found(dwp, scorer, posts)["cyberbullying"]
    shown = next(behaviour for behaviour in bullying.behaviours if behaviour.kind == "pile_on")
    assert len(shown.steps) == 5
    assert "5 people" in bullying.why


def test_one_who_jeers_from_five_accounts_is_no_crowd_nor_are_slow_or_few(dwp: Policy, scorer: Scorer) -> None:
    one = [_post(i, text, f"night_heron_{i}", i) for i, text in enumerate(JEERS)]
    slow = [_post(i, text, f"{'abcde'[i]}_invented_crowd", 30 * i) for i, text in enumerate(JEERS)]
    few = [_post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(JEERS[1:])]
    for posts in (one, slow, few):
        assert all("pile_on" not in _kinds(finding) for finding in _found(dwp, scorer, posts).values())


def _without_handle(post: Mention) -> Mention:
    return post.model_copy(update={"author": post.author.model_copy(update={"handle": None})})


def test_where_a_platform_tells_no_handles_a_crowd_is_known_by_accounts(dwp: Policy, scorer: Scorer) -> None:
    crowd = [_without_handle(_post(i, text, f"{'abcde'[i]}_invented_crowd", i)) for i, text in enumerate(JEERS)]
    assert "pile_on" in _kinds(_found(dwp, scorer, crowd)["cyberbullying"])
    one = [_without_handle(_post(i, text, "a_invented_crowd", i)) for i, text in enumerate(JEERS)]
    assert all("pile_on" not in _kinds(finding) for finding in _found(dwp, scorer, one).values())


def test_customers_who_complain_of_an_outage_are_no_pile_on(dwp: Policy, scorer: Scorer) -> None:
    texts = ["The site is down again, shame on you", "You are a joke, DWP", "Resign, all of you", "Down again. Liars"]
    posts = [_post(i, text, f"{'abcdefghijkl'[i]}_outage_example", i / 2, OFFICIAL) for i, text in enumerate(texts * 3)]
    assert all(not finding.behaviours for finding in _found(dwp, scorer, posts).values())


def test_who_takes_their_side_in_a_pile_on_does_not_join_it(dwp: Policy, scorer: Scorer) -> None:
    posts = [_post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(JEERS)]
    kind = _post(9, "Leave her alone, nobody should be told to resign for doing her job", "kind_example", 6)
    assert _found(dwp, scorer, [*posts, kind]) == {}


def test_who_threatens_joins_a_pile_on_and_counts_in_one(dwp: Policy, scorer: Scorer) -> None:
    posts = [_post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(JEERS[:4])]
    last = _post(9, "I'm going to batter you after your shift", "f_invented_crowd", 5)
    assert "pile_on" in _kinds(_found(dwp, scorer, [*posts, last])["threat"])
    counted = [*posts[:3], _post(8, "Somebody should stab you on the way in", "g_invented_crowd", 4)]
    assert "pile_on" in _kinds(_found(dwp, scorer, [*counted, last])["threat"])
    harmless = [*posts[:3], _post(8, "I would never hurt you, I only want my claim paid", "g_invented_crowd", 4)]
    assert all("pile_on" not in _kinds(one) for one in _found(dwp, scorer, [*harmless, last]).values())


SMEAR = "Ask this adviser why she is a liar and a disgrace who cheats people out of what they are owed every week"


def test_copies_that_are_aimed_at_one_of_our_people_are_coordinated(dwp: Policy, scorer: Scorer) -> None:
    posts = [_post(i, SMEAR.replace("week", f"week {i}"), f"{'abc'[i]}_copying_example", i) for i in range(3)]
    found = _found(dwp, scorer, posts)
    assert any("coordinated_copies" in _kinds(finding) for finding in found.values())


PETITION = (
    "I have signed the petition to the DWP to end the five week wait for Universal Credit, please sign and share it"
)


@pytest.mark.parametrize(
    "text",
    [
        PETITION,
        "Dear @DWPgovuk, I write as a member of the public to ask you to think again about the proposed cuts to PIP",
        "PRESS RELEASE: The Example Foundation today calls on the DWP to publish its impact assessment without delay",
        "Our food bank in Northwick needs tins and nappies this week because so many wait for Universal Credit",
    ],
)
def test_copies_of_petitions_letters_and_appeals_are_no_misuse(dwp: Policy, scorer: Scorer, text: str) -> None:
    posts = [_post(i, text, f"{'abcdefgh'[i]}_copying_example", i, None) for i in range(8)]
    assert _found(dwp, scorer, posts) == {}


def test_copies_are_told_by_what_they_share() -> None:
    one = "The adviser at the desk told us a pack of lies about the appeal and laughed at my friend in the queue"
    other = "@example_one the adviser at that desk told us a pack of lies about the appeal and laughed at my friend"
    stranger = "The queue at the office was long today but the adviser at the desk was kind and my friend got an answer"
    assert similarity(one, other) >= SIMILAR > similarity(one, stranger)
    assert set(bands(one)) & set(bands(other))
    assert bands("too short to be known by") == ()
    assert bands("I don't think that they've read one word of this") == bands(
        "I don’t think that they’ve read one word of this"
    )


def test_what_handles_have_in_common() -> None:
    assert stem("Night_Heron77") == stem("night.heron_78") == stem("n1ghtheron_2".replace("1", "i")) == "nightheron"
    assert [stem(handle) for handle in ("sam", "johnsmith", "customer12", "nightheron48213", None)] == [None] * 5
    assert states_new_account("new account, you blocked my old one")
    assert not states_new_account("I have opened a new bank account for my claim")
