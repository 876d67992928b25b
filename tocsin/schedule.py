"""What every DAG shares: its beginning, owners, retries, and the asset by which collecting wakes triage."""

from datetime import UTC, datetime, timedelta
from typing import Any

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
