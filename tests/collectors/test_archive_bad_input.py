"""Whatever an archive holds: each fault is named with file and line, the rest is read, nothing is lost or raised."""

import gzip
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.archive import FORMATS, ArchiveError, Format, read_mentions
from collectors.archive.moments import parse_moment
from collectors.archive.refusal import Refusal
from collectors.collector import Quarantined
from collectors.mention import CLOCK_SKEW, EARLIEST, Mention

GOOD: dict[str, Any] = {"platform": "x", "id": "1", "text": "hello", "created_at": "2026-10-01T09:15:00Z"}


def row(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not ...}).encode()


BAD_LINES = {
    "malformed": (b'{"platform": "x", ', "not valid JSON"),
    "three megabytes": (row(text="a" * 3_000_000), "longer than 1 MiB"),
    "raw null byte": (b'{"platform": "x", "id": "\x00"}', "null byte"),
    "escaped null byte": (row(text="a\x00b"), "null byte"),
    "null byte in an unknown key": (row(extra={"deep": ["\x00"]}), "null byte"),
    "1601": (row(created_at="1601-01-01T00:00:00Z"), "created_at is not a plausible time: 1601-01-01"),
    "2999": (row(created_at="2999-01-01T00:00:00Z"), "created_at is not a plausible time: 2999-01-01"),
    "year one with a zone": (row(created_at="0001-01-01T00:00:00+23:00"), "created_at is not a time that exists"),
    "author of 1601": (row(author={"created_at": "1601-01-01"}), "author.created_at is not a plausible time"),
    "30 February": (row(created_at="2026-02-30"), "created_at is not a time that exists"),
    "two readings": (row(created_at="01/02/2015 10:00"), "write it as YYYY-MM-DD"),
    "no text": (row(text=...), "text is missing"),
    "no id and no time": (row(id=..., created_at=...), "id is missing; created_at is missing"),
    "null": (row(id=None), "id is missing"),
    "empty id": (row(id=""), "id is empty"),
    "decimal id": (row(id=5.7e17), "decimal number"),
    "kind": (row(kind="tweet"), "kind should be 'post'"),
    "platform": (row(platform="two words"), "platform should be a short lower-case name"),
    "author": (row(author="bob"), "author should be an object"),
    "long text": (row(text="a" * 200_001), "longer than 200,000 characters"),
    "a number": (b"17", "not a JSON object"),
    "NaN": (b'{"platform": "x", "n": NaN}', "NaN and Infinity are not JSON"),
    "too large a number": (row()[:-1] + b', "n": 1e999}', "too large"),
    "huge whole number": (b'{"id": ' + b"9" * 10_000 + b"}", "not valid JSON"),
    "deep nesting": (b"[" * 5_000 + b"]" * 5_000, "nested deeper"),
    "lone surrogate": (row(text="\ud83d"), "surrogate"),
    "latin-1": ('{"text": "café"}'.encode("latin-1"), "not UTF-8 (byte 0xe9 at place 14)"),
    "page without posts": (b'{"meta": {"result_count": 3}}', "holds no posts"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_named_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    bad, reason = BAD_LINES[name]
    path = tmp_path / "posts.jsonl"
    path.write_bytes(row(id="1") + b"\n\n" + bad + b"\r\n" + row(id="2"))
    first, refused, last = read_mentions(path)
    assert isinstance(first, Mention)
    assert isinstance(last, Mention)
    assert (first.id, last.id) == ("1", "2")
    assert isinstance(refused, Quarantined)
    assert refused.where == "posts.jsonl:3"
    assert reason in refused.reason
    assert refused.payload
    assert len(refused.payload) <= Quarantined.PAYLOAD_LIMIT
    assert "\x00" not in refused.payload
    refused.payload.encode()


BAD_ROWS = {
    "too few cells": (b"1,hello", "the row has 2 cells where the header has 4"),
    "too many cells": (b"1,hello,2026-10-01,x,y", "5 cells"),
    "rounded id": (b"5.70306E+17,hello,2026-10-01,x", "rounded by a spreadsheet"),
    "null byte": (b"1,he\x00llo,2026-10-01,x", "null byte"),
    "no date": (b"1,hello,,x", "created_at is missing"),
    "latin-1": (b"1,caf\xe9,2026-10-01,x", "not UTF-8"),
    "three megabytes": (b"1," + b"a" * 3_000_000 + b",2026-10-01,x", "longer than 1024 KiB"),
    "half a quotation": (b'1,"hello" she said,2026-10-01,x', "not well-formed CSV"),
    "quotation that never ends": (b'1,"hello,2026-10-01,x', "CSV"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_named_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    bad, reason = BAD_ROWS[name]
    path = tmp_path / "posts.csv"
    head, good = b"\xef\xbb\xbfid,text,created_at,platform\r\n", b'1,"two\nlines",2026-10-01,x\r\n'
    path.write_bytes(head + good + bad + b"\n" + good)
    first, refused, last = read_mentions(path)
    assert isinstance(first, Mention)
    assert isinstance(last, Mention)
    assert first.text == last.text == "two\nlines"
    assert isinstance(refused, Quarantined)
    assert refused.where == "posts.csv:4"
    assert reason in refused.reason


def test_a_quotation_that_swallows_more_than_a_row_may_hold_costs_one_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,text,created_at\n" + '0,"open,2026-10-01\n' + "1,fine,2026-10-01\n" * 80_000)
    found = list(read_mentions(path))
    assert [item.where for item in found if isinstance(item, Quarantined)] == ["posts.csv:2"]
    assert len(found) == 80_001


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_a_byte_order_mark_is_believed(tmp_path: Path, encoding: str, suffix: str) -> None:
    text = "café 🙂"
    lines = {"jsonl": row(text=text).decode() + "\n", "csv": f"id,text,created_at\n1,{text},2026-10-01\n"}
    path = tmp_path / f"posts.{suffix}"
    path.write_bytes(lines[suffix].encode(encoding))
    (mention,) = read_mentions(path)
    assert isinstance(mention, Mention)
    assert mention.text == text


@pytest.mark.parametrize("damage", ["truncated", "flipped", "rubbish after"])
def test_damaged_gzip_gives_what_came_before(tmp_path: Path, damage: str) -> None:
    noise = random.Random(7)
    lines = b"".join(row(id=str(n), text=f"{noise.getrandbits(400):x}") + b"\n" for n in range(20_000))
    packed = bytearray(gzip.compress(lines))
    if damage == "truncated":
        del packed[-len(packed) // 10 :]
    elif damage == "flipped":
        packed[-len(packed) // 20] ^= 0xFF
    else:
        packed += b"rubbish"
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(packed)
    *read, last = read_mentions(path)
    assert len(read) > 10_000
    assert all(isinstance(item, Mention) for item in read[:10_000])
    assert isinstance(last, Quarantined)
    assert "gzip" in last.reason
    assert int(last.where.removeprefix("posts.jsonl.gz:")) == len(read) + 1


def test_an_array_survives_a_bad_element_and_an_end_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_bytes(b"[\n" + row(id="1") + b',\n{"a": nope},\n' + row(id="2") + b',\n17,\n{"platform": "x"')
    found = [item.id if isinstance(item, Mention) else (item.where, item.reason) for item in read_mentions(path)]
    assert found[0] == "1"
    assert found[2] == "2"
    assert found[1][0] == "posts.json:3"
    assert "not valid JSON" in found[1][1]
    assert found[3][0] == "posts.json:5"
    assert found[4][0] == "posts.json:6"
    assert "never ends" in found[4][1]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52+00:00"),
        ("2026-10-01T09:15:00.123Z", "2026-10-01T09:15:00.123000+00:00"),
        ("2026-10-01", "2026-10-01T00:00:00+00:00"),
        ("2026-10-01 09:15 UTC", "2026-10-01T09:15:00+00:00"),
        ("Tue, 24 Feb 2015 11:35:52 -0800", "2015-02-24T19:35:52+00:00"),
        ("24 Feb 2015 11:35:52 GMT", "2015-02-24T11:35:52+00:00"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24+00:00"),
        (1424806552, "2015-02-24T19:35:52+00:00"),
        ("1424806552", "2015-02-24T19:35:52+00:00"),
        (1424806552123, "2015-02-24T19:35:52.123000+00:00"),
        (1424806552.5, "2015-02-24T19:35:52.500000+00:00"),
    ],
)
def test_times_are_read_in_every_form_that_has_one_meaning(written: str | float, iso: str) -> None:
    assert parse_moment(written).isoformat() == iso


@pytest.mark.parametrize(
    "written",
    ["01/02/2015", "1.2.2015", "25-12-2015", "yesterday", "", "2026-13-01", "2015-02-24 11:35 PST", "20150224"],
)
def test_dates_that_could_mean_something_else_are_refused(written: str) -> None:
    with pytest.raises(Refusal):
        parse_moment(written)


@pytest.mark.parametrize(
    "written",
    ["nan", "99999999999999999999", "2026-10-01T25:00:00Z", "Wed Foo 10 20:19:24 +0000 2018", [], True, "\u0662\u0660"],
)
def test_what_is_no_time_is_refused(written: Any) -> None:
    with pytest.raises(Refusal):
        parse_moment(written)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.datetimes().map(str)))
def test_no_time_is_ever_an_error(written: str | float) -> None:
    try:
        moment = parse_moment(written)
    except Refusal:
        return
    assert EARLIEST <= moment <= datetime.now(UTC) + CLOCK_SKEW


BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([bad for bad, _ in BAD_LINES.values() if len(bad) < 1000]),
            st.just(row()),
            st.sampled_from([b"{", b"[", b"},", b"]", b'"', b"id,text,created_at", b"1,a,2026-10-01", b"\xff\xfe"]),
        )
    ).map(b"\n".join),
)


@settings(max_examples=400, deadline=None)
@given(BYTES, st.sampled_from([None, *FORMATS]))
@example(b"\x1f\x8b", None)  # the mark of gzip, and nothing after it
def test_any_bytes_whatsoever_are_mentions_or_quarantined(data: bytes, told: Format | None) -> None:
    try:
        found = list(read_mentions(io.BytesIO(data), told))
    except ArchiveError:  # a table without our columns is the user's mistake, and reads as one
        assert told != "jsonl"
        assert told != "json"
        return
    for item in found:
        if isinstance(item, Quarantined):
            assert item.reason
            assert item.where.startswith("standard input:")
            (item.payload + item.reason).encode()
    if not data.strip():
        assert len(found) == 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.just(row()), st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b" ")))))
def test_every_line_of_jsonl_is_accounted_for(lines: list[bytes]) -> None:
    data = row() + b"\n" + b"\n".join(lines)  # the first line makes it JSONL
    found = list(read_mentions(io.BytesIO(data), "jsonl"))
    written = [number for number, one in enumerate(data.split(b"\n"), 1) if one.strip()]
    silent = [number for number in written if data.split(b"\n")[number - 1].strip(b" \t\r\n[]") == b""]
    refused = [int(item.where.split(":")[1]) for item in found if isinstance(item, Quarantined)]
    whole = sum(one.strip() == row() for one in data.split(b"\n"))
    assert sum(isinstance(item, Mention) for item in found) == whole
    assert len(set(refused) | set(silent)) == len(written) - whole


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
def test_any_text_goes_through_jsonl_and_csv_unchanged(text: str) -> None:
    (mention,) = read_mentions(io.BytesIO(row(text=text)))
    assert isinstance(mention, Mention)
    assert mention.text == text
    quoted = '"' + text.replace('"', '""') + '"'
    table = f"id,text,created_at\n1,{quoted},2026-10-01\n".encode()
    (mention,) = read_mentions(io.BytesIO(table), "csv")
    assert isinstance(mention, Mention)
    assert mention.text == text
