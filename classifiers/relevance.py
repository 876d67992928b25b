"""Is it this organisation at all? Names, namesakes, hashtags, accounts, and what a reply answers."""

import re
from typing import Literal

from classifiers.context import handle_spans
from classifiers.handles import plain
from classifiers.lookalike import imitated
from classifiers.normalise import Normalised
from classifiers.phrases import NEVER, hashtag_pattern, phrase_pattern
from collectors.mention import Author, Mention
from collectors.register import NOBODY, StaffRegister, Worker
from policies.policy import Account, Policy

Hearing = Literal["named", "hinted", "namesake", "silent"]
Likelihood = Literal["yes", "maybe", "no"]

_ACRONYM = re.compile(r"[A-Z]{2,5}")
_SUBREDDIT = re.compile(r"/r/(\w+)", re.IGNORECASE)
_AT_WORK = re.compile(
    r"(?<!\w)(?i:at work|(?:my|our) (?:work|workplace|job|office|shift|customers?|clients?|role|manager)|claimants?|"
    r"caseload|security clearance|vetting|vetted|civil serv(?:ant|ice)|(?:the|my|our) department)(?!\w)"
)


class Relevance:
    """One pack's vocabulary and accounts and the staff register, compiled once and asked for every mention."""

    def __init__(self, policy: Policy, register: StaffRegister = NOBODY) -> None:
        words = policy.vocabulary
        people = [account for account in policy.accounts if account.kind in ("official", "individual_professional")]
        handles = "|".join(re.escape(plain(account.handle) or account.handle) for account in people)
        self._policy = policy
        self._register = register
        self.names = phrase_pattern(words.names)
        self._full_names = phrase_pattern(name for name in words.names if not _ACRONYM.fullmatch(name))
        self._ambiguous = phrase_pattern(words.ambiguous)
        self._context = phrase_pattern(words.context)
        self._not_us = phrase_pattern(words.not_us)
        self._hashtags = hashtag_pattern(words.names, words.hashtags)
        self._handles = re.compile(rf"(?:@|(?<![\w/])/?u/)(?:{handles})(?!\w)", re.IGNORECASE) if handles else NEVER
        self._subreddits = {name.removeprefix("r/").casefold() for name in words.subreddits}

    def likelihood(self, mention: Mention, normalised: str) -> Likelihood:
        """Whether the mention is about the organisation or answers what is; `normalised` is its normalised text.

        "maybe" where words alone cannot tell: a short name that others share, or an ambiguous word without context, in
        the text or in what it answers.
        """
        readings = (mention.text, normalised)
        said = self.hear(*readings)
        if said == "namesake":  # unless something else of ours is left: "DWP refused me; I have …"
            return "maybe" if any(map(self._named_besides, readings)) or self._is_ours(mention) else "no"
        if said == "named" and any(self._beyond_doubt(text) for text in readings):
            return "yes"
        account = self.account(mention, mention.author)
        if (account is not None and account.kind != "personal") or self._is_ours(mention):
            return "yes"
        if imitated(self._policy, mention.platform, mention.author, mention.created_at.date()) is not None:
            return "yes"
        if said == "hinted" and self._in_our_forum(mention):
            return "yes"
        return "no" if said == "silent" and not self._is_hinted_above(mention) else "maybe"

    def hear(self, *readings: str) -> Hearing:
        """What the texts (readings of one text) say of the organisation.

        "hinted": an ambiguous word without its context; enough in our own thread, not enough alone.
        """
        namesake = any(self._not_us.search(text) for text in readings)
        if any(self._full_names.search(text) or self._handles.search(text) for text in readings):
            return "named"
        if namesake:  # an acronym alone does not stand against a phrase that tells whose it is
            return "namesake"
        if any(self.named(text) for text in readings):
            return "named"
        if any(self._ambiguous.search(text) for text in readings):
            return "named" if any(self._in_context(text) for text in readings) else "hinted"
        return "silent"

    def _named_besides(self, text: str) -> bool:
        """Whether a text without the phrases that tell a namesake still names the organisation."""
        return self.named(self._not_us.sub(" ", text))

    def _beyond_doubt(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in (self._full_names, self._handles, self._hashtags))

    def named(self, text: str) -> bool:
        """Whether the text itself names the organisation: a name, a hashtag or an account of its own."""
        return bool(self.names.search(text) or self._hashtags.search(text) or self._handles.search(text))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where a text names the organisation, ambiguous words included."""
        patterns = (self.names, self._hashtags, self._handles, self._ambiguous)
        return sorted(match.span() for pattern in patterns for match in pattern.finditer(text))

    def marks(self, original: str, normalised: Normalised) -> list[tuple[int, int]]:
        """As `spans`, with the organisation's accounts too, which a normalised text no longer tells apart."""
        return sorted({*self.spans(normalised.text), *handle_spans(original, normalised, self._handles)})

    def account(self, mention: Mention, author: Author | None) -> Account | None:
        """What the pack says of an account in a mention, on the mention's day."""
        return self._policy.account(mention.platform, author.handle if author else None, mention.created_at.date())

    def employs(self, author: Author | None) -> bool:
        """Whether an account says of itself that it belongs to one of the organisation's people."""
        bio = author.bio if author and author.bio else ""
        if self.hear(bio) != "named" or _DENIAL.search(bio):
            return False
        return _WORKS.search(bio) is not None or not any(_CLAIMS.search(bio[:start]) for start, _ in self.spans(bio))

    def one_of_us(self, mention: Mention, author: Author | None) -> bool:
        """Whether an account in a mention belongs to one of our people: pack, bio or register say so."""
        if author is None:
            return False
        account = self.account(mention, author)
        if account is not None:
            return account.kind in ("individual_professional", "personal")
        return self.employs(author) or self._registered(mention, author) is not None

    def answers_for_us(self, mention: Mention) -> bool:
        """Whether the author is to be judged as one of our people.

        Somebody who says so is; somebody whom only pack or register know, where the policy lets their own accounts be
        watched, and the register notes them as monitored.
        """
        account = self.account(mention, mention.author)
        if account is not None and account.kind != "personal":
            return account.kind == "individual_professional"
        if self.employs(mention.author):
            return True
        if not self._policy.monitoring.staff_personal_accounts:
            return False
        worker = self._registered(mention, mention.author)
        return account is not None if worker is None else worker.monitored

    def is_staff_name(self, mention: Mention, name: str) -> bool:
        """Whether the register knows somebody by this name, as `plain_name` writes it."""
        return self._register.is_named(name, mention.created_at.date())

    def _registered(self, mention: Mention, author: Author) -> Worker | None:
        return self._register.holder(mention.platform, author.handle, mention.created_at.date())

    def _in_context(self, text: str) -> bool:
        """An ambiguous word beside a word of context, or beside another ambiguous word: "my UC work coach"."""
        if len({match[0].casefold() for match in self._ambiguous.finditer(text)}) > 1:
            return True
        return self._context.search(self._ambiguous.sub(" ", text)) is not None

    def _in_our_forum(self, mention: Mention) -> bool:
        """In a forum that the pack reads, the ambiguous word has its context: "UC" in a benefits forum."""
        subreddit = _SUBREDDIT.search(mention.url or "")
        return bool(subreddit and subreddit[1].casefold() in self._subreddits)

    def _is_hinted_above(self, mention: Mention) -> bool:
        """Whether what is answered has an ambiguous word of ours: "My UC is late again"."""
        parent = mention.in_reply_to
        return bool(parent and parent.text and self.hear(parent.text) == "hinted")

    def _is_ours(self, mention: Mention) -> bool:
        """Our thread, one of our people, or a picture of us."""
        parent = mention.in_reply_to
        if parent is not None:
            account = self.account(mention, parent.author)
            if (account and account.kind in ("official", "individual_professional")) or self.employs(parent.author):
                return True
            said_above = (parent.text or "", parent.author.name if parent.author else "")
            if any(self.hear(text or "") == "named" for text in said_above):
                return True
        if any(media.alt_text and self.hear(media.alt_text) == "named" for media in mention.media):
            return True
        return self.employs(mention.author) and bool(_AT_WORK.search(mention.text))


_DENIAL = re.compile(
    r"\b(?i:not|\w+n['’]t|anti|ex|former|retired|against|victim|survivor|scrap|abolish|hate|fuck|sanctioned|"
    r"parody|fan|claimant)\b"
)
_WORKS = re.compile(
    r"\b(?:work\w*|staff|coach\w*|team|officer|manager|assess\w*|advis\w+|caseload|crew|service desk)\b", re.I
)
_CLAIMS = re.compile(  # what stands before a benefit that somebody lives on
    r"\b(?:on|claim(?:s|ing)?|receiv\w+|gets?|getting|awaiting|waiting (?:on|for)|fighting|appealing|refused|denied|"
    r"lost) "
    r"(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
