"""A pack's own examples, judged: does each category catch what its author says, and leave alone what comes near?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import Scorer
from collectors.mention import Author, Mention, Parent
from policies.policy import CategoryName, Example, Policy

_POSTED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Trial:
    """One example and what was found in it."""

    category: CategoryName
    text: str
    expected: bool  # whether the category should be found
    found: tuple[CategoryName, ...]

    @property
    def passed(self) -> bool:
        """Whether the category was found or left alone as the pack says."""
        return (self.category in self.found) == self.expected


def trials(policy: Policy, scorer: Scorer) -> list[Trial]:
    """Every example of every category that is switched on, in the order of the pack."""
    cases = list(_cases(policy))
    judged = Judge(policy, scorer, MentionHistory()).judge([_mention(i, case[2]) for i, case in enumerate(cases)])
    return [
        Trial(category, example.text, expected, tuple(finding.category for finding in judgement.findings))
        for (category, expected, example), judgement in zip(cases, judged, strict=True)
    ]


def _cases(policy: Policy) -> Iterator[tuple[CategoryName, bool, Example]]:
    for name, category in policy.categories.items():
        if not category.enabled:
            continue
        for expected, examples in ((True, category.examples.fires), (False, category.examples.quiet)):
            for example in examples:
                yield name, expected, Example(text=example) if isinstance(example, str) else example


def _mention(number: int, example: Example) -> Mention:
    return Mention(
        platform="x",
        id=str(number),
        text=example.text,
        created_at=_POSTED,
        kind="reply" if example.answers else "post",
        author=Author(handle=(example.handle or f"example_{number}").lstrip("@"), bio=example.bio),
        in_reply_to=_parent(example),
    )


def _parent(example: Example) -> Parent | None:
    if example.answers is None and example.answers_handle is None:
        return None
    handle = example.answers_handle
    return Parent(text=example.answers, author=Author(handle=handle.lstrip("@")) if handle else None)
