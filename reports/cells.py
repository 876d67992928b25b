"""What stands in one cell of a mart's frame, where pandas writes NaN for what is missing."""

from typing import Any


def text_of(value: Any) -> str | None:
    """A text, or nothing: an export may lack an author's name or a post's address."""
    return value if isinstance(value, str) else None
