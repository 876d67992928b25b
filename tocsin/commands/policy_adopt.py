"""`tocsin policy adopt`: put on record that a version of a pack was adopted, by whom and why."""

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from policies.counted import counted
from policies.policy import Policy
from tocsin.commands.policy_diff import PACK
from tocsin.errors import Misconfigured
from tocsin.house import House, open_house
from tocsin.packs import adopted_how, pack_of
from tocsin.policy_diff_record import NUMBERS
from tocsin.shown import line


def adopt(
    new: Annotated[str, typer.Argument(metavar="NEW", help=PACK)],
    why: Annotated[str, typer.Option("--why", "--reason", help="Why, and by whose decision; kept.")],
    by: Annotated[str, typer.Option("--by", help="Who adopts it; none: the name you are logged in with.")] = "",
    diff: Annotated[
        str,
        typer.Option("--diff", metavar="FILE", help="What `policy diff --json` gave: keep its numbers; `-`: stdin."),
    ] = "",
) -> None:
    """Put on record that a version of a pack is adopted: who, when, why, and which version before it.

    The first version of a pack is in force as soon as TOCSIN_POLICIES names it: its first use is its adoption. When the
    file changes, the new text is in force from the next run on, and `tocsin run` and `tocsin doctor` say that nobody
    adopted it, until this command was used.

    `tocsin policy diff dwp@3f2a9c01b7de dwp --json > diff.json`

    `tocsin policy adopt dwp --by "Sam Example" --why "Security board, 12 October" --diff diff.json`

    To go back is to adopt the former version: put its file back, then `tocsin policy adopt dwp --why …`.
    """
    pack = pack_of(new)
    numbers = _numbers(diff, pack) if diff else None
    house = open_house()
    adoption = house.adoptions.adopt(pack, by or getpass.getuser(), why, numbers)
    before = f", before it {adoption.policy}@{adoption.former}" if adoption.former else ""
    print(line(f"{adoption.stamp} is adopted {adopted_how(adoption)}{before}"))  # noqa: T201
    for name, number in adoption.released.items():
        what = f"the exception {name}" if name != "exempt" else "exempt accounts"
        print(line(f"To be judged again by the next triage: {counted(number, 'finding')} that {what} had set aside"))  # noqa: T201
    if hint := _not_in_force(house, pack):
        print(line(hint), file=sys.stderr)  # noqa: T201


def _numbers(file: str, pack: Policy) -> dict[str, Any]:
    """The numbers of a diff that was made of this pack. Raises Misconfigured."""
    fix = f"give what `tocsin policy diff OLD {pack.id} --json` printed"
    try:
        told = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(f"{file} cannot be read ({error.strerror}): {fix}") from error
    except ValueError as error:
        raise Misconfigured(f"{file} is no JSON ({error}): {fix}") from error
    if not isinstance(told, dict) or (missing := [name for name in NUMBERS if name not in told]):
        lacks = f", it lacks {', '.join(missing)}" if isinstance(told, dict) else ""
        raise Misconfigured(f"{file} is no policy diff{lacks}: {fix}")
    if told["new"] != pack.stamp:
        raise Misconfigured(f"{file} is a diff of {told['new']}, and you adopt {pack.stamp}: make it anew")
    return {name: told[name] for name in NUMBERS}


def _not_in_force(house: House, pack: Policy) -> str:
    """What is to be done for the adopted version to judge, or nothing."""
    current = house.policies.get(pack.id)
    if current is None:
        return f"It is not in force: TOCSIN_POLICIES names no pack {pack.id}."
    if current.version != pack.version:
        return f"It is not in force: TOCSIN_POLICIES names {current.stamp}. Put the adopted file there."
    return ""
