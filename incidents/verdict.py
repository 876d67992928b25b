"""What an act says of the findings behind an incident: the label that it leaves, and what that label counts as.

A dismissal carries one of five verdicts at the head of its reason, where a label can be read again. A resolution says
that the findings were right, unless its reason begins with a verdict, or with `no verdict`.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from incidents.incident import Act

Verdict = Literal["false_positive", "wrong_clause", "out_of_scope", "duplicate", "handled_elsewhere"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
MEANS: Mapping[Verdict, str] = {
    "false_positive": "nothing here breaks the policy",
    "wrong_clause": "it breaks the policy, but not this clause",
    "out_of_scope": "the policy does not apply to this author or post",
    "duplicate": "another incident covers it",
    "handled_elsewhere": "others deal with it already",
}
Label = Literal["confirmed", "unsaid"] | Verdict

# What a label says of the clause that a finding cites, and of its category. Any other label says nothing of either.
CLAUSE: Mapping[Label, bool] = {"confirmed": True, "false_positive": False, "wrong_clause": False}
CATEGORY: Mapping[Label, bool] = {"confirmed": True, "false_positive": False}
NO_VERDICT = "no verdict"


def spoken(verdict: Verdict) -> str:
    """`false positive`."""
    return verdict.replace("_", " ")


def reason_of(verdict: Verdict, words: str = "") -> str:
    """The reason that the event keeps: `false positive: a film quotation`."""
    return f"{spoken(verdict)}: {words.strip()}" if words.strip() else spoken(verdict)


def written(words: str) -> tuple[Verdict, str] | None:
    """The verdict that somebody wrote, and what stands behind its colon; None where it is none of the five.

    `False positive`, `wrong_clause`, `out-of-scope: a private account`.
    """
    head, _, rest = words.partition(":")
    verdict = verdict_of(head.replace("_", " ").replace("-", " "))
    return None if verdict is None else (verdict, rest.strip())


def verdict_of(reason: str | None) -> Verdict | None:
    """The verdict at the head of a reason; None where somebody gave a reason in words of their own."""
    return next((each for each in VERDICTS if spoken(each) == _head(reason)), None)


def label_of(act: Act, reason: str | None) -> Label | None:
    """What an act leaves on the findings of its incident; None where it does not close it."""
    if act == "dismissed":
        return verdict_of(reason) or "unsaid"
    if act == "resolved":
        return "unsaid" if _head(reason) == NO_VERDICT else verdict_of(reason) or "confirmed"
    return None


def _head(reason: str | None) -> str:
    return " ".join((reason or "").partition(":")[0].split()).casefold()
