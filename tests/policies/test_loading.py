"""A pack by its name or its path, the version that it has, and the error where it is none."""

import pytest

from policies.check import PolicyError, available, check, load
from tests.policies.starter import PACK, line_of


def test_an_unknown_name_suggests_the_nearest_pack():
    with pytest.raises(PolicyError, match="did you mean 'dwp'"):
        load("dpw")
    assert "starter" in check("nothing-like-it")[0].message


def test_the_error_is_one_line_a_problem_with_file_line_and_path(tmp_path):
    text = PACK.read_text(encoding="utf-8").replace("route: social_media", "route: nobody")
    (file := tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(file)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"{file}:{line_of('    route: social_media')}: categories.cyberbullying.route: there is no")
    assert len(str(caught.value).splitlines()) == len(caught.value.problems)


def test_the_version_follows_the_content_and_nothing_else(tmp_path):
    original = PACK.read_text(encoding="utf-8")
    (same := tmp_path / "same.yaml").write_text("# another comment\n" + original, encoding="utf-8")
    (other := tmp_path / "other.yaml").write_text(
        original.replace("threshold: 0.6", "threshold: 0.61"), encoding="utf-8"
    )
    assert load(same).version == load(PACK).version
    assert load(other).version != load(PACK).version
    assert load(PACK).stamp == f"starter@{load('starter').version}"


def test_a_bare_name_prefers_what_ships_and_a_path_is_read(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text(
        PACK.read_text(encoding="utf-8").replace("id: starter", "id: mine"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert load("mine").id == "mine"
    assert load(tmp_path / "mine").id == "mine"
    assert load("dwp").id == "dwp"
    assert {"airlines", "dwp", "starter"} <= set(available())
