"""Who is on call: people who take turns by the week, and who stands in for whom on which dates."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from policies.part import Part, complaint

MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"
SLACK_USER = r"^[UW][A-Z0-9]{2,40}$"


def _a_moment(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(MOMENT, value):
        try:
            datetime.fromisoformat(value)
        except ValueError as error:
            raise complaint(f"cannot be {value!r} ({error}): write it as 2026-11-23 09:00") from error
        return value
    shown = str(value)[:40]
    raise complaint(f"cannot be {shown!r}: write day and time as 2026-11-23 09:00, in the zone of the route's hours")


def _a_person(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(SLACK_USER, value):
        return value
    raise complaint(f"cannot be {str(value)[:40]!r}: write a Slack user id, as U0123ABCDEF (Profile, Copy member ID)")


Moment = Annotated[str, BeforeValidator(_a_moment), Field(pattern=MOMENT)]
SlackUser = Annotated[str, BeforeValidator(_a_person), Field(pattern=SLACK_USER)]


class Override(Part):
    """Somebody stands in, from `start` until `end`."""

    person: SlackUser
    start: Moment
    end: Moment


class OnCall(Part):
    """A rota. The first person's first week begins at `start`, the next one's a week later at the same time of day."""

    people: Annotated[tuple[SlackUser, ...], Field(min_length=1)]
    start: Moment
    overrides: tuple[Override, ...] = ()


def wall(moment: str) -> datetime:
    """A `Moment` as the clock on the wall shows it, without zone."""
    return datetime.fromisoformat(moment)
