"""`tocsin labels`: what people said of findings by closing incidents, as a file that `tocsin evaluate` reads."""

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from policies.counted import counted
from tocsin.errors import Misconfigured
from tocsin.house import open_house
from tocsin.labelling import exported
from tocsin.shown import line

group = typer.Typer(no_args_is_help=True, help="What people said of findings: the labels of closed incidents.")


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="labels", rich_help_panel="People at work")


@group.command()
def export(
    out: Annotated[Path, typer.Argument(help="The file to write, .jsonl; it must not be there yet.")],
    why: Annotated[str, typer.Option("--why", "--reason", help="Why, and for whom: kept in the audit trail.")],
    policy: Annotated[str, typer.Option(help="Only this pack's labels (its id); none: all.")] = "",
    by: Annotated[str, typer.Option(help="Who does it; none: the name you are logged in with.")] = "",
) -> None:
    """Write labelled posts, a JSON object a line, as `tocsin evaluate` and the training read them.

    A post has `categories`: those that people confirmed in it, none where they said that it breaks nothing. A post of
    which a verdict says neither (a duplicate, out of scope, a wrong clause, handled elsewhere) is left out, and so is
    one whose evidence has gone; both are counted. `labels` says which incident, finding, clauses, verdict and why.

    The posts stand word for word, as they were found, with abuse in them, and may name anybody; their authors are left
    out, and so is who decided. Keep the file where the evidence is kept. Each export is a row of `audit`.

    `tocsin labels export var/labels.jsonl --why "measuring after the October dismissals"`

    `tocsin evaluate var/labels.jsonl --policy dwp --slices`
    """
    if out.exists():
        raise Misconfigured(f"{line(str(out))} is there already: nothing is written over it; name another file")
    out.parent.mkdir(parents=True, exist_ok=True)
    made = exported(open_house(), policy or None, by or getpass.getuser(), why)
    out.touch(mode=0o600, exist_ok=False)  # abuse, names: for nobody else on the machine
    with out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in made.records)
    told = f"{out}: {counted(len(made.records), 'labelled post')}; left out: {made.undecided:,} of which no verdict "
    print(line(f"{told}says whether they break the policy, {made.gone:,} whose evidence has gone"))  # noqa: T201
