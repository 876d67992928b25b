"""What does not become an incident, and why: such a finding is kept with its reason, never dropped.

Exceptions that a pack carries today are its accounts (exempt, union, official) and its switched-off or sharpened
categories. The judge applies them when it reads a mention; here they are applied again under the pack now in force, so
that an exception granted between judging and raising holds.
"""

from incidents.incident import Exhibit
from policies.policy import AccountKind, Policy

OUT_OF_SCOPE: dict[AccountKind, str] = {
    "exempt": "an approved exception covers the account {handle}",
    "union": "{handle} is an official union account, out of the policy's scope",
    "official": "{handle} is the organisation's own official account",
}


def suppressed_why(exhibit: Exhibit, policy: Policy) -> str | None:
    """The reason why this exhibit opens no incident under this pack, or None."""
    category = policy.categories.get(exhibit.category)
    if category is None or not category.enabled:
        return f"the category {exhibit.category} is not in force in {policy.stamp}"
    if exhibit.confidence < category.threshold:
        return f"confidence {exhibit.confidence:.2f} is below the threshold {category.threshold:.2f} of {policy.stamp}"
    account = policy.account(exhibit.platform, exhibit.author_handle)
    if account is None or account.kind not in OUT_OF_SCOPE:
        return None
    if account.kind == "official" and exhibit.category == "own_content":
        return None  # the one category that is about the organisation's own accounts
    return f"{OUT_OF_SCOPE[account.kind].format(handle=account.handle)} ({policy.stamp})"
