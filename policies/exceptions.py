"""The register of approved exceptions: what is allowed after all, by whose word, why, and until when."""

import re
from datetime import date, timedelta
from functools import lru_cache

from policies.part import CategoryName, Day, Part, Words, folded

NOTICE = timedelta(days=14)  # how long before its end an exception is announced


class ApprovedException(Part):
    """One entry of the register of approved exceptions: what it covers, who approved it, why, and until when.

    It covers a post by `account` (where it names one) that holds one of `phrases` (where it names any), found in one of
    `categories` (where it names any) and posted on a UTC day from `start` to `end`, both included. It names an account
    or a phrase. Help is withheld from nobody by the way: `safeguarding` is covered only where it is named.
    """

    id: Words
    account: Words | None = None
    platform: Words | None = None  # None: the account on any platform
    categories: tuple[CategoryName, ...] | None = None
    phrases: tuple[Words, ...] = ()
    approver: Words  # a role: "Security Advice Centre"
    reason: Words
    start: Day
    end: Day
    clause: Words

    @property
    def whole_account(self) -> bool:
        """Whether it covers all that its account says."""
        return self.account is not None and self.categories is None and not self.phrases

    def in_force(self, day: date) -> bool:
        """Whether it covers anything posted on that UTC day."""
        return self.start <= day <= self.end

    def ends_soon(self, day: date) -> bool:
        """Whether its end is at most `NOTICE` away."""
        return self.in_force(day) and self.end - day <= NOTICE

    def is_of(self, platform: str, handle: str | None) -> bool:
        """Whether a post by this account may be covered."""
        if self.platform not in (None, platform):
            return False
        return self.account is None or folded(self.account) == folded(handle or "")

    def covers(self, platform: str, handle: str | None, category: CategoryName, text: str, day: date) -> bool:
        """Whether it covers this finding in a post of that UTC day."""
        named = category != "safeguarding" if self.categories is None else category in self.categories
        said = not self.phrases or any(holds(text, phrase) for phrase in self.phrases)
        return named and self.in_force(day) and self.is_of(platform, handle) and said

    @property
    def subject(self) -> str:
        """What it covers, in words."""
        whose = f"posts by {self.account}" if self.account else "posts"
        where = f" on {self.platform}" if self.platform else ""
        said = " that say " + " or ".join(f"“{phrase}”" for phrase in self.phrases) if self.phrases else ""
        what = ", ".join(self.categories).replace("_", " ") if self.categories else "any category but safeguarding"
        return f"{whose}{where}{said}: {what}"


def holds(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand in a text, whole and in a row, in any case."""
    return _pattern(phrase).search(text) is not None


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
