"""`tocsin incident`: look at incidents, and act on them. Each act is kept with who, when and why."""

import getpass
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from incidents.custody import Handling
from incidents.exchange_table import incidents_table
from incidents.incident import STATUSES, Act, Status
from incidents.lifecycle import spoken
from incidents.verdict import VERDICTS, reason_of, written
from incidents.verdict import spoken as verdict_words
from policies.counted import counted
from tocsin.commands.conversation import print_conversations
from tocsin.commands.incident_merge import merge, named, unmerge
from tocsin.commands.incident_shown import beside, event_line, shape, standing
from tocsin.commands.timeline import print_timelines
from tocsin.custodian import Request, give_out
from tocsin.escalating import book_of, hand_on
from tocsin.exchanging import format_of, give_out_as
from tocsin.house import open_house
from tocsin.shown import block, columns, iso, line, safe
from warehouse.behaviours import timeline_of
from warehouse.case_search import of_bulletin
from warehouse.conversations import Line


def _said(why: str) -> str:
    if not why.strip():
        raise typer.BadParameter("say why: the custody log keeps it")
    return why


Identity = Annotated[str, typer.Argument(metavar="ID", callback=named, help="The incident, e.g. TOC-1042.")]
Actor = Annotated[str, typer.Option("--by", help="Who acts; none: the name you are logged in with.")]
TOLD = "Why, in your words; kept with the act, and told in the thread."
Why = Annotated[str, typer.Option("--reason", "--why", help=TOLD)]
LOGGED = "Why, in your words; needed, and kept in the custody log."
HoldWhy = Annotated[str, typer.Option("--why", "--reason", callback=_said, help=LOGGED)]
FIVE = ", ".join(map(verdict_words, VERDICTS))
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

BULLETIN = re.compile("(DIG|SIL)-[0-9]+")

HELP = """The life of an incident: list, show, acknowledge, assign … resolve.

Whoever acts says why by --reason: kept with the act, and told in the thread. Whoever holds, releases or exports
evidence, by --why: kept in the custody log. Each is taken for the other; only to dismiss is different: its --reason is
one of five, and --note has your own words.
"""
group = typer.Typer(no_args_is_help=True, help=HELP)


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    group.command()(merge)
    group.command()(unmerge)
    app.add_typer(group, name="incident", rich_help_panel="People at work")


@group.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help=f"Only those that are {', '.join(STATUSES)}.")] = None,
    of: Annotated[
        str, typer.Option(help="Only those that a digest (DIG-3) told of, or a silence (SIL-3) kept quiet.")
    ] = "",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV that no spreadsheet takes for formulas.")] = False,
) -> None:
    """All incidents, newest first.

    One that was merged into another, or is explained by a graver one, is marked with that one; one that a silence keeps
    quiet with the silence.
    """
    wanted = _status(status)
    if as_json and as_csv:
        raise typer.BadParameter("say --json or --csv, not both", param_hint="--csv")
    if of and not BULLETIN.fullmatch(of.strip().upper()):
        raise typer.BadParameter(f"{line(of)} is neither a digest (DIG-3) nor a silence (SIL-3)", param_hint="--of")
    house = open_house()
    found = of_bulletin(house.engine, of) if of else house.casebook.incidents(wanted)
    found = [each for each in found if wanted in (None, each.status)]
    quiet = house.silences.covering([each.id for each in found])
    if as_json:
        marks = {each: {"silenced_by": silence} for each, silence in quiet.items()}
        print(json.dumps([shape(each) | marks.get(each.id, {}) for each in found], indent=2))  # noqa: T201
        return
    if as_csv:
        print(incidents_table(found).decode(), end="")  # noqa: T201
        return
    beside_it = {each.id: other for each in found if (other := each.merged_into or each.inhibited_by)}
    more = {name: of_each for name, of_each in (("goes with", beside_it), ("silenced", quiet)) if of_each}
    table = columns("incident", "severity", "status", "category", "target", "posts", "last seen", *more)
    for each in found:
        seen, posts = f"{each.last_seen_at:%Y-%m-%d}", str(len(each.mention_ids))
        told = (each.id, each.severity, each.status, each.key.category, safe(each.key.target), posts, seen)
        table.add_row(*told, *(of_each.get(each.id, "") for of_each in more.values()))
    Console(emoji=False).print(table if found else "No incidents.")


@group.command()
def show(incident_id: Identity, as_json: AsJson = False) -> None:
    """One incident: what it rests on, what was said around it, and what was done."""
    house = open_house()
    casebook = house.casebook
    incident, events = casebook.incident(incident_id), casebook.events(incident_id)
    evidence = casebook.evidence(incident_id)
    house.custody.note(incident_id, Handling("viewed", getpass.getuser(), origin="cli"))
    asked, said = house.conversations.of_incident(incident_id)
    behaviours = timeline_of(house.engine, incident_id)
    steps = book_of(house).steps(incident_id)
    if as_json:
        exhibits = [{**asdict(each.exhibit), "sha256": each.sha256, "intact": each.intact} for each in evidence]
        told = [{**asdict(each), "posts": _posts(said, each.conversation)} for each in asked]
        whole = {**shape(incident), "evidence": exhibits, "conversations": told}
        whole |= {"behaviours": [asdict(each) for each in behaviours]}
        whole |= {"events": [asdict(each) for each in events], "escalations": [asdict(each) for each in steps]}
        print(json.dumps(whole, indent=2, default=iso))  # noqa: T201
        return
    console = Console(soft_wrap=True, emoji=False, highlight=False)
    console.print(f"[bold]{incident.id}[/bold]  {incident.severity} {incident.key.category}, {standing(incident)}")
    console.print(f"Clauses: {safe(', '.join(incident.clauses))}\nWhy: {safe(incident.why)}")
    for words in beside(incident, casebook.around(incident_id)):
        console.print(words)
    for each in evidence:
        state = "" if each.intact else "  [red]CHANGED since it was captured[/red]"
        console.print(f"\n{each.exhibit.posted_at:%Y-%m-%d %H:%M}  {safe(each.exhibit.mention_id)}{state}")
        console.print(block(each.exhibit.text))
    print_timelines(console, behaviours)
    print_conversations(console, asked, said)
    console.print()
    for event in events:
        console.print(event_line(event))
    for step in steps:
        console.print(f"{step.at:%Y-%m-%d %H:%M}  not acknowledged in time: {step.kind}, {safe(step.route)}")


@group.command()
def ack(incident_id: Identity, by: Actor = "", reason: Why = "") -> None:
    """Acknowledge: somebody has seen it and takes it in hand."""
    _act(incident_id, "acknowledged", by, reason)


@group.command()
def investigate(incident_id: Identity, by: Actor = "", reason: Why = "") -> None:
    """Look into it; who investigates has acknowledged it too."""
    _act(incident_id, "investigating", by, reason)


@group.command()
def assign(
    incident_id: Identity, to: Annotated[str, typer.Option(help="Who takes it.")], by: Actor = "", reason: Why = ""
) -> None:
    """Give it to somebody."""
    _act(incident_id, "assigned", by, reason, to)


@group.command()
def escalate(incident_id: Identity, by: Actor = "", reason: Why = "") -> None:
    """Hand it on to the next route, as the pack's `escalates_to` says."""
    _act(incident_id, "escalated", by, reason)
    house = open_house()
    hand_on(book_of(house), house.policies, house.now())


@group.command()
def dismiss(
    incident_id: Identity,
    reason: Annotated[str, typer.Option("--reason", help=f"Which of {FIVE}; needed.")] = "",
    note: Annotated[
        str, typer.Option("--note", help="More, in your words; kept with it, and told in the thread.")
    ] = "",
    by: Actor = "",
) -> None:
    """Dismiss it, for one of five reasons: the verdict is also a label by which Tocsin is measured.

    `--reason "false positive" --note "a film quotation"`, or in one: `--reason "false positive: a film quotation"`.
    """
    _act(incident_id, "dismissed", by, _verdict(reason, note))


@group.command()
def resolve(incident_id: Identity, by: Actor = "", reason: Why = "") -> None:
    """Close it: what had to be done is done. It counts as confirmed, unless the reason begins with `no verdict`."""
    _act(incident_id, "resolved", by, reason)


@group.command()
def reopen(incident_id: Identity, by: Actor = "", reason: Why = "") -> None:
    """Open it again."""
    _act(incident_id, "reopened", by, reason)


@group.command()
def hold(incident_id: Identity, why: HoldWhy, by: Actor = "") -> None:
    """Put it on legal hold: nothing of it goes, whatever the schedule, a platform's terms or its author say."""
    open_house().custody.hold(incident_id, by or getpass.getuser(), why)
    print(f"{incident_id} is on legal hold")  # noqa: T201


@group.command()
def release(incident_id: Identity, why: HoldWhy, by: Actor = "") -> None:
    """Lift the legal hold: the schedule has it again."""
    open_house().custody.release(incident_id, by or getpass.getuser(), why)
    print(f"{incident_id} is no longer on legal hold")  # noqa: T201


@group.command()
def export(
    incident_id: Identity,
    why: HoldWhy,
    out: Annotated[Path, typer.Option(help="The folder to make the bundle in.")] = Path(),
    by: Actor = "",
    to: Annotated[str, typer.Option(help="Who gets it, where it leaves the organisation.")] = "",
    names: Annotated[bool, typer.Option("--names", help="Say by name, not by role, whom it is aimed at.")] = False,
    form: Annotated[str, typer.Option("--format", help="bundle, thehive, iris, stix, csv or json.")] = "bundle",
) -> None:
    """Make a bundle of its evidence, that anybody can check with sha256sum and openssl; kept in the custody log.

    Or, by `--format`, a file for another tool: an alert of TheHive 5 or DFIR-IRIS, STIX 2.1, CSV, JSON. What leaves so
    is masked as in a shared channel, is no evidence, and is kept in the custody log too.
    """
    asked = Request(by or getpass.getuser(), why, to.strip(), names)
    if form != "bundle":
        path, known = give_out_as(open_house(), format_of(form), incident_id, out, asked)
        print(line(f"{path}: SHA-256 {known}"))  # noqa: T201
        return
    house = open_house()
    made = give_out(house, incident_id, out, asked)
    print(line(f"{made.folder}: {counted(made.files, 'file')}; SHA-256 of its MANIFEST.sha256: {made.manifest_sha256}"))  # noqa: T201
    for other in house.casebook.around(incident_id).merged:
        print(f"{other} was merged into it and has evidence of its own: export it too", file=sys.stderr)  # noqa: T201


def _posts(said: Sequence[Line], conversation: str) -> list[dict[str, Any]]:
    return [asdict(line) for line in said if line.conversation == conversation]


def _act(incident_id: str, act: Act, by: str, reason: str, assignee: str | None = None) -> None:
    casebook = open_house().casebook
    incident = casebook.act(incident_id, act, by or getpass.getuser(), reason or None, "cli", assignee)
    holder = f", with {line(incident.assignee)}" if incident.assignee else ""
    print(f"{incident.id} is {spoken(incident.status)}{holder}")  # noqa: T201


def _verdict(reason: str, note: str) -> str:
    if not reason.strip():
        raise typer.BadParameter(f"say which of {FIVE}; your own words go into --note", param_hint="--reason")
    said = written(reason)
    if said is None:
        raise typer.BadParameter(
            f"{line(reason)!r} is none of {FIVE}; your own words go into --note", param_hint="--reason"
        )
    verdict, behind = said
    return reason_of(verdict, "; ".join(filter(None, (behind, note.strip()))))


def _status(status: str | None) -> Status | None:
    known = next((each for each in STATUSES if each == status), None)
    if status is not None and known is None:
        raise typer.BadParameter(f"{status} is none of {', '.join(STATUSES)}", param_hint="--status")
    return known
