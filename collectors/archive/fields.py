"""Reading other people's JSON: what is not of the kind that its documents promise counts as absent."""

from typing import Any, TypeVar

T = TypeVar("T")


def part(record: Any, *path: str) -> dict[str, Any]:
    """The object at a path; empty where there is none."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record if isinstance(record, dict) else {}


def parts(record: dict[str, Any], *path: str) -> list[dict[str, Any]]:
    """The objects of the list at a path."""
    found = part(record, *path[:-1]).get(path[-1])
    return [element for element in found if isinstance(element, dict)] if isinstance(found, list) else []


def present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
