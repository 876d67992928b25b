"""Impersonation: an account that looks like one of the organisation's own and behaves as if it were."""

import re
from collections.abc import Iterator

from classifiers.annex.cyber_attack import ASKS
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import clipped
from classifiers.finding import Target
from classifiers.lookalike import imitated, says_it_is_another, signs_as_us

_OFFICIALESE = re.compile(
    r"\b(?:we(?:'re| are)? (?:here to help|sorry|the official|contacting|your|from)|our (?:team|agents?|"
    r"advis[eo]rs?|department)|(?:this is|welcome to) (?:the )?(?:official|dwp|department|jobcentre)|"
    r"official (?:account|support|page)|dear (?:customer|claimant)|dm us|message us|direct message|your "
    r"(?:claim|payment|case|account|refund|journal) (?:has|is|was|will|can)|we can (?:help|process|"
    r"release|speed)|thank you for (?:contacting|reaching))\b",
    re.IGNORECASE,
)

_NOT_THEIRS = ("quotation", "reported", "advice", "counter_speech")


def impersonation(evidence: Evidence) -> Iterator[Hit]:
    """A hit where handle or name imitates an official account and the words speak for it."""
    asks, speaks = ASKS.search(evidence.text), _OFFICIALESE.search(evidence.text)
    if asks is None and speaks is None:
        return
    author, platform, day = evidence.mention.author, evidence.mention.platform, evidence.mention.created_at.date()
    official = imitated(evidence.policy, platform, author, day)
    known = evidence.policy.account(platform, author.handle, day)
    signed = official is not None or (known is None and signs_as_us(evidence.policy, evidence.text))
    if official is None and asks is not None and "url" in evidence.text:
        return  # a link in the organisation's name from nobody like it is phishing alone
    conduct = asks if asks or official is None else speaks
    if not signed or conduct is None or evidence.shielded(conduct.span(), *_NOT_THEIRS):
        return
    confidence = 0.62 + 0.18 * bool(asks) + 0.1 * bool(speaks)
    whom = official.handle.lstrip("@") if official else None
    because = (
        f"The account {author.handle or author.name} speaks as if it were "
        f"{whom or evidence.policy.organisation.name}: "
        f"“{clipped(evidence.text, [conduct.span()])}”"
    )
    yield Hit("impersonation", confidence, Target("organisation", whom), (conduct.span(),), because)


def is_openly_another(evidence: Evidence) -> bool:
    """Whether who asks for nothing says that they are not the organisation: a group of claimants, a fan."""
    return ASKS.search(evidence.text) is None and says_it_is_another(
        evidence.policy, evidence.mention.author, evidence.text
    )
