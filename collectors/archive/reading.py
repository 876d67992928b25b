"""One archive read from beginning to end, or on from an earlier place."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from collectors.archive import documents, mail, mailboxes, tables
from collectors.archive.bytestream import chunks
from collectors.archive.columns import ColumnMap, Columns
from collectors.archive.formats import HEAD, Format, recognise
from collectors.archive.records import Item, item, items, mention
from collectors.archive.refusal import ArchiveError, Refusal, quarantined
from collectors.archive.tape import Position, Tape


class Reading:
    """Reads one stream. `position` moves only over what `steps` has yielded."""

    def __init__(
        self, stream: BinaryIO, name: str, column_map: ColumnMap, platform: str, told: Format | None = None
    ) -> None:
        self._tape = Tape(chunks(stream))
        self._name = name
        self._map = column_map
        self._platform = platform
        self._told = told
        self._format: Format | None = None
        self._separator = ""
        self._columns: Columns | None = None

    @property
    def position(self) -> Position:
        """The place after the last step."""
        return self._tape.position

    @property
    def offset(self) -> int:
        """The bytes before `position`."""
        return self._tape.offset

    def resume(self, position: Position) -> bool:
        """Go on from an earlier place; False, and the stream is spent, if what comes before it has changed."""
        try:
            self._begin()
            return self._tape.skip_to(position)
        except (Refusal, ArchiveError):
            return False  # a reading from the beginning will say why

    def steps(self) -> Iterator[Iterable[Item]]:
        """What each line, row or document holds, in order. Raises ArchiveError where the mapping does not fit."""
        try:
            if self._format is None:
                self._begin()
            yield from self._found()
        except Refusal as refusal:
            where = f"{self._name}:{self._tape.line}"
            yield (quarantined(where, str(refusal), self._tape.waiting()),)

    def _begin(self) -> None:
        self._format = recognise(self._tape.head(HEAD), self._name, self._told)
        if self._format in ("csv", "tsv"):
            first = self._tape.look_line().decode("utf-8", "replace")
            self._separator = "\t" if self._format == "tsv" else tables.delimiter(first)
            header = next(tables.rows(self._tape, self._separator), None)
            if header is None or header.fault:
                raise Refusal(f"the header cannot be read: {header.fault if header else 'there is none'}")
            if not header.payload.endswith(b"\n"):  # it ends the file, and `rows` does not take such a row
                self._tape.advance(len(header.payload))
            names = [cell.strip() for cell in header.cells]
            self._columns = Columns.fit(names, self._map, self._platform)

    def _found(self) -> Iterator[Iterable[Item]]:
        if self._format in ("mbox", "eml"):
            return self._letters()
        return self._rows(self._columns) if self._columns else self._documents()

    def _letters(self) -> Iterator[Iterable[Item]]:
        for letter in mailboxes.letters(self._tape, alone=self._format == "eml"):
            where = f"{self._name}:{letter.line}"
            yield (item(partial(mail.mention, letter), letter.data, where),)

    def _rows(self, columns: Columns) -> Iterator[Iterable[Item]]:
        for row in tables.rows(self._tape, self._separator):
            yield (self._row_item(row, columns),)

    def _row_item(self, row: tables.Row, columns: Columns) -> Item:
        where = f"{self._name}:{row.line}"
        if row.fault:
            return quarantined(where, row.fault, row.payload)
        return item(lambda: mention(columns.record(row.cells), columns.raw(row.cells)), row.payload, where)

    def _documents(self) -> Iterator[Iterable[Item]]:
        read = documents.lines if self._format == "jsonl" else documents.values
        for value in read(self._tape):
            yield self._value_items(value)

    def _value_items(self, value: documents.Value) -> Iterator[Item]:
        where = f"{self._name}:{value.line}"
        try:
            record = documents.parsed(value)
        except Refusal as refusal:
            return iter((quarantined(where, str(refusal), value.data),))
        return items(record, where)
