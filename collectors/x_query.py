"""A pack's terms in X's query language."""

import re

from collectors.query import queries, quoted
from collectors.vocabulary import Terms

LONGEST_QUERY = 512  # characters, on self-serve access
LONGEST_ARCHIVE_QUERY = 1024
OPERATOR = re.compile(r"[@#]\w+")  # a name that X has an operator of its own for


def spoken(terms: Terms, longest: int = LONGEST_QUERY) -> tuple[str, ...]:
    """The terms in X's query language. An official account is searched for as mentioned and as author."""
    alone = [name if OPERATOR.fullmatch(name) else quoted(name) for name in terms.names]
    alone += [f"#{tag}" for tag in terms.hashtags]
    alone += [f"{operator}{handle}" for handle in terms.handles for operator in ("@", "from:")]
    return queries({part.casefold(): part for part in alone}.values(), terms.pairs, longest)
