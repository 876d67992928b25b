"""Coordinated copies: nearly the same words from several accounts within days.

Copies as such are no misuse: petitions, press releases, appeals and letters to an organisation are copied by design.
They weigh where the words are a finding already, or are hostile to one of our people.
"""

from datetime import timedelta

from classifiers.annex.evidence import Evidence
from classifiers.behaviour.past import post_of
from classifiers.behaviour.timeline import Behaviour, Step, ordered

WINDOW = timedelta(days=7)
FEWEST = 3  # accounts, this author's included


def coordinated_copies(evidence: Evidence) -> Behaviour | None:
    """The copies of this post by others before it, where they are of enough accounts; a repost is none."""
    mention = evidence.mention
    if mention.kind in ("repost", "article"):
        return None
    copies = evidence.past.copies(mention, mention.created_at - WINDOW)
    accounts = {post.account for post in copies if post.account is not None}
    if len(accounts) + 1 < FEWEST:
        return None
    why = f"Nearly the same words came from {len(accounts) + 1} accounts within {WINDOW.days} days: coordinated copies"
    this = post_of(mention, None)
    steps = [Step(post.posted_at, post.mention_id, post.platform, post.handle, "the same words") for post in copies]
    steps.append(Step(this.posted_at, this.mention_id, this.platform, this.handle, "the same words again"))
    return Behaviour("coordinated_copies", why, ordered(steps))
