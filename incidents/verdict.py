"""Why an incident is dismissed: one of five verdicts, at the head of its reason, where a label can be read again."""

from collections.abc import Mapping
from typing import Literal, get_args

Verdict = Literal["false_positive", "wrong_clause", "out_of_scope", "duplicate", "handled_elsewhere"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
MEANS: Mapping[Verdict, str] = {
    "false_positive": "nothing here breaks the policy",
    "wrong_clause": "it breaks the policy, but not this clause",
    "out_of_scope": "the policy does not apply to this author or post",
    "duplicate": "another incident covers it",
    "handled_elsewhere": "others deal with it already",
}


def spoken(verdict: Verdict) -> str:
    """`false positive`."""
    return verdict.replace("_", " ")


def reason_of(verdict: Verdict, words: str = "") -> str:
    """The reason that the event keeps: `false positive: a film quotation`."""
    return f"{spoken(verdict)}: {words.strip()}" if words.strip() else spoken(verdict)


def verdict_of(reason: str | None) -> Verdict | None:
    """The verdict at the head of a reason; None where somebody gave a reason in words of their own."""
    head = (reason or "").partition(":")[0].strip()
    return next((each for each in VERDICTS if spoken(each) == head), None)
