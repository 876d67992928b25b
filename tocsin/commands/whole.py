"""`tocsin run` and `tocsin up`: one full pass through the real DAGs, and the stack that goes on passing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

import collectors
from tocsin import airflow_local
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import House, open_house
from tocsin.packs import never_adopted
from tocsin.progress import hold_stderr
from tocsin.settings import Settings, override
from tocsin.shown import safe
from tocsin.summary import Pass, newest_day, print_summary

Archives = Annotated[
    list[Path], typer.Option("--archive", metavar="FILE", help="Read this file or folder instead of the platforms.")
]
ColumnMap = Annotated[
    str, typer.Option("--map", metavar="OURS=THEIRS,…", help="Columns of a CSV archive, e.g. `text=body,id=tweet_id`.")
]
Policies = Annotated[
    list[str], typer.Option("--policy", metavar="NAME", help="Policy pack, a name or a path; repeat for several.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
PASS = ("collect", "watch", "triage", "daily_report", "retention")

SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"

talk = Console(stderr=True)


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="The whole")(run)
    app.command(rich_help_panel="The whole")(up)


def run(
    archive: Archives = [],  # noqa: B006
    column_map: ColumnMap = "",
    policy: Policies = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """One full pass: collect, judge, raise incidents, deliver, report. Through the real Airflow DAGs, on this machine.

    With nothing configured it passes over the sample archive that ships with Tocsin. A second run adds only what is
    new. `tocsin run --archive export.csv --map text=body,created_at=date` reads your own posts. The report is mailed,
    too, where TOCSIN_SMTP_URL and TOCSIN_REPORT_TO are set.
    """
    choose(archive, column_map, policy)
    settings = Settings()
    house = open_house()
    say_what_is_used(house, "this console and ")
    began, before = house.now(), house.mentions.totals()
    with only_one_pass(settings):
        hold_stderr()
        house.mentions.close_interrupted_runs()
        failures = _pass(settings, house)
    print_summary(house, Pass(began, before, "daily_report" not in failures), as_json)
    if failures:
        told = "; ".join(f"{dag_id} {how}" for dag_id, how in failures.items())
        raise StepFailed(f"{told}. The log is {airflow_local.log_file(settings)}")


def up() -> None:
    """Airflow on this machine: scheduler and UI on loopback, until Ctrl-C."""
    choose([], "", [])
    settings = Settings()
    house = open_house()
    say_what_is_used(house, "")
    with only_one_pass(settings):
        talk.print(f"Airflow  http://127.0.0.1:{settings.airflow_port}  (ready in about half a minute)")
        talk.print(f"Reports  {escape(str((settings.var / 'reports').resolve()))}")
        talk.print(f"Log      {escape(str(airflow_local.log_file(settings).resolve()))}")
        talk.print(
            "Buttons  `tocsin slack listen` or `tocsin console`, in a terminal of its own: `tocsin slack --help`"
        )
        talk.print("Ctrl-C stops it all.")
        raise typer.Exit(airflow_local.serve(settings, talk.print))


def choose(archives: list[Path], column_map: str, policies: list[str]) -> None:
    """Turn command-line choices into settings for this process and its children; nothing configured: the sample."""
    if archives:
        override(archives=_listed("--archive", [str(_existing(path)) for path in archives]), sources="archive")
    if column_map:
        override(archive_map=column_map)
    if policies:
        override(policies=_listed("--policy", [_absolute(name) for name in policies]))
    settings = Settings()
    if not settings.source_names and not House(settings).collectors:
        override(archives=str(SAMPLE))
        talk.print("No source is configured, so this pass reads the [bold]sample archive[/bold]: invented posts.")
        talk.print("`tocsin sources` says what each platform needs; `tocsin init` sets up your own organisation.")


@contextmanager
def only_one_pass(settings: Settings) -> Iterator[None]:
    """Hold `var/run.lock`, which the system lets go when the process dies. Raises StepFailed where it is taken."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepFailed(
                f"`tocsin run` or `tocsin up` is at work on {settings.var}; wait for it, stop it, or set TOCSIN_VAR"
            ) from None
        yield


def _pass(settings: Settings, house: House) -> dict[str, str]:
    """Run the DAGs; how those that failed ended, by their ids."""
    airflow_local.configure(settings)
    failures = {}
    for dag_id in PASS:
        talk.print(f"[dim]{dag_id.replace('_', ' ')} …[/dim]")
        conf = {"day": newest_day(house)} if dag_id == "daily_report" else {}
        outcome = airflow_local.run_dag(dag_id, settings, conf)
        if not outcome.succeeded:
            failures[dag_id] = f"{outcome.state}: {', '.join(outcome.failed_tasks) or 'no task ran'}"
    return failures


def say_what_is_used(house: House, console: str) -> None:
    channel = "Slack" if house.settings.slack_bot_token else f"{console}{escape(str(house.settings.var / 'outbox'))}"
    talk.print(f"Policy: {', '.join(policy.stamp for policy in house.policies.values())}. Alerts go to {channel}.")
    for warning in never_adopted(house):
        talk.print(f"[bold]Not adopted:[/bold] {safe(warning)}", highlight=False)


def _listed(option: str, words: list[str]) -> str:
    """As settings list them: with commas, so none may hold one. Raises Misconfigured."""
    if cut := [word for word in words if "," in word]:
        raise Misconfigured(f"{option} {cut[0]!r} has a comma in it, and settings list names with commas: rename it")
    return ",".join(words)


def _existing(path: Path) -> Path:
    if not os.path.exists(path):  # noqa: PTH110 - `Path.exists` raises where nobody lets us look
        raise Misconfigured(f"no file or folder can be reached at {str(path)!r}; check the path")
    return path.resolve()


def _absolute(name: str) -> str:
    return str(Path(name).resolve()) if Path(name).suffix in (".yaml", ".yml") else name
