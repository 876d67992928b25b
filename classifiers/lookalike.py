"""Accounts that look like one of the organisation's own: a digit for a letter, a word more, the name itself."""

import re
from datetime import date
from functools import cache

from classifiers.normalise import normalise
from collectors.mention import Author
from policies.policy import Account, Policy

_DESK_WORDS = (
    "help|helpdesk|helpline|helpteam|support|care|service|services|customer|customers|refund|refunds|claim|claims|"
    "payment|payments|official|uk|gov|govuk|team|info|real|the|online|desk"
)
_DESK_PIECES = frozenset((*_DESK_WORDS.split("|"), *"_.-0123456789"))
_LONGEST_PIECE = max(map(len, _DESK_PIECES))
_LONGEST_REST = 60  # characters beside our handle; longer ones imitate nobody
_DESK_IN_NAME = re.compile(rf"\b(?:{_DESK_WORDS})\b|\W", re.IGNORECASE)
_OPEN_PARODY = re.compile(
    r"\b(?:parody|satire|spoof|fan|unofficial|not affiliated|not (?:the )?(?:real|official)|joke account|news about|"
    r"campaign|against|watch|survivors?|victims?)\b",
    re.IGNORECASE,
)
_OPENLY = re.compile(
    r"\b(?:parody|satire|spoof|fan|unofficial|not affiliated|not (?:the )?(?:real|official)|joke account)\b",
    re.IGNORECASE,
)
_HALF_FLAG = "[\U0001f1e6-\U0001f1ff]"
_PICTURE = re.compile(  # emoji and flags, but no letter in a circle
    "[\u2190-\u2bff\U0001f000-\U0001f12f\U0001f200-\U0001faff\ufe0f]"
    rf"|(?<!{_HALF_FLAG}){_HALF_FLAG}{{2}}(?!{_HALF_FLAG})"
)
_FOLD = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "7": "t", "4": "a", "i": "l", "_": "", ".": "", "-": ""})


def imitated(policy: Policy, platform: str, author: Author, day: date | None = None) -> Account | None:
    """The official account that an unknown author's handle or name looks like; a parody that says so imitates none.

    `day`: as of `Policy.account`.
    """
    about = f"{author.name or ''} {author.bio or ''}"
    if policy.account(platform, author.handle, day) or any(map(_OPEN_PARODY.search, _spellings(about))):
        return None
    handle = (author.handle or "").lstrip("@")
    handles = {handle, _without_server(platform, handle)}
    for account in policy.accounts:
        alike = any(_handles_alike(one, account) for one in handles) or _is_named_like(author, account, policy)
        if account.kind == "official" and alike:
            return account
    return None


def _without_server(platform: str, handle: str) -> str:
    """The part of a handle that its owner chose, where a server's name is part of it (Mastodon, Bluesky)."""
    return handle.partition("." if platform == "bluesky" else "@")[0]


def _spellings(name: str) -> tuple[str, str, str]:
    """A name as it is, as it reads without disguise, and so without the emoji in it, which normalising makes words."""
    return name, normalise(name).text, normalise(_PICTURE.sub(" ", name)).text


def says_it_is_another(policy: Policy, author: Author, text: str) -> bool:
    """Whether an author says that they are not the organisation: by name or bio, or by "we are not NAME"."""
    about = f"{author.name or ''} {author.bio or ''}"
    names = (policy.organisation.name, *policy.organisation.short_names)
    if signs_as_us(policy, text):
        return False
    return bool(_OPENLY.search(about) or _not(names).search(about) or _we_are_not(names).search(text))


@cache
def _not(names: tuple[str, ...]) -> re.Pattern[str]:
    ours = "|".join(re.escape(name) for name in names)
    return re.compile(
        r"(?:\b(?:not|never)|n['’]t) (?:(?:part of|run by|(?:linked|connected|affiliated) (?:with|to)|from|with) )?"
        rf"(?:the )?(?:{ours})\b",
        re.IGNORECASE,
    )


@cache
def _we_are_not(names: tuple[str, ...]) -> re.Pattern[str]:
    denial = _not(names).pattern
    return re.compile(
        rf"\b(?:we|i|this (?:is|account|page|group))\b[^.!?\n]{{0,40}}?{denial}(?=\W*(?:$|[.!?,;\n]))", re.IGNORECASE
    )


def signs_as_us(policy: Policy, text: str) -> bool:
    """Whether a text opens or signs off as the organisation: "NAME support team: …", "NAME payments here"."""
    return bool(_signature((policy.organisation.name, *policy.organisation.short_names)).search(text))


@cache
def _signature(names: tuple[str, ...]) -> re.Pattern[str]:
    ours = "|".join(re.escape(name) for name in names)
    return re.compile(
        rf"^\W*(?:hello|hi|dear \w+)?\W*(?:this is )?(?:the )?(?:{ours})(?: [A-Za-z]+){{0,3}}(?: here\b| team\b|:)|"
        rf"\b(?:from|regards|sincerely|your) (?:the )?(?:{ours})(?: \w+)? (?:team|support|payments)\W*$",
        re.IGNORECASE,
    )


def _handles_alike(handle: str, account: Account) -> bool:
    official = account.handle.lstrip("@")
    folded, wanted = (name.casefold().translate(_FOLD) for name in (handle, official))
    if len(wanted) >= 6 and _distance_within(folded, wanted, 1 if len(wanted) < 8 else 2):
        return True
    rest = re.sub(re.escape(official), "", handle, count=1, flags=re.IGNORECASE)
    return rest not in (handle, "") and _is_of_desk_words(rest)


def _is_of_desk_words(rest: str) -> bool:
    """Whether nothing but words of a help desk, digits and joints stand in it, in whatever way it is cut up."""
    if len(rest) > _LONGEST_REST:
        return False
    small, reached = rest.casefold(), {0}
    for end in range(1, len(small) + 1):
        starts = reached.intersection(range(end - _LONGEST_PIECE, end))
        if any(small[start:end] in _DESK_PIECES for start in starts):
            reached.add(end)
    return len(small) in reached


def _is_named_like(author: Author, account: Account, policy: Policy) -> bool:
    bare = {_DESK_IN_NAME.sub("", name.casefold()) for name in _spellings(author.name or "")}
    ours = (policy.organisation.name, *policy.organisation.short_names, account.name or "")
    return bool((bare & {_DESK_IN_NAME.sub("", name.casefold()) for name in ours}) - {""})


def _distance_within(one: str, other: str, limit: int) -> bool:
    """Whether the edit distance (Levenshtein, row by row) is at most `limit`."""
    if abs(len(one) - len(other)) > limit:
        return False
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1] <= limit
