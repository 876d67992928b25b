"""The chain of custody: it comes out whole, and any touch of it shows."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.custody import (
    CUSTODY_ACTS,
    FIRST,
    CustodyEntry,
    Handling,
    breaks,
    canonical,
    captured,
    following,
    on_hold,
)
from tests.incidents.samples import NOON

text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
handlings = st.builds(Handling, st.sampled_from(CUSTODY_ACTS), text, st.none() | text, text)
logs = st.lists(handlings, min_size=1, max_size=6)


def chain(handlings: list[Handling]) -> list[CustodyEntry]:
    """A log in which these things were done, one a minute."""
    log: list[CustodyEntry] = []
    for number, handling in enumerate(handlings):
        at = NOON + timedelta(minutes=number)
        log.append(following(log[-1] if log else None, "TOC-1001", handling, at))
    return log


@settings(deadline=None, max_examples=30)
@given(logs)
def test_a_log_that_nobody_touched_is_whole(handlings: list[Handling]) -> None:
    log = chain(handlings)
    assert list(breaks(log)) == []
    assert log[0].former == FIRST
    for one, after in pairwise(log):
        assert after.former == hashlib.sha256(canonical(one).encode()).hexdigest()


TOUCHES: dict[str, Callable[[list[CustodyEntry], int], list[CustodyEntry]]] = {
    "an actor": lambda log, at: [*log[:at], replace(log[at], actor=log[at].actor + "."), *log[at + 1 :]],
    "a time": lambda log, at: [*log[:at], replace(log[at], at=log[at].at + timedelta(microseconds=1)), *log[at + 1 :]],
    "a hash": lambda log, at: [*log[:at], replace(log[at], sha256="f" * 64), *log[at + 1 :]],
    "dropped": lambda log, at: [*log[:at], *log[at + 1 :]],
    "doubled": lambda log, at: [*log[: at + 1], *log[at:]],
    "numbered anew": lambda log, at: [
        replace(each, sequence=place) for place, each in enumerate([*log[:at], *log[at + 1 :]], start=1)
    ],
}


@pytest.mark.parametrize("touch", TOUCHES)
@settings(deadline=None, max_examples=30)
@given(log=st.lists(handlings, min_size=2, max_size=6), data=st.data())
def test_any_touch_before_the_end_shows(touch: str, log: list[Handling], data: Any) -> None:
    whole = chain(log)
    touched = TOUCHES[touch](whole, data.draw(st.integers(0, len(whole) - 2)))
    assert list(breaks(touched)) != []


def test_what_is_in_custody_is_what_was_captured_less_what_was_erased() -> None:
    def taken(name: str) -> Handling:
        return Handling(
            "captured", "tocsin", detail={"exhibits": [{"evidence_id": name, "exhibit": "a", "original": "b"}]}
        )

    log = chain([taken("one"), taken("two"), Handling("erased", "tocsin", "its time", detail={"exhibits": ["one"]})])
    assert list(captured(log)) == ["two"]


def test_a_hold_holds_until_it_is_lifted() -> None:
    acts = [Handling("captured", "tocsin"), Handling("hold_set", "sam", "the police asked"), Handling("viewed", "sam")]
    assert on_hold(chain(acts))
    assert not on_hold(chain([*acts, Handling("hold_lifted", "sam", "charged")]))
