"""What stands in one cell of a mart's frame, where pandas writes NaN for what is missing."""

from typing import Any

import pandas as pd


def text_of(value: Any) -> str | None:
    """A text, or nothing: an export may lack an author's name or a post's address."""
    return value if isinstance(value, str) else None


def worded(posts: pd.DataFrame) -> pd.DataFrame:
    """Those with something to read: a platform's terms may have had the words of the others taken out."""
    return posts[posts["text"].str.strip() != ""]
