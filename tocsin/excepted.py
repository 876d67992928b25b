"""What the operators are told of approved exceptions: those that are over, and those that soon will be."""

from collections.abc import Iterable, Iterator
from datetime import date

from policies.exceptions import NOTICE
from policies.policy import Policy


def announced(policies: Iterable[Policy], day: date) -> Iterator[str]:
    """A sentence for each exception, or exempt account with an end, that expired before `day` or ends within two weeks.

    It says what to do.
    """
    for policy in policies:
        for one in policy.exceptions:
            named = f"the exception {one.id} of {policy.id}"
            if one.end < day:
                fix = "remove it, or have it approved anew"
                yield f"{named} expired on {one.end} and covers nothing posted since: {fix}"
            elif one.ends_soon(day):
                yield f"{named} ends on {one.end}: have it approved anew, or let it end"
        for account in policy.accounts:
            named = f"the exempt account {account.handle} of {policy.id}"
            if account.end and account.end < day:
                yield f"{named} has been judged again since {account.end}: remove it, or have it approved anew"
            elif account.end and account.end - day <= NOTICE:
                yield f"{named} is exempt until {account.end}: have it approved anew, or let it end"
