"""A pack by any of its names: one that ships, a file's path, or a version that the warehouse has stored.

And whether what is in force was adopted, in one sentence for `tocsin run` and `tocsin doctor`.
"""

import re
import shlex

from policies.check import load
from policies.policy import Policy
from tocsin.house import House, open_house
from warehouse.adoptions import Adoption

STAMP = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}@[0-9a-f]{1,12}")


def is_stored(words: str) -> bool:
    """Whether the words name a stored version: `dwp@3f2a9c01b7de`."""
    return STAMP.fullmatch(words) is not None


def pack_of(words: str) -> Policy:
    """The pack. Raises PolicyError for a file, VersionUnknown or VersionUnreadable for a stored version."""
    return open_house().adoptions.pack(words) if is_stored(words) else load(words)


def adopted_how(adoption: Adoption) -> str:
    """`adopted by Sam Example on 12 Oct 2026`; `by its first use on 12 Oct 2026`."""
    return f"{f'by {adoption.by}' if adoption.by else 'by its first use'} on {adoption.at:%d %b %Y}"


def never_adopted(house: House) -> list[str]:
    """What to say of each pack in force that is not the version that was adopted."""
    packs = list(house.policies.values())
    names = house.settings.policy_names
    known_as = dict(zip(house.policies, names, strict=True)) if len(packs) == len(names) else {}
    return [
        _warning(pack, adoption, known_as.get(pack.id, pack.id))
        for pack, adoption in house.adoptions.never_adopted(packs)
    ]


def _warning(pack: Policy, adoption: Adoption, name: str) -> str:
    called = shlex.quote(name)
    return (
        f"{pack.stamp} is in force and was never adopted; {adoption.stamp} was, {adopted_how(adoption)}. See what it "
        f"changes: `tocsin policy diff {adoption.stamp} {called}`; then adopt it: `tocsin policy adopt {called} "
        f'--by "…" --why "…"`'
    )
