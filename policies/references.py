"""What the types cannot say of a pack: that the parts it names exist, that nothing is there twice, that words count."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from policies.part import folded
from policies.policy import ApprovedException, Policy
from policies.problem import Problem
from policies.source import Source

_BEFORE = re.compile(r"^(?:@|/?u/)+", re.IGNORECASE)  # what may be written before a handle, even before none
_PLATFORM = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")  # as mentions name theirs


def suggestion(word: str, known: Iterable[str]) -> str:
    """The ending of an error: the nearest known word where one is near, and else all of them."""
    names = [str(name) for name in known]
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]!r}?" if near else f"known here: {', '.join(names) or 'none'}"


def cross_problems(policy: Policy, source: Source) -> list[Problem]:
    """Every broken reference, repetition and word without effect in a pack whose types are right."""
    rules = (_clauses, _categories, _vocabulary, _accounts, _monitoring, _topics, _levels, _exceptions)
    return [problem for rule in rules for problem in rule(policy, source)]


def _clauses(policy: Policy, source: Source) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, clause in enumerate(policy.clauses):
        if clause.id in seen:
            first = source.lines[("clauses", seen[clause.id])]
            message = f"the clause {clause.id!r} is here twice (first on line {first}): give each its own id"
            yield source.problem(("clauses", index, "id"), message)
        seen.setdefault(clause.id, index)


def _categories(policy: Policy, source: Source) -> Iterator[Problem]:
    clauses = [clause.id for clause in policy.clauses]
    if not policy.categories:
        yield source.problem(("categories",), "is empty: name at least one category, as starter.yaml does")
    for name, category in policy.categories.items():
        place = ("categories", name)
        for index, cited in enumerate(category.clauses):
            if cited not in clauses:
                message = f"there is no clause {cited!r}: {suggestion(cited, clauses)}"
                yield source.problem((*place, "clauses", index), message)
        if category.route not in policy.routes:
            message = f"there is no route {category.route!r}: {suggestion(category.route, policy.routes)}"
            yield source.problem((*place, "route"), message)


def _vocabulary(policy: Policy, source: Source) -> Iterator[Problem]:
    words = policy.vocabulary
    if words.ambiguous and not words.context:
        message = "has no effect without 'context': add the words that must stand beside these"
        yield source.problem(("vocabulary", "ambiguous"), message)
    for field in ("names", "ambiguous", "context", "not_us", "hashtags"):
        for index, phrase in enumerate(getattr(words, field)):
            if sum(map(str.isalnum, phrase)) < 2:
                message = f"{phrase!r} is in nearly every text: write a word of two letters or more"
                yield source.problem(("vocabulary", field, index), message)
    certain = {name.casefold() for name in policy.certain_names}
    for index, phrase in enumerate(words.not_us):
        if phrase.casefold() in certain:
            message = f"{phrase!r} is also in 'names': keep it in one of the two"
            yield source.problem(("vocabulary", "not_us", index), message)


def _accounts(policy: Policy, source: Source) -> Iterator[Problem]:
    seen: dict[tuple[str | None, str], int] = {}
    for index, account in enumerate(policy.accounts):
        for key, message in _unmet(account.handle, account.platform, "handle"):
            yield source.problem(("accounts", index, key), message)
        first = seen.setdefault((account.platform, folded(account.handle)), index)
        if first != index:
            line = source.lines[("accounts", first)]
            message = f"{account.handle!r} is here twice (first on line {line}): keep one"
            yield source.problem(("accounts", index), message)
        for key in ("end", "approver", "reason"):
            if account.kind != "exempt" and getattr(account, key) is not None:
                message = f"is told of exempt accounts alone, and this one is {account.kind}: remove it"
                yield source.problem(("accounts", index, key), message)
        if account.kind == "exempt" and account.end and not (account.approver and account.reason):
            message = "is an approval's end: say under 'approver' and 'reason' by whose word and why"
            yield source.problem(("accounts", index, "end"), message)


def _unmet(handle: str | None, platform: str | None, key: str) -> Iterator[tuple[str, str]]:
    """Why no post has this author, as they are written: the key, and the fix. A handle has `key` for its own."""
    if handle is not None:
        rest = _BEFORE.sub("", handle)
        if not rest.strip():
            yield key, "is only an @ or u/: write the handle after it"
        elif rest != rest.strip() or handle != handle.strip():  # some platforms' handles have spaces within
            yield key, f"{handle!r} has a space before or after the handle: remove it"
    if platform is not None and not _PLATFORM.fullmatch(platform):
        yield "platform", f"{platform!r} is no platform: write it as 'tocsin sources' does, as x, reddit or appstore"


def _monitoring(policy: Policy, source: Source) -> Iterator[Problem]:
    rule, known = policy.monitoring, [clause.id for clause in policy.clauses]
    for index, cited in enumerate(rule.clauses):
        if cited not in known:
            message = f"there is no clause {cited!r}: {suggestion(cited, known)}"
            yield source.problem(("monitoring", "clauses", index), message)
    if not rule.staff_personal_accounts and not rule.clauses:
        message = "is false without a reason: name under 'clauses' the clause that forbids it"
        yield source.problem(("monitoring", "staff_personal_accounts"), message)


def _topics(policy: Policy, source: Source) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for group, topics in policy.topics.items():
        for topic, phrases in topics.items():
            first = seen.setdefault(topic.casefold(), group)
            if first != group:
                message = f"{topic!r} is a topic of {first!r}, too: call one of the two otherwise"
                yield source.problem(("topics", group, topic), message)
            if not phrases:
                yield source.problem(("topics", group, topic), "has no phrases: add some, or remove the topic")


def _levels(policy: Policy, source: Source) -> Iterator[Problem]:
    for index, level in enumerate(policy.severity.reach):
        if level.followers is None and level.views is None and level.reposts is None:
            message = "is a level of nothing: say from how many 'followers', 'views' or 'reposts' on"
            yield source.problem(("severity", "reach", index), message)
    for index, times in enumerate(policy.severity.repetition):
        if times.days is None and times.posts is None:
            message = "is a level of nothing: say from how many 'days' or 'posts' on"
            yield source.problem(("severity", "repetition", index), message)


def _exceptions(policy: Policy, source: Source) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    clauses = [clause.id for clause in policy.clauses]
    for index, one in enumerate(policy.exceptions):
        place = ("exceptions", index)
        first = seen.setdefault(one.id, index)
        if first != index:
            line = source.lines[("exceptions", first)]
            yield source.problem((*place, "id"), f"{one.id!r} is here twice (first on line {line}): give each its own")
        if one.clause not in clauses:
            message = f"there is no clause {one.clause!r}: {suggestion(one.clause, clauses)}"
            yield source.problem((*place, "clause"), message)
        for key, message in _misfits(policy, one):
            yield source.problem((*place, key) if key else place, message)


def _misfits(policy: Policy, one: ApprovedException) -> Iterator[tuple[str, str]]:
    """What one exception says of itself that cannot be meant: the key, and the fix."""
    if one.end < one.start:
        yield "end", f"{one.end} is before its start, {one.start}: mend one of the two"
    if one.account is None and not one.phrases:
        yield "", "covers everybody: name an 'account' or 'phrases'; a category for all is switched off by 'enabled'"
    yield from _unmet(one.account, one.platform, "account")
    if one.categories == ():
        yield "categories", "is empty: name at least one, or remove it to cover any category"
    # An exemption that ends before the exception does leaves it some days.
    listed = policy.account(one.platform or "", one.account, one.end)
    if listed is not None and listed.kind in ("union", "exempt"):
        whose = "a union's account, out of scope" if listed.kind == "union" else "exempt already"
        yield "account", f"{one.account!r} is {whose}: an exception for it has no effect; remove one of the two"
    if one.platform is not None and one.account is None:
        yield "platform", "has no effect without 'account': remove it"
    names = {name.casefold() for name in (*policy.vocabulary.names, *policy.vocabulary.ambiguous)}
    for phrase in one.phrases:
        if phrase.lstrip("#@").casefold() in names or phrase.casefold() in names:
            yield "phrases", f"{phrase!r} stands in nearly every post about you: name the campaign's own words"
