"""What does not become an incident, and why: such a finding is kept with its reason, never dropped.

A pack excepts accounts (exempt, union, official), switches categories off, asks for more certainty, and carries the
register of approved exceptions. The judge knows the first of these when it reads a mention; here all are applied under
the pack now in force, so that an exception granted between judging and raising holds. An exception holds for what was
posted in its time, whenever that comes to be judged: a night's posts, or an archive's, are read later.
"""

from dataclasses import dataclass
from datetime import UTC

from incidents.incident import Exhibit
from policies.policy import AccountKind, Policy

OUT_OF_SCOPE: dict[AccountKind, str] = {
    "exempt": "{handle} is an exempt account",
    "union": "{handle} is an official union account, out of the policy's scope",
    "official": "{handle} is the organisation's own official account",
}


@dataclass(frozen=True)
class Suppression:
    """What covers a finding: `by` is for counting, `why` to read, `exception` the id of the approved one, if it is one.

    `by` is exception, union, official, exempt, category or threshold.
    """

    by: str
    why: str
    exception: str | None = None


def suppression(exhibit: Exhibit, policy: Policy) -> Suppression | None:
    """What keeps this exhibit from opening an incident under this pack, or None."""
    return _by_category(exhibit, policy) or _by_account(exhibit, policy) or _by_exception(exhibit, policy)


def suppressed_why(exhibit: Exhibit, policy: Policy) -> str | None:
    """The reason why this exhibit opens no incident under this pack, or None."""
    found = suppression(exhibit, policy)
    return found.why if found else None


def _by_category(exhibit: Exhibit, policy: Policy) -> Suppression | None:
    category = policy.categories.get(exhibit.category)
    if category is None or not category.enabled:
        return Suppression("category", f"the category {exhibit.category} is not in force in {policy.stamp}")
    if exhibit.confidence < category.threshold:
        sure = f"confidence {exhibit.confidence:.2f} is below the threshold {category.threshold:.2f} of {policy.stamp}"
        return Suppression("threshold", sure)
    return None


def _by_account(exhibit: Exhibit, policy: Policy) -> Suppression | None:
    day = exhibit.posted_at.astimezone(UTC).date()
    account = policy.account(exhibit.platform, exhibit.author_handle, day)
    if account is None or account.kind not in OUT_OF_SCOPE:
        return None
    if account.kind == "official" and exhibit.category == "own_content":
        return None  # the one category that is about the organisation's own accounts
    told = OUT_OF_SCOPE[account.kind].format(handle=account.handle)
    until = f" until {account.end}" if account.end else ""
    by = f", approved by {account.approver}" if account.approver else ""
    return Suppression(account.kind, f"{told}{until}{by} ({policy.stamp})")


def _by_exception(exhibit: Exhibit, policy: Policy) -> Suppression | None:
    day = exhibit.posted_at.astimezone(UTC).date()
    one = policy.excepted(exhibit.platform, exhibit.author_handle, exhibit.category, exhibit.text, day)
    if one is None:
        return None
    told = f"the approved exception {one.id} covers {one.subject}, {one.start} to {one.end}"
    return Suppression("exception", f"{told}; approved by {one.approver} under {one.clause} ({policy.stamp})", one.id)
