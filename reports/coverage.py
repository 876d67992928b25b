"""What a daily report cannot speak for: sources that failed, lag or stand still, records refused, languages unknown."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import Engine

from collectors.names import platform_name
from policies.counted import counted
from reports.cells import text_of
from reports.register import register
from reports.report import Coverage, Gap, Section, SourceLine
from reports.words import by_language
from warehouse.marts import read

STATES = {
    "completed": "collected",
    "running": "still running",
    "interrupted": "was interrupted",
    "rate_limited": "was rate-limited",
    "access_denied": "refused our credentials",
    "unavailable": "did not answer",
    "unexpected_response": "answered with something unexpected",
}
PASSING = ("rate_limited", "interrupted", "unavailable")  # the next run goes on by itself
CURRENT = timedelta(hours=3)  # on a day that is not over; sources are read every quarter of an hour

UNUSUAL = {
    "below": "fewer than the {least:,} that its platform should bring",
    "above": "more than the {most:,} that its platform should bring",
    "silent": "where ten or more a day are usual",
}


def coverage(
    engine: Engine,
    sections: Sequence[Section],
    day: date,
    now: datetime,
    unconfigured: Mapping[str, str],
) -> Coverage:
    """Sources as they stand at `now`, judged by whether they know all of `day`, or what there is of it yet."""
    frame = read(engine, "source_coverage", until=now.date())
    registered = register(engine)
    # Only what the register has is a source: re-checks and the like are run when something is due.
    frame = frame[frame["source"].isin(list(registered.rows))].sort_values("day")
    lines, gaps = [], _not_over(day, now)
    for source, rows in frame.groupby("source") if not frame.empty else ():
        line = registered.complete(str(source), _line(rows, day))
        if source not in registered.retired:
            lines.append(line)
            gaps.extend(_source_gaps(rows, line, day, now))
        elif rows["platform"].iloc[-1] not in unconfigured:
            gone = f"was taken out of the settings; {_known_until(line, day)}"
            gaps.append(Gap(line.source, gone, "", grave=False, standing=True))
    gaps += _left_out(engine, day, now)
    gaps += _waiting(engine, day)
    gaps += [_unread(section) for section in sections if section.unread.languages]
    gaps += _unwatched(unconfigured, set(frame["source"]) - registered.retired, registered.closed)
    return Coverage(tuple(lines), tuple(sorted(gaps, key=lambda gap: not gap.grave)))


def _unwatched(unconfigured: Mapping[str, str], sources: Collection[str], closed: Set[str]) -> list[Gap]:
    """Platforms that are not set up, less those (an archive) whose runs are in the warehouse all the same."""
    run = {source.partition(":")[0] for source in sources}
    return [
        Gap(_source_name(source), why, "", grave=False, standing=True, closed=source in closed)
        for source, why in sorted(unconfigured.items())
        if source not in run
    ]


def _line(rows: pd.DataFrame, day: date) -> SourceLine:
    run = rows[rows["runs"] > 0].iloc[-1]
    recent = rows[rows["day"] >= day]
    success = rows["last_success_at"].iloc[-1]
    return SourceLine(
        source=_source_name(str(run["source"])),
        state=STATES.get(run["last_outcome"], str(run["last_outcome"]).replace("_", " ")),
        collected=int(recent["collected"].sum()),
        quarantined=int(recent["quarantined"].sum()),
        last_success_at=None if pd.isna(success) else success,
        days_behind=None if pd.isna(rows["days_behind"].iloc[-1]) else int(rows["days_behind"].iloc[-1]),
        backlog=bool(run["more"]),
    )


def _source_gaps(rows: pd.DataFrame, line: SourceLine, day: date, now: datetime) -> list[Gap]:
    run = rows[rows["runs"] > 0].iloc[-1]
    outcome, is_late = run["last_outcome"], _is_late(line, day, now)
    gaps = []
    if outcome not in ("completed", "running"):
        remedy = text_of(run["last_error"]) or "See the log of its last run."
        grave = is_late or outcome not in PASSING
        gaps.append(Gap(line.source, f"{line.state}; {_known_until(line, day)}", remedy, grave))
    elif run["platform"] != "archive" and is_late:
        gaps.append(Gap(line.source, f"is late; {_known_until(line, day)}", "Run it, or see why its schedule stopped."))
    if line.volume in UNUSUAL:
        gaps.append(Gap(line.source, _unusual(line), "See whether it changed its answers, or our search its words."))
    if line.backlog:
        gaps.append(Gap(line.source, "has a backlog that no run has reached yet", "The next runs continue it."))
    if line.quarantined:
        what = counted(line.quarantined, "record")
        gaps.append(
            Gap(
                line.source, f"sent {what} that could not be read", "They wait in quarantine with their reasons.", False
            )
        )
    return gaps


def _unusual(line: SourceLine) -> str:
    least, most = line.expected or (0, 0)
    seen = counted(line.seen or 0, "new post")
    return f"gave {seen} on its last whole day, {UNUSUAL[line.volume].format(least=least, most=most)}"


def _source_name(source: str) -> str:
    """A source that is named for its platform reads as the platform; one that names a file stays as it is."""
    return source if ":" in source else platform_name(source)


def _is_late(line: SourceLine, day: date, now: datetime) -> bool:
    """Its last success was before the day was over, so the evening's posts cannot be known; or too long ago by now."""
    due = _end_of(day) if _end_of(day) <= now else now - CURRENT
    return line.last_success_at is None or line.last_success_at < due


def _known_until(line: SourceLine, day: date) -> str:
    if line.last_success_at is None:
        return "it has never succeeded, so nothing of it is known"
    if line.last_success_at >= _end_of(day):
        return "its posts of this day are known"
    return f"its posts are known until {line.last_success_at:%-d %B, %H:%M} UTC"


def _not_over(day: date, now: datetime) -> list[Gap]:
    if _end_of(day) <= now:
        return []
    return [Gap(f"{day:%-d %B}", "is not over", "What is posted later is in no report made now.", grave=False)]


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _waiting(engine: Engine, day: date) -> list[Gap]:
    frame = read(engine, "unassessed_mentions", until=day)
    waiting = int(frame["waiting"].sum()) if not frame.empty else 0
    if not waiting:
        return []
    return [Gap("Triage", f"{waiting:,} collected posts are not judged yet and count nowhere here", "Run triage.")]


def _left_out(engine: Engine, day: date, now: datetime) -> list[Gap]:
    """What the policy itself keeps us from knowing."""
    frame = read(engine, "posts_left_out", since=day, until=now.date())
    told = frame.groupby(["source", "rule"], as_index=False)["posts"].sum()
    return [
        Gap(
            _source_name(source),
            f"{counted(int(posts), 'post')} of staff, on accounts of their own, read and not kept",
            f"So the policy has it ({rule}).",
            grave=False,
        )
        for source, rule, posts in zip(told["source"], told["rule"], told["posts"], strict=True)
    ]


def _unread(section: Section) -> Gap:
    posts = sum(number for _, number in section.unread.languages)
    return Gap(
        counted(posts, "post"),
        f"about {section.policy.organisation.name} {'was' if posts == 1 else 'were'} not judged, "
        f"written in a language that the model does not read: {by_language(section.unread.languages)}",
        f"{'It is' if posts == 1 else 'They are'} put to people above.",
        grave=False,
    )
