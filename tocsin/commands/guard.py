"""`tocsin guard`: the gate before a release; what must be left alone, what must be found, by functionality."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from classifiers.backends import scorer
from classifiers.evaluation.fairness import Count, by_functionality, by_slice
from classifiers.evaluation.fairness_page import PAGE, renewed
from classifiers.evaluation.gate import Stop, accepted, gate, read_known, write_known
from classifiers.evaluation.guard import FOLDER, SIDES, GuardUnusable, Outcome, judged, read_cases
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from policies.check import load
from tocsin.errors import Misconfigured, StepFailed
from tocsin.progress import bar
from tocsin.settings import Settings
from tocsin.shown import safe

_PIPED = 120  # columns of a table that goes to a file


def attach(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("guard", rich_help_panel="Step by step")(guard)


def guard(
    folder: Annotated[Path, typer.Argument(help="The cases; the checkout's own if not given.")] = FOLDER,
    *,
    weights: Annotated[Path | None, typer.Option(metavar="DIR", help="Other weights of the embedded model.")] = None,
    slices: Annotated[
        bool, typer.Option("--slices", help="By group, dialect, account and kind of speech too.")
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Write the known failures anew, for review.")] = False,
    page: Annotated[bool, typer.Option("--page", help="Write the figures of docs/fairness.md anew.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every case with what was found, a JSON object a line.")
    ] = False,
) -> None:
    """Judge the guard's cases, print what is right by functionality and what is wrong; say if a release may go on.

    Each case is judged under its organisation's pack, as `tocsin classify` would. Exit status 1: the gate is shut.

    `tocsin guard --weights var/training` before new weights ship; `tocsin guard --accept --page` once they are chosen.
    """
    try:
        cases = read_cases(folder)
        which = scorer("embedded", Settings().detoxify_checkpoint, weights)
        with bar("Judging the guard's cases", total=len(cases)) as advance:
            outcomes = judged(cases, lambda name: Judge(load(name), which, MentionHistory()), advance)
        if accept:
            write_known(accepted(outcomes), folder)
        if page:
            PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), outcomes, which.name), encoding="utf-8")
        _print(outcomes, slices, as_json)
        stops = gate(outcomes, read_known(folder))
    except GuardUnusable as error:
        raise Misconfigured(str(error)) from error
    _tell(stops)


def _print(outcomes: Sequence[Outcome], slices: bool, as_json: bool) -> None:
    if as_json:
        for one in outcomes:
            found = [asdict(finding) for finding in one.findings]
            print(json.dumps({**one.case.model_dump(mode="json"), "right": one.right, "findings": found}))  # noqa: T201
        return
    console = Console(emoji=False, width=None if sys.stdout.isatty() else _PIPED, soft_wrap=not sys.stdout.isatty())
    _table(console, "functionality", by_functionality(outcomes))
    if slices:
        _table(console, "slice", by_slice(outcomes))
    for one in sorted(outcomes, key=lambda one: SIDES.index(one.case.side)):
        if not one.right:
            wanted = " + ".join(one.case.expected) or "nothing"
            console.print(
                f"{one.case.id} [{one.case.functionality}] {safe(one.case.text)}\n"
                f"    wanted {wanted}, found {safe(one.said)}",
                highlight=False,
                markup=False,
            )


def _table(console: Console, name: str, counts: Sequence[Count]) -> None:
    for side in SIDES:
        of_side = [one for one in counts if one.side == side]
        table = Table(name, title=side, title_justify="left", box=None, pad_edge=False)
        table.add_column("right", justify="right")
        table.add_column("of", justify="right")
        for one in of_side:
            table.add_row(one.slice, str(one.right), str(one.total))
        console.print(table)


def _tell(stops: Sequence[Stop]) -> None:
    if stops:
        raise StepFailed("The gate is shut.\n" + "\n".join(map(str, stops)))
    print("The gate is open: no innocent post is flagged that was not known of.", file=sys.stderr)  # noqa: T201
