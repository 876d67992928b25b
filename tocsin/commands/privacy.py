"""`tocsin privacy`: a person's data is theirs. Every use is written to the audit table with who and why."""

import getpass
import json
from dataclasses import asdict
from typing import Annotated

import typer

from tocsin.house import open_house
from warehouse import privacy

Platform = Annotated[str, typer.Argument(help="The platform, e.g. x.")]
Who = Annotated[str, typer.Argument(metavar="WHO", help="The author's handle or native id.")]


def _said(reason: str) -> str:
    if not reason.strip():
        raise typer.BadParameter("say why: access to a person's data is audited with its reason")
    return reason


Why = Annotated[str, typer.Option("--reason", "--why", callback=_said, help="Why; kept in the audit.")]
By = Annotated[str, typer.Option("--by", help="Who asks; none: the name you are logged in with.")]

group = typer.Typer(no_args_is_help=True, help="Subject access, erasure, and the audited way back from a pseudonym.")


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="privacy", rich_help_panel="People at work")


@group.command()
def export(platform: Platform, who: Who, reason: Why, by: By = "") -> None:
    """Everything that is held about one author, as JSON."""
    house = open_house()
    request = privacy.Request(platform, who, by or getpass.getuser(), reason)
    held = privacy.export(house.engine, house.pseudonyms, request, register=house.staff)
    print(json.dumps(held, indent=2, default=str))  # noqa: T201


@group.command()
def erase(
    platform: Platform,
    who: Who,
    reason: Why,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase one author. What an incident rests on is kept until it may go, and named."""
    if not yes:
        typer.confirm(f"Erase everything about {who} on {platform}? This cannot be undone", abort=True)
    house = open_house()
    request = privacy.Request(platform, who, by or getpass.getuser(), reason)
    erasure = privacy.erase(house.engine, house.pseudonyms, request, register=house.staff)
    print(json.dumps(asdict(erasure), indent=2))  # noqa: T201


@group.command()
def reveal(
    pseudonym: Annotated[str, typer.Argument(help="As it stands in the marts.")], reason: Why, by: By = ""
) -> None:
    """Who is behind a pseudonym."""
    row = privacy.reveal(open_house().engine, pseudonym, by or getpass.getuser(), reason)
    print(json.dumps(row, indent=2, default=str))  # noqa: T201
