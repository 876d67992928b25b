"""The archive collector: posts that somebody kept in files, read once, and on from where a file ended when it grows."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pydantic import Field

from collectors.archive.columns import ColumnMap, check_map, parse_map
from collectors.archive.folder import File, Unread, files, storable
from collectors.archive.ledger import BATCH_BYTES, Filling, Ledger
from collectors.archive.reader import steps
from collectors.archive.reading import Reading
from collectors.archive.refusal import Refusal, quarantined
from collectors.archive.tape import Position
from collectors.collector import Batch, Checkpoint
from collectors.manners import Manners
from collectors.platform import Platform, Reach
from collectors.section import Listed, Section, needed
from policies.policy import Policy


class ArchiveSettings(Section):
    """The settings of the archives."""

    prefix = ""
    archives: Listed = needed("Files or folders to read as archives, comma-separated")
    archive_map: str = Field("", description="Columns of CSV archives, ours=theirs, comma-separated")


class Archive:
    """A file, or a folder of files. Nothing is opened before `collect`.

    `column_map` is for tables: our field -> their column, or "field:" -> a value for every row. `platform` is what
    rows carry that name none. Raises ArchiveError for a mapping that names no field of a mention.
    """

    def __init__(self, path: Path | str, column_map: ColumnMap | None = None, platform: str = "archive") -> None:
        self._path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would touch the disk
        self._map = dict(column_map or {})
        check_map(self._map)
        self.platform = platform
        # Two archives may have one file name; the path keeps them apart.
        self.source = f"archive:{storable(self._path.name)}@{_digest(storable(str(self._path)))[:8]}"

    @classmethod
    def from_settings(
        cls, settings: ArchiveSettings, _policies: Sequence[Policy], _manners: Manners
    ) -> "tuple[Archive, ...]":
        """Raises ArchiveError for a bad column map."""
        columns = parse_map(settings.archive_map)
        return tuple(cls(Path(name), columns) for name in settings.required().archives)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield what is new in the files. Raises ArchiveError: no such path, columns that do not fit."""
        ledger = Ledger(self.source, _digest(json.dumps([self._map, self.platform])), checkpoint)
        filling = Filling(ledger)
        for file in files(self._path):
            if isinstance(file, Unread):
                yield from filling.add(quarantined(file.name, file.reason, ""))
                continue
            try:
                yield from self._collect_file(file, ledger, filling)
            except Refusal as refusal:
                yield from filling.add(quarantined(file.name, str(refusal), ""))
        if filling.unsaved:
            yield filling.batch()

    def _collect_file(self, file: File, ledger: Ledger, filling: Filling) -> Iterator[Batch]:
        stamp = file.stamp()
        if ledger.knows(file.name, stamp):
            return
        reading, stream = self._resumed(file, ledger.position(file.name))
        with stream:
            begun = reading.offset
            for step in steps(reading, file, alone=file.path == self._path):
                for item in step:
                    yield from filling.add(item)
                if filling.full or reading.offset - begun > BATCH_BYTES:
                    begun = reading.offset
                    ledger.note(file.name, reading.position)
                    yield filling.batch()
            ledger.note(file.name, reading.position, stamp)
            filling.unsaved = True

    def _resumed(self, file: File, position: Position | None) -> tuple[Reading, BinaryIO]:
        for place in (position, None):
            stream = file.open()
            reading = Reading(stream, file.name, self._map, self.platform)
            if place is None or reading.resume(place):
                break
            stream.close()  # the file was replaced: it is read anew
        return reading, stream


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


ENTRY = Platform(
    name="archive",
    access="files of posts, your own or bought",
    settings=ArchiveSettings,
    make=Archive.from_settings,
    reach=Reach(
        endpoint="files: docs/archives.md",
        auth="your own",
        cannot_see="what the file leaves out",
        terms="as under the terms by which you got it",
        conversation="none: what a file holds is read already",
        documents="https://jsonlines.org",
        checked=date(2026, 11, 1),
    ),
)
