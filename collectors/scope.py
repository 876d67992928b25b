"""Whose posts a policy does not let us keep: staff who write in their own name, where a pack forbids to watch them.

It is applied to every batch of every source before anything of it is stored; what is left out is counted, not kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from collectors.collector import Batch
from collectors.mention import Author, Mention, Parent
from collectors.register import NOBODY, StaffRegister
from policies.policy import Policy

# Words by which a profile says that somebody works there, and those by which it says the opposite.
AT_WORK = re.compile(
    r"\b(?:work(?:s|ing)?|employ(?:ed|ee)|staff|colleague|civil servant|officer|manager|coach|advis[eo]r|team|trainer|"
    r"practitioner|mentor|volunteer|trustee|head|director|lead|engineer|developer|analyst|designer|apprentice)\b",
    re.IGNORECASE,
)
NOT_AT_WORK = re.compile(
    r"\b(?:not|never|no longer|ex|former(?:ly)?|retired|used to|left|against|anti|victim|survivor|sanctioned|parody|"
    r"fan|customer|claimant|client|service user)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scope:
    """The packs in force that forbid to keep what their organisation's staff say on accounts of their own."""

    policies: tuple[Policy, ...]
    register: StaffRegister = NOBODY

    @classmethod
    def of(cls, policies: Iterable[Policy], register: StaffRegister = NOBODY) -> "Scope":
        """The scope under all packs in force: what one of them forbids of its own staff is left out for all."""
        return cls(tuple(policy for policy in policies if not policy.monitoring.staff_personal_accounts), register)

    def admit(self, batch: Batch) -> tuple[Batch, Mapping[str, int]]:
        """The batch without what may not be kept, and how many posts each rule left out. Rules read "pack: clause"."""
        if not self.policies:
            return batch, {}
        kept: list[Mention] = []
        left_out: Counter[str] = Counter()
        for mention in batch.mentions:
            rule = self.rule(mention)
            if rule is None:
                kept.append(self._without_staff_above(mention))
            else:
                left_out[rule] += 1
        return replace(batch, mentions=tuple(kept)), dict(left_out)

    def rule(self, mention: Mention) -> str | None:
        """The pack and clauses by which a post is left out, None where it may be kept.

        A post is its author's, and a repost the one's, too, whose words it passes on.
        """
        writers = [mention.author]
        if mention.kind == "repost" and mention.in_reply_to and mention.in_reply_to.author:
            writers.append(mention.in_reply_to.author)
        for policy in self.policies:
            if any(self._is_left_out(policy, mention, writer) for writer in writers):
                return f"{policy.stamp}: {', '.join(policy.monitoring.clauses)}"
        return None

    def _without_staff_above(self, mention: Mention) -> Mention:
        """A post that answers or quotes one that may not be kept is kept without that one, and without its record."""
        above = mention.in_reply_to
        if above is None or above.author is None:
            return mention
        if not any(self._is_left_out(policy, mention, above.author) for policy in self.policies):
            return mention
        return mention.model_copy(update={"in_reply_to": Parent(id=above.id), "raw": {}})

    def _is_left_out(self, policy: Policy, mention: Mention, writer: Author) -> bool:
        """As `is_staff_personal`, and an account of which only the staff register tells."""
        platform, day = mention.platform, mention.created_at.date()
        if is_staff_personal(policy, platform, writer, day):
            return True
        listed = policy.account(platform, writer.handle, day) is not None
        return not listed and self.register.holder(platform, writer.handle, day) is not None


def is_staff_personal(policy: Policy, platform: str, author: Author, day: date) -> bool:
    """Whether an account is a member of staff's own: the pack lists it as `personal`, or its profile says so.

    An account that the pack, on the day, lists as anything else is not. A profile says so where it names the
    organisation beside a word for work, and denies nothing.
    """
    account = policy.account(platform, author.handle, day)
    if account is not None:
        return account.kind == "personal"
    bio = author.bio or ""
    if not bio or NOT_AT_WORK.search(bio) or not _named(policy, bio):
        return False
    return bool(AT_WORK.search(bio) or _holds(policy.organisation.staff_words, bio))


def _named(policy: Policy, bio: str) -> bool:
    names = (policy.organisation.name, *policy.organisation.short_names, *policy.vocabulary.names)
    official = [account.handle.lstrip("@") for account in policy.accounts if account.kind == "official"]
    return _holds(names, bio) or _holds([f"@{handle}" for handle in official], bio)


def _holds(words: Sequence[str], text: str) -> bool:
    known = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return bool(known) and re.search(rf"(?<!\w)(?:{known})(?!\w)", text, re.IGNORECASE) is not None
