"""What a changed pack would do to what is stored: both packs judge it once more, and nothing of that is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from classifiers.judge import judge_all
from collectors.mention import Mention
from incidents.campaign import is_campaign
from incidents.comparison import Raised, Shift, compared, raised, same_campaign
from incidents.incident import OPEN, Exhibit, GroupKey
from policies.counted import counted
from policies.difference import Difference, differences
from policies.policy import CATEGORY_NAMES, CategoryName, Policy
from tocsin.errors import Misconfigured
from tocsin.house import House
from tocsin.progress import bar
from warehouse.stored import Extent, StoredPosts, campaign_posts, exhibits

AT_ONCE = 512  # posts in one portion: enough to fill length buckets


@dataclass(frozen=True)
class PolicyDiff:
    """Two versions of one pack over the same posts."""

    old: Policy
    new: Policy
    since: date
    days: int
    model: str
    extent: Extent
    differences: tuple[Difference, ...]
    before: Raised
    after: Raised
    shifts: tuple[Shift, ...]
    standing: Mapping[GroupKey, str]  # ids of the incidents that are open today
    # By author: what they, and those whom they answer, are called.
    names: Mapping[str, Collection[str]] = field(default_factory=dict)

    def counts(self) -> dict[CategoryName, Counter[str]]:
        """By category, in their order: incidents of the old and new pack, gained, lost, changed, same."""
        told = {name: Counter[str]() for name in CATEGORY_NAMES}
        for shift in self.shifts:
            told[shift.key.category].update([shift.kind])
            told[shift.key.category].update(["old"] * (shift.before is not None) + ["new"] * (shift.after is not None))
        return {name: counted for name, counted in told.items() if counted}

    def total(self) -> Counter[str]:
        """The counts of all categories."""
        return sum(self.counts().values(), Counter[str]())


@dataclass(frozen=True)
class _Found:
    """What one pack finds, and the posts that each finding of a campaign rests on, by id."""

    exhibits: list[Exhibit] = field(default_factory=list)
    posts: dict[str, frozenset[str]] = field(default_factory=dict)


def diff(house: House, old: Policy, new: Policy, days: int) -> PolicyDiff:
    """Judge what was posted in the last `days` days under both packs; each text is scored once.

    Packs that do not differ are not judged by. Raises Misconfigured for packs of different ids, and where nothing is
    stored of these days.
    """
    if old.id != new.id:
        raise Misconfigured(
            f"{old.stamp} and {new.stamp} are packs of different ids, and a diff compares two versions of one: give "
            f"the changed pack the line 'id: {old.id}'"
        )
    since = house.now().date() - timedelta(days=days)
    stored, found = StoredPosts(house.engine, since), differences(old, new)
    extent = stored.extent()
    if not extent.posts:
        raise Misconfigured(f"no posts are stored of the last {counted(days, 'day')} (since {since}): {_advice(house)}")
    names: dict[str, set[str]] = {}
    made = _judged(house, stored, extent.posts, (old, new), names) if found else (_Found(), _Found())
    now, name = house.now(), house.scorer.name
    before, after = (raised(each.exhibits, pack, now, each.posts) for each, pack in zip(made, (old, new), strict=True))
    shifts = compared(before, after)
    standing = _standing(house, old, shifts)
    return PolicyDiff(old, new, since, days, name, extent, found, before, after, shifts, standing, names)


def _judged(
    house: House, stored: StoredPosts, posts: int, packs: tuple[Policy, Policy], names: dict[str, set[str]]
) -> tuple[_Found, _Found]:
    judges = house.judges_of(list(packs))
    found = (_Found(), _Found())
    with bar("Judging under both packs", total=posts) as advance:
        for portion in stored.portions(AT_ONCE):
            said = judge_all(judges, [post.mention for post in portion])
            for kept, judgements in zip(found, said, strict=True):
                for post, judgement in zip(portion, judgements, strict=True):
                    shown = exhibits(post, judgement)
                    kept.exhibits.extend(shown)
                    kept.posts.update(campaign_posts(judgement))
                    for exhibit in shown:
                        names.setdefault(exhibit.author, set()).update(_called(post.mention))
            advance(len(portion))
    return found


def _called(mention: Mention) -> Iterator[str]:
    """The names that the author, and whoever is answered, show to the world, whole and word by word."""
    parent = mention.in_reply_to.author if mention.in_reply_to else None
    for shown in (mention.author.name, parent.name if parent else None):
        words = (shown or "").split()
        yield from [shown] if shown and words else []
        if len(words) in (2, 3) and all(word.isalpha() and word[0].isupper() for word in words):
            yield from (word for word in words if len(word) > 2)


def _standing(house: House, policy: Policy, shifts: Sequence[Shift]) -> dict[GroupKey, str]:
    """The newest incident of each key that is open; of one that is merged, the one in which it goes on.

    Of a campaign the one that has a post in common with it.
    """
    own = [each for each in reversed(house.casebook.incidents()) if each.key.policy == policy.id]
    live = {each.id for each in own if each.status in OPEN}
    goes_on = ((each.key, each.merged_into or each.id) for each in own)
    found = {key: incident_id for key, incident_id in goes_on if incident_id in live}
    campaigns = [each for each in own if is_campaign(each.key) and (each.merged_into or each.id) in live]
    for shift in shifts:
        for each in campaigns:
            if same_campaign(each, shift.case.incident):
                found[shift.key] = each.merged_into or each.id
    return found


def _advice(house: House) -> str:
    span = house.mentions.span()
    if span is None:
        return "nothing is stored at all yet; `tocsin run` collects"
    reach = (house.now().date() - span[1]).days
    return f"the newest stored post is of {span[1]}; reach back to it with --days {reach} or more"
