"""`tocsin evaluate`: how good a model and a policy are on labelled posts."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from classifiers.backends import scorer
from classifiers.evaluation.disguises import DISGUISES
from classifiers.evaluation.labelled import Labelled, LabelsUnusable, read_labelled
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.archive import parse_map
from policies.check import load
from policies.counted import counted
from tocsin.commands.classify import Backend
from tocsin.errors import Misconfigured
from tocsin.progress import bar
from tocsin.settings import Settings
from tocsin.shown import safe

if TYPE_CHECKING:
    from classifiers.evaluate import Evaluation
    from classifiers.evaluation.measures import Measure

_PIPED = 120  # columns of a table that goes to a file
_MAIN = {"F1", "macro-F1", "macro-recall", "ROC AUC", "calibration error", "accuracy", "left alone", "recall"}

_WHOLE = {"all", "all labels", "all findings", "innocent posts"}


def attach(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("evaluate", rich_help_panel="Step by step")(evaluate_)


def evaluate_(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[list[Path], typer.Argument(help="Labelled posts: .jsonl, .csv or .tsv, or folders of them.")] = [],  # noqa: B006
    *,
    development: Annotated[Path | None, typer.Option(metavar="DIR", help="A folder of published test sets.")] = None,
    policy: Annotated[str, typer.Option(help="The policy pack to judge by: a name or a path.")] = "",
    backend: Annotated[Backend | None, typer.Option(help="Which model scores toxicity.")] = None,
    weights: Annotated[Path | None, typer.Option(metavar="DIR", help="Other weights of the embedded model.")] = None,
    column_map: Annotated[str, typer.Option("--map", metavar="OURS=THEIRS,…", help="Fields named otherwise.")] = "",
    where: Annotated[str, typer.Option(metavar="FIELD=VALUE,…", help="Only posts with these, as split=test.")] = "",
    slices: Annotated[bool, typer.Option("--slices", help="Every slice too, not only the whole.")] = False,
    examples: Annotated[int, typer.Option(metavar="N", help="Show the N worst mistakes of each question.")] = 0,
    curves: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw reliability curves: .svg or .png.")] = None,
    evasion: Annotated[bool, typer.Option("--evasion", help="What is still found when words are disguised.")] = False,
    explanations: Annotated[
        bool, typer.Option("--explanations", help="Whether findings fall without the words shown.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as one JSON object a set.")] = False,
) -> None:
    """Score labelled posts and say how right the scores are: a table, slices, and the mistakes to read.

    A post is a mention with any of `categories`, `sentiment`, `relevant`, `toxicity`, `tags` beside it; what it does
    not say is not asked. Scores are read at 0.5, findings as the pack's thresholds leave them.

    `tocsin evaluate corpus/posts --where split=test,organisation=dwp --examples 3`

    `tocsin evaluate tweets.csv --map text=tweet,sentiment=feeling --policy airlines --slices`
    """
    _check_drawable(curves)
    settings = Settings()
    pack = load(policy or settings.policy_names[0])
    which = scorer(backend.value if backend else settings.backend, settings.detoxify_checkpoint, weights)
    try:
        sets = list(_sets(file, development, parse_map(column_map), _pairs(where)))
    except LabelsUnusable as error:
        raise Misconfigured(str(error)) from error
    console = Console(emoji=False, width=None if sys.stdout.isatty() else _PIPED, soft_wrap=not sys.stdout.isatty())
    evaluations = {}
    for name, posts in sets:
        judge = Judge(pack, which, MentionHistory())
        evaluations[name] = found = _evaluated(judge, name, posts, evasion, explanations)
        if as_json:
            print(json.dumps({"set": name, "model": which.name, "policy": pack.stamp, **asdict(found)}))  # noqa: T201
        else:
            _show(
                console, f"{name}: {counted(len(posts), 'post')}, {which.name}, {pack.stamp}", found, slices, examples
            )
    if curves:
        from classifiers.evaluation.curves import draw

        draw({name: one.curves for name, one in evaluations.items()}, curves)


def _check_drawable(curves: Path | None) -> None:
    """Whether curves can be drawn there is told before an evaluation of minutes, not after it. Raises Misconfigured."""
    if curves is None:
        return
    from classifiers.evaluation.curves import FORMATS

    if curves.suffix.lower() not in FORMATS:
        raise Misconfigured(f"--curves {curves}: name a file that ends in {' or '.join(FORMATS)}")
    if not curves.absolute().parent.is_dir():
        raise Misconfigured(f"--curves {curves}: {curves.parent} is no folder; make it, or name another")


def _evaluated(judge: Judge, name: str, posts: list[Labelled], evasion: bool, explanations: bool) -> "Evaluation":
    from classifiers.evaluate import evaluate
    from classifiers.evaluation.evasion import evasion as evaded
    from classifiers.evaluation.faithfulness import faithfulness

    with bar(f"Evaluating {name}", total=len(posts)) as advance:
        found = evaluate(judge, posts, advance)
    if evasion:
        with bar(f"Disguising {name}", total=len(DISGUISES)) as advance:
            found.measures.extend(evaded(judge, posts, told=advance))
    if explanations:
        found.measures.extend(faithfulness(judge, posts))
    return found


def _sets(
    files: Sequence[Path], development: Path | None, columns: dict[str, str], keep: dict[str, str]
) -> Iterator[tuple[str, list[Labelled]]]:
    for path in files:
        yield path.name, read_labelled(path, columns, keep)
    if development:
        from classifiers.evaluation.development import development_sets

        yield from development_sets(development)
    if not files and development is None:
        raise Misconfigured("nothing to evaluate; name a file of labelled posts, or --development DIR")


def _pairs(where: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in where.split(",") if part]
    if any(not equals for _, equals, _ in pairs):
        raise Misconfigured(f"--where {where} is not FIELD=VALUE,…; for example split=test")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _show(console: Console, title: str, found: "Evaluation", slices: bool, examples: int) -> None:
    table = Table("question", "over", "measure", title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    table.add_column("texts", justify="right")
    for one in found.measures:
        if slices or one.question == "findings" or (one.part in _WHOLE and (_asked_for(one) or one.name in _MAIN)):
            table.add_row(one.question, one.part, one.name, f"{one.value:.3f}", f"{one.n:,}")
    console.print(table)
    _show_mistakes(console, found, examples)


def _asked_for(one: "Measure") -> bool:
    return one.question == "explanations" or one.question.startswith("evasion: ")


def _show_mistakes(console: Console, found: "Evaluation", examples: int) -> None:
    shown: dict[str, int] = {}
    for mistake in found.mistakes:
        shown[mistake.question] = shown.get(mistake.question, 0) + 1
        if shown[mistake.question] <= examples:
            if shown[mistake.question] == 1:
                console.print(f"\n[bold]{mistake.question}[/bold], worst mistakes")
            console.print(f"  is {mistake.truth}, said {mistake.said}: {safe(mistake.text)}", highlight=False)
    console.print()
