"""What a daily report holds: numbers and words, no markup. Built by `reports.daily`, shown by `page` and `digest`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from policies.policy import Policy
from reports.cases import Casework
from reports.terms import Term

Verdict = Literal["act", "look", "calm"]
Change = Literal["worse", "better", "as usual"]
ENOUGH_DAYS = 7  # of a baseline before anything is called usual: a week, and as many as a spike needs in the marts


@dataclass(frozen=True)
class Feeling:
    """How many posts there were and how they felt; `mean_score` runs from -1 to 1, null where there were none."""

    mentions: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    mean_score: float | None = None

    @property
    def negative_share(self) -> float:
        """0 to 1; 0 where nothing was said."""
        return self.negative / self.mentions if self.mentions else 0.0

    @property
    def positive_share(self) -> float:
        """0 to 1; 0 where nothing was said."""
        return self.positive / self.mentions if self.mentions else 0.0


@dataclass(frozen=True)
class Baseline:
    """What is usual: mean and deviation of the daily volume over `days` days before; null on a first day."""

    mean: float | None = None
    deviation: float | None = None
    days: int = 0

    @property
    def usual(self) -> float | None:
        """The mean, once it rests on enough days to be called usual."""
        return self.mean if self.days >= ENOUGH_DAYS else None

    @property
    def band(self) -> tuple[float, float] | None:
        """Two deviations either side of the mean, never below nothing; None on too few days."""
        if self.usual is None or self.mean is None or self.deviation is None:
            return None
        width = 2 * max(self.deviation, self.mean**0.5)
        return max(0.0, self.mean - width), self.mean + width


@dataclass(frozen=True)
class DayPoint:
    """One day of the window."""

    day: date
    feeling: Feeling
    baseline: Baseline = Baseline()
    spike: bool = False


def known(window: Sequence[DayPoint]) -> Sequence[DayPoint]:
    """The days of a window from the first on which anything was known."""
    first = (place for place, point in enumerate(window) if point.feeling.mentions or point.baseline.days)
    return window[next(first, len(window)) :]


@dataclass(frozen=True)
class PlatformLine:
    """One platform on the day, against its own baseline."""

    platform: str
    feeling: Feeling
    baseline: Baseline
    spike: bool


@dataclass(frozen=True)
class TopicLine:
    """One topic on the day, against its own baseline; `rose` is the spike of the mart `topic_baseline`."""

    group: str
    topic: str
    feeling: Feeling
    baseline: Baseline
    rose: bool


@dataclass(frozen=True)
class CrossTable:
    """Two groups of topics against each other over the day or, where the day is thin, the window."""

    row_group: str
    column_group: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Feeling]
    over_window: bool
    worst: frozenset[tuple[str, str]]  # cells clearly more negative than the rest of their row


@dataclass(frozen=True)
class PostToRead:
    """A post that earns a reader's minute, with the reasons that put it here. `excerpt` is unescaped."""

    mention_id: str
    platform: str
    url: str | None
    author: str | None
    excerpt: str
    sentiment: str
    reach: int | None
    posted_at: datetime
    language: str
    reasons: tuple[str, ...]
    copies: int  # other posts of the day in nearly the same words
    sensitive: bool


@dataclass(frozen=True)
class UnreadPost:
    """A post in a language that the model does not read. `excerpt` is unescaped."""

    mention_id: str
    language: str
    platform: str
    url: str | None
    author: str | None
    excerpt: str
    reach: int | None
    posted_at: datetime


@dataclass(frozen=True)
class Unread:
    """What is put to people: how many posts in each language (code, posts), most first, and the newest of them."""

    languages: tuple[tuple[str, int], ...]
    posts: tuple[UnreadPost, ...]


@dataclass(frozen=True)
class Gap:
    """Something the report cannot speak for, and what to do about it. `standing`: so every day, not this one alone.

    `closed`: it is a platform that nobody may lawfully read so.
    """

    subject: str
    problem: str
    remedy: str
    grave: bool = True
    standing: bool = False
    closed: bool = False


@dataclass(frozen=True)
class SourceLine:
    """One source: its last run, how far into the day its posts are known, and what `source_register` says of it."""

    source: str
    state: str
    collected: int
    quarantined: int
    last_success_at: datetime | None
    days_behind: int | None = None  # whole days; None: it never succeeded
    backlog: bool = False
    access: str = ""  # how it is lawfully had
    seen: int | None = None  # new mentions on its last day that is over; None: not known
    expected: tuple[int, int] | None = None  # the bounds on that
    volume: str = ""  # below, above, silent or within; "": nothing to compare
    allowances: tuple[str, ...] = ()  # what is left of quota and budget, in words


@dataclass(frozen=True)
class Coverage:
    """What was looked at, and above all what was not."""

    sources: tuple[SourceLine, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class TopicShare:
    """A topic that had a larger part of one day's posts than of the other days'; shares are 0 to 1."""

    topic: str
    feeling: Feeling
    share: float
    other_share: float


@dataclass(frozen=True)
class Standout:
    """An earlier day of the window that stood out, with what explains it."""

    point: DayPoint
    others: Feeling  # the rest of the window, other such days left out
    other_days: int
    platforms: tuple[PlatformLine, ...]  # those that spiked, else the loudest
    topics: tuple[TopicShare, ...]
    terms: tuple[Term, ...]
    post: PostToRead | None


@dataclass(frozen=True)
class Action:
    """One thing for a person to do. `anchor` is where the report says more."""

    text: str
    detail: str
    anchor: str
    urgent: bool = False


@dataclass(frozen=True)
class Section:
    """All that the report says of one policy."""

    policy: Policy
    verdict: Verdict
    because: str  # what the verdict rests on
    change: Change
    headline: str
    sentences: tuple[str, ...]
    actions: tuple[Action, ...]
    today: DayPoint
    before: Feeling  # the rest of the window
    authors: int
    window: tuple[DayPoint, ...]
    platforms: tuple[PlatformLine, ...]
    topics: tuple[TopicLine, ...]
    cross: CrossTable | None
    terms: tuple[Term, ...]
    casework: Casework
    posts: tuple[PostToRead, ...]
    unread: Unread
    standouts: tuple[Standout, ...]  # oldest first

    @property
    def days_before(self) -> int:
        """Days of the window before the last, from the first on which anything was known."""
        return len(known(self.window[:-1]))


@dataclass(frozen=True)
class DailyReport:
    """One day, every pack in force."""

    day: date
    window_days: int
    generated_at: datetime
    sections: tuple[Section, ...]
    coverage: Coverage

    @property
    def verdict(self) -> Verdict:
        """The gravest of the sections'; a gap in coverage alone is worth a look."""
        found = {section.verdict for section in self.sections}
        if "act" in found:
            return "act"
        return "look" if "look" in found or any(gap.grave for gap in self.coverage.gaps) else "calm"
