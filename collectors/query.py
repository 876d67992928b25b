"""Search queries: a pack's terms joined with OR, split where a query would be longer than the platform takes."""

from collections.abc import Iterable, Iterator

Pairs = Iterable[tuple[tuple[str, ...], tuple[str, ...]]]


def queries(alone: Iterable[str], pairs: Pairs, longest: int, both: str = " ", either: str = " OR ") -> tuple[str, ...]:
    """The queries that together find every post with one part of `alone`, or with one term of each half of a pair.

    `alone` is in the platform's own syntax, the terms of `pairs` are plain; `both` joins two groups that must both be
    found, `either` the alternatives of one group. A pair without a second half is searched for by its first. Each query
    is at most `longest` characters. Raises ValueError for a single term that no query can hold.
    """
    found = list(_joined(alone, longest, either))
    for terms, beside in pairs:
        if not beside:
            found += _joined(map(quoted, terms), longest, either)
            continue
        for group in _joined(map(quoted, terms), longest // 2, either):
            room = longest - len(group) - len("()()") - len(both)
            found += [f"({group}){both}({context})" for context in _joined(map(quoted, beside), room, either)]
    return tuple(found)


def quoted(term: str) -> str:
    """The term as a phrase. One word is quoted too: OR, AND and punctuation then mean themselves."""
    return '"' + " ".join(term.replace('"', " ").split()) + '"'


def _joined(parts: Iterable[str], longest: int, either: str) -> Iterator[str]:
    query = ""
    for part in parts:
        if len(part) > longest:
            raise ValueError(f"the search term {part[:60]!r} is longer than the {longest} characters of a query")
        longer = f"{query}{either}{part}" if query else part
        if len(longer) > longest:
            yield query
            longer = part
        query = longer
    if query:
        yield query
