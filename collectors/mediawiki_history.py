"""A part of a page's history: which edit added what, and to which section. A section is what a heading stands above."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from collectors.mediawiki_edit import added_lines, restores

PROSE = {None, "wikitext", "text", "markdown"}  # models of content; the others are data
HEADING = "=="  # of the second level, which begins a discussion; deeper ones belong to it


class History:
    """Revisions of one page as prop=revisions tells them, with their texts. Methods raise what is misshapen raises."""

    def __init__(self) -> None:
        self._rows: dict[int, Mapping[str, Any]] = {}
        self._sections: dict[int, dict[str, Counter[str]]] = {}

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take revisions in, in any order."""
        for row in rows:
            number, text = int(row["revid"]), text_of(row)
            self._rows[number] = row
            if text is not None:
                self._sections[number] = sections(text)

    @property
    def numbers(self) -> set[int]:
        return set(self._rows)

    def touched(self, numbers: Iterable[int]) -> set[str]:
        """The sections to which those edits added lines, as far as it is known."""
        return {name for number in numbers if self.knows(number) for name in self._added_to(number)}

    def knows(self, number: int) -> bool:
        """Whether the texts before and after an edit were read, and are shown."""
        return number in self._sections and (not self._parent(number) or self._parent(number) in self._sections)

    def has_begun(self, names: set[str]) -> bool:
        """Whether the oldest edit that was read is the page's first, or from before any of those sections."""
        oldest = min(self._rows, key=lambda number: (self._rows[number]["timestamp"], number), default=None)
        if oldest is None or not self._parent(oldest):
            return True
        return oldest in self._sections and not names & self._sections[oldest].keys()

    def edit(self, number: int, page: Mapping[str, Any]) -> dict[str, Any]:
        """An edit as the recent changes show it, with what it added: nothing where it restores others' words."""
        row, parent = self._rows[number], self._parent(number)
        known = self.knows(number) and not restores(dict(row))
        before = text_of(self._rows[parent]) if known and parent else ""
        told = {name: value for name, value in row.items() if name not in ("slots", "content")}
        where = {name: page[name] for name in ("ns", "title", "pageid")}
        added = added_lines(before or "", text_of(row) or "") if known else ""
        return {**told, **where, "old_revid": parent, "added": added}

    def _added_to(self, number: int) -> set[str]:
        before = self._sections.get(self._parent(number), {})
        return {name for name, lines in self._sections[number].items() if lines - before.get(name, Counter())}

    def _parent(self, number: int) -> int:
        return int(self._rows[number].get("parentid") or 0) if number in self._rows else 0


def text_of(row: Mapping[str, Any]) -> str | None:
    """The text of a revision; None where it is hidden, or is no prose."""
    main = (row.get("slots") or {}).get("main") or row
    content = main.get("content")
    return content if main.get("contentmodel") in PROSE and isinstance(content, str) else None


def sections(text: str) -> dict[str, Counter[str]]:
    """The lines under each heading, by the heading; "" for what stands above the first. Blank lines do not count."""
    name = ""
    found: dict[str, Counter[str]] = {name: Counter()}
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith(HEADING) and line.endswith(HEADING) and line.strip("=") and line[2] != "=":
            name = line.strip("=").strip()
        found.setdefault(name, Counter())[line] += 1
    return found
