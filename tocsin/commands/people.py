"""`tocsin people`: the staff register, which knows one of yours by handle or name and can be read by nobody."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from collectors.catalogue import PLATFORMS
from collectors.closed import CLOSED
from collectors.register_file import TEMPLATE, read_people
from policies.counted import counted
from tocsin.house import open_house
from tocsin.progress import stderr
from tocsin.shown import columns, line, safe
from warehouse.people import Listed, PersonUnknown

PLATFORM_NAMES = (*(platform.name for platform in PLATFORMS), *(closed.name for closed in CLOSED))

By = Annotated[str, typer.Option("--by", help="Who acts; none: the name you are logged in with.")]
Who = Annotated[str, typer.Argument(metavar="WHO", help="A whole name, platform:handle, or a pseudonym (st_…).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

group = typer.Typer(
    no_args_is_help=True,
    help="""The staff register: who your people are, so that abuse of them is known for what it is.

`tocsin people template > people.csv`, fill it in, `tocsin people import people.csv`. What is stored are roles, and
keyed hashes of names and handles: a post that names one of them is recognised, and the register tells nobody who is
in it. The file itself does not belong beside Tocsin, and never in a pack.""",
)


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="people", rich_help_panel="People at work")


@group.command()
def template() -> None:
    """Print a people.csv to fill in: two invented people under the columns.

    `name`: first and last, several with `;` between. `handles`: platform:handle, several with a space between. `role`.
    `team`: may be empty. `basis`: why you may hold this row (consent, contract, legal obligation, vital interests,
    public task, legitimate interests) or refused. `monitored`: yes where what they write may be judged as the words of
    your staff; abuse of them is judged whatever it says. `leaves`: their last day, or nothing.
    """
    print(TEMPLATE, end="")  # noqa: T201


@group.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The whole register, as CSV in UTF-8.")],
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", "--why", help="Why; kept in the audit.")] = "",
) -> None:
    """Make a file the register: all of it, or, where a row is wrong, nothing. Who is not in the file is forgotten."""
    people = read_people(file, PLATFORM_NAMES)
    counts = open_house().staff.replace(people, by or getpass.getuser(), reason or None)
    print(  # noqa: T201
        f"Stored {counted(counts.people, 'person', 'people')} ({counts.new} new, {counts.gone} gone): their roles, and "
        f"keyed hashes of {counted(counts.handles, 'handle')} and {counted(counts.names, 'name')}. "
        "No name and no handle is stored."
    )
    print(
        f"Keep {line(str(file))} somewhere else, or delete it: Tocsin does not read it again and cannot give it back.",
        file=stderr(),
    )


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Everybody in the register, as far as it tells: role, team, basis, never who."""
    _print(open_house().staff.listed(), as_json)


@group.command()
def find(
    who: Who,
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", "--why", help="Why; kept in the audit.")] = "",
    as_json: AsJson = False,
) -> None:
    """Whether somebody is in the register, and what it says of them. Exit 2 where it knows nobody of that name.

    That you asked is kept in the audit: who, when, why, and whom it found; not the name that you gave.
    """
    found = open_house().staff.find(who, by or getpass.getuser(), reason or None)
    if not found:
        raise PersonUnknown(f"the register knows nobody as {who!r}: give a whole name, platform:handle or st_…")
    _print(found, as_json)


@group.command()
def remove(
    who: Annotated[str, typer.Argument(metavar="WHO", help="A whole name, platform:handle, or st_….")] = "",
    reason: Annotated[str, typer.Option("--reason", "--why", help="Why, which is needed; kept in the audit.")] = "",
    by: By = "",
    everybody: Annotated[bool, typer.Option("--all", help="Empty the register.")] = False,
) -> None:
    """Forget one person, or all. Take them out of your file too, or the next import brings them back."""
    if bool(who) == everybody:
        raise typer.BadParameter("name one person, or say --all", param_hint="WHO")
    if not reason.strip():
        raise typer.BadParameter('say why, for the audit: --reason "left in March"', param_hint="--reason")
    store, actor = open_house().staff, by or getpass.getuser()
    if everybody:
        print(f"Forgotten: {counted(store.clear(actor, reason), 'person', 'people')}")  # noqa: T201
        return
    gone = store.remove(who, actor, reason)
    print(f"Forgotten: {gone.person}, {line(gone.role)}. Take them out of your file too.")  # noqa: T201


def _print(people: Sequence[Listed], as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(each) for each in people], indent=2, default=str))  # noqa: T201
        return
    table = columns("person", "role", "team", "basis", "monitored", "leaves", "known by")
    for each in people:
        known = ", ".join([*each.platforms, *(["name"] if each.names else [])])
        leaves, monitored = str(each.leaves or ""), "yes" if each.monitored else "no"
        table.add_row(each.person, safe(each.role), safe(each.team or ""), each.basis, monitored, leaves, known)
    Console(emoji=False).print(table if people else "Nobody: `tocsin people template` shows how to begin.")
