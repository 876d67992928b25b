"""A daily report's numbers in plain sentences: what changed, why, and what to do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from collectors.names import platform_name
from policies.counted import counted
from policies.policy import SEVERITIES
from reports.cases import Case, Casework
from reports.measures import deviations
from reports.names import category_name, language_name
from reports.report import (
    Action,
    Change,
    DayPoint,
    Feeling,
    PlatformLine,
    Standout,
    TopicLine,
    Unread,
    Verdict,
)
from reports.terms import Term

CLEAR = 2.0  # deviations at which a change of share is called one
ACTIONS = 6
MAIN = 0.4  # of the day's posts: a topic that rose to this is what the day is about
STALE = timedelta(days=7)  # since an incident was opened that somebody took and nobody closed


def changed(today: Feeling, before: Feeling) -> Change:
    """Whether the share of negative posts differs clearly: a two-proportion z test."""
    if today.mentions < 5 or before.mentions < 5:
        return "as usual"
    z = deviations(today.negative, today.mentions, before.negative, before.mentions)
    return "worse" if z > CLEAR else "better" if z < -CLEAR else "as usual"


def headline(point: DayPoint, change: Change, topics: Sequence[TopicLine], name: str) -> str:
    """One line: how much was said, how it was felt, and about what where that is what changed."""
    if not point.feeling.mentions:
        return f"Nothing was said about {name} that we know of"
    loud = _times(point) if point.spike else _amount(point)
    felt = {"worse": "angrier than usual", "better": "friendlier than usual", "as usual": "in the usual mood"}[change]
    main = [line.topic for line in topics if line.rose and line.feeling.mentions > MAIN * point.feeling.mentions]
    return f"{loud}, {felt}: {main[0]}" if main else f"{loud}, {felt}"


def sentences(
    point: DayPoint, before: Feeling, change: Change, platforms: Sequence[PlatformLine], topics: Sequence[TopicLine],
    terms: Sequence[Term], casework: Casework,
) -> tuple[str, ...]:  # fmt: skip
    """The day told in a few sentences, each resting on numbers that the report shows below."""
    if not point.feeling.mentions:
        return (
            "No relevant post of this day is in the warehouse. The window before it is shown below.",
            _cases(casework),
        )
    told = [_volume(point), _feeling(point.feeling, before, change)]
    told += [_why(platforms, topics, terms, point.spike), _cases(casework)]
    return tuple(sentence for sentence in told if sentence)


def verdict(point: DayPoint, change: Change, casework: Casework) -> tuple[Verdict, str]:
    """Act: a grave incident that nobody has taken. Look: anything else out of the ordinary. With what it rests on."""
    untouched = [case for case in casework.open if case.untouched]
    if grave := [case for case in untouched if _is_grave(case)]:
        return "act", f"{counted(len(grave), 'grave incident')} with nobody on {'it' if len(grave) == 1 else 'them'}"
    reasons = [f"{counted(len(untouched), 'incident')} waiting"] if untouched else []
    reasons += ["a spike in posts"] if point.spike else []
    reasons += ["a worse mood"] if change == "worse" else []
    return ("look", listed(reasons)) if reasons else ("calm", "nothing out of the ordinary")


def actions(
    point: DayPoint, rising: Sequence[TopicLine], casework: Casework, posts: int, unread: Unread
) -> tuple[Action, ...]:
    """What to do, the most pressing first."""
    todo = [_take(case) for case in casework.open if case.untouched]
    if point.spike or rising:
        about = f" about {rising[0].topic}" if rising else ""
        detail = "Tell the communications team what people meet with; do not reply without approval."
        todo.append(Action(f"Read the {'post' if posts == 1 else f'{posts} posts'} below{about}", detail, "posts"))
    if unread.languages:
        posted = counted(sum(number for _, number in unread.languages), "post")
        detail = (
            f"{by_language(unread.languages)}. The model does not read them: it may have missed what breaks the policy."
        )
        todo.append(Action(f"Have {posted} in other languages looked at", detail, "unread"))
    ending = [one for one in casework.exceptions if one.state == "ends soon"]
    if ending:
        detail = listed([f"{one.id} ends on {one.end:%-d %B}" for one in ending[:3]]) + "."
        todo.append(
            Action(
                f"Renew {counted(len(ending), 'exception')} or let {'it' if len(ending) == 1 else 'them'} end",
                detail,
                "exceptions",
            )
        )
    taken = [case for case in casework.open if not case.untouched and case.explained_by is None]
    stale = [case for case in taken if case.age > STALE]
    if stale:
        which = listed([case.incident_id for case in stale[:5]]) + (" and others" if len(stale) > 5 else "")
        todo.append(Action(f"Move or close {which}", f"Taken, but open for more than {STALE.days} days.", "incidents"))
    more = len(todo) - ACTIONS
    rest = [Action(f"See {more} more below", "Every open incident is listed there.", "incidents")] if more > 0 else []
    return tuple(todo[:ACTIONS] + rest)


def loudness(standout: Standout) -> str:
    """A day's volume against what was usual or, where too few days tell, against the other days."""
    point, mentions = standout.point, standout.point.feeling.mentions
    if point.baseline.usual:
        times = mentions / point.baseline.usual
        return f"{counted(mentions, 'post')}, {times:.1f} times the usual {usual(point.baseline.usual)}"
    if not standout.others.mentions:
        return counted(mentions, "post")
    mean = standout.others.mentions / standout.other_days
    return f"{counted(mentions, 'post')}, {mentions / mean:.1f} times the {usual(mean)} of the other days"


def earlier(standouts: Sequence[Standout]) -> tuple[str, ...]:
    """The days that stood out in one sentence; nothing where none did."""
    told = [
        f"{one.point.day:%-d %B} ({loudness(one)}{', most clearly about ' + one.topics[0].topic if one.topics else ''})"
        for one in standouts
    ]
    return (f"Of the days before, {listed(told)} stood out.",) if told else ()


def age(span: timedelta) -> str:
    """A span as people say it: "40 minutes", "7 hours", "12 days"."""
    minutes = max(0, int(span.total_seconds() // 60))
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size * (2 if size == 1440 else 1):
            return counted(minutes // size, word)
    return "less than a minute"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage."""
    return f"{round(100 * share)}%"


def usual(number: float) -> str:
    """A mean number of posts a day."""
    return f"{number:,.0f}" if number >= 0.5 else "fewer than 1" if number else "none"


def by_language(languages: Sequence[tuple[str, int]]) -> str:
    """ "Polish 3, Welsh 1", from codes and numbers."""
    return ", ".join(f"{language_name(code)} {number:,}" for code, number in languages)


def days(number: int) -> str:
    """A number of days, for a phrase that begins with "the"."""
    return "day" if number == 1 else f"{number} days"


def at(moment: datetime) -> str:
    """A UTC moment as people write it."""
    return f"{moment:%-d %B %Y, %H:%M} UTC"


def _times(point: DayPoint) -> str:
    mean = point.baseline.mean or 0.0
    times = point.feeling.mentions / mean if mean else 0.0
    return f"{times:.1f} times the usual number of posts" if times else "Far more posts than usual"


def _amount(point: DayPoint) -> str:
    band = point.baseline.band
    if band is None:
        return counted(point.feeling.mentions, "post")
    if point.feeling.mentions > band[1]:
        return "Somewhat more posts than usual"
    return "Fewer posts than usual" if point.feeling.mentions < band[0] else "As many posts as usual"


def _volume(point: DayPoint) -> str:
    said = f"{counted(point.feeling.mentions, 'post')} on {point.day:%A %-d %B}"
    band = point.baseline.band
    if not point.baseline.days:
        return f"{said}; there is no earlier day to compare with."
    if band is None or point.baseline.mean is None:
        return f"{said}. Too few days are known before it to say what is usual ({point.baseline.days})."
    return f"{said}, where {point.baseline.mean:,.0f} a day are usual ({band[0]:,.0f} to {band[1]:,.0f})."


def _feeling(today: Feeling, before: Feeling, change: Change) -> str:
    if not before.mentions:
        return f"{percent(today.negative_share)} were negative, {percent(today.positive_share)} positive."
    against = f"against {percent(before.negative_share)} over the days before"
    word = {"worse": "worse than usual", "better": "better than usual", "as usual": "much as usual"}[change]
    return f"Feeling was {word}: {percent(today.negative_share)} negative, {against}."


def _why(platforms: Sequence[PlatformLine], topics: Sequence[TopicLine], terms: Sequence[Term], spike: bool) -> str:
    rose = [line for line in topics if line.rose][:3]
    words = listed([f"“{term.words}”" for term in terms[:4]])
    where = [f"{platform_name(line.platform)} ({_against_usual(line)})" for line in platforms if line.spike]
    if where or rose:
        what = [f"{line.topic} ({_against_usual(line)})" for line in rose]
        told = f"The rise is on {listed(where[:3])}" if where else "More was said"
        told += f"{', ' if where else ' '}about {listed(what)}" if what else ""
        return told + (f"; the words that stand out are {words}." if words else ".")
    if terms:
        return f"The words that stand out are {words}."
    busiest = [line.topic for line in topics[:2] if line.feeling.mentions]
    return f"Most was said about {listed(busiest)}; no word stands out." if busiest else ""


def _against_usual(line: PlatformLine | TopicLine) -> str:
    return f"{counted(line.feeling.mentions, 'post')}, usually {usual(line.baseline.mean or 0)}"


def _cases(casework: Casework) -> str:
    if not casework.opened and not casework.open:
        return "No incident was opened, and none is open."
    opened = f"{counted(casework.opened, 'incident')} opened" if casework.opened else "No incident opened"
    untouched = sum(case.untouched for case in casework.open)
    waiting = f", {untouched} of them with nobody on {'it' if untouched == 1 else 'them'}" if untouched else ""
    if untouched == len(casework.open) > 0:
        waiting = ", with nobody on any of them" if untouched > 1 else ", with nobody on it"
    return f"{opened}; {len(casework.open)} open{waiting}."


def _take(case: Case) -> Action:
    return Action(
        f"Take {case.incident_id}: {category_name(case.category)}, {case.severity}, waiting for {age(case.age)}",
        case.next_step or case.why,
        case.incident_id,
        _is_grave(case),
    )


def _is_grave(case: Case) -> bool:
    return case.severity in SEVERITIES[SEVERITIES.index("high") :]
