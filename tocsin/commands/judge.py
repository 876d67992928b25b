"""The steps of a pass by hand, without Airflow: collect, recheck, conversations, watch, triage, deliver, report …"""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from collectors.collector import CollectError
from policies.counted import counted
from tocsin import assessing, pipeline, relaying, watching
from tocsin.commands.whole import ColumnMap, choose, talk
from tocsin.errors import Misconfigured, StepFailed
from tocsin.settings import Settings

STEPS = "Step by step"


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (collect, recheck, conversations, watch, triage, deliver, report, retention):
        app.command(rich_help_panel=STEPS)(command)


def collect(
    source: Annotated[list[str], typer.Argument(help="Sources to read; none: all that are configured.")] = [],  # noqa: B006
    archive: Annotated[Path | None, typer.Option("--archive", metavar="FILE", help="Read this file or folder.")] = None,
    column_map: ColumnMap = "",
) -> None:
    """Read what is new from the configured sources into the warehouse. One source that fails stops no other."""
    choose([archive] if archive else [], column_map, [])
    names = pipeline.list_sources()
    _check(source, names)
    failures = []
    for name in source or names:
        try:
            print(json.dumps({"source": name, **pipeline.collect(name)}))  # noqa: T201
        except CollectError as error:
            failures.append(f"{name} {error.outcome}: {error}")
    if failures:
        raise StepFailed("; ".join(failures))


def recheck(
    source: Annotated[list[str], typer.Argument(help="Sources to ask; none: all whose platform can tell.")] = [],  # noqa: B006
    *,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only posts that open incidents rest on, as far as they are due.")
    ] = False,
) -> None:
    """Ask platforms again about stored posts: the gone are deleted, the edited keep their former text.

    Most platforms' terms demand it: what its author or the platform has taken down must go from every copy, on Reddit
    within 48 hours. Each run asks about a part, in turn, and the next goes on from there; the DAG `recheck` does so
    every six hours.

    Posts that open incidents rest on are asked about first and more often: with --open, and by the DAG `open_posts`
    every hour. What became of one is told in the incident's thread.

    What an incident rests on is held as evidence. An author whose account is gone is forgotten, a post that is still
    shown stays. A platform that cannot be asked, or does not answer, deletes nothing. Every deletion is in `audit`.

    One line of JSON a source: `asked`, `deleted`, `held` (gone, but evidence), `edited`, `disowned` (author forgotten).
    On X each post asked about costs as a post read: `TOCSIN_X_RECHECK_POSTS` bounds that.
    """
    names = pipeline.list_rechecked()
    if unknown := [each for each in source if each not in names]:
        raise Misconfigured(
            f"{', '.join(unknown)} cannot be asked about stored posts: not configured, or its platform does not tell; "
            f"these can: {', '.join(names) or 'none that is configured'}"
        )
    if not names:
        talk.print("No configured source can be asked about stored posts: `tocsin sources` says what each one needs.")
        return
    sums, failures = Counter[str](), []
    for name in source or names:
        try:
            told = watching.follow(name) if only_open else pipeline.recheck(name)
        except CollectError as error:
            failures.append(f"{name} {error.outcome}: {error}")
            continue
        sums.update(told)
        print(json.dumps({"source": name, **told}))  # noqa: T201
    talk.print(
        f"{counted(sums['asked'], 'stored post')} asked about: {sums['deleted']:,} gone and deleted, "
        f"{sums['held']:,} gone but held as evidence, {sums['edited']:,} edited, "
        f"{sums['disowned']:,} left without their author."
    )
    if failures:
        raise StepFailed("; ".join(failures))


def conversations(
    source: Annotated[list[str], typer.Argument(help="Sources to ask; none: all with something to ask for.")] = [],  # noqa: B006
) -> None:
    """Fetch what is said around the posts of open incidents; `tocsin incident show` prints it.

    It is context: no mention, neither counted nor judged, and it goes once no open incident rests on it. Each
    conversation is asked for every six hours while its incident is lively, then once a day; the DAG `conversations`
    looks every hour. How much is read is bounded, and a part is called a part.

    One line of JSON a source: `asked`, of these `whole`, `part`, `gone` and `refused`; `posts` read, `deleted` since
    the platform shows them no more, `left_out` by a pack's rule. On X each post costs as a read, which
    `TOCSIN_X_CONVERSATION_PAGES` bounds.
    """
    names, known = pipeline.list_conversations(), pipeline.list_sources()
    _check(source, known)
    failures = []
    for name in source or names:
        try:
            print(json.dumps({"source": name, **pipeline.converse(name)}))  # noqa: T201
        except CollectError as error:
            failures.append(f"{name} {error.outcome}: {error}")
    if not (source or names):
        talk.print("No open incident has a conversation that is due and that a configured platform gives.")
    if failures:
        raise StepFailed("; ".join(failures))


def watch() -> None:
    """Raise an alarm for the operators where a source is refused, has changed or has gone quiet; `deliver` sends it."""
    print(json.dumps(pipeline.watch()))  # noqa: T201


def triage() -> None:
    """Judge what waits and group the findings into incidents."""
    batches = [assessing.assess(first, last) for first, last in assessing.list_batches()]
    assessed = sum(each["assessed"] for each in batches)
    problems = []
    try:
        print(json.dumps({"assessed": assessed, **pipeline.raise_incidents()}))  # noqa: T201
    except StepFailed as failure:
        problems.append(str(failure))
    try:
        assessing.tell(batches)
    except StepFailed as failure:
        problems.append(str(failure))
    if problems:
        raise StepFailed("; ".join(problems))


def deliver(
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="First let what was set aside as failed wait again.")
    ] = False,
) -> None:
    """Send what the outbox holds: to Slack, or to this console and `var/outbox/` where no token is set.

    Then to the further channels that routes name, and by their fallbacks what Slack has not taken for too long.
    """
    retried = {"retried": pipeline.retry_failed() + relaying.retry_failed()} if retry_failed else {}
    print(json.dumps({**retried, **relaying.deliver_all()}))  # noqa: T201


def report(
    day: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day; none: yesterday, UTC.")] = None,
    *,
    mail: Annotated[bool, typer.Option("--mail", help="Also mail it to everybody in TOCSIN_REPORT_TO.")] = False,
) -> None:
    """Render the daily report of one day and print where it is. It is mailed with --mail alone.

    The DAG `daily_report` mails each that it makes, where TOCSIN_SMTP_URL and TOCSIN_REPORT_TO are set.
    """
    settings = Settings()
    if mail and not (settings.smtp_url and settings.report_addresses):
        raise Misconfigured("--mail needs a server and readers: set TOCSIN_SMTP_URL and TOCSIN_REPORT_TO")
    print(pipeline.report(day, mail=mail))  # noqa: T201


def retention() -> None:
    """Delete what each pack's retention says has been kept long enough; whatever an open incident rests on is held."""
    print(json.dumps(pipeline.expire()))  # noqa: T201


def _check(asked: list[str], known: list[str]) -> None:
    """Raises Misconfigured where a source is asked for that is none of those configured."""
    if unknown := [each for each in asked if each not in known]:
        there = f"configured are: {', '.join(known)}" if known else "none is configured: see `tocsin sources`"
        raise Misconfigured(f"no source {', '.join(unknown)}; {there}")
