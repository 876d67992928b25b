"""`tocsin policy diff`: what a changed pack would gain and lose on what is stored, before anybody adopts it."""

import json
import shlex
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from incidents.campaign import is_campaign
from incidents.comparison import Shift
from incidents.incident import Incident
from policies.counted import counted
from tocsin.house import open_house
from tocsin.packs import pack_of
from tocsin.policy_diff import PolicyDiff
from tocsin.policy_diff import diff as made
from tocsin.policy_diff_record import KINDS, excerpt, record, why
from tocsin.shown import safe

PACK = "A pack's name, a path, or a stored version: dwp, ./dwp-next.yaml, dwp@3f2a9c01b7de."


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=PACK)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=PACK)],
    days: Annotated[int, typer.Option(min=1, max=36500, help="How far back: posts of so many days.")] = 90,
    examples: Annotated[
        int, typer.Option(min=0, help="Incidents shown with their words, of each category gained, lost and changed.")
    ] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: every incident, and the counts.")] = False,
) -> None:
    """Which incidents a changed pack would gain, lose and change, on what is stored. Changes nothing.

    Copy the pack, change the copy, keep its `id`, and compare: `tocsin policy diff dwp ./dwp-next.yaml`. Where the file
    itself was changed, its former text is stored: `tocsin policy diff dwp@3f2a9c01b7de dwp` (`tocsin policy list` shows
    the version that was adopted).

    Both packs judge the posts of the last --days days with today's model, whatever was said of them then, and findings
    are grouped into incidents as triage does. Authors are pseudonyms; names, numbers and links in words are masked.

    An incident that is open today is named by its id. It stays open whatever is adopted: people close it.

    Then adopt it: `tocsin policy adopt ./dwp-next.yaml --by "Sam Example" --why "…"`, with `--diff` and the file to
    which the output of --json went, to keep its numbers.
    """
    house = open_house()
    before, after = pack_of(old), pack_of(new)
    result = made(house, before, after, days)
    if as_json:
        print(json.dumps(record(result, examples), indent=2))  # noqa: T201
        return
    console = Console(soft_wrap=True, emoji=False, highlight=False)
    for line in told(result, examples):
        console.print(line)
    if result.differences:
        console.print("\nNothing was changed: neither pack nor warehouse. To adopt it:")
        console.print(f'  tocsin policy adopt {safe(shlex.quote(new))} --by "…" --why "…"')


def told(result: PolicyDiff, examples: int) -> Iterator[str | Table]:
    """A diff in lines and a table: what differs, how far it reaches, what is gained, lost and changed."""
    yield f"[bold]{result.old.stamp}[/bold] against [bold]{result.new.stamp}[/bold]"
    if not result.differences:
        yield "They differ in nothing that judges, tells, watches or keeps."
        return
    yield f"\n[bold]What differs[/bold] ({len(result.differences)})"
    yield from (f"  {safe(str(each))}" for each in result.differences)
    yield f"\n{_reach(result)}\n"
    yield _table(result)
    for kind in KINDS:
        yield from _kind(result, kind, examples)


def _reach(result: PolicyDiff) -> str:
    extent = result.extent
    told = [
        f"{counted(extent.posts, 'post')} of {counted(result.days, 'day')}, since {result.since}, "
        f"judged by {result.model}."
    ]
    if extent.first and extent.first > result.since:
        told.append(f"The oldest of them is of {extent.first}.")
    if extent.wordless:
        told.append(f"{extent.wordless:,} have no words, or no longer: nobody can judge them again.")
    if any(each.place[0] in ("vocabulary", "organisation") for each in result.differences):
        kept = result.old.retention.irrelevant_days
        told.append(
            f"Posts that were about somebody else are kept for {counted(kept, 'day')} only: "
            "a gain among older ones is not seen."
        )
    suppressed = result.before.suppressed, result.after.suppressed
    if any(suppressed):
        told.append(f"Findings that accounts and exceptions suppress: {suppressed[0]:,}, then {suppressed[1]:,}.")
    return " ".join(told)


def _table(result: PolicyDiff) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("incidents")
    for name in ("old", "new", *KINDS):
        table.add_column(name, justify="right")
    for label, numbers in [*result.counts().items(), ("all", result.total())]:
        table.add_row(label, *(f"{numbers[name]:,}" for name in ("old", "new", *KINDS)))
    return table


def _kind(result: PolicyDiff, kind: str, examples: int) -> Iterator[str]:
    """One heading, the open incidents that are meant, and the examples of each category."""
    shifts = [shift for shift in result.shifts if shift.kind == kind]
    if not shifts:
        return
    standing = [result.standing[shift.key] for shift in shifts if shift.key in result.standing]
    named = f"; open today: {', '.join(sorted(standing))}" if standing else ""
    yield f"\n[bold]{kind.capitalize()}[/bold] ({len(shifts):,}){named}"
    by_category = sorted(shifts, key=lambda shift: shift.key.category)
    for category, some in groupby(by_category, key=lambda shift: shift.key.category):
        of_category = list(some)
        for shift in of_category[:examples]:
            yield from _example(result, shift)
        if examples and len(of_category) > examples:
            yield f"  and {len(of_category) - examples:,} more of {category}"


def _changes(shift: Shift) -> Iterator[str]:
    for name, (old, new) in shift.changes.items():
        if name == "clauses":
            before, after = set(old.split(", ")), set(new.split(", "))
            gained, lost = sorted(after - before), sorted(before - after)
            told = [f"gains {', '.join(gained)}"] * bool(gained) + [f"loses {', '.join(lost)}"] * bool(lost)
            yield f"clauses: {' and '.join(told)}"
        else:
            yield f"{name}: {old} becomes {new}"


def _example(result: PolicyDiff, shift: Shift) -> Iterator[str]:
    incident = shift.case.incident
    standing = result.standing.get(shift.key)
    named = f"{standing}  " if standing else ""
    yield f"  {named}[bold]{incident.severity} {incident.key.category}[/bold], told to {safe(shift.case.told)}"
    yield from (f"    {safe(each)}" for each in _changes(shift))
    posts = counted(len(incident.mention_ids), "post")
    days = f"{incident.first_seen_at:%d %b %Y}"
    if incident.last_seen_at.date() != incident.first_seen_at.date():
        days += f" to {incident.last_seen_at:%d %b %Y}"
    yield f"    {posts} on {', '.join(incident.platforms)}, {days}, by {_authors(incident)}"
    yield f"    {safe(why(result, shift.case))}"
    yield f"    | {safe(excerpt(result, shift.case))}"


def _authors(incident: Incident) -> str:
    """The author's pseudonym; of a campaign, how many take part."""
    if not is_campaign(incident.key):
        return incident.key.author
    return "1 author of a campaign" if len(incident.authors) == 1 else f"{len(incident.authors)} authors"
