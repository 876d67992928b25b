"""The files of an archive: one file, or all in a folder and the folders in it, sorted, hidden ones left out."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from collectors.archive.bytestream import GZIP
from collectors.archive.refusal import ArchiveError, Refusal

Stamp = tuple[int, int, int]  # size in bytes, time of the last change to content and to the file, in nanoseconds


@dataclass(frozen=True)
class File:
    """One file of an archive. `name` is its path inside the folder, in characters that can be stored."""

    name: str
    path: Path

    def stamp(self) -> Stamp:
        """What differs as soon as somebody writes to the file. Raises Refusal."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise Refusal(_unreadable(error)) from error
        if not stat.S_ISREG(found.st_mode):
            raise Refusal("this is not a regular file (a device, a socket or a pipe)")
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def open(self) -> BinaryIO:
        """Its bytes. Raises Refusal."""
        try:
            with self.path.open("rb") as stream:
                start = stream.read(len(GZIP))
            if start and start != GZIP and self.path.suffix.lower() == ".gz":
                raise Refusal("the file is named .gz but holds no gzip data; compress it again, or rename it")
            return self.path.open("rb")
        except OSError as error:
            raise Refusal(_unreadable(error)) from error


@dataclass(frozen=True)
class Unread:
    """Something in a folder that was not gone into, and why."""

    name: str
    reason: str


def files(path: Path) -> Iterator[File | Unread]:
    """Raises ArchiveError where there is nothing at `path`."""
    if _is_folder(path):
        yield from _inside(path, "", set())
    elif os.path.lexists(path):
        yield File(storable(path.name), path)
    else:
        raise ArchiveError(f"no file or folder can be reached at {str(path)!r}; check the path")


def _inside(folder: Path, prefix: str, visited: set[tuple[int, int]]) -> Iterator[File | Unread]:
    try:
        found = folder.stat()
        names = sorted(entry for entry in os.listdir(folder) if not entry.startswith("."))  # noqa: PTH208
    except OSError as error:
        yield Unread(prefix.rstrip("/") or storable(folder.name), _unreadable(error))
        return
    visited.add((found.st_dev, found.st_ino))
    for name in names:
        path, shown = folder / name, prefix + storable(name)
        if not _is_folder(path):
            yield File(shown, path)
        elif _identity(path) not in visited:
            yield from _inside(path, f"{shown}/", visited)
        elif path.is_symlink():
            yield Unread(shown, "this link leads back to a folder that is read already")


def _is_folder(path: Path) -> bool:
    """False where nobody lets us look, which `Path.is_dir` raises: the file's own stamp then says why."""
    return os.path.isdir(path)  # noqa: PTH112


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def storable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 and control characters are shown as escapes."""
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)
    return shown.encode("utf-8", "backslashreplace").decode()


def _unreadable(error: OSError) -> str:
    return f"the file cannot be read: {error.strerror or error}"
