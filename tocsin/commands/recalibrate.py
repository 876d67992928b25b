"""`tocsin recalibrate`: thresholds refitted to a stated precision on what people said, and what that would change."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from incidents.recalibration import LEAST, Precision, Proposal
from policies.counted import counted
from tocsin.commands.policy_diff import told
from tocsin.errors import Misconfigured
from tocsin.house import House, open_house
from tocsin.policy_diff_record import record
from tocsin.recalibrating import Asked, GuardShift, Recalibration
from tocsin.recalibrating import recalibrate as refitted
from tocsin.shown import line, safe

OUTCOMES = {
    "raise": "raise it",
    "holds": "holds already",
    "too few": "too few to say",
    "out of reach": "no threshold shows it",
    "not raised": "only if you say --safeguarding",
}
BIAS = (
    "Read this with it. Only findings above the present threshold were raised, so nobody has said anything of those "
    "below: thresholds rise here, and never fall. To have labels from below, give a category a lower threshold in a "
    "copy of the pack and a route of people who review it; `tocsin policy diff` shows first how much that would bring. "
    "A threshold is chosen on the same labels that it is measured on, so measure again once it is in force. What "
    "nobody has closed yet, and what was closed without a verdict on the category, is not counted."
)


def attach(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("recalibrate", rich_help_panel="Policy packs")(recalibrate)


def recalibrate(  # noqa: PLR0913 - each is an option of the command
    *,
    policy: Annotated[str, typer.Option(help="The pack: a name or a path; none: the one in force.")] = "",
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.99, help="The share of incidents that are to be right.")
    ] = 0.9,
    least: Annotated[int, typer.Option(min=10, help="Labelled incidents that a category needs.")] = LEAST,
    days: Annotated[int, typer.Option(min=1, max=36500, help="Over how many days to show what would change.")] = 90,
    safeguarding: Annotated[
        bool, typer.Option("--safeguarding", help="Let safeguarding's threshold rise too: somebody may go unseen.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the proposed pack; never over another.")
    ] = None,
    examples: Annotated[int, typer.Option(min=0, help="Incidents shown with their words, of each category.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: proposals, diff, guard.")] = False,
) -> None:
    """Refit a pack's thresholds to a stated precision, on the verdicts by which people closed incidents.

    A category is proposed to be raised where the labels show it: at the new threshold the lower end of the precision's
    95 % interval reaches --precision, on --least incidents. Then it shows what would be lost: incidents that people
    confirmed and that would have been missed, incidents of what is stored, and cases of the guard. Nothing is changed.

    With --write the proposed pack is written to a file, comments and all. Nobody has adopted it: read it, have it
    decided, then `tocsin policy adopt ./dwp-next.yaml --by "…" --why "…"`.
    """
    if write is not None and write.exists():
        raise Misconfigured(f"{line(str(write))} is there already: name another file for --write")
    house = open_house()
    asked = Asked(precision, least, days, safeguarding)
    result = refitted(house, policy or _only(house), asked)
    if write is not None and result.text:
        with write.open("x", encoding="utf-8") as file:
            file.write(result.text)
    if as_json:
        print(json.dumps(_record(result, examples, write), indent=2))  # noqa: T201
        return
    console = Console(soft_wrap=True, emoji=False, highlight=False)
    for each in _text(result, examples, write):
        console.print(each)


def _only(house: House) -> str:
    names = house.settings.policy_names
    if len(names) != 1:
        raise Misconfigured(f"say which pack: --policy {' or --policy '.join(names)}")
    return names[0]


def _text(result: Recalibration, examples: int, write: Path | None) -> Iterator[str | Table]:
    asked = result.asked
    yield f"[bold]{result.policy.stamp}[/bold], to {asked.precision:.0%} of incidents right, by {safe(result.model)}\n"
    yield _table(result) if result.proposals else "No category has a label of what this model found."
    if result.other_models:
        yield f"\nLeft out: {counted(result.other_models, 'labelled incident')} that another model found."
    yield f"\n{BIAS}"
    if result.diff is None:
        yield "\nNo threshold is proposed to change, and nothing was."
        return
    yield "\n[bold]What is stored, under both[/bold]"
    yield from told(result.diff, examples)
    yield from _guard(result.guard)
    yield _ending(result, write)


def _ending(result: Recalibration, write: Path | None) -> str:
    if write is None:
        return "\nNothing was changed. To have the proposed pack as a file: --write FILE"
    named = safe(shlex.quote(str(write)))
    return (
        f"\nWritten: {named}. It is not in force, and nobody has adopted it. To adopt it:\n"
        f'  tocsin policy adopt {named} --by "…" --why "…"'
    )


def _table(result: Recalibration) -> Table:
    table = Table("category", box=None, pad_edge=False)
    for name in ("right", "95 %", "threshold", "proposed", "right then", "95 % then", "confirmed lost", "false spared"):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("")
    for each in result.proposals:
        rises = each.outcome == "raise"
        then = (_counted(each.after), _interval(each.after), str(each.lost_right), str(each.lost_wrong))
        proposed = f"{each.threshold:g}" if rises else "–"
        table.add_row(
            each.category,
            _counted(each.before),
            _interval(each.before),
            f"{each.now:g}",
            proposed,
            *(then if rises else ("",) * 4),
            OUTCOMES[each.outcome],
        )
    return table


def _counted(precision: Precision) -> str:
    return f"{precision.right:,} of {precision.of:,}"


def _interval(precision: Precision) -> str:
    low, high = precision.interval
    return f"{low:.0%} to {high:.0%}"


def _guard(shifts: tuple[GuardShift, ...] | None) -> Iterator[str]:
    if shifts is None:
        yield "\nThe guard's cases are in a checkout of Tocsin alone, and were not asked."
        return
    worse = [each for each in shifts if each.before.right and not each.after.right]
    better = [each for each in shifts if each.after.right and not each.before.right]
    said = (
        f"of or near these categories {counted(len(worse), 'right case')} would be wrong, {len(better)} the other way"
    )
    yield f"\n[bold]The guard[/bold]: {said}"
    for each in worse:
        case = each.case
        wanted = " + ".join(case.expected) or "nothing"
        yield safe(f"  {case.id}, {case.functionality}: wanted {wanted}, would find {each.after.said}")


def _record(result: Recalibration, examples: int, write: Path | None) -> dict[str, Any]:
    """The shape of docs/contracts.md."""
    return {
        "policy": result.policy.stamp,
        "model": result.model,
        "precision": result.asked.precision,
        "least": result.asked.least,
        "other_models": result.other_models,
        "categories": [_proposed(each) for each in result.proposals],
        "diff": record(result.diff, examples) if result.diff else None,
        "guard": None if result.guard is None else [_shift(each) for each in result.guard],
        "written": line(str(write)) if write is not None and result.text else None,
    }


def _proposed(one: Proposal) -> dict[str, Any]:
    numbers = {
        name: {"right": each.right, "of": each.of, "low": each.interval[0], "high": each.interval[1]}
        for name, each in (("before", one.before), ("after", one.after))
    }
    return {"category": one.category, "outcome": one.outcome, "now": one.now, "threshold": one.threshold, **numbers}


def _shift(one: GuardShift) -> dict[str, Any]:
    found = {
        name: sorted({finding.category for finding in outcome.findings})
        for name, outcome in (("before", one.before), ("after", one.after))
    }
    right = {"right_before": one.before.right, "right_after": one.after.right}
    return {"id": one.case.id, "functionality": one.case.functionality, "side": one.case.side, **found, **right}
