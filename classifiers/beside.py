"""What is judged though nothing in it names the organisation: its people's own posts, and posts at its people.

Somebody whose bio says where they work posts mostly about other things, and that is nobody's business: such a post is
read for what the policy asks of staff alone, and one at a registered worker for abuse of them alone. It counts as
relevant only where something is found, so no report counts anybody's garden.
"""

from typing import Protocol

from classifiers.finding import Finding
from classifiers.handles import handles_in
from collectors.mention import Author, Mention
from policies.policy import CategoryName

DUTIES: frozenset[CategoryName] = frozenset({"staff_conduct", "official_information", "vetting_disclosure"})
ABUSE: frozenset[CategoryName] = frozenset(
    {"cyberbullying", "cyberstalking", "defamation", "discrimination", "threat", "doxxing", "unauthorised_recording"}
)
SURE = 0.7  # nothing in the text speaks for it, so more certainty is asked than of what names us


class Roll(Protocol):
    """Who is one of ours, as `classifiers.relevance.Relevance` tells."""

    def answers_for_us(self, mention: Mention) -> bool:
        """Whether the author is to be judged as one of our people."""
        ...

    def one_of_us(self, mention: Mention, author: Author | None) -> bool:
        """Whether an account in a mention belongs to one of our people."""
        ...


def beside(roll: Roll, mention: Mention) -> frozenset[CategoryName]:
    """The categories that a mention which says nothing of us is judged for; most often none."""
    duties = DUTIES if roll.answers_for_us(mention) else frozenset()
    return duties | (ABUSE if _is_at_us(roll, mention) else frozenset())


def concerns_us(finding: Finding) -> bool:
    """Whether a finding in such a post is the organisation's concern: surely found, and about one of its people."""
    if finding.confidence < SURE:
        return False
    return finding.category in DUTIES or finding.target.kind == "employee"


def _is_at_us(roll: Roll, mention: Mention) -> bool:
    parent = mention.in_reply_to
    if parent is not None and roll.one_of_us(mention, parent.author):
        return True
    handles = {handle for handle, _ in handles_in(mention.text)}
    return any(roll.one_of_us(mention, Author(handle=handle)) for handle in handles)
