"""What a policy forbids to keep is left out of every batch, and counted. All accounts are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.collector import Batch, Checkpoint
from collectors.mention import Author, Mention, Parent
from collectors.register import KnownPeople, Person, Worker
from collectors.scope import Scope, is_staff_personal
from policies.policy import Account, Monitoring, Organisation, Policy, Vocabulary

THEN = datetime(2026, 10, 1, 9, tzinfo=UTC)
QUIET = Policy(
    id="quillmere",
    title="Quillmere Water",
    organisation=Organisation(name="Quillmere Water", short_names=("QWater",), staff_words=("leak finder",)),
    clauses=(),
    vocabulary=Vocabulary(names=("Quillmere Water",)),
    accounts=(
        Account(handle="@QuillmereWater", kind="official"),
        Account(handle="invented_union", kind="union"),
        Account(handle="invented_spokesman", kind="individual_professional"),
        Account(handle="invented_fitter", kind="personal"),
        Account(handle="invented_clerk", kind="personal", platform="x"),
    ),
    categories={},
    routes={},
    monitoring=Monitoring(staff_personal_accounts=False, clauses=("Q 7.7",)),
)
OPEN = QUIET.model_copy(update={"monitoring": Monitoring()})


def post(number: int, handle: str = "invented_one", bio: str = "", **others: Any) -> Mention:
    author = Author(id=f"a-{handle}", handle=handle, bio=bio)
    return Mention(platform="x", id=str(number), text="Quillmere Water", created_at=THEN, author=author, **others)


def batch(*mentions: Mention) -> Batch:
    return Batch(mentions, Checkpoint("x", {"mark": 9}), more=True, requests=3, gone=("1",))


@pytest.mark.parametrize(
    ("platform", "handle", "bio", "staff"),
    [
        ("x", "invented_fitter", "", True),
        ("x", "@Invented_Fitter", "", True),
        ("reddit", "invented_fitter", "", True),
        ("x", "invented_clerk", "", True),
        ("reddit", "invented_clerk", "", False),
        ("x", "somebody", "Leak finder at Quillmere Water. Views my own", True),
        ("x", "somebody", "I work for QWater", True),
        ("x", "somebody", "Engineer @QuillmereWater, runner", True),
        ("x", "somebody", "Waiting for Quillmere Water since March", False),
        ("x", "somebody", "Former Quillmere Water engineer", False),
        ("x", "somebody", "Customer of Quillmere Water. I work nights", False),
        ("x", "somebody", "I don't work for Quillmere Water", False),
        ("x", "somebody", "I work in a bakery", False),
        ("x", "invented_union", "Branch of staff at Quillmere Water", False),
        ("x", "invented_spokesman", "I work for Quillmere Water", False),
        ("x", "QuillmereWater", "Our team is here from nine", False),
        ("x", "", "", False),
    ],
)
def test_who_is_staff_on_an_account_of_their_own(platform: str, handle: str, bio: str, staff: bool) -> None:
    assert is_staff_personal(QUIET, platform, Author(handle=handle, bio=bio), THEN.date()) is staff


@pytest.mark.parametrize(("days", "kept"), [(0, True), (1, False)])
def test_an_account_that_was_exempt_is_left_out_like_any_other_from_then_on(days: int, kept: bool) -> None:
    exempt = Account(handle="invented_fair", kind="exempt", end=THEN.date() - timedelta(days=days))
    once = QUIET.model_copy(update={"accounts": (exempt, *QUIET.accounts)})
    told = post(1, "invented_fair", "I work for Quillmere Water")
    register = KnownPeople([Person(Worker("leak finder", basis="refused"), (("x", "invented_fair"),))])
    for scope, mention in ((Scope.of([once]), told), (Scope.of([once], register), post(1, "invented_fair"))):
        assert (scope.rule(mention) is None) is kept


def test_a_pack_that_forbids_nothing_leaves_nothing_out() -> None:
    whole = batch(post(1, "invented_fitter"))
    assert Scope.of([OPEN]).admit(whole) == (whole, {})


def test_one_pack_that_forbids_is_enough() -> None:
    other = OPEN.model_copy(update={"id": "other"})
    kept, left_out = Scope.of([other, QUIET]).admit(batch(post(1, "invented_fitter"), post(2)))
    assert ([each.id for each in kept.mentions], left_out) == (["2"], {"quillmere@: Q 7.7": 1})
    assert (kept.checkpoint.state, kept.more, kept.requests, kept.gone) == ({"mark": 9}, True, 3, ("1",))


def test_a_repost_of_what_may_not_be_kept_goes_and_an_answer_to_it_stays_alone() -> None:
    above = Parent(id="0", author=Author(handle="invented_fitter"), text="said after work")
    repost, answer = post(1, kind="repost", in_reply_to=above), post(2, kind="reply", in_reply_to=above)
    answer = answer.model_copy(update={"raw": {"includes": "said after work"}})
    kept, left_out = Scope.of([QUIET]).admit(batch(repost, answer))
    (alone,) = kept.mentions
    assert left_out == {"quillmere@: Q 7.7": 1}
    assert (alone.id, alone.in_reply_to, alone.raw) == ("2", Parent(id="0"), {})
    assert "after work" not in alone.model_dump_json()


HANDLES = st.sampled_from(["invented_fitter", "invented_clerk", "invented_union", "QuillmereWater", "invented_one"])


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=80)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(HANDLES, WORDS)))
def test_every_post_is_either_kept_or_counted(written: list[tuple[str, str]]) -> None:
    posts = [post(number, handle, bio) for number, (handle, bio) in enumerate(written)]
    kept, left_out = Scope.of([QUIET]).admit(batch(*posts))
    assert len(kept.mentions) + sum(left_out.values()) == len(posts)
    assert not {"invented_fitter", "invented_clerk"} & {each.author.handle for each in kept.mentions}


def test_an_account_that_only_the_register_knows_is_left_out_and_one_that_the_pack_lists_is_not() -> None:
    worker = Worker("leak finder", basis="refused")
    handles = (("x", "invented_one"), ("x", "invented_spokesman"))
    register = KnownPeople([Person(worker, handles)])
    kept, left_out = Scope.of([QUIET], register).admit(
        batch(post(1, "invented_one"), post(2, "invented_two"), post(3, "invented_spokesman"))
    )
    assert [mention.id for mention in kept.mentions] == ["2", "3"]
    assert sum(left_out.values()) == 1
    assert Scope.of([OPEN], register).admit(batch(post(1, "invented_one")))[1] == {}
