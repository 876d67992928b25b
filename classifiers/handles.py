"""How an account stands in a text, and when two ways of writing one mean the same account.

"@orla" everywhere, "@orla@example.social" where servers are federated, "u/orla" on Reddit. Within one server people are
spoken to without it, so a handle without a server may be the same as one with.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

# No platform's handle, and no server's name, is longer than a domain's name may be: 253 characters. Beyond, it is text.
_NAME = r"\w(?:[.-]?\w){0,252}(?![.-]?\w)"
_SERVER = r"\w[\w.-]{0,251}\w(?![.-]*\w)"
HANDLE = re.compile(rf"(?<![\w@.+/-])(?:@(?P<at>{_NAME}(?:@{_SERVER})?)|/?u/(?P<redditor>[\w-]{{3,20}})(?!\w))")
_BEFORE = re.compile(r"^(?:@|/?u/(?=[\w-]{3,20}$))+", re.IGNORECASE)


def handles_in(text: str) -> Iterator[tuple[str, Span]]:
    """Each handle of a text as its platform knows it, with its server where one is written, and where it stands."""
    for match in HANDLE.finditer(text):
        yield match["at"] or match["redditor"], match.span()


def plain(handle: str | None) -> str | None:
    """A handle without the @ or u/ that is written before it; None where nothing is left."""
    return _BEFORE.sub("", (handle or "").strip()) or None


def local(handle: str) -> str:
    """The part of a plain handle before its server, casefolded: what all ways of writing it have in common."""
    return handle.casefold().partition("@")[0]


def same(one: str | None, other: str | None) -> bool:
    """Whether two plain handles may be one account's: alike but for case, and of no two servers."""
    if not one or not other or local(one) != local(other):
        return False
    servers = {handle.casefold().partition("@")[2] for handle in (one, other)} - {""}
    return len(servers) < 2
