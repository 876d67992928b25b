"""people.csv at the door: every row is sound, or nothing is read and each mistake is named by its line.

One row a person. The file holds names and handles in clear: it is read once, and belongs somewhere else.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from collectors.register import BASES, MOST_WORDS, Basis, Person, Worker, plain_name
from policies.problem import Problem
from policies.references import suggestion

COLUMNS = ("name", "handles", "role", "team", "basis", "monitored", "leaves")
REQUIRED = ("role", "basis", "monitored")
MAX_BYTES = 20_000_000
TEMPLATE = """name,handles,role,team,basis,monitored,leaves
Orla Examplesson,x:example_orla mastodon:orla@example.social,work coach,Hull,public task,yes,
Tam O'Sample; Tamsin Sample,linkedin:tam-sample-0,case manager,,refused,no,2027-03-31
"""
_HANDLE = re.compile(r"(?P<platform>[a-z0-9][a-z0-9_.-]{0,39}):(?:@+|/?u/@*)?(?P<handle>[^\s:@]\S*)", re.IGNORECASE)
_YES_OR_NO = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}


class PeopleInvalid(Exception):
    """A people.csv that cannot be used. Its text is one line a problem, `file:line: column: message`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def read_people(path: Path, platforms: Collection[str]) -> list[Person]:
    """Everybody in the file, in its order. `platforms`: the names that a handle may stand on.

    Raises PeopleInvalid with every problem there is: a file with one bad row is not read at all.
    """
    sheet = _Sheet(str(path), platforms)
    people = [sheet.person(line, cells) for line, cells in sheet.rows(_text(path))]
    if not people and not sheet.problems:
        sheet.complain(1, "", "names nobody: write one row a person, or `tocsin people remove --all`")
    if sheet.problems:
        raise PeopleInvalid(sheet.problems)
    return people


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            message = "is not a file: `tocsin people template` prints one to fill in"
            raise PeopleInvalid([Problem(str(path), 0, "", message)])
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise PeopleInvalid([Problem(str(path), 0, "", f"cannot be read: {error}")]) from error
    if len(content) > MAX_BYTES:
        message = f"is {len(content):,} bytes, and a register has at most {MAX_BYTES:,}: is this the right file?"
        raise PeopleInvalid([Problem(str(path), 0, "", message)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PeopleInvalid([Problem(str(path), line, "", 'is not UTF-8: save it as "CSV UTF-8"')]) from error


@dataclass
class _Sheet:
    """One file being read; what is wrong is gathered, so that all of it can be mended at once."""

    file: str
    platforms: Collection[str]
    problems: list[Problem] = field(default_factory=list)
    _seen_handles: dict[tuple[str, str], int] = field(default_factory=dict)
    _seen_names: dict[str, tuple[int, bool]] = field(default_factory=dict)

    def complain(self, line: int, column: str, message: str) -> None:
        self.problems.append(Problem(self.file, line, column, message))

    def rows(self, text: str) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows that have a cell for each column, blank lines apart, each with its first line."""
        if not text.strip():
            self.complain(1, "", "is empty: `tocsin people template` prints one to fill in")
            return
        if "\x00" in text:
            self.complain(text.count("\n", 0, text.index("\x00")) + 1, "", "holds a null byte: this is not a CSV file")
            return
        first = text.lstrip().splitlines()[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header: list[str] | None = None
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.complain(line, "", f"is not CSV ({error}): check its quotes")
                return
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().casefold() for cell in cells]
                if not self._is_header(line, header):
                    return
            elif len(cells) != len(header):
                hint = "put quotes around a cell that holds a comma" if len(cells) > len(header) else "fill the row up"
                self.complain(line, "", f"has {len(cells)} cells, and the header has {len(header)}: {hint}")
            else:
                yield line, dict(zip(header, map(str.strip, cells), strict=True))

    def _is_header(self, line: int, header: Sequence[str]) -> bool:
        known = len(self.problems)
        for name in dict.fromkeys(header):
            if name not in COLUMNS:
                self.complain(line, name, f"is not a column of a register: {suggestion(name, COLUMNS)}")
            if header.count(name) > 1:
                self.complain(line, name, "is here twice: keep one")
        for name in REQUIRED:
            if name not in header:
                self.complain(line, name, f"is missing: add a column '{name}'")
        if not {"name", "handles"} & set(header):
            self.complain(line, "name", "is missing: add a column 'name' or 'handles', or both")
        return len(self.problems) == known

    def person(self, line: int, cells: dict[str, str]) -> Person:
        """The person of one row; where something in it is wrong, that is noted and the person is not to be used."""
        known = len(self.problems)
        handles, names = self._handles(line, cells.get("handles", "")), self._names(line, cells.get("name", ""))
        if not handles and not names and len(self.problems) == known:
            self.complain(line, "name", "is empty, and so is 'handles': give one by which the person can be found")
        for name in names:
            self._meet(line, plain_name(name), bool(handles))
        basis = self._basis(line, cells["basis"])
        monitored = self._yes_or_no(line, cells["monitored"])
        if basis == "refused" and monitored:
            self.complain(line, "monitored", "cannot be yes where the basis is 'refused': write no")
        if not cells["role"]:
            self.complain(line, "role", "is empty: write what they do, as in 'work coach'")
        leaves = self._day(line, cells.get("leaves", ""))
        worker = Worker(cells["role"], cells.get("team") or None, basis or "refused", monitored, leaves)
        return Person(worker, handles, names)

    def _handles(self, line: int, cell: str) -> tuple[tuple[str, str], ...]:
        found = []
        for word in re.split(r"[\s,;]+", cell):
            match = _HANDLE.fullmatch(word)
            if not word:
                continue
            if match is None:
                self.complain(
                    line, "handles", f"cannot read {word[:40]!r}: write platform:handle, as in x:example_orla"
                )
                continue
            platform, handle = match["platform"].casefold(), match["handle"]
            if platform not in self.platforms:
                self.complain(line, "handles", f"no platform {platform!r}: {suggestion(platform, self.platforms)}")
            first = self._seen_handles.setdefault((platform, handle.casefold()), line)
            if first != line:
                self.complain(
                    line, "handles", f"{word[:40]!r} is here twice (first on line {first}): it has one holder"
                )
            found.append((platform, handle))
        return tuple(dict.fromkeys(found))

    def _names(self, line: int, cell: str) -> tuple[str, ...]:
        names = [name.strip() for name in cell.split(";") if name.strip()]
        for name in names:
            if not 2 <= len(plain_name(name).split()) <= MOST_WORDS:
                message = f"needs a first and a last name, two to {MOST_WORDS} words: a single one is everybody's"
                self.complain(line, "name", message)
        return tuple(names)

    def _meet(self, line: int, name: str, has_handles: bool) -> None:
        first, told_apart = self._seen_names.setdefault(name, (line, has_handles))
        if first != line and not (told_apart and has_handles):
            self.complain(line, "name", f"is here twice (first on line {first}): keep one, or give both their handles")

    def _basis(self, line: int, cell: str) -> Basis | None:
        wanted = " ".join(re.split(r"[\s_-]+", cell.casefold()))
        for basis in BASES:
            if basis == wanted:
                return basis
        self.complain(line, "basis", f"cannot be {cell[:40]!r}: {suggestion(wanted, BASES)}")
        return None

    def _yes_or_no(self, line: int, cell: str) -> bool:
        if cell.casefold() not in _YES_OR_NO:
            self.complain(line, "monitored", f"cannot be {cell[:40]!r}: write yes or no")
        return _YES_OR_NO.get(cell.casefold(), False)

    def _day(self, line: int, cell: str) -> date | None:
        if not cell:
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self.complain(line, "leaves", f"cannot be {cell[:40]!r}: write the last day as 2027-03-31, or nothing")
            return None
