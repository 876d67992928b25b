"""What can be wrong with a pack, said so that its author can mend it: where, and how."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake in one pack. `line` counts from 1 (0: the file as a whole); `path` is `categories.threat.route`."""

    file: str
    line: int
    path: str
    message: str  # what is wrong and what would be right

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class PolicyError(Exception):
    """A pack that cannot be used. Its text is one line a problem, `file:line: path: message`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
