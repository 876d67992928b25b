"""`tocsin evidence`: prove what is in custody, or a bundle of it; read its log; have it timestamped."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from incidents import verify_bundle
from tocsin import custodian
from tocsin.commands.incident import AsJson, Identity
from tocsin.house import open_house
from tocsin.progress import stderr
from tocsin.settings import Settings
from tocsin.shown import columns, iso, line, safe

group = typer.Typer(no_args_is_help=True, help="Evidence in custody: verify it, read its log, have it timestamped.")


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="evidence", rich_help_panel="People at work")


@group.command()
def verify(
    bundle: Annotated[Path | None, typer.Argument(help="A bundle's folder; none: what the warehouse holds.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="What the warehouse holds; so too where no bundle is named.")
    ] = False,
    authority: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) of the timestamping authority; else as configured.")
    ] = None,
) -> None:
    """Is it still what was captured? Names each row, entry or file that is not. Exit 1 where there is one."""
    if bundle is not None and all_:
        raise typer.BadParameter("name a bundle, or --all for the warehouse, not both")
    trusted = custodian.certificates_in(authority, "--authority") if authority is not None else None
    found = _of_bundle(bundle, authority) if bundle is not None else _of_warehouse(trusted)
    for problem in found:
        print(line(f"WRONG  {problem}"))  # noqa: T201
    if found:
        raise typer.Exit(1)
    print(line(f"whole  {bundle or 'the evidence in the warehouse'}"))  # noqa: T201


@group.command()
def log(incident_id: Identity, as_json: AsJson = False) -> None:
    """The custody log of an incident: who did what with its evidence, when and why."""
    entries = open_house().custody.log(incident_id)
    if as_json:
        print(json.dumps([asdict(each) for each in entries], indent=2, default=iso))  # noqa: T201
        return
    table = columns("entry", "when (UTC)", "act", "by", "why", "SHA-256")
    for each in entries:
        told = (each.act.replace("_", " "), safe(each.actor), safe(each.reason or ""), each.sha256[:12])
        table.add_row(str(each.sequence), f"{each.at:%Y-%m-%d %H:%M:%S}", *told)
    Console(emoji=False).print(table)


@group.command()
def timestamp() -> None:
    """Have the custody logs stamped by the authority at TOCSIN_TSA_URL, as far as they have changed."""
    if not Settings().tsa_url:
        print("no authority is set: TOCSIN_TSA_URL names one (RFC 3161)", file=stderr())
    print(json.dumps(custodian.timestamp()))  # noqa: T201


def _of_bundle(folder: Path, authority: Path | None) -> list[str]:
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder: name the one that holds MANIFEST.sha256")
    found = list(verify_bundle.problems(folder, authority))
    for note in verify_bundle.unchecked(folder, authority):
        print(line(note), file=stderr())
    manifest = folder / verify_bundle.MANIFEST
    if manifest.is_file():
        known = hashlib.sha256(manifest.read_bytes()).hexdigest()
        print(line(f"SHA-256 of {verify_bundle.MANIFEST}: {known}"), file=stderr())
    return found


def _of_warehouse(trusted: bytes | None) -> list[str]:
    house = open_house()
    return list(house.custody.problems(custodian.certificates(house) if trusted is None else trusted))
