"""Whatever a platform's record turns into, the door gives a mention or quarantines it. All records are invented."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import appstore_review, foursquare_tip, googleplay_review, threads_post, trustpilot_review
from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.mention import Mention

SAID = {"text": "Dry\tNo water.", "lastModified": {"seconds": "1790000000", "nanos": 1}, "starRating": 1}
RECORDS: dict[str, tuple[Callable[[Any], Mention], dict[str, Any]]] = {
    "trustpilot": (
        trustpilot_review.to_mention,
        {
            "id": "a",
            "consumer": {"id": "b"},
            "title": "Dry",
            "text": "x",
            "createdAt": "2026-10-01T09:15:00Z",
            "stars": 1,
        },
    ),
    "appstore": (
        appstore_review.to_mention,
        {
            "id": {"label": "9"},
            "author": {"uri": {"label": "/id7"}, "name": {"label": "b"}},
            "updated": {"label": "2026-10-01T02:15:00-07:00"},
            "title": {"label": "Dry"},
            "content": {"label": "x"},
            "im:rating": {"label": "1"},
            "link": {"attributes": {"href": "https://example.org"}},
        },
    ),
    "googleplay": (
        googleplay_review.to_mention,
        {"reviewId": "a", "authorName": "b", "comments": [{"userComment": SAID}]},
    ),
    "foursquare": (
        foursquare_tip.to_mention,
        {
            "fsq_tip_id": "a",
            "created_at": "2026-10-01T09:15:00.000Z",
            "text": "x",
            "photo": {"prefix": "a", "suffix": "b"},
        },
    ),
    "threads": (
        threads_post.to_mention,
        {
            "id": "1",
            "timestamp": "2026-10-01T09:15:00+0000",
            "text": "x",
            "media_type": "IMAGE",
            "children": {"data": [{"id": "2", "media_type": "VIDEO"}]},
            "replied_to": {"id": "3"},
            "root_post": {"id": "4"},
            "text_attachment": {"plaintext": "y"},
        },
    ),
}
OTHER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, item in inner for place in places(item, (*path, name)))]


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The same value with another at one place."""
    if not path:
        return other
    whole = deepcopy(value)
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = other
    return whole


@pytest.mark.parametrize("name", RECORDS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_anything_at_any_place_is_a_mention_or_quarantined(name: str, data: st.DataObject) -> None:
    make, whole = RECORDS[name]
    assert isinstance(admit(whole, name, make), Mention)
    record = replaced(whole, data.draw(st.sampled_from(places(whole))), data.draw(OTHER))
    admitted = admit(record, name, make)
    assert isinstance(admitted, Mention | Quarantined)
    if isinstance(admitted, Mention):
        admitted.text.encode()
        json.dumps(admitted.raw)
