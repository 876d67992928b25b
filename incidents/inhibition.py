"""Inhibition: while a graver incident explains a lighter one, the lighter one opens and rings no bell of its own.

It is Alertmanager's manner: a fire explains the smoke. The lighter incident has its evidence, stands in every list, is
marked with the graver one, and is a line in the graver one's thread. It rings as soon as nothing explains it any more:
the graver one was dismissed, the lighter one has become as grave, or more came after the graver one was closed.
"""

from collections.abc import Iterable, Mapping

from incidents.campaign import is_campaign
from incidents.grouping import rank
from incidents.incident import OPEN, Exhibit, GroupKey, Incident
from policies.counted import counted

Contents = Mapping[str, frozenset[str]]  # by the id of a campaign's incident: every post that is part of the campaign


def explains(graver: Incident, lighter: Incident, contents: Contents) -> bool:
    """Whether an incident that rings keeps another from ringing.

    By the same author against the same target and graver; or the campaign that all of its posts are part of, and not
    lighter. Never where others would hear of the one than of the other, and never where a person may be at risk.
    """
    if graver.id == lighter.id or graver.status not in OPEN or graver.inhibited_by is not None:
        return False
    if not _same_audience(graver, lighter) or graver.key.target != lighter.key.target or is_campaign(lighter.key):
        return False
    if is_campaign(graver.key):
        part = contents.get(graver.id, frozenset()).issuperset(lighter.mention_ids)
        return part and rank(graver.severity) >= rank(lighter.severity)
    return graver.key.author == lighter.key.author and rank(graver.severity) > rank(lighter.severity)


def inhibitor(lighter: Incident, others: Iterable[Incident], contents: Contents) -> Incident | None:
    """The one that explains it: the gravest, and of these the one that was opened first."""
    explaining = [each for each in others if explains(each, lighter, contents)]
    return min(explaining, key=lambda each: (-rank(each.severity), each.opened_at, each.id), default=None)


def gravest_first(groups: Mapping[GroupKey, tuple[Exhibit, ...]]) -> dict[GroupKey, tuple[Exhibit, ...]]:
    """Groups in the order in which their bells are decided upon: what explains before what it may explain."""
    order = {key: (-max(rank(each.severity) for each in group), not is_campaign(key)) for key, group in groups.items()}
    return {key: groups[key] for key in sorted(groups, key=order.__getitem__)}


def because(graver: Incident) -> str:
    """Why it explains the other, in words."""
    if is_campaign(graver.key):
        return "its posts are part of the campaign"
    return "the same author against the same target, and graver"


def line_of(lighter: Incident) -> str:
    """The line that the graver one's thread has of it: `TOC-1005 (low trolling, 1 post)`."""
    posts = counted(len(lighter.mention_ids), "post")
    return f"{lighter.id} ({lighter.severity} {lighter.key.category.replace('_', ' ')}, {posts})"


def _same_audience(one: Incident, other: Incident) -> bool:
    same = (one.key.policy, one.route) == (other.key.policy, other.route)
    return same and "safeguarding" not in (one.key.category, other.key.category)
