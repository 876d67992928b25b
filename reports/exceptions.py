"""The register of approved exceptions as it stands on a day, and how much each of them has set aside."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import Engine

from collectors.names import platform_name
from policies.exceptions import NOTICE, ApprovedException
from policies.policy import Account, Policy
from reports.cases import Excepted, ExceptionState, SetAside
from warehouse.marts import read

_ASIDE = {
    "union": "{posts} by official union accounts, out of scope and not judged",
    "official": "{posts} by the organisation's own accounts, judged as its own content alone",
    "exempt": "{posts} by exempt accounts",
    "category": "{findings} in categories switched off since",
    "threshold": "{findings} below a threshold raised since",
    "unknown": "{findings} for reasons that stand with them",
}


def excepted(engine: Engine, policy: Policy, day: date, days: int) -> tuple[Excepted, ...]:
    """Every exception of the pack, in its order; what is counted are posts of the `days` days that end on `day`."""
    window, today = _counts(engine, policy, day, days), _counts(engine, policy, day, 1)
    return tuple(_line(one, day, window[one.id], today[one.id]) for one in policy.exceptions)


def terms(policy: Policy, day: date) -> tuple[Excepted, ...]:
    """Every account that is exempt until a day, as a line beside the exceptions, which it resembles."""
    return tuple(_term(each, each.end, day) for each in policy.accounts if each.end)


def set_aside(engine: Engine, policy: Policy, day: date, days: int) -> tuple[SetAside, ...]:
    """What other rules than approved exceptions set aside in the window."""
    frame = read(engine, "exceptions_applied", policy=policy.id, since=day - timedelta(days=days - 1), until=day)
    sums = frame[frame["rule"] != "exception"].groupby("rule")[["posts", "findings"]].sum()
    lines = {str(rule): SetAside(str(rule), int(row["posts"]), int(row["findings"])) for rule, row in sums.iterrows()}
    return tuple(lines[rule] for rule in _ASIDE if rule in lines)


def state(start: date | None, end: date, day: date) -> ExceptionState:
    """How an exception from `start` to `end` stands on a day."""
    if start and day < start:
        return "not begun"
    if day > end:
        return "expired"
    return "ends soon" if end - day <= NOTICE else "in force"


def standing(one: Excepted) -> str:
    """How an exception stands, in words."""
    if one.start and one.state == "not begun":
        return f"begins on {one.start:%-d %B %Y}"
    if one.state == "expired":
        return f"expired on {one.end:%-d %B %Y}: it covers nothing posted since"
    left = "last day" if one.days_left == 1 else f"{one.days_left} days left"
    until = f"until {one.end:%-d %B %Y}, {left}"
    return f"{until}: have it renewed, or let it end" if one.state == "ends soon" else until


def aside(line: SetAside) -> str:
    """What one rule set aside, in words."""
    return _ASIDE[line.rule].format(posts=_counted(line.posts, "post"), findings=_counted(line.findings, "finding"))


def _counts(engine: Engine, policy: Policy, day: date, days: int) -> Counter[str]:
    since = day - timedelta(days=days - 1)
    where = {"rule": "exception"}
    frame = read(engine, "exceptions_applied", policy=policy.id, since=since, until=day, where=where)
    return Counter({str(name): int(rows.sum()) for name, rows in frame.groupby("exception_id")["findings"]})


def _line(one: ApprovedException, day: date, findings: int, today: int) -> Excepted:
    return Excepted(
        id=one.id,
        subject=one.subject,
        approver=one.approver,
        reason=one.reason,
        clause=one.clause,
        start=one.start,
        end=one.end,
        state=state(one.start, one.end, day),
        days_left=(one.end - day).days + 1,
        findings=findings,
        today=today,
    )


def _term(account: Account, end: date, day: date) -> Excepted:
    """An exempt account's term, as a line of the register."""
    where = f" on {platform_name(account.platform)}" if account.platform else ""
    return Excepted(
        id=f"@{account.handle.lstrip('@')}",
        subject=f"all that it posts{where}, not judged",
        approver=account.approver or "nobody named",
        reason=account.reason or "",
        clause="exempt account",
        start=None,
        end=end,
        state=state(None, end, day),
        days_left=(end - day).days + 1,
        findings=None,
        today=0,
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
