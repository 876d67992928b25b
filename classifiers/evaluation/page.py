"""Figures in a page of the documentation: what a run writes between two marks, and nothing else of the page."""

from collections.abc import Iterable

END = "<!-- end of figures -->"


class NoPlace(ValueError):
    """The page has lost the marks between which figures stand; the message has them."""


def between(page: str, begin: str, lines: Iterable[str]) -> str:
    """The page with these lines, and no others, between `begin` and `END`. Raises NoPlace."""
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise NoPlace(f"the page has no place for figures; put the lines {begin} and {END} back")
    return f"{before}{begin}\n\n" + "\n".join(lines) + f"\n{END}{after}"
