"""The canonical form of an exhibit: the same for the same, another for any other, and it comes back as it was."""

import json
from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from incidents.evidence import Evidence, canonical, digest, exhibit_of, record
from incidents.incident import Exhibit
from tests.incidents.samples import NOON, exhibit

text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
exhibits = st.builds(
    exhibit,
    st.integers(1, 9),
    text=text,
    why=text,
    confidence=st.floats(0, 1),
    spans=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3).map(tuple),
    url=st.none() | text,
    reach=st.none() | st.integers(0, 2**62),
)


@given(exhibits)
def test_it_comes_back_from_json_as_it_was(one: Exhibit) -> None:
    again = exhibit_of(json.loads(json.dumps(record(one))))
    assert again == one
    assert digest(again) == digest(one)
    assert canonical(one).isascii()


@given(exhibits, exhibits)
def test_two_digests_are_equal_only_for_equal_exhibits(one: Exhibit, other: Exhibit) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_the_zone_in_which_a_time_is_told_does_not_matter() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
    assert digest(exhibit(posted_at=NOON)) == digest(exhibit(posted_at=elsewhere))


def test_a_touched_exhibit_is_not_intact() -> None:
    held = Evidence("TOC-1001", exhibit(), digest(exhibit()), NOON)
    assert held.intact
    assert not replace(held, exhibit=exhibit(text="Invented post 1")).intact
