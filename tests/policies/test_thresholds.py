"""Other thresholds in a pack's file: nothing else of it changes, however it is laid out."""

from pathlib import Path

import pytest

from policies.check import available, load, path_of
from policies.policy import CategoryName
from policies.problem import PolicyError
from policies.thresholds import with_thresholds


@pytest.mark.parametrize("name", available())
def test_only_what_was_asked_for_changes_in_the_packs_that_ship(name: str, tmp_path: Path) -> None:
    before, path = load(name), path_of(name)
    wanted: dict[CategoryName, float] = dict.fromkeys(list(before.categories)[::2], 0.37)
    (tmp_path / "next.yaml").write_text(with_thresholds(path, wanted), encoding="utf-8")
    after = load(tmp_path / "next.yaml")
    for category, one in before.categories.items():
        assert after.categories[category] == one.model_copy(update={"threshold": wanted.get(category, one.threshold)})
    rest = {"categories": {}, "version": ""}
    assert after.model_copy(update=rest) == before.model_copy(update=rest)
    old, new = path.read_text(encoding="utf-8").splitlines(), with_thresholds(path, wanted).splitlines()
    changed = [line for line in new if line not in old]
    assert {line.split("#")[0].strip() for line in changed} <= {"threshold: 0.37"}


def pack(tmp_path: Path, category: str) -> Path:
    """The starter's pack with one category written otherwise."""
    path = tmp_path / "own.yaml"
    path.write_text(f"id: own\ncategories:\n{category}", encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("  threat:\n    threshold: 0.5  # as agreed\n", "  threat:\n    threshold: 0.8  # as agreed\n"),
        ("  threat:\n    route: a\n    threshold: .5\n", "  threat:\n    route: a\n    threshold: 0.8\n"),
        ("  threat:\n    # b\n    route: a\n", "  threat:\n    threshold: 0.8\n    # b\n    route: a\n"),
        ("  threat:\n    examples: {quiet: [a]}\n", "  threat:\n    threshold: 0.8\n    examples: {quiet: [a]}\n"),
        ("  threat: {route: a,\n    threshold: 0.5}\n", "  threat: {route: a,\n    threshold: 0.8}\n"),
        ("  threat:\n    route: a\r\n", "  threat:\n    threshold: 0.8\r\n    route: a\r\n"),
        ("  threat:\n    route: a # b\n", "  threat:\n    threshold: 0.8\n    route: a # b\n"),
        ("  threat: {route: a, threshold: 0.5}\n", "  threat: {route: a, threshold: 0.8}\n"),
        ('  threat:\n    "threshold": 5e-1\n', '  threat:\n    "threshold": 0.8\n'),
    ],
)
def test_each_layout(tmp_path: Path, written: str, made: str) -> None:
    path = pack(tmp_path, written)
    assert with_thresholds(path, {"threat": 0.8}) == path.read_bytes().decode().replace(written, made)


@pytest.mark.parametrize("name", ["starter", "dwp"])
def test_line_endings_stay_as_they_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(path_of(name).read_bytes().replace(b"\n", b"\r\n"))
    wanted: dict[CategoryName, float] = dict.fromkeys(load(name).categories, 0.37)
    assert with_thresholds(path, wanted) == with_thresholds(path_of(name), wanted).replace("\n", "\r\n")


@pytest.mark.parametrize(
    "written",
    [
        "  threat: {route: a}\n",
        "  threat: {clauses: [A],\n    route: a}\n",
        "  threat:\n    {route: a,\n     severity: high}\n",
        "  threat:\n    {\n      route: a}\n",
        "  threat:\n    threshold:\n      0.5\n",
        "  trolling: {}\n",
    ],
)
def test_where_it_cannot_be_put_its_place_is_named(tmp_path: Path, written: str) -> None:
    with pytest.raises(PolicyError) as raised:
        with_thresholds(pack(tmp_path, written), {"threat": 0.8})
    assert "write 'threshold: 0.8' there" in str(raised.value)
