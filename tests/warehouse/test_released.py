"""What a withdrawn exception, or an account's exemption, had set aside is judged again once that is adopted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from classifiers.finding import Judgement
from collectors.mention import Mention
from incidents.raising import raise_incidents
from policies.exceptions import ApprovedException
from policies.policy import Account, Policy
from warehouse.adoptions import AdoptionBook
from warehouse.casebook import WarehouseCasebook
from warehouse.schema import assessments, audit, findings, mentions, unassessed

DAY = date(2026, 10, 1)
SECOND = "0123ffffffff"


class Triage:
    """Posts that are threats, judged and raised under one pack after another."""

    def __init__(self, engine: Engine, clock: Any, pack: Callable[..., Policy], judge: Any, again: Callable[[], int]):
        self.engine, self.clock, self._pack, self._judge, self.again = engine, clock, pack, judge, again

    def pack(self, *exceptions: ApprovedException, accounts: tuple[Account, ...] = (), version: str = SECOND) -> Policy:
        """The pack with these."""
        return self._pack(version=version).model_copy(update={"exceptions": exceptions, "accounts": accounts})

    def pass_under(self, pack: Policy) -> int:
        """Judge what waits, raise what is found; how many incidents are opened."""
        self._judge.register(pack)
        self.again()
        return raise_incidents(WarehouseCasebook(self.engine), {"dwp": pack}, self.clock()).opened

    def adopt(self, pack: Policy) -> dict[str, int]:
        """What the adoption says it let go."""
        return dict(AdoptionBook(self.engine, self.clock).adopt(pack, "sam", "the campaign is over").released)


@pytest.fixture
def triage(engine: Engine, clock: Any, pack: Any, judge: Any, judge_all: Any, judgement: Any) -> Triage:
    """On each database in turn."""
    return Triage(engine, clock, pack, judge, lambda: judge_all(lambda m: judgement(m.mention_id, "threat")))


@pytest.fixture
def edited(
    triage: Triage, keep: Any, post: Any, judge_all: Any, judgement: Callable[..., Judgement]
) -> Callable[[Policy], list[int]]:
    """A post that a film's words are in, and after an edit are not: how many incidents each judgement of it opens."""

    def run(pack: Policy) -> list[int]:
        def sure(mention: Mention) -> Judgement:
            made = judgement(mention.mention_id, "threat")
            confidence = 0.7 if "film quote" in mention.text else 0.97
            return replace(made, findings=tuple(replace(each, confidence=confidence) for each in made.findings))

        triage.again = lambda: judge_all(sure)
        opened = []
        for text in ("film quote: I will come for you, Example Office", "I will come for you, Example Office"):
            keep(post(1, text=text))
            opened.append(triage.pass_under(pack))
        return opened

    return run


def excepted(**more: Any) -> ApprovedException:
    """An exception for the account of `post`, in October."""
    told = {"account": "invented_1", "approver": "SAC", "reason": "Invented.", "clause": "DWP-SMP 4.1"}
    return ApprovedException(**{"id": "EX-1", **told, "start": DAY, "end": DAY + timedelta(days=30), **more})


def test_it_is_judged_again_once_it_is_withdrawn_and_not_before(
    triage: Triage, keep: Any, post: Any, rows: Any
) -> None:
    keep(post(1), post(2))
    assert triage.pass_under(triage.pack(excepted())) == 0
    assert [row["exception_id"] for row in rows(findings)] == ["EX-1"] * 2
    assert triage.pass_under(triage.pack()) == 0, "nobody has adopted it"
    assert triage.adopt(triage.pack()) == {"EX-1": 2}
    assert {row["mention_id"] for row in rows(unassessed)} == {"x:1", "x:2"}
    assert triage.pass_under(triage.pack()) == 1
    assert all(row["incident_id"] and row["suppressed_by"] is None for row in rows(findings))
    (told,) = [row for row in rows(audit) if row["action"] == "exception_withdrawn"]
    assert (told["actor"], told["subject"], told["rows"]) == ("sam", "dwp:EX-1", 2)
    assert "dwp@" in told["reason"]


def test_an_end_brought_forward_frees_what_was_posted_after_it(triage: Triage, keep: Any, post: Any, rows: Any) -> None:
    keep(post(1), post(2, created_at="2026-10-09T09:00:00Z"))
    triage.pass_under(triage.pack(excepted()))
    shorter = triage.pack(excepted(end=DAY + timedelta(days=3)))
    assert triage.adopt(shorter) == {"EX-1": 1}
    assert triage.pass_under(shorter) == 1
    assert {row["mention_id"]: row["exception_id"] for row in rows(findings)} == {"x:1": "EX-1", "x:2": None}


def test_what_another_exception_covers_is_set_aside_by_that_one(
    triage: Triage, keep: Any, post: Any, rows: Any
) -> None:
    keep(post(1))
    triage.pass_under(triage.pack(excepted(), excepted(id="EX-2")))
    assert [row["exception_id"] for row in rows(findings)] == ["EX-1"]
    assert triage.adopt(triage.pack(excepted(id="EX-2"))) == {"EX-1": 1}
    assert triage.pass_under(triage.pack(excepted(id="EX-2"))) == 0
    assert [row["exception_id"] for row in rows(findings)] == ["EX-2"]


def test_a_change_of_something_else_frees_nothing(triage: Triage, keep: Any, post: Any, rows: Any) -> None:
    keep(post(1))
    triage.pass_under(triage.pack(excepted()))
    assert triage.adopt(triage.pack(excepted(), version="aaaaaaaaaaaa")) == {}
    assert rows(unassessed) == []
    assert not [row for row in rows(audit) if row["action"] == "exception_withdrawn"]


def test_what_has_no_words_any_more_stays_as_it_is(triage: Triage, keep: Any, post: Any, rows: Any) -> None:
    keep(post(1))
    triage.pass_under(triage.pack(excepted()))
    with triage.engine.begin() as connection:
        connection.execute(update(mentions).values(text=""))
    assert triage.adopt(triage.pack()) == {}
    assert [row["exception_id"] for row in rows(findings)] == ["EX-1"]


def test_an_exempt_account_has_a_term(triage: Triage, keep: Any, post: Any, rows: Any) -> None:
    account = Account(handle="@invented_1", kind="exempt", end=DAY, approver="SAC", reason="A trial.")
    keep(post(1), post(2, created_at="2026-10-02T09:00:00Z"))
    assert triage.pass_under(triage.pack(accounts=(account,))) == 1
    told = {row["mention_id"]: row["suppressed_why"] for row in rows(findings)}
    assert told["x:2"] is None
    assert "exempt account until 2026-10-01, approved by SAC" in told["x:1"]
    assert triage.adopt(triage.pack()) == {"exempt": 1}


def test_posts_that_an_exemption_kept_from_judging_are_judged(triage: Triage, keep: Any, post: Any, rows: Any) -> None:
    keep(post(1), post(2, created_at="2026-10-09T09:00:00Z"))
    triage.pass_under(triage.pack())
    with triage.engine.begin() as connection:
        connection.execute(update(assessments).values(scope="exempt"))
    still = Account(handle="invented_1", kind="exempt", end=DAY, approver="SAC", reason="A trial.")
    triage.adopt(triage.pack(accounts=(still,), version="aaaaaaaaaaaa"))
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:2"]


def test_a_post_that_an_exception_covered_rings_once_it_is_edited_into_another(
    triage: Triage, edited: Callable[[Policy], list[int]], rows: Any
) -> None:
    film = excepted(account=None, phrases=("film quote",))
    assert edited(triage.pack(film)) == [0, 1]
    [finding] = rows(findings)
    assert [finding[name] for name in ("suppressed_why", "suppressed_by", "exception_id")] == [None] * 3


def test_a_finding_that_grows_surer_rings(triage: Triage, edited: Callable[[Policy], list[int]]) -> None:
    pack = triage.pack()
    asked = pack.categories["threat"].model_copy(update={"threshold": 0.8})
    assert edited(pack.model_copy(update={"categories": {"threat": asked}})) == [0, 1]


def test_what_is_covered_still_is_set_aside_again(
    triage: Triage, edited: Callable[[Policy], list[int]], rows: Any
) -> None:
    assert edited(triage.pack(excepted())) == [0, 0]
    assert [row["exception_id"] for row in rows(findings)] == ["EX-1"]
