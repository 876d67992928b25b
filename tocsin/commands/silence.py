"""`tocsin silence`: for a while the bell does not ring for incidents of a kind; they are opened and listed as ever."""

import getpass
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from incidents.silence import Asked, Silence, words_of
from incidents.wording import moment
from policies.counted import counted
from tocsin.commands.incident_merge import named
from tocsin.house import open_house
from tocsin.shown import columns, iso, line, safe

By = Annotated[str, typer.Option("--by", help="Who acts; none: the name you are logged in with.")]
Why = Annotated[str, typer.Option("--reason", "--why", help="Why; it is told in the channel, and kept.")]

group = typer.Typer(
    no_args_is_help=True,
    help="""Ring no bell for incidents of a kind, for a while.

Incidents are opened with their evidence and listed as ever. What is critical, and what is about a person at risk, rings
all the same. A silence lasts an hour to thirty days; its channel is told when it begins, before it ends and when it is
over, with what it kept quiet. What a policy always allows is an approved exception in the pack, and no silence.""",
)


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="silence", rich_help_panel="People at work")


@group.command()
def add(  # noqa: PLR0913, PLR0917 - one option each
    length: Annotated[str, typer.Argument(metavar="LENGTH", help="How long: 8h, 3d.")],
    reason: Why,
    category: Annotated[str, typer.Option(help="Only of this category, e.g. trolling.")] = "",
    author: Annotated[str, typer.Option(help="Only by this author: a handle, or a pseudonym.")] = "",
    target: Annotated[str, typer.Option(help="Only aimed at this handle, or at: organisation, group …")] = "",
    phrase: Annotated[str, typer.Option(help="Only where every post holds these words.")] = "",
    policy: Annotated[str, typer.Option(help="The pack; none: the one in force.")] = "",
    by: By = "",
) -> None:
    """Begin a silence. Say at least one of category, author, target and phrase."""
    house = open_house()
    asked = Asked(by or getpass.getuser(), reason, length, policy, author, target, category, phrase)
    silence = house.silences.add(asked, house.policies)
    print(line(f"{silence.id} is in force until {moment(silence.ends_at)}: {_about(silence)}"))  # noqa: T201


@group.command("list")
def list_(
    over: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """The silences that act, with what each has kept quiet so far; newest first."""
    house = open_house()
    found = house.silences.silences(over=over)
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2, default=iso))  # noqa: T201
        return
    table = columns("silence", "about", "until", "kept quiet", "whose", "why")
    for each in found:
        until = moment(each.ends_at) if each.active(house.now()) else f"over since {moment(each.over_at)}"
        words = (each.id, _about(each), until, f"{each.kept_quiet:,}", each.owner, each.reason)
        table.add_row(*map(safe, words))
    Console(emoji=False).print(table if found else "No silences.")


@group.command()
def end(
    silence_id: Annotated[str, typer.Argument(metavar="ID", callback=named, help="The silence, e.g. SIL-3.")],
    reason: Why,
    by: By = "",
) -> None:
    """End a silence before its time; what it kept quiet and is still open is told with the next delivery."""
    silence = open_house().silences.end(silence_id, by or getpass.getuser(), reason)
    print(line(f"{silence.id} is over; it kept {counted(silence.kept_quiet, 'incident')} quiet"))  # noqa: T201


def _about(silence: Silence) -> str:
    """In this house's own words: the pseudonyms of its authors, and the target, by name."""
    matcher = silence.matcher
    named = {"Author": ", ".join(matcher.authors), "Aimed at": matcher.target or ""}
    return "; ".join(f"{label.lower()} {named.get(label, value)}" for label, value in words_of(matcher))
