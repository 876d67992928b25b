"""Our own posts (`corpus/`), as examples: each text once alone, and once in its context for its organisation.

The corpus is a data set in its own right; corpus/README.md describes its fields and corpus/GUIDE.md its labels.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from classifiers.assessment import TOXICITY_LABELS, SentimentLabel, ToxicityLabel
from classifiers.context import Role, Span, handle_spans, in_context
from classifiers.normalise import Normalised, normalise
from classifiers.phrases import NEVER, hashtag_pattern, phrase_pattern
from classifiers.scorer import InContext
from classifiers.training.example import Example, certain
from classifiers.written import WrittenPost
from policies.policy import CATEGORY_NAMES

Split = Literal["train", "calibration", "test"]
FOLDER = Path(__file__).parents[2] / "corpus"  # beside the packages in a checkout; not part of an installed Tocsin

_ANSWERED: dict[str | None, Role] = {"official": "the organisation", "staff": "its staff", "union": "a union"}


class CorpusUnusable(Exception):
    """The corpus is missing or a line of it is not as its README says; the message names the file and the line."""


class Organisation(BaseModel):
    """Whom posts are about; `names` with the @ of accounts and the # of hashtags."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    name: str
    names: tuple[str, ...]

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        words = [name for name in self.names if name[0] not in "@#"]
        return phrase_pattern(words), hashtag_pattern(words, [name for name in self.names if name[0] == "#"])

    @cached_property
    def _handles(self) -> re.Pattern[str]:
        handles = "|".join(re.escape(name) for name in self.names if name[0] == "@")
        return re.compile(rf"(?:{handles})(?!\w)", re.IGNORECASE) if handles else NEVER

    def spans(self, original: str, normalised: Normalised) -> list[Span]:
        """Where a normalised text names the organisation."""
        found = [match.span() for pattern in self._patterns for match in pattern.finditer(normalised.text)]
        return found + handle_spans(original, normalised, self._handles)

    def owns(self, handle: str | None) -> bool:
        """Whether an account is the organisation's own."""
        return handle is not None and f"@{handle.lstrip('@')}".casefold() in {name.casefold() for name in self.names}


class Post(WrittenPost):
    """One line of the corpus."""

    split: Split
    organisation: str | None
    voice: str
    toxicity: tuple[ToxicityLabel, ...]
    sentiment: SentimentLabel
    text_sentiment: SentimentLabel
    relevant: bool


@dataclass(frozen=True)
class Corpus:
    """All posts, and the organisations that they are about by id."""

    posts: tuple[Post, ...]
    organisations: dict[str, Organisation]

    def split(self, name: Split) -> list[Post]:
        """The posts of one side of the split; a family is never on two sides."""
        return [post for post in self.posts if post.split == name]

    def in_context(self, post: Post) -> InContext:
        """What the model reads of a post; one with no organisation in view is read for the first."""
        organisation = self.organisations[post.organisation or next(iter(self.organisations))]
        normalised = normalise(post.text)
        by: Role = "the organisation" if organisation.owns(post.author.handle) else "someone"
        spans = organisation.spans(post.text, normalised)
        answered = _ANSWERED.get(post.parent_by, "someone")
        return in_context(normalised, spans, organisation.name, post.mention(), by, answered)

    def examples(self, posts: Sequence[Post]) -> Iterator[Example]:
        """Two examples a post, as `pair`."""
        for post in posts:
            yield from self.pair(post)

    def pair(self, post: Post) -> tuple[Example, Example]:
        """A post's text alone, and in context."""
        labels = {name: float(name in post.toxicity) for name in TOXICITY_LABELS}
        if post.toxicity == ("obscene",):  # swearing at a thing: the published sets disagree whether that is toxic
            del labels["toxicity"]
        reading = self.in_context(post)
        return Example(normalise(post.text).text, "corpus", labels, certain(post.text_sentiment)), Example(
            reading.text,
            "corpus",
            context=reading.context,
            relevant=float(post.relevant),
            towards=certain(post.sentiment) if post.relevant else None,
            categories={name: float(name in post.categories) for name in CATEGORY_NAMES},
        )


def read_corpus(folder: Path = FOLDER) -> Corpus:
    """Raises CorpusUnusable."""
    try:
        listed = json.loads((folder / "organisations.json").read_text(encoding="utf-8"))
        organisations = {one["id"]: Organisation(**one) for one in listed}
        posts = tuple(post for path in sorted((folder / "posts").glob("*.jsonl")) for post in _posts(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusUnusable(f"{folder} is not the corpus: {error}") from error
    if not posts:
        raise CorpusUnusable(f"{folder}/posts holds no posts; run from a checkout of Tocsin, or name the folder")
    return Corpus(posts, organisations)


def _posts(path: Path) -> Iterator[Post]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield Post.model_validate_json(line)
        except ValidationError as error:
            raise CorpusUnusable(f"{path}, line {number}: {error}") from error
