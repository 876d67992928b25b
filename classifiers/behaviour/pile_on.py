"""A pile-on: many people turn on one person within hours, and this post joins in."""

from collections.abc import Collection
from datetime import timedelta

from classifiers.annex.evidence import Evidence
from classifiers.annex.wording import called
from classifiers.behaviour.cues import is_hostile, jeer_span
from classifiers.behaviour.linking import stem
from classifiers.behaviour.past import Post, post_of
from classifiers.behaviour.timeline import Behaviour, Step, ordered
from classifiers.conduct import person_of
from classifiers.finding import Target

WINDOW = timedelta(hours=24)
FEWEST = 5  # people, this author included; one with several accounts of one stem is one


def pile_on(evidence: Evidence, threatened: Collection[Target] = ()) -> tuple[Target, Behaviour] | None:
    """Whom this hostile post helps to pile on, and who else did; None where it is hostile to nobody, or near alone.

    It is hostile by its words, or by a threat that was found in it: `threatened` are whom.

    An organisation is nobody: many who complain at an official account are customers.
    """
    target = person_of(evidence)
    if target is None or target.handle is None:
        return None
    if target not in threatened and not _is_hostile(evidence):
        return None
    mention = evidence.mention
    before = evidence.past.towards(mention, target.handle, mention.created_at - WINDOW)
    joined = [post for post in before if post.kind != "article" and is_hostile(post.text)]
    this = post_of(mention, evidence.past.account(mention) or mention.mention_id)
    people = {_who(post) for post in (*joined, this)} - {""}
    if len(people) < FEWEST:
        return None
    hours = max(1, round((mention.created_at - joined[0].posted_at).total_seconds() / 3600))
    why = f"One of {len(people)} people who turned on {called(target)} within {hours} h: a pile-on"
    steps = [Step(post.posted_at, post.mention_id, post.platform, post.handle, "hostile to them") for post in joined]
    steps.append(Step(this.posted_at, this.mention_id, this.platform, this.handle, "joins in"))
    return target, Behaviour("pile_on", why, ordered(steps))


def _is_hostile(evidence: Evidence) -> bool:
    return is_hostile(evidence.text) and evidence.open(jeer_span(evidence.text))


def _who(post: Post) -> str:
    """One name a person; none where nothing is told of them. Some platforms tell of an account and of no handle."""
    known = post.handle or post.account
    return stem(post.handle) or (f"{post.platform}:{known}".casefold() if known else "")
