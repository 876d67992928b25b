"""What people hear of posts that changed: how many, what, and no words that the platform no longer shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from incidents.custody import CUSTODY_ACTS
from incidents.notification import REASONS, Card, Notification
from incidents.unquoted import WITHOUT
from incidents.watching import ACTS, TAKEN_BACK, ChangeKind, PostChange, Quoted, Shown, followed, may_quote, said
from incidents.wording import HEADINGS
from tests.incidents.samples import NOON, card, exhibit, notification

BEFORE = notification(card=card(excerpt="Words.", excerpt_of="x:1", posts=3))
WITHHELD = card(excerpt="", excerpt_url=None, excerpt_of="x:1", withheld="not in this channel")


def told(
    kind: ChangeKind, *mentions: str, before: Notification = BEFORE, quoted: Quoted | None = None, **present: Shown
) -> Card:
    """The card after changes of one kind."""
    changes = [PostChange(each, kind, NOON) for each in mentions]
    shown = {name.replace("_", ":"): each for name, each in present.items()}
    made = followed(before, changes, 7, "open", shown, quoted or {}, NOON)
    assert isinstance(made.card, Card)
    return made.card


def test_every_change_has_its_act_its_reason_and_its_words() -> None:
    for kind, act in ACTS.items():
        assert act in REASONS
        assert act in CUSTODY_ACTS
        assert HEADINGS[act]
        assert "1 of its 3 posts" in told(kind, "x:2").note


def test_posts_are_counted_once_and_the_only_one_is_simply_the_post() -> None:
    twice = [PostChange("x:1", "edited", NOON), PostChange("x:1", "edited", NOON + timedelta(hours=1))]
    assert said(twice, 3).startswith("the author changed 1 of its 3 posts")
    assert said(twice[:1], 1).startswith("the author changed the post;")
    assert said([PostChange(f"x:{n}", "deleted", NOON) for n in range(12)], 2).startswith(
        "the platform no longer shows 12 of its 12 posts"
    )


@pytest.mark.parametrize("kind", ["deleted", "suspended"])
def test_words_go_only_where_they_are_the_posts_own(kind: Any) -> None:
    gone = told(kind, "x:1")
    assert (gone.excerpt, gone.excerpt_url, gone.withheld) == ("", None, TAKEN_BACK)
    assert told(kind, "x:2").excerpt == "Words."
    unsigned = replace(BEFORE, card=card(excerpt="Words."))  # of an earlier release: nobody knows whose words they are
    assert told(kind, "x:2", before=unsigned).excerpt == ""


@pytest.mark.parametrize("kind", ["deleted", "suspended"])
def test_a_reason_goes_with_the_post_that_it_quotes_whichever_is_shown(kind: Any) -> None:
    quoted: Quoted = {"high": frozenset({"x:2"}), "low": frozenset({"x:3"})}
    gone = told(kind, "x:2", quoted=quoted)
    assert gone.why == f"Cyberbullying, aimed at an employee: high under EW 1.1 {WITHOUT}"
    assert (gone.excerpt, gone.withheld) == ("Words.", "")
    assert told(kind, "x:1", "x:3", quoted=quoted).why == BEFORE.card.why  # type: ignore[union-attr]
    at_risk = replace(BEFORE, card=WITHHELD)
    assert told(kind, "x:2", quoted=quoted, before=at_risk).why == WITHHELD.why, "it quotes nobody"


def test_a_reason_is_known_by_its_words_and_of_former_ones_it_may_be_any() -> None:
    posts = [exhibit(1, severity="low"), exhibit(2, severity="low"), exhibit(3, severity="high", why="Graver.")]
    posts.append(exhibit(4, severity="high", why="Another."))
    assert may_quote("high", "Graver.", posts) == {"low": {"x:1", "x:2"}, "high": {"x:3"}}


def test_what_stands_is_shown_as_it_stands() -> None:
    new = Shown("Other words.", "https://social.example/posts/1")
    assert told("edited", "x:1", x_1=new).excerpt == "Other words."
    assert told("edited", "x:1").withheld == TAKEN_BACK, "nothing may be shown of it"
    assert told("nameless", "x:1").excerpt == "Words."
    back = told("restored", "x:1", before=replace(BEFORE, card=told("deleted", "x:1")), x_1=new)
    assert (back.excerpt, back.withheld) == ("Other words.", "")


def test_a_channel_that_is_shown_no_words_gets_none_by_a_change() -> None:
    new = Shown("Other words.", None)
    before = replace(BEFORE, card=WITHHELD)
    for kind in ("edited", "deleted", "restored"):
        assert told(kind, "x:1", before=before, x_1=new) == replace(
            WITHHELD, note=told(kind, "x:1", before=before).note
        )


def test_what_waits_for_a_digest_waits_on() -> None:
    waits = replace(BEFORE, digest_at=NOON + timedelta(hours=1))
    made = followed(waits, [PostChange("x:1", "edited", NOON)], 7, "open", {}, {}, NOON)
    assert made.digest_at == waits.digest_at
    assert made.id != followed(waits, [PostChange("x:1", "edited", NOON)], 8, "open", {}, {}, NOON).id
