"""What every DAG shares: its beginning, owners, retries, and the asset by which collecting wakes triage."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.errors import DoneInPart

MENTIONS_ASSET = "tocsin://warehouse/mentions"


def house_rules(owner: str = "social-media-monitoring") -> dict[str, Any]:
    """The arguments of `@dag` that are the same for all: no run for times past, one run at a time, tasks retried.

    `owner`: the team that is asked first when a task is red.
    """
    return {
        "start_date": datetime(2026, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,
        "tags": ["tocsin"],
        "default_args": {
            "owner": owner,
            "retries": 3,
            "retry_delay": timedelta(minutes=1),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=30),
            "execution_timeout": timedelta(hours=2),
        },
    }


@contextmanager
def done_in_part_is_done() -> Iterator[None]:
    """A task that did what could be done is red at once, and not tried again: that would do the rest of it twice."""
    try:
        yield
    except DoneInPart as left:
        from airflow.sdk.exceptions import AirflowFailException  # noqa: PLC0415 - not for those who only ask for rules

        raise AirflowFailException(str(left)) from left
