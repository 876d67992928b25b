"""Adoptions: by whom, when and why a version of a pack was adopted, and the exact text of each version."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Table, update

from policies.policy import Policy
from warehouse.adoptions import Adoption, AdoptionBook, AdoptionRefused, VersionUnknown, VersionUnreadable
from warehouse.judgements import JudgementStore
from warehouse.schema import policy_adoptions, policy_versions, unassessed

FIRST, SECOND, THIRD = "0123456789ab", "0123ffffffff", "aaaaaaaaaaaa"
Pack = Callable[..., Policy]
Rows = Callable[[Table], list[dict[str, Any]]]


@pytest.fixture
def book(engine: Engine, clock: Any) -> AdoptionBook:
    """The book, on each database in turn."""
    return AdoptionBook(engine, clock)


def test_the_first_use_stands_for_adoption_and_a_later_version_does_not(
    book: AdoptionBook, judge: JudgementStore, pack: Pack, clock: Any
) -> None:
    assert book.adopted() == {}
    assert book.never_adopted([pack()]) == [], "what was never used will be adopted by its first use"
    judge.register(pack())
    first = Adoption("dwp", FIRST, None, clock())
    assert book.adopted() == {"dwp": first}
    clock.pass_by(days=1)
    judge.register(pack(version=SECOND))
    assert book.adopted() == {"dwp": first}
    assert book.never_adopted([pack()]) == []
    assert book.never_adopted([pack(version=SECOND), pack("other")]) == [(pack(version=SECOND), first)]


def test_an_adoption_is_kept_with_who_why_when_from_what_and_the_numbers(
    book: AdoptionBook, judge: JudgementStore, pack: Pack, clock: Any, rows: Rows
) -> None:
    judge.register(pack())
    began = clock()
    clock.pass_by(days=3)
    numbers = {"old": f"dwp@{FIRST}", "new": f"dwp@{SECOND}", "total": {"gained": 2}}
    adopted = book.adopt(pack(version=SECOND), " Sam Example ", "The board\x00decided", numbers)
    assert adopted == Adoption("dwp", SECOND, FIRST, clock(), "Sam Example", "The board␀decided", numbers)
    assert book.adopted() == {"dwp": adopted}
    assert book.never_adopted([pack(version=SECOND)]) == []
    assert [each.stamp for each, _ in book.never_adopted([pack()])] == [f"dwp@{FIRST}"]
    clock.pass_by(days=1)
    back = book.adopt(pack(), "sam", "It caught too much")
    assert (back.version, back.former, back.diff) == (FIRST, SECOND, None)
    assert book.history("dwp") == [Adoption("dwp", FIRST, None, began), adopted, back]
    assert len(rows(policy_adoptions)) == 2


def test_a_first_version_can_be_adopted_before_its_use_or_after(
    book: AdoptionBook, judge: JudgementStore, pack: Pack, keep: Any, post: Any, rows: Rows
) -> None:
    keep(post(1))
    before = book.adopt(pack(), "sam", "Our policy of 2026")
    assert (before.former, book.never_adopted([pack()])) == (None, [])
    assert rows(policy_versions) == [], "to adopt is not to use: the first use still shows it everything"
    assert [str(each) for each in book.versions("dwp")] == [f"dwp@{FIRST} (adopted, not used yet)"]
    judge.register(pack())
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:1"]
    assert book.adopted() == {"dwp": before}
    judge.register(pack("other"))
    assert book.adopt(pack("other"), "sam", "As it was").former is None


def test_what_is_adopted_already_or_for_no_reason_is_refused(book: AdoptionBook, pack: Pack, rows: Rows) -> None:
    book.adopt(pack(), "sam", "The board decided")
    with pytest.raises(AdoptionRefused, match="adopted already, by sam on 12 Oct 2026: The board decided"):
        book.adopt(pack(), "alex", "Again")
    for who, why in (("", "why"), ("sam", "  \n")):
        with pytest.raises(AdoptionRefused, match="who and why"):
            book.adopt(pack(version=SECOND), who, why)
    assert len(rows(policy_adoptions)) == 1


def test_a_stored_version_is_the_exact_pack(book: AdoptionBook, judge: JudgementStore, pack: Pack) -> None:
    judge.register(pack())
    judge.register(pack(version=SECOND, mentions_days=30))
    book.adopt(pack(version=THIRD, mentions_days=7), "sam", "Shorter")
    assert book.pack(f"dwp@{FIRST}") == pack()
    assert book.pack("dwp@0123f") == pack(version=SECOND, mentions_days=30)
    assert book.pack(f"dwp@{THIRD}") == pack(version=THIRD, mentions_days=7)


def test_a_version_that_is_not_stored_is_told_with_those_that_are(
    book: AdoptionBook, judge: JudgementStore, pack: Pack
) -> None:
    judge.register(pack())
    judge.register(pack(version=SECOND))
    for stamp, told in (
        (
            "dwp@ffffffffffff",
            f"no stored version dwp@ffffffffffff; stored are: dwp@{FIRST} .first used 12 Oct 2026., dwp@",
        ),
        ("dwp@", "no stored version"),
        ("dwp@0123", f"may be dwp@{FIRST} or dwp@{SECOND}: give more"),
        ("other@0123", "the pack 'other' has judged nothing here yet"),
    ):
        with pytest.raises(VersionUnknown, match=told):
            book.pack(stamp)


def test_a_version_of_another_releases_form_is_told_as_such(
    book: AdoptionBook, judge: JudgementStore, pack: Pack, engine: Engine
) -> None:
    judge.register(pack())
    with engine.begin() as connection:
        connection.execute(update(policy_versions).values(content={"id": "dwp", "once": "a field"}))
    with pytest.raises(VersionUnreadable, match=f"dwp@{FIRST} was stored by another release"):
        book.pack(f"dwp@{FIRST}")
