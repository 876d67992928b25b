"""What the severity matrix of a pack looks at, read from one hit: harm, target, reach and repetition."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.conduct import repetition
from classifiers.target import Span
from policies.severity import Circumstances, Towards

_YOUNG = re.compile(
    r"\b(?:child(?:ren)?|kids?|toddlers?|bab(?:y|ies)|pupils?|learners?|apprentices?|students?|trainees?|"
    r"teen(?:ager)?s?|school ?(?:girl|boy)s?|a minor|minors|(?:aged )?(?:[1-9]|1[0-7])[- ]years?[- ]olds?|"
    r"aged (?:[1-9]|1[0-7])(?! ?\d))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:my|our) (?:\w+ )?$", re.IGNORECASE)
_NEAR = 60  # characters to either side, within the sentence: a word further off is about somebody else


def circumstances(evidence: Evidence, hit: Hit) -> Circumstances:
    """Counts that the platform does not give are None."""
    mention = evidence.mention
    days, posts = repetition(evidence, hit.target)
    return Circumstances(
        harm=hit.harm,
        towards=_towards(evidence, hit),
        followers=mention.author.followers,
        views=mention.metrics.views,
        reposts=mention.metrics.reposts,
        days=max(days, hit.days),
        posts=posts,
    )


def _towards(evidence: Evidence, hit: Hit) -> Towards | None:
    kind = hit.target.kind
    if kind in ("employee", "organisation"):
        return kind
    if _is_young(evidence, hit):
        return "child_or_learner"
    if kind == "group":
        return "group"
    public = any(person.public for _, person in evidence.subjects if person.target == hit.target)
    return None if public else "private_person"


def _is_young(evidence: Evidence, hit: Hit) -> bool:
    """Whether a word for a child or learner stands by the target; the author's own child is not whom abuse is aimed at.

    Somebody at risk is another matter: there the author's child is just whom the post is about.
    """
    for start, end in (*hit.spans, *_whom(evidence, hit)):
        before = re.split(r"[.!?\n]", evidence.text[max(0, start - _NEAR) : start])[-1]
        around = before + evidence.text[start:end] + re.split(r"[.!?\n]", evidence.text[end : end + _NEAR])[0]
        for match in _YOUNG.finditer(around):
            if hit.category == "safeguarding" or not _OWN.search(around[: match.start()]):
                return True
    return False


def _whom(evidence: Evidence, hit: Hit) -> Iterator[Span]:
    return (span for span, person in evidence.subjects if person.target == hit.target)
