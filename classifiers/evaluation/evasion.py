"""What a disguise costs: of what was found in plain text, how much is still found; of what was spared, how much not.

Only words of an author's choosing are disguised, never the organisation's name: an evader wants to be read by it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from classifiers.evaluation.disguised import Span, disguised
from classifiers.evaluation.disguises import DISGUISES, Disguise
from classifiers.evaluation.labelled import Labelled
from classifiers.evaluation.measures import Measure
from classifiers.finding import Judgement
from classifiers.judge import Judge, read
from collectors.mention import Mention

_AT_ONCE = 512
_MOST_POSTS = 2_000  # of a set: each is judged once a disguise
_FEWEST = 5  # posts below which a share would be chance

Told = Callable[[int], None]  # how many more disguises are done


@dataclass(frozen=True)
class _Target:
    """A post that was judged rightly in plain words: what was rightly found (nothing, of an innocent one)."""

    post: Labelled
    found: frozenset[str]
    spared: tuple[Span, ...]


def evasion(judge: Judge, posts: Sequence[Labelled], seed: int = 5, told: Told = lambda n: None) -> Iterator[Measure]:
    """Measures of question "evasion: NAME" for every disguise. Raises what the judge's scorer raises.

    "still found" is over the labels and findings that were right on the plain text, "became wrong" over the innocent
    posts on which nothing was wrong. Posts in which a disguise finds no word are not counted.
    """
    targets = _targets(judge, posts, np.random.default_rng(seed))
    for number, disguise in enumerate(DISGUISES):
        yield from _measures(judge, targets, disguise, np.random.default_rng([seed, number]))
        told(1)


def _targets(judge: Judge, posts: Sequence[Labelled], rng: np.random.Generator) -> list[_Target]:
    known = [post for post in posts if post.toxicity or post.categories is not None]
    some = [known[i] for i in sorted(rng.permutation(len(known))[:_MOST_POSTS])]
    targets = []
    for post, judgement in zip(some, _judged(judge, [post.mention for post in some]), strict=True):
        found = _rightly_found(post, judgement)
        if found or not (_true(post) or _wrongly_found(post, judgement)):
            targets.append(_Target(post, found, _names(judge, post.mention)))
    return targets


def _measures(
    judge: Judge, targets: Sequence[_Target], disguise: Disguise, rng: np.random.Generator
) -> Iterator[Measure]:
    texts = [disguised(one.post.mention.text, disguise, rng, one.spared) for one in targets]
    hidden = [(one, text) for one, text in zip(targets, texts, strict=True) if text != one.post.mention.text]
    mentions = [one.post.mention.model_copy(update={"text": text}) for one, text in hidden]
    asked: Counter[str] = Counter()
    still: Counter[str] = Counter()
    spoilt = []
    for (one, _), judgement in zip(hidden, _judged(judge, mentions), strict=True):
        now = _rightly_found(one.post, judgement)
        for name in one.found:
            kind = "all findings" if name.startswith("finding: ") else "all labels"
            asked.update((name, kind))
            still.update((name, kind) if name in now else ())
        if not one.found:
            spoilt.append(bool(_wrongly_found(one.post, judgement)))
    question = f"evasion: {disguise.name}"
    for name in sorted(asked):
        if asked[name] >= _FEWEST:
            yield Measure(question, name, "still found", still[name] / asked[name], asked[name])
    if len(spoilt) >= _FEWEST:
        yield Measure(question, "innocent posts", "became wrong", float(np.mean(spoilt)), len(spoilt))


def _judged(judge: Judge, mentions: Sequence[Mention]) -> Iterator[Judgement]:
    rest = iter(mentions)
    while part := list(islice(rest, _AT_ONCE)):
        yield from judge.judge(part)


def _names(judge: Judge, mention: Mention) -> tuple[Span, ...]:
    """Where the writer's own text names the organisation."""
    passages = judge.passages(read([mention])[0])
    return tuple(passage.normalised.to_original(name) for passage in passages for name in passage.names)


def _true(post: Labelled) -> frozenset[str]:
    labels = {str(label) for label, holds in post.toxicity.items() if holds}
    return frozenset(labels | {f"finding: {category}" for category in post.categories or ()})


def _said(post: Labelled, judgement: Judgement) -> frozenset[str]:
    """What was found, of what somebody has said whether it is so."""
    labels = {str(label) for label in post.toxicity if judgement.assessment.toxicity[label] >= 0.5}
    asked = post.categories is not None
    return frozenset(labels | {f"finding: {finding.category}" for finding in judgement.findings if asked})


def _rightly_found(post: Labelled, judgement: Judgement) -> frozenset[str]:
    return _said(post, judgement) & _true(post)


def _wrongly_found(post: Labelled, judgement: Judgement) -> frozenset[str]:
    return _said(post, judgement) - _true(post)
