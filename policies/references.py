"""What the types cannot say of a pack: that the parts it names exist, that nothing is there twice, that words count."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from policies.policy import Policy
from policies.problem import Problem
from policies.source import Source


def suggestion(word: str, known: Iterable[str]) -> str:
    """The ending of an error: the nearest known word where one is near, and else all of them."""
    names = [str(name) for name in known]
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]!r}?" if near else f"known here: {', '.join(names) or 'none'}"


def cross_problems(policy: Policy, source: Source) -> list[Problem]:
    """Every broken reference, repetition and word without effect in a pack whose types are right."""
    rules = (_clauses, _categories, _vocabulary, _accounts, _monitoring, _topics)
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
    certain = {name.casefold() for name in policy.certain_names}
    for index, phrase in enumerate(words.not_us):
        if phrase.casefold() in certain:
            message = f"{phrase!r} is also in 'names': keep it in one of the two"
            yield source.problem(("vocabulary", "not_us", index), message)


def _accounts(policy: Policy, source: Source) -> Iterator[Problem]:
    seen: dict[tuple[str | None, str], int] = {}
    for index, account in enumerate(policy.accounts):
        handle = account.handle.lstrip("@").casefold()
        if not handle.strip():
            yield source.problem(("accounts", index, "handle"), "is only an @: write the handle after it")
        first = seen.setdefault((account.platform, handle), index)
        if first != index:
            line = source.lines[("accounts", first)]
            message = f"{account.handle!r} is here twice (first on line {line}): keep one"
            yield source.problem(("accounts", index), message)


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
    for group, topics in policy.topics.items():
        for topic, phrases in topics.items():
            if not phrases:
                yield source.problem(("topics", group, topic), "has no phrases: add some, or remove the topic")
