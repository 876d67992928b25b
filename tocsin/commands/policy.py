"""`tocsin policy`: look at packs and check them; `tocsin init`: make one for your own organisation."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from classifiers.backends import scorer
from classifiers.pack_examples import Trial, trials
from policies.check import available, check, load
from policies.policy import Policy
from tocsin import init as making
from tocsin.commands.classify import Backend
from tocsin.commands.policy_adopt import adopt
from tocsin.commands.policy_diff import diff
from tocsin.commands.policy_exceptions import exceptions
from tocsin.commands.policy_routes import hours_table, routes_table
from tocsin.commands.policy_severity import severity_table
from tocsin.house import open_house
from tocsin.packs import adopted_how, is_stored, pack_of
from tocsin.settings import Settings
from tocsin.shown import columns, plain, safe
from warehouse.adoptions import Adoption

group = typer.Typer(no_args_is_help=True, help="Policy packs: what ships, what is in one, and what is wrong with one.")


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    group.command()(diff)
    group.command()(adopt)
    group.command()(exceptions)
    app.command(rich_help_panel="The whole")(init)
    app.add_typer(group, name="policy", rich_help_panel="Policy packs")


@group.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """The packs that ship, which are in force, and which version of each was adopted, when and by whom."""
    in_force, adopted = Settings().policy_names, open_house().adoptions.adopted()
    packs = {name: load(name) for name in dict.fromkeys([*available(), *in_force])}
    if as_json:
        rows = [_listed(name, pack, adopted.get(pack.id), in_force=name in in_force) for name, pack in packs.items()]
        print(json.dumps(rows, indent=2))  # noqa: T201
        return
    table = columns("pack", "title", "clauses", "version", "in force", "adopted")
    for name, pack in packs.items():
        adoption = adopted.get(pack.id)
        facts = str(len(pack.clauses)), pack.version, "yes" if name in in_force else ""
        table.add_row(safe(name), safe(pack.title), *facts, _adopted(pack, adoption))
    Console(emoji=False).print(table)


@group.command()
def show(
    name: Annotated[str, typer.Argument(help="A pack's name, its path, or a stored version: dwp@3f2a9c01b7de.")],
) -> None:
    """One pack: its categories, the clauses they rest on and who is told.

    A finding is stamped with the version that it was judged by; `tocsin policy show dwp@3f2a9c01b7de` prints that text.
    """
    pack = pack_of(name)
    console = Console(soft_wrap=True, emoji=False)
    console.print(f"[bold]{escape(pack.title)}[/bold]  {pack.stamp}")
    for told in _record(pack) if is_stored(name) else ():
        console.print(safe(told), highlight=False)
    console.print()
    table = columns("category", "severity", "told", "clauses")
    for category, rules in pack.categories.items():
        told = pack.routes[rules.route].name if rules.enabled else "off"
        table.add_row(category, rules.severity, escape(told), escape(", ".join(rules.clauses)))
    console.print(table)
    console.print("", routes_table(pack), "", hours_table(pack), "", severity_table(pack), sep="\n")
    for clause in pack.clauses:
        console.print(f"\n[bold]{escape(clause.id)}[/bold]  {escape(clause.text)}", highlight=False)


def _record(pack: Policy) -> list[str]:
    """When a stored version was first used, and each time that it was adopted."""
    book = open_house().adoptions
    used = [str(version) for version in book.versions(pack.id) if version.stamp == pack.stamp]
    told = [each for each in book.history(pack.id) if each.version == pack.version and each.by]
    return used + [f"Adopted {adopted_how(each)}: {each.why}" for each in told]


def _adopted(pack: Policy, adoption: Adoption | None) -> str:
    if adoption is None:
        return ""
    which = "this version" if adoption.version == pack.version else adoption.version
    return safe(f"{which}, {adopted_how(adoption)}")


def _listed(name: str, pack: Policy, adoption: Adoption | None, *, in_force: bool) -> dict[str, Any]:
    """The shape of docs/contracts.md; `by` is null where the first use stands for an adoption."""
    told = adoption and {
        "version": adoption.version,
        "by": adoption.by,
        "at": adoption.at.isoformat(),
        "why": adoption.why,
    }
    shown = {"pack": name, "title": pack.title, "clauses": len(pack.clauses), "version": pack.version}
    return {**shown, "in_force": in_force, "adopted": told}


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


@group.command("test")
def try_(
    packs: Annotated[list[str], typer.Argument(metavar="PACK…", help="Packs to test, names or paths.")],
    backend: Annotated[Backend | None, typer.Option(help="Which model scores toxicity.")] = None,
) -> None:
    """Judge the examples in packs: what each category must catch, and what it must leave alone. Exit 1 where one fails.

    Write them under a category as `examples: {fires: […], quiet: […]}`, in words of your own. Run this after every
    change of a threshold, and before a changed pack is put in force.
    """
    settings = Settings()
    model = scorer(backend.value if backend else settings.backend, settings.detoxify_checkpoint)
    failed = 0
    for name in packs:
        pack = load(name)
        tried = trials(pack, model)
        wrong = [trial for trial in tried if not trial.passed]
        failed += len(wrong)
        print(f"{name}: {len(tried) - len(wrong)} of {len(tried)} examples as they should be")  # noqa: T201
        for trial in wrong:
            print(plain(f"  {_said(trial)}"))  # noqa: T201
        if bare := _without_examples(pack):
            print(f"  fewer than three to fire or three to leave alone: {', '.join(bare)}")  # noqa: T201
    if failed:
        raise typer.Exit(1)


def _said(trial: Trial) -> str:
    fault = "was not found" if trial.expected else "was found and should not be"
    instead = f" (found: {', '.join(trial.found)})" if trial.found and trial.expected else ""
    return f"{trial.category} {fault}{instead}: {trial.text}"


def _without_examples(pack: Policy) -> list[str]:
    return [
        name
        for name, category in pack.categories.items()
        if category.enabled and min(len(category.examples.fires), len(category.examples.quiet)) < 3
    ]


def init(
    folder: Annotated[Path, typer.Option(help="Where the pack and .env are written.")] = Path(),
) -> None:
    """Set up your own organisation: asks a few questions, writes a policy pack and `.env`."""
    written = making.init(folder)
    pack, env = written.pack, written.env
    print(f"Written: {pack} and {env}.")  # noqa: T201
    if written.kept:
        print(f"Kept as {env} had them: {', '.join(written.kept)}.")  # noqa: T201
    where = "" if folder.resolve() == Path.cwd() else f"In {folder}, where .env is read: "
    then = ", then `tocsin run`." if written.in_force else "; not in force until TOCSIN_POLICIES names it."
    print(f"{where}`tocsin policy check {pack.name}`{then}")  # noqa: T201
