"""A pack's YAML, read with the line of every key, so that each later complaint can point at the place it is about.

Reading is strict: plain YAML 1.1 values only. Aliases, tags, duplicate keys and keys that are not text are refused,
since each of them makes a file mean something else than its reader sees.
"""

import re
from calendar import month_name, monthrange
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from policies.problem import PolicyError, Problem

MAX_BYTES = 1_000_000  # a pack is written by hand; the largest that we know is a fortieth of this
MAX_DEPTH = 12  # a pack needs five levels

Place = tuple[str | int, ...]
Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]

_FAST: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with libyaml
_LAX = re.compile(r"[\t\ufeff]|[|>][-+\d]*#|(?<![\w!])!")  # what libyaml takes, or takes otherwise
_FAULTS = (  # what YAML's reader says, and what its author is told; what "opens" is named where it begins
    ("problem", "'[@`%]'", 'is not valid YAML: put quotes around it, as in "@handle"'),
    ("context", "quoted scalar", "opens a quotation mark that is not closed: close it at the text's end"),
    ("context", "flow", "opens a [ or { that is not closed: close it, and put quotes around text that holds # or :"),
    ("context", "expected a single document", "holds a second document: remove the '---' and what follows"),
    ("problem", r"'\\t'", "holds a tab: write spaces in its place, YAML takes no tab here"),
    ("problem", "mapping values", "is not valid YAML: put quotes around the text that holds ': '"),
)


@dataclass(frozen=True)
class Source:
    """A pack as written: its plain content, and the line on which each key and each list item stands."""

    file: str
    content: dict[str, Any]
    lines: dict[Place, int]

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at `place`, or at the nearest place above it that is in the file."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return Problem(self.file, self.lines.get(known, 1), ".".join(map(str, place)), message)


def no_such_day(written: str) -> str | None:
    """What is wrong with text that looks like a day and is none, as 2026-02-31; None for any other text."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written.strip())
    if match is None:
        return None
    year, month, _ = map(int, match.groups())
    if not 1 <= month <= 12 or not year:
        return f"{written} is no day, there is no month {match[2]}: write a day as 2026-10-31"
    last = monthrange(year, month)[1]
    return (
        f"{written} is no day, {month_name[month]} {year} has {last}: write {year:04}-{month:02}-{last} or another day"
    )


def read(path: Path) -> Source:
    """Read a pack's file. Raises PolicyError where it is not one plain YAML mapping."""
    file = str(path)
    text = _text(path)
    if not _LAX.search(text):
        with suppress(yaml.YAMLError):  # told below in the words of the slower reader, which `_FAULTS` knows
            return _source(text, file, _FAST)
    try:
        return _source(text, file, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise PolicyError([_syntax_problem(error, text, file)]) from error


def _source(text: str, file: str, reader: Loader) -> Source:
    """Raises PolicyError, and YAMLError for what is no YAML."""
    _forbid_cleverness(text, file, reader)
    loader = reader(text)
    node = loader.get_single_node()
    if node is None:
        raise PolicyError([Problem(file, 1, "", "is empty: copy policies/starter.yaml and fill it in")])
    if not isinstance(node, yaml.MappingNode):
        raise PolicyError(
            [Problem(file, _line(node), "", "is not a pack: write 'key: value' lines, as starter.yaml does")]
        )
    builder = _Builder(loader, file)
    content = builder.build(node, ())
    if builder.problems:
        raise PolicyError(builder.problems)
    return Source(file, content, builder.lines)


def _text(path: Path) -> str:
    file = str(path)
    try:
        if not path.exists():
            _refuse(file, 0, "not found: give the path of a pack, or the name of one that ships (tocsin policy list)")
        if not path.is_file():
            _refuse(file, 0, "is not a file: give the path of one YAML file")
        if (size := path.stat().st_size) > MAX_BYTES:
            _refuse(file, 0, f"is {size:,} bytes, and a pack has at most {MAX_BYTES:,}: is this the right file?")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(file, 0, "is not UTF-8 text: save it as UTF-8")
    except (OSError, ValueError) as error:
        _refuse(file, 0, f"cannot be read: {error}")


def _forbid_cleverness(text: str, file: str, reader: Loader) -> None:
    """Refuse what could make a small file huge or deep, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, reader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            _refuse(file, line, f"refers to *{event.anchor}: write it out, aliases are not read")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in (None, "!"):
            _refuse(file, line, f"has the tag {event.tag}: remove it, tags are not read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            _refuse(file, line, f"is nested deeper than {MAX_DEPTH} levels: flatten it")


def _refuse(file: str, line: int, message: str) -> NoReturn:
    raise PolicyError([Problem(file, line, "", message)])


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # a character that YAML forbids
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        return Problem(file, line, "", "holds a control character: remove it, this may not be a text file")
    said = str(getattr(error, "problem", None) or error)
    told = {"problem": said, "context": str(getattr(error, "context", ""))}
    for where, pattern, message in _FAULTS:
        if re.search(pattern, told[where]):
            begun = getattr(error, "context_mark", None) if message.startswith("opens") else None
            return Problem(file, (begun or mark).line + 1, "", message)
    return Problem(file, mark.line + 1, "", f"is not valid YAML ({said}): check indentation and quotes")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class _Builder:
    """Turns nodes into plain values, noting lines and problems on the way."""

    def __init__(self, loader: yaml.SafeLoader | yaml.CSafeLoader, file: str) -> None:
        self._loader = loader
        self._file = file
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, _line(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node, place) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                shown = key_node.value if isinstance(key_node, yaml.ScalarNode) else "this"
                self._complain(key_node, place, f"the key {shown} is not text: put quotes around it")
                continue
            if key in built:
                first = self.lines[(*place, key)]
                self._complain(key_node, (*place, key), f"is here twice (first on line {first}): keep one")
                continue
            self.lines[(*place, key)] = _line(key_node)
            built[key] = self.build(value_node, (*place, key))
        return built

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            day = no_such_day(node.value)
            meant = f"{day}; where it is text and no day, put quotes around it" if day else None
            self._complain(node, place, meant or f"cannot read {node.value[:40]!r}: put quotes around it")
            return ""

    def _complain(self, node: yaml.Node, place: Place, message: str) -> None:
        self.problems.append(Problem(self._file, _line(node), ".".join(map(str, place)), message))
