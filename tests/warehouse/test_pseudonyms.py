"""Pseudonyms: stable, unlinkable without the key, and one key however many processes come first."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collectors.mention import Author
from warehouse.pseudonyms import PseudonymKeyInvalid, Pseudonyms, load_key

KEY = b"a key that only tests know, 32 b"


def test_an_author_is_known_by_id_whatever_the_handle() -> None:
    pseudonyms = Pseudonyms(KEY)
    before = pseudonyms.of("x", Author(id="7", handle="old_invented"))
    after = pseudonyms.of("x", Author(id="7", handle="new_invented"))
    assert before == after
    assert re.fullmatch(r"au_[a-z2-7]{26}", before or "")


def test_handles_are_compared_without_case_and_at_sign() -> None:
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.of("x", Author(handle="@Invented_ÉÉ")) == pseudonyms.of_handle("x", "invented_éé")


def test_platforms_ids_handles_and_keys_are_kept_apart() -> None:
    pseudonyms = Pseudonyms(KEY)
    four = {
        pseudonyms.of("x", Author(id="7")),
        pseudonyms.of("x", Author(handle="7")),
        pseudonyms.of("reddit", Author(id="7")),
        Pseudonyms(KEY[::-1]).of("x", Author(id="7")),
    }
    assert len(four) == 4


@pytest.mark.parametrize("author", [Author(), Author(handle=""), Author(handle=" @ "), Author(name="No handle")])
def test_no_identity_no_pseudonym(author: Author) -> None:
    assert Pseudonyms(KEY).of("x", author) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(PseudonymKeyInvalid, match="TOCSIN_PSEUDONYM_KEY"):
        Pseudonyms(b"short")


def test_a_configured_key_touches_no_disk(tmp_path: Path) -> None:
    path = tmp_path / "none" / "pseudonym.key"
    assert load_key("configured in the environment", path) == b"configured in the environment"
    assert not path.parent.exists()


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "pseudonym.key"
    first = load_key(None, path)
    assert len(first) == 32
    assert load_key(None, path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["pseudonym.key"]


def test_all_who_come_first_leave_with_the_same_key(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / str(attempt) / "pseudonym.key"
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _number, path=path: load_key(None, path), range(8)))
        assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_text(content)
    with pytest.raises(PseudonymKeyInvalid, match=r"pseudonym\.key.*back-up"):
        load_key(None, path)
