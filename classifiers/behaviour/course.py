"""A course of conduct as its posts show it: how long it went on, whether the person refused, and what cues tell."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from classifiers.behaviour.cues import BARRED, CLAIM, STOP, Grade, grade, is_unwanted
from classifiers.behaviour.goodwill import is_among_friends, means_well, talks_with
from classifiers.behaviour.past import Post
from classifiers.handles import same
from classifiers.insult_words import TERMS

DISTINCT_DAYS = 3  # posts on at least so many days, this one included
AFTER_STOP = 2  # and on so many once the person asked for an end of it
UNHEEDED = 2  # so many unwanted posts is a request to stop that was not heeded worth
PLACES = 3  # accounts, on any platforms; to follow somebody from so many is worth one
EVADING = 3  # accounts of one name on one platform, which nobody needs who was not shut out: as a request to stop


@dataclass(frozen=True)
class Course:
    """All posts of one person towards another within the window, this one last."""

    person: str
    posts: tuple[Post, ...]

    @property
    def texts(self) -> list[str]:
        """What was posted, oldest first."""
        return [post.text for post in self.posts]

    @property
    def days(self) -> set[date]:
        """The distinct UTC days of it."""
        return {post.posted_at.date() for post in self.posts}

    @property
    def stopped_at(self) -> datetime | None:
        """When it first went on although the person had asked for an end, or had blocked the author.

        The earliest post that answers such a request, or says of itself that it was made, or of a block.
        """
        refused = (post.posted_at for post in self.posts if self._answers_a_refusal(post) or BARRED.search(post.text))
        return min(refused, default=None)

    @property
    def lasts(self) -> bool:
        """Whether it goes on for long enough: fewer days will do once the person has asked for an end of it."""
        stopped = self.stopped_at
        after = {post.posted_at.date() for post in self.posts if stopped is not None and post.posted_at >= stopped}
        return len(self.days) >= DISTINCT_DAYS or len(after) >= AFTER_STOP

    @property
    def unwanted(self) -> int:
        """How many posts show by a cue that they are unwanted."""
        return sum(map(is_unwanted, self.texts))

    @property
    def told(self) -> int:
        """What cues and circumstances tell of it, in unwanted posts."""
        return self.unwanted + UNHEEDED * self.unheeded + (len(self._places) >= PLACES)

    @property
    def unheeded(self) -> bool:
        """Whether it goes on past a request to stop or a block, or from account after account."""
        accounts = Counter(platform for platform, _ in self._places)
        return self.stopped_at is not None or max(accounts.values()) >= EVADING

    @property
    def pursues(self) -> bool:
        """Whether a cue tells of pursuit, in this post too: insults alone, however many, are bullying."""
        if self.unheeded:
            return True
        grades = [grade(text) for text in self.texts]
        return grades[-1] > Grade.REMARK and any(one in (Grade.FIXATION, Grade.WHEREABOUTS) for one in grades)

    @property
    def is_chasing(self) -> bool:
        """Whether most of it is about the author's own claim, and none of it insults."""
        about_claim = sum(bool(CLAIM.search(text)) for text in self.texts)
        return about_claim * 2 > len(self.posts) and not any(TERMS.search(text) for text in self.texts)

    @property
    def among_friends(self) -> bool:
        """Whether the two get on: nobody was asked to stop, and they laugh together or the posts mean well."""
        return self.stopped_at is None and is_among_friends(self.texts, self._said)

    @property
    def one_sided(self) -> bool:
        """Whether nothing of it is kind, shared or in answer to the person's own talk with the author."""
        return not any(map(means_well, self.texts)) and not any(map(talks_with, self._said))

    @property
    def rises(self) -> bool:
        """Whether this post speaks of whereabouts as none of the first half did."""
        first = self.texts[: len(self.posts) // 2]
        gravest = max(map(grade, first), default=Grade.REMARK)
        return grade(self.texts[-1]) == Grade.WHEREABOUTS and gravest < Grade.WHEREABOUTS

    @property
    def links(self) -> tuple[str, ...]:
        """What links the accounts, each once."""
        return tuple(dict.fromkeys(post.link for post in self.posts if post.link))

    @property
    def _places(self) -> set[tuple[str, str]]:
        return {(post.platform, (post.handle or "").casefold()) for post in self.posts}

    @property
    def _said(self) -> list[str]:
        """The person's own words that the posts answer."""
        return [post.answered_text or "" for post in self.posts if same(post.answers, self.person)]

    def _answers_a_refusal(self, post: Post) -> bool:
        """Whether what it answers asks for an end; where its author is not told, it is whom the post is to."""
        said_by_them = post.answers is None or same(post.answers, self.person)
        return said_by_them and bool(STOP.search(post.answered_text or ""))
