"""Why a case stands, once it may be told neither in the words of a post nor with the name of whom that is aimed at.

The sentence is made anew, of what no post can write into. To cut the quotation out of the reason that was given would
be to guess where it ends: a post can hold quotation marks and names of its own.
"""

from collections.abc import Iterable

from incidents.by_role import called

WITHOUT = "(told without the words of posts)"
UNNAMED = "unnamed:"  # what the target of such a case begins with; no handle does


def unquoted(category: str, severity: str, target_kind: str, clauses: Iterable[str]) -> str:
    """`Threat, aimed at an employee: high under EW 1.1 (told without the words of posts)`."""
    what = category.replace("_", " ").capitalize()
    return f"{what}, aimed at {called(target_kind)}: {severity} under {', '.join(clauses)} {WITHOUT}"


def unnamed(incident_id: str) -> str:
    """Whom an incident was aimed at: somebody. Each incident's is another's, so that no two are taken for one."""
    return f"{UNNAMED}{incident_id}"
