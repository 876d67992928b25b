"""`tocsin incident merge` and `unmerge`: what people find to be one case goes on as one, and apart again."""

import getpass
from typing import Annotated

import typer

from tocsin.house import open_house


def named(incident_id: str) -> str:
    """An id as it is kept, however it was typed: toc-1042 is TOC-1042."""
    return incident_id.strip().upper()


By = Annotated[str, typer.Option("--by", help="Who acts; none: the name you are logged in with.")]


def merge(
    incident_id: Annotated[
        str, typer.Argument(metavar="ID", callback=named, help="The incident that ends, e.g. TOC-1002.")
    ],
    into: Annotated[
        str, typer.Option("--into", metavar="ID", callback=named, help="The one in which it goes on, e.g. TOC-1001.")
    ],
    reason: Annotated[str, typer.Option("--reason", "--why", help="Why they are one case; told in both threads.")],
    by: By = "",
) -> None:
    """Let it go on in another: one case, dealt with once.

    Its evidence and its custody log stay where they are, under its own id. New findings of its author and target go to
    the other, until `tocsin incident unmerge`. Both must be open, of one policy and told to the same people, and the
    graver one is the one that goes on.
    """
    one, other = open_house().casebook.merge(incident_id, into, by or getpass.getuser(), reason, "cli")
    print(f"{one.id} goes on in {other.id}, which is {other.severity} and {other.status}")  # noqa: T201


def unmerge(
    incident_id: Annotated[
        str, typer.Argument(metavar="ID", callback=named, help="The incident that was merged, e.g. TOC-1002.")
    ],
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", "--why", help="Why; told in both threads.")] = "",
) -> None:
    """Let it stand for itself again, as it was before. What came meanwhile stays with the other, as its evidence."""
    done = open_house().casebook.unmerge(incident_id, by or getpass.getuser(), reason or None, "cli")
    came = f"; {done.meanwhile} of its findings came meanwhile and stay with {done.survivor}" if done.meanwhile else ""
    print(f"{done.incident.id} stands for itself again and is {done.incident.status}{came}")  # noqa: T201
