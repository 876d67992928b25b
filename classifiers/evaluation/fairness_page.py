"""The figures of docs/fairness.md, written by a run: everything between two marks of the page, and nothing else."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from classifiers.evaluation.fairness import Count, by_functionality, by_slice
from classifiers.evaluation.guard import SIDES, GuardUnusable, Outcome
from classifiers.evaluation.page import NoPlace, between

PAGE = Path(__file__).parents[2] / "docs" / "fairness.md"  # in a checkout; not part of an installed Tocsin
BEGIN = "<!-- figures: written by `tocsin guard --page` -->"

_PARTS = (
    ("By kind of protected speech", "protected: "),
    ("By group named", "group: "),
    ("By dialect", "dialect: "),
    ("By kind of account", "account: "),
    ("By organisation", "organisation: "),
    ("By category", "category: "),
)
_WEAKEST = 12


def renewed(page: str, outcomes: Sequence[Outcome], model: str) -> str:
    """The page with the figures of these outcomes. Raises GuardUnusable where the page has lost its marks."""
    try:
        return between(page, BEGIN, _lines(outcomes, model))
    except NoPlace as error:
        raise GuardUnusable(f"{PAGE.name}: {error}") from error


def _lines(outcomes: Sequence[Outcome], model: str) -> Iterator[str]:
    counts = by_slice(outcomes)
    yield f"Model `{model}`, {len(outcomes)} cases. A case is right when all that must be found is, and nothing more."
    yield ""
    yield from _across("whole", [one for one in counts if one.slice == "all"], "all")
    for title, prefix in _PARTS:
        yield f"### {title}"
        yield ""
        yield from _across(title.removeprefix("By "), [one for one in counts if one.slice.startswith(prefix)], prefix)
    yield "### Weakest functionalities"
    yield ""
    yield "| functionality | side | right | of |"
    yield "| --- | --- | ---: | ---: |"
    weakest = sorted(by_functionality(outcomes), key=lambda one: (one.right / one.total, one.slice))[:_WEAKEST]
    yield from (f"| `{one.slice}` | {one.side} | {one.right} | {one.total} |" for one in weakest)
    yield ""


def _across(name: str, counts: Sequence[Count], prefix: str) -> Iterator[str]:
    """A table with a row a slice and a column a side."""
    cells = {(one.slice, one.side): f"{one.right} of {one.total}" for one in counts}
    sides = [side for side in SIDES if any(one.side == side for one in counts)]
    yield f"| {name} | " + " | ".join(sides) + " |"
    yield "| --- |" + " ---: |" * len(sides)
    for row in dict.fromkeys(one.slice for one in counts):
        yield (
            f"| {row.removeprefix(prefix) or row} | " + " | ".join(cells.get((row, side), "") for side in sides) + " |"
        )
    yield ""
