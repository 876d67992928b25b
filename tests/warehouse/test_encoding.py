"""Text and JSON that both databases hold."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.encoding import storable, to_json

any_text = st.text(st.characters(exclude_categories=()))  # surrogates and null bytes among them
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


@given(any_text)
def test_stored_text_is_utf8_without_null_bytes(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    kept.encode("utf-8")
    if "\x00" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text):
        assert kept == text


@given(any_json)
def test_json_is_valid_and_says_the_same(value: Any) -> None:
    def shown(part: Any) -> Any:
        if isinstance(part, str):
            return storable(part)
        if isinstance(part, float) and not math.isfinite(part):
            return str(part)
        if isinstance(part, list):
            return [shown(item) for item in part]
        if isinstance(part, dict):
            return {storable(key): shown(item) for key, item in part.items()}
        return part

    def refuse(constant: str) -> Any:
        raise AssertionError(f"{constant} is not JSON")

    written = to_json(value)
    assert "\x00" not in written
    assert json.loads(written.encode("utf-8"), parse_constant=refuse) == shown(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a\x00b": "c\x00"}, '{"a␀b": "c␀"}'),
        ("the six characters \\u0000", '"the six characters \\\\u0000"'),
        ({"at": datetime(2026, 10, 1, tzinfo=UTC)}, '{"at": "2026-10-01 00:00:00+00:00"}'),
        ({1: (2, 3)}, '{"1": [2, 3]}'),
        ("\ud83d alone", '"\\\\ud83d alone"'),
    ],
)
def test_what_is_written(value: Any, written: str) -> None:
    assert to_json(value) == written
