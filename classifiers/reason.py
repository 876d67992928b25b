"""Why: what a finding says for itself, in two plain sentences that a reviewer can agree or disagree with.

The first is what was found. The second is how grave that is: the clause in its own words, and what raised it.
"""

from collections.abc import Sequence

from policies.policy import SEVERITIES, CategoryName, Severity
from policies.quotation import Quotation
from policies.severity import Raise

_STEPS = ("", "one step", "two steps", "three steps")


def reason(
    because: str, category: CategoryName, base: Severity, severity: Severity, by: Sequence[Raise], rests_on: Quotation
) -> str:
    """`because` with its full stop, and then one of two forms.

    `Medium for threat: EW 1.1 says “Nobody is to be abused”.`
    `High: EW 1.1 says “Nobody is to be abused” (medium for threat, one step up because it went on over 3 days).`
    """
    said, what = f"{rests_on.clause} says “{rests_on.words}”", category.replace("_", " ")
    if severity == base:
        return f"{because}. {severity.capitalize()} for {what}: {said}."
    return f"{because}. {severity.capitalize()}: {said} ({base} for {what}, {_raised(base, severity, by)})."


def _raised(base: Severity, severity: Severity, by: Sequence[Raise]) -> str:
    steps = SEVERITIES.index(severity) - SEVERITIES.index(base)
    how_far = f"{_STEPS[steps]} up" if steps == sum(one.steps for one in by) else f"up to {severity}"
    return f"{how_far} because {_listed([one.because for one in by])}"


def _listed(reasons: Sequence[str]) -> str:
    *first, last = reasons
    return f"{', '.join(first)} and {last}" if first else last
