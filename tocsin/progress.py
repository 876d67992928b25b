"""Talk to whoever waits at the terminal: progress bars there, and nowhere else."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

_held: TextIO | None = None


class Bar(Protocol):
    """Something that can be told how far the work has come."""

    def __call__(self, advance: int = 1, total: int | None = None) -> None:
        """`advance` more are done, of `total` where that is now known."""
        ...


def hold_stderr() -> None:
    """Keep a way to this process's stderr, for talk while the stream itself is sent to a log."""
    global _held  # noqa: PLW0603
    if _held is None:
        _held = os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1)


def stderr() -> TextIO:
    """Where talk goes."""
    return _held or sys.stderr


@contextmanager
def bar(description: str, total: int | None = None) -> Iterator[Bar]:
    """Show one bar while the block runs; on anything but a terminal, show nothing."""
    stream = stderr()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream), disable=not stream.isatty(), transient=True) as progress:
        task = progress.add_task(description, total=total)

        def advanced(advance: int = 1, total: int | None = None) -> None:
            progress.update(task, advance=advance, total=total)  # None leaves the total as it is

        yield advanced
