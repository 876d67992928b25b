"""### Collect

Reads what is new from every configured source into the warehouse: one mapped task a source, so that one that fails or
is rate-limited holds up no other. A batch of mentions and the checkpoint that follows it are one transaction: a task
may be killed at any line and run again. **triage** is woken by each source that was read to its end, and once more when
all are done: a run that ended early has stored what it read before, which waits for no later run.

**When a task is red.** Its log names the outcome. `access_denied`: a credential is wrong or expired, `tocsin sources`
says which setting. `rate_limited` and `unavailable`: nothing to do, the next run continues where this one stopped.
`unexpected_response`: the platform has changed its answers; the record is in the `quarantine` table.

**Run it by hand:** `tocsin collect [SOURCE]`. **What it wrote:** the `runs` table, and the `source_coverage` mart.
"""

from airflow.sdk import Asset, dag, task

from tocsin.schedule import MENTIONS_ASSET, house_rules


@dag(schedule="*/15 * * * *", doc_md=__doc__, **house_rules())
def collect() -> None:
    """Every configured source, each in its own mapped task."""

    @task
    def list_sources() -> list[str]:
        """The names of the configured sources."""
        from tocsin import pipeline

        return pipeline.list_sources()

    @task(outlets=[Asset(MENTIONS_ASSET)], max_active_tis_per_dagrun=4)
    def collect_source(source: str) -> dict[str, int]:
        """Read what is new from one source."""
        from tocsin import pipeline

        return pipeline.collect(source)

    @task(outlets=[Asset(MENTIONS_ASSET)])
    def wake_triage() -> None:
        """Nothing but its outlet: Airflow tells of no asset when a task fails."""

    # A teardown runs whatever became of the sources, and the colour of a run is theirs, not its own.
    collect_source.expand(source=list_sources()) >> wake_triage().as_teardown()


collect()
