"""What the operators are told of approved exceptions: those that are over, and those that soon will be."""

from collections.abc import Iterable, Iterator
from datetime import date

from policies.policy import Policy


def announced(policies: Iterable[Policy], day: date) -> Iterator[str]:
    """A sentence for each exception that expired before `day` or ends within two weeks of it, with what to do."""
    for policy in policies:
        for one in policy.exceptions:
            named = f"the exception {one.id} of {policy.id}"
            if one.end < day:
                fix = "remove it, or have it approved anew"
                yield f"{named} expired on {one.end} and covers nothing posted since: {fix}"
            elif one.ends_soon(day):
                yield f"{named} ends on {one.end}: have it approved anew, or let it end"
