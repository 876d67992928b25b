"""What a platform is asked for: the search terms of all packs in force, and which of them a text holds."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policies.policy import Policy


@dataclass(frozen=True)
class Terms:
    """The vocabulary of all packs for one platform, without repeats. Handles and hashtags are without @ and #."""

    names: tuple[str, ...]
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # (ambiguous terms, words of which one must be beside)
    hashtags: tuple[str, ...]
    handles: tuple[str, ...]  # official accounts on this platform
    subreddits: tuple[str, ...]

    @classmethod
    def of(cls, policies: Sequence[Policy], platform: str) -> "Terms":
        """Gather the terms of `policies`. Raises ValueError where there is nothing to search for."""
        words = [policy.vocabulary for policy in policies]
        terms = cls(
            names=_distinct(name for word in words for name in word.names),
            pairs=tuple((word.ambiguous, word.context) for word in words if word.ambiguous),
            hashtags=_distinct(tag.lstrip("#") for word in words for tag in word.hashtags),
            handles=_distinct(
                account.handle.lstrip("@")
                for policy in policies
                for account in policy.accounts
                if account.kind == "official" and account.platform in (None, platform)
            ),
            subreddits=_distinct(name.removeprefix("r/") for word in words for name in word.subreddits),
        )
        if not (terms.names or terms.pairs or terms.hashtags or terms.handles):
            raise ValueError("no pack in force has search terms: fill in vocabulary.names in the policy pack")
        return terms

    def spoken(self) -> tuple[str, ...]:
        """Every term as people write it, for a platform that is asked one term at a time and knows no OR.

        An ambiguous term is asked for alone: with each word of its context it would be a thousand calls. What is then
        found by that term alone is for `wanted` to tell.
        """
        tags, handles = (f"#{tag}" for tag in self.hashtags), (f"@{handle}" for handle in self.handles)
        return _distinct([*self.names, *tags, *handles, *(term for terms, _ in self.pairs for term in terms)])

    def wanted(self) -> Callable[[str], bool]:
        """Tells the texts that hold an ambiguous term and no word of its context, and nothing else: not asked for."""
        names = Matcher((*self.names, *(f"#{tag}" for tag in self.hashtags), *(f"@{name}" for name in self.handles)))
        pairs = [(Matcher(terms), Matcher(beside)) for terms, beside in self.pairs if beside]

        def asked_for(text: str) -> bool:
            ambiguous = [(term, beside) for term, beside in pairs if term(text)]
            return not ambiguous or bool(names(text)) or any(beside(text) for _, beside in ambiguous)

        return asked_for

    def matcher(self) -> "Matcher":
        """Finds these terms in texts."""
        ambiguous = (term for terms, _ in self.pairs for term in terms)
        tags, handles = (f"#{tag}" for tag in self.hashtags), (f"@{handle}" for handle in self.handles)
        return Matcher(_distinct([*self.names, *ambiguous, *tags, *handles]))


class Matcher:
    """Tells which terms a text holds, as whole words, without regard to case."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self._spelling = {term.casefold(): term for term in terms}
        longest_first = sorted(self._spelling, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def __call__(self, text: str) -> tuple[str, ...]:
        found = self._pattern.findall(text.casefold())
        return tuple(dict.fromkeys(self._spelling[term] for term in found if term))


def _distinct(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple({term.strip().casefold(): term.strip() for term in terms if term.strip()}.values())
