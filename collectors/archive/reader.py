"""Mentions straight from a file, a folder or a pipe, without a checkpoint."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from collectors.archive.columns import ColumnMap, check_map
from collectors.archive.folder import File, Unread, files
from collectors.archive.formats import Format
from collectors.archive.reading import Reading
from collectors.archive.records import Item
from collectors.archive.refusal import ArchiveError, Refusal, quarantined


def read_mentions(
    source: Path | str | BinaryIO,
    format: Format | None = None,  # noqa: A002 - the word of the command line
    column_map: ColumnMap | None = None,
    platform: str = "archive",
    name: str = "standard input",
) -> Iterator[Item]:
    """Every mention of a file, a folder or a binary stream, in input order; what cannot be one as `Quarantined`.

    Where `format` is None it is told by name and content. Raises ArchiveError.
    """
    column_map = dict(column_map or {})
    check_map(column_map)
    if isinstance(source, Path | str):
        path = Path(source)
        if not _is_pipe(path):
            for file in files(path):
                yield from _file_items(file, path, column_map, platform, format)
            return
        source = path.open("rb")
    for step in Reading(source, name, column_map, platform, format).steps():
        yield from step


def _is_pipe(path: Path) -> bool:
    """False where nobody lets us look, which `Path.is_fifo` raises: `files` then says that nothing can be reached."""
    try:
        return path.is_fifo()
    except OSError:
        return False


def _file_items(
    file: File | Unread, path: Path, column_map: ColumnMap, platform: str, told: Format | None
) -> Iterator[Item]:
    if isinstance(file, Unread):
        yield quarantined(file.name, file.reason, "")
        return
    try:
        file.stamp()
        with file.open() as stream:
            for step in steps(Reading(stream, file.name, column_map, platform, told), file, alone=file.path == path):
                yield from step
    except Refusal as refusal:
        yield quarantined(file.name, str(refusal), "")


def steps(reading: Reading, file: File, *, alone: bool) -> Iterator[Iterable[Item]]:
    """In a folder, a table that the mapping does not fit is one of many; given alone, it is the user's mistake."""
    try:
        yield from reading.steps()
    except ArchiveError as error:
        if alone:
            raise ArchiveError(f"{file.name}: {error}") from error
        yield (quarantined(f"{file.name}:1", str(error), ""),)
