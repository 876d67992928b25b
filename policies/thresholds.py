"""A pack's file with other thresholds, and every other character as its author wrote it: comments, order, layout."""

import re
from collections.abc import Mapping
from pathlib import Path

from policies.policy import CategoryName
from policies.problem import PolicyError
from policies.source import Source, read

_VALUE = re.compile(r"(?P<key>(?:^|[\s{,])[\"']?threshold[\"']?\s*:\s*)[^\s,}#]+")


def with_thresholds(path: Path, thresholds: Mapping[CategoryName, float]) -> str:
    """The text of a pack's file with these thresholds. Raises PolicyError where one cannot be put there."""
    source = read(path)
    with path.open(encoding="utf-8-sig", newline="") as file:  # line endings as they are
        lines = file.read().splitlines(keepends=True)
    for name in sorted(thresholds, key=lambda each: -source.lines.get(("categories", each), 0)):  # from the foot up
        _put(source, lines, name, f"{thresholds[name]:g}")
    return "".join(lines)


def _put(source: Source, lines: list[str], name: CategoryName, value: str) -> None:
    place = ("categories", name, "threshold")
    if place in source.lines:
        at = source.lines[place] - 1
        lines[at], changed = _VALUE.subn(rf"\g<key>{value}", lines[at], count=1)
        if changed:
            return
    elif (head := source.lines.get(place[:-1])) is not None:
        below = [line for key, line in source.lines.items() if key[:2] == place[:2] and len(key) == 3 and line > head]
        foot = min(below, default=head)
        first, above = lines[foot - 1], "".join(lines[head - 1 : foot - 1])
        if below and "{" not in above + first.lstrip()[0]:  # in braces a key has no line of its own
            indent = first[: len(first) - len(first.lstrip())]
            ending = "\r\n" if first.endswith("\r\n") else "\n"
            lines.insert(head, f"{indent}threshold: {value}{ending}")
            return
    raise PolicyError([source.problem(place, f"cannot be changed where it stands: write 'threshold: {value}' there")])
