"""What every DAG shares: owners, retries, and the asset by which collecting wakes triage."""

from datetime import timedelta
from typing import Any

MENTIONS_ASSET = "tocsin://warehouse/mentions"

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "social-media-monitoring",
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=2),
}
