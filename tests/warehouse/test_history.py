"""The warehouse looks back as the history in memory does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from classifiers.history import MentionHistory
from collectors.mention import Mention
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import lay, raise_in
from warehouse.casebook import WarehouseCasebook
from warehouse.history import WarehouseHistory
from warehouse.pseudonyms import Pseudonyms

SINCE = datetime(2026, 9, 1, tzinfo=UTC)
JO = {"id": "p", "author": {"handle": "@Jo_Invented"}}


def _posts(post: Callable[..., Mention]) -> list[Mention]:
    def at(number: int, **record: Any) -> Mention:
        return post(number, created_at=(SINCE + timedelta(days=number)).isoformat(), **record)

    return [
        at(-1, in_reply_to=JO),  # before
        at(0, in_reply_to=JO),  # on the first moment
        at(1, text="I know where JO_INVENTED works"),
        at(2, text="nothing of the kind"),
        at(3, in_reply_to=JO, author={"id": "another", "handle": "somebody_else_q"}),
        at(4, text="Éloïse Inventée, ÉLOÏSE INVENTÉE"),
        at(5, in_reply_to=JO, author={}),
        at(6, in_reply_to=JO),
    ]


@pytest.mark.parametrize(
    ("person", "found"), [("jo_invented", ["x:0", "x:1"]), ("éloïse inventée", ["x:4"]), ("nobody_invented", [])]
)
def test_looking_back(
    engine: Engine, keep: Any, post: Callable[..., Mention], pseudonyms: Pseudonyms, person: str, found: list[str]
) -> None:
    posts = _posts(post)
    keep(*posts)
    stored = WarehouseHistory(engine, pseudonyms).before(posts).contacts(posts[-1], person, SINCE)
    memory = MentionHistory(posts).before(posts).contacts(posts[-1], person, SINCE)
    assert [one.mention_id for one in stored] == [one.mention_id for one in memory] == found


def test_no_author_no_contacts(engine: Engine, keep: Any, post: Callable[..., Mention], pseudonyms: Pseudonyms) -> None:
    posts = _posts(post)
    keep(*posts)
    assert WarehouseHistory(engine, pseudonyms).before(posts).contacts(posts[6], "jo_invented", SINCE) == []
    assert WarehouseHistory(engine, pseudonyms).before([]).contacts(posts[0], "jo_invented", SINCE) == []


@pytest.mark.parametrize(
    ("reason", "found"),
    [(None, ["x:1", "x:2"]), ("the post was taken down", ["x:1", "x:2"])]
    + [(reason, []) for reason in ("false positive: a film quotation", "wrong clause", "No verdict: the author left")],
)
def test_only_what_people_confirmed_stands_on_an_authors_record(
    engine: Engine, post: Callable[..., Mention], pseudonyms: Pseudonyms, reason: str | None, found: list[str]
) -> None:
    asked = post(9, author={"handle": "one_invented"}, created_at=(NOON + timedelta(days=1)).isoformat())
    own = str(pseudonyms.of(asked.platform, asked.author))
    theirs = [exhibit(1, author=own), exhibit(2, author=own, category="trolling", target_handle="another")]
    lay(engine, theirs)
    raise_in(engine)
    casebook = WarehouseCasebook(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "one case")
    casebook.act("TOC-1001", "dismissed", "Sam", "false positive")
    casebook.act("TOC-1001", "reopened", "Alex", "it is one after all")
    casebook.act("TOC-1001", "resolved", "Sam", reason)
    upheld = WarehouseHistory(engine, pseudonyms).before([asked]).confirmed(asked, POLICY.id)
    assert [one.mention_id for one in upheld] == found


@pytest.mark.parametrize(
    ("category", "policy", "found"),
    [("cyberbullying", "sample", ["x:1"]), ("cyberbullying", "another", []), ("safeguarding", "sample", [])],
)
def test_a_record_is_of_misuse_under_the_policy_that_asks(
    engine: Engine, post: Callable[..., Mention], pseudonyms: Pseudonyms, category: str, policy: str, found: list[str]
) -> None:
    asked = post(9, author={"handle": "one_invented"}, created_at=(NOON + timedelta(days=1)).isoformat())
    lay(engine, [exhibit(1, author=str(pseudonyms.of(asked.platform, asked.author)), category=category)])
    raise_in(engine)
    WarehouseCasebook(engine).act("TOC-1001", "resolved", "Sam", "they were called, and are well")
    upheld = WarehouseHistory(engine, pseudonyms).before([asked]).confirmed(asked, policy)
    assert [one.mention_id for one in upheld] == found
