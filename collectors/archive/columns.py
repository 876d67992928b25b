"""Which column of a table is which field of a mention: `--map text=body,created_at=date,platform:=x`."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from collectors.archive.refusal import ArchiveError, Refusal

REQUIRED = ("id", "text", "created_at")
_AUTHOR = tuple(f"author.{name}" for name in ("id", "handle", "name", "bio", "followers", "created_at"))
_METRICS = tuple(f"metrics.{name}" for name in ("likes", "reposts", "replies", "views", "rating"))
FIELDS = (
    *("platform", "id", "text", "created_at", "url", "kind", "lang", "conversation_id", "links"),
    *_AUTHOR,
    *_METRICS,
    *("in_reply_to.id", "in_reply_to.text", "in_reply_to.author.id", "in_reply_to.author.handle"),
)
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")  # 5.70306E+17: a spreadsheet was here, and the id is gone

# ours -> theirs; with a colon after ours ("platform:") the value itself, the same in every row.
ColumnMap = Mapping[str, str]


def parse_map(words: str) -> dict[str, str]:
    """Read a `--map` argument. A column whose name holds a comma: put `"ours=theirs"` in double quotes.

    Raises ArchiveError.
    """
    pairs: dict[str, str] = {}
    for part in next(csv.reader([words], skipinitialspace=True), []):
        ours, equals, theirs = (piece.strip() for piece in part.partition("="))
        if not (ours and equals and theirs):
            raise ArchiveError(f"the mapping {part!r} is not ours=theirs; write for example --map text=body,id=post_id")
        if ours in pairs:
            raise ArchiveError(f"the mapping names {ours!r} twice; keep one of them")
        pairs[ours] = theirs
    check_map(pairs)
    return pairs


def check_map(column_map: ColumnMap) -> None:
    """Raise ArchiveError where a mapping names a field that no mention has."""
    for ours in column_map:
        field = ours.removesuffix(":")
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ArchiveError(f"{field!r} is no field of a mention; {hint}The fields are: {', '.join(FIELDS)}")


@dataclass(frozen=True)
class Columns:
    """How the rows of one table become records. Built by `fit`."""

    names: tuple[str, ...]  # of the table
    places: tuple[tuple[tuple[str, ...], int], ...]  # (path of our field, column), such as (("author", "handle"), 7)
    constants: tuple[tuple[tuple[str, ...], str], ...]

    @classmethod
    def fit(cls, names: Sequence[str], column_map: ColumnMap, platform: str) -> "Columns":
        """Match a table's columns. A column with the name of a field needs no mapping. Raises ArchiveError."""
        listed = f"the columns found are: {', '.join(name or '(no name)' for name in names)[:2000]}"
        theirs = {field: field for field in FIELDS if field in names and f"{field}:" not in column_map}
        theirs |= {ours: name for ours, name in column_map.items() if not ours.endswith(":")}
        for ours, name in theirs.items():
            if names.count(name) != 1:
                fault = "twice" if name in names else "not there"
                raise ArchiveError(f"the column {name!r} for {ours} is {fault}; {listed}")
        constants = {ours[:-1]: value for ours, value in column_map.items() if ours.endswith(":")}
        if missing := [field for field in REQUIRED if field not in theirs and field not in constants]:
            example = ",".join(f"{field}=COLUMN" for field in missing)
            raise ArchiveError(f"no column for {', '.join(missing)}; say which with --map {example}; {listed}")
        if "platform" not in theirs:
            constants.setdefault("platform", platform)
        return cls(
            tuple(names),
            tuple((tuple(ours.split(".")), names.index(name)) for ours, name in theirs.items()),
            tuple((tuple(ours.split(".")), value) for ours, value in constants.items()),
        )

    def record(self, cells: Sequence[str]) -> dict[str, Any]:
        """One row as a record of the contract's shape. An empty cell is an absent field. Raises Refusal."""
        if any("\x00" in cell for cell in cells):
            raise Refusal("the row holds a null byte")
        if len(cells) != len(self.names):
            raise Refusal(f"the row has {len(cells)} cells where the header has {len(self.names)}")
        record: dict[str, Any] = {}
        for path, place in self.places:
            cell = cells[place]
            if path[-1] in ("id", "conversation_id") and _ROUNDED.fullmatch(cell.strip()):
                raise Refusal(f"{'.'.join(path)} was rounded by a spreadsheet ({cell.strip()}); export it as text")
            if cell.strip() or path == ("text",):
                _put(record, path, cell.split() if path == ("links",) else cell)
        for path, value in self.constants:
            _put(record, path, value)
        return record

    def raw(self, cells: Sequence[str]) -> dict[str, str]:
        """The whole row under the table's own names."""
        return dict(zip(self.names, cells, strict=False))


def _put(record: dict[str, Any], path: tuple[str, ...], value: str | list[str]) -> None:
    for part in path[:-1]:
        record = record.setdefault(part, {})
    record[path[-1]] = value
