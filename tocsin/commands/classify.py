"""`tocsin classify`: mentions in, one JSON line each out, in input order, no warehouse needed."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Annotated, cast

import typer

from classifiers.backends import scorer
from classifiers.judge import Judge
from classifiers.wire import to_json
from collectors.archive import parse_map, read_mentions
from collectors.catalogue import home_servers
from collectors.collector import Quarantined
from collectors.mention import Mention
from collectors.register import NOBODY, KnownPeople
from collectors.register_file import read_people
from policies.check import load
from tocsin.commands.people import PLATFORM_NAMES
from tocsin.errors import StepFailed
from tocsin.progress import bar
from tocsin.recent import RecentHistory
from tocsin.settings import Settings
from tocsin.shown import line

AT_ONCE = 512


class Format(StrEnum):
    """How the mentions are written."""

    JSONL = "jsonl"
    CSV = "csv"


class Backend(StrEnum):
    """Which model scores toxicity."""

    EMBEDDED = "embedded"
    DETOXIFY = "detoxify"


def attach(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel="Step by step")(classify)


def classify(
    file: Annotated[str, typer.Argument(help="A file of mentions; `-` is standard input.")] = "-",
    policy: Annotated[str, typer.Option(help="The policy pack to judge by: a name or a path.")] = "",
    file_format: Annotated[Format | None, typer.Option("--format", help="How it is written; none: by content.")] = None,
    column_map: Annotated[str, typer.Option("--map", metavar="OURS=THEIRS,…", help="Columns of a CSV file.")] = "",
    backend: Annotated[Backend | None, typer.Option(help="Which model scores toxicity.")] = None,
    people: Annotated[
        Path | None, typer.Option(help="A staff register, as `tocsin people template` writes it.")
    ] = None,
) -> None:
    """Judge mentions from a file or a pipe: one JSON line each, in input order. Stores nothing.

    `tocsin classify posts.jsonl | jq 'select(.findings != [])'`

    A record that cannot be read is named on stderr with its line; the rest goes on, and the exit status is 1. Memory
    stays level however long the stream: of the past, the latest 20,000 mentions at least are remembered.
    """
    settings = Settings()
    history = RecentHistory()
    judge = Judge(
        load(policy or settings.policy_names[0]),
        scorer(backend.value if backend else settings.backend, settings.detoxify_checkpoint),
        history,
        KnownPeople(read_people(people, PLATFORM_NAMES), home_servers(settings)) if people else NOBODY,
    )
    refused = 0
    with bar("Classifying") as advance:
        for chunk in _chunks(_records(file, file_format, column_map)):
            mentions = [record for record in chunk if isinstance(record, Mention)]
            for mention in mentions:
                history.add(mention)
            for mention, judgement in zip(mentions, judge.judge(mentions), strict=True):
                print(json.dumps(to_json(mention, judgement)))  # noqa: T201
            for record in chunk:
                if isinstance(record, Quarantined):
                    refused += 1
                    print(line(f"{record.where}: {record.reason}"), file=sys.stderr)  # noqa: T201
            advance(len(chunk))
    if refused:
        raise StepFailed(f"{refused} record{'s' if refused > 1 else ''} could not be read, each named above")


def _records(file: str, file_format: Format | None, column_map: str) -> Iterator[Mention | Quarantined]:
    source = cast(BufferedReader, sys.stdin.buffer) if file == "-" else Path(file)
    if _is_empty(source):
        return iter(())  # no mentions are no fault: a filter before us may have let nothing through
    return read_mentions(source, file_format.value if file_format else None, parse_map(column_map))


def _is_empty(source: Path | BufferedReader) -> bool:
    if isinstance(source, Path):
        return os.path.isfile(source) and source.stat().st_size == 0  # noqa: PTH113 - a closed folder is told by whoever reads
    return not source.peek(1)


def _chunks(records: Iterable[Mention | Quarantined]) -> Iterator[list[Mention | Quarantined]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk
