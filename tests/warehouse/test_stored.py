"""What is read for judging once more: every post since a day, once, with its author's pseudonym."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from classifiers.behaviour.timeline import Behaviour, Step
from classifiers.finding import Judgement
from collectors.mention import Mention
from incidents.casebook import Casebook
from warehouse.casebook import WarehouseCasebook
from warehouse.pseudonyms import Pseudonyms
from warehouse.stored import Extent, StoredPosts, campaign_posts, exhibits

SINCE = date(2026, 10, 2)


@pytest.fixture
def stored(engine: Engine, keep: Any, post: Callable[..., Mention]) -> StoredPosts:
    """Eight posts of which seven are recent, of two days, one without words."""
    old = [post(1, created_at="2026-10-01T23:59:59Z")]
    days = [post(number, created_at=f"2026-10-0{2 + number % 2}T0{9 - number}:00:00Z") for number in range(2, 8)]
    keep(*old, *days, post(8, text="", created_at="2026-10-03T12:00:00Z", author={}))
    return StoredPosts(engine, SINCE)


def test_the_extent_counts_what_there_is(stored: StoredPosts, engine: Engine) -> None:
    assert stored.extent() == Extent(7, 1, SINCE)
    assert StoredPosts(engine, date(2026, 10, 4)).extent() == Extent(0, 0, None)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_every_post_comes_once_oldest_day_first(stored: StoredPosts, pseudonyms: Pseudonyms, size: int) -> None:
    portions = list(stored.portions(size))
    assert max(map(len, portions)) <= size
    posts = [each for portion in portions for each in portion]
    assert [each.mention.id for each in posts] == ["6", "4", "2", "7", "5", "3", "8"]
    assert [each.mention.created_at for each in posts] == sorted(each.mention.created_at for each in posts)
    *known, nobody = posts
    assert {each.author for each in known} == {pseudonyms.of("x", known[0].mention.author)}
    assert nobody.author.startswith("withheld:")


def test_findings_are_as_the_casebook_would_give_them(
    stored: StoredPosts, engine: Engine, judge_all: Any, judgement: Any
) -> None:
    judge_all(lambda mention: judgement(mention.mention_id, "threat", "doxxing", target="@Jo_Invented"))
    casebook: Casebook = WarehouseCasebook(engine)
    told = {each.finding_id: each for each in casebook.ungrouped("dwp") if each.mention_id != "x:1"}
    made = {
        each.finding_id: each
        for portion in stored.portions(3)
        for post in portion
        for each in exhibits(post, judgement(post.mention.mention_id, "threat", "doxxing", target="@Jo_Invented"))
    }
    assert made == told
    assert len(made) == 14


def test_campaigns_are_known_of_a_judgement_as_of_what_is_stored(
    stored: StoredPosts, engine: Engine, judge_all: Any, judgement: Any
) -> None:
    at = datetime(2026, 10, 2, 9, tzinfo=UTC)
    steps = tuple(Step(at, f"x:{number}", "x", None, "hostile to them") for number in (2, 3, 4))
    shown = (Behaviour("pile_on", "Several people.", steps), Behaviour("repeat_offender", "Again.", steps[:1]))

    def judged(mention: Mention) -> Judgement:
        made: Judgement = judgement(mention.mention_id, "threat", "doxxing")
        first, *rest = made.findings
        marked = replace(first, behaviours=shown if mention.mention_id == "x:4" else shown[1:])
        return replace(made, findings=(marked, *rest))

    judge_all(judged)
    posts = [post for portion in stored.portions(100) for post in portion]
    told = {name: held for post in posts for name, held in campaign_posts(judged(post.mention)).items()}
    assert list(told.values()) == [frozenset({"x:2", "x:3", "x:4"})]
    ids = [each.finding_id for post in posts for each in exhibits(post, judged(post.mention))]
    assert WarehouseCasebook(engine).campaign_posts(ids) == told
