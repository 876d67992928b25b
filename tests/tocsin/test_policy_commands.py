"""`tocsin policy`: packs by name and by path, and mistakes by file and line."""

from pathlib import Path

from policies.check import PACKS, available
from tests.tocsin.conftest import Run


def test_every_pack_that_ships_is_listed_shown_and_good(tocsin: Run) -> None:
    listed = tocsin("policy", "list").out
    for name in available():
        assert name in listed
    shown = tocsin("policy", "show", "dwp").out
    assert "DWP-SMP 4.1" in shown
    assert "cyberstalking" in shown
    assert "mon to fri 09:00 to 17:00 Europe/London, less holidays of GB-ENG" in shown
    checked = tocsin("policy", "check", *available())
    assert checked.status == 0
    assert [line.partition(":")[0] for line in checked.out.splitlines()] == list(available())


def test_a_pack_is_checked_by_its_path_too(tocsin: Run) -> None:
    path = str(PACKS / "dwp.yaml")
    said = tocsin("policy", "check", path)
    assert (said.status, said.out.startswith(f"{path}: good (dwp@")) == (0, True)


def test_a_broken_pack_is_told_by_file_and_line(tocsin: Run, bare: Path) -> None:
    text = (PACKS / "dwp.yaml").read_text(encoding="utf-8")
    place = text[: text.index("severity:")].count("\n") + 1
    (bare / "mine.yaml").write_text(text.replace("severity:", "severeness:", 1), encoding="utf-8")
    said = tocsin("policy", "check", "./mine.yaml", "dwp")
    assert said.status == 2
    assert f"mine.yaml:{place}" in said.out
    assert "severeness" in said.out
    for words in (("policy", "show", "./mine.yaml"), ("collect", "--archive", ".")):
        used = tocsin(*words, POLICIES="./mine.yaml")
        assert used.status == 2
        assert "mine.yaml:" in used.err


def test_a_pack_that_is_not_there_is_told_with_those_that_are(tocsin: Run) -> None:
    said = tocsin("policy", "check", "dpw")
    assert said.status == 2
    assert "dwp" in said.out


def test_the_text_of_a_pack_is_text(tocsin: Run, bare: Path) -> None:
    text = (PACKS / "starter.yaml").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    (bare / "mine.yaml").write_text(text.replace(title, 'title: "[red]Ours[/red] :warning:"'), encoding="utf-8")
    assert "[red]Ours[/red] :warning:" in tocsin("policy", "show", "./mine.yaml").out


def test_examples_are_tried_and_those_that_go_wrong_named(tocsin: Run, bare: Path) -> None:
    good = tocsin("policy", "test", "dwp")
    assert (good.status, good.out.splitlines()[0]) == (0, "dwp: 90 of 90 examples as they should be")
    text = (PACKS / "dwp.yaml").read_text(encoding="utf-8")
    spoilt = text.replace(
        "- This wait on the Universal Credit line is killing me", "- I will stab the work coach at this jobcentre"
    )
    (bare / "mine.yaml").write_text(spoilt, encoding="utf-8")
    wrong = tocsin("policy", "test", "./mine.yaml")
    assert wrong.status == 1
    assert "threat was found and should not be: I will stab the work coach at this jobcentre" in wrong.out
