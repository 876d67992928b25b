"""`tocsin policy`: look at packs and check them; `tocsin init`: make one for your own organisation."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from policies.check import available, check, load
from tocsin import init as making
from tocsin.settings import Settings
from tocsin.shown import plain

group = typer.Typer(no_args_is_help=True, help="Policy packs: what ships, what is in one, and what is wrong with one.")


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="The whole")(init)
    app.add_typer(group, name="policy", rich_help_panel="People at work")


@group.command("list")
def list_() -> None:
    """The packs that ship, and which are in force."""
    in_force = Settings().policy_names
    table = Table("pack", "title", "clauses", "in force", box=None, pad_edge=False)
    for name in dict.fromkeys([*available(), *in_force]):
        pack = load(name)
        table.add_row(escape(name), escape(pack.title), str(len(pack.clauses)), "yes" if name in in_force else "")
    Console().print(table)


@group.command()
def show(name: Annotated[str, typer.Argument(help="A pack's name or path.")]) -> None:
    """One pack: its categories, the clauses they rest on and who is told."""
    pack = load(name)
    console = Console(soft_wrap=True, emoji=False)
    console.print(f"[bold]{escape(pack.title)}[/bold]  {pack.stamp}\n")
    table = Table("category", "severity", "told", "clauses", box=None, pad_edge=False)
    for category, rules in pack.categories.items():
        told = pack.routes[rules.route].name if rules.enabled else "off"
        table.add_row(category, rules.severity, escape(told), escape(", ".join(rules.clauses)))
    console.print(table)
    for clause in pack.clauses:
        console.print(f"\n[bold]{escape(clause.id)}[/bold]  {escape(clause.text)}", highlight=False)


@group.command("check")
def check_(
    packs: Annotated[list[str], typer.Argument(metavar="PACK…", help="Packs to check, names or paths.")],
) -> None:
    """Check packs: each mistake with file, line, path and fix. Exit 2 where there is one."""
    problems = [problem for pack in packs for problem in check(pack)]
    for problem in problems:
        print(plain(str(problem)))  # noqa: T201
    if problems:
        raise typer.Exit(2)
    for pack in packs:
        print(f"{pack}: good ({load(pack).stamp})")  # noqa: T201


def init(
    folder: Annotated[Path, typer.Option(help="Where the pack and .env are written.")] = Path(),
) -> None:
    """Set up your own organisation: asks a few questions, writes a policy pack and `.env`."""
    pack, env = making.init(folder)
    print(f"Written: {pack} and {env}. Check the pack with `tocsin policy check {pack}`, then `tocsin run`.")  # noqa: T201
