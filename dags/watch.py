"""### Watch

Looks at every configured source and raises one alarm for the operators where a source is refused, answers with
something unexpected, sends records in another format, has had no success for a day, or brings far more or far fewer
posts than it should. The alarm is told once, and once more when it is over. A DAG of its own, so that it also hears
when **collect** has stopped.

**When `look` is red:** the warehouse could not be read; mend that and clear the task. **When `deliver` is red:** its
log names what Slack said; the alarm waits in the outbox.

**Run it by hand:** `tocsin watch`, then `tocsin deliver`. **What it wrote:** `alarms`, `outbox`, `deliveries`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="10,40 * * * *", doc_md=__doc__, **house_rules())
def watch() -> None:
    """Raise alarms about sources, and deliver them."""

    @task
    def look() -> dict[str, int]:
        """Raise an alarm for each source that needs one; lay to rest those that are over."""
        from tocsin import pipeline

        return pipeline.watch()

    @task
    def deliver() -> dict[str, int]:
        """Send what the outbox holds: to Slack, then, whatever Slack says, by the other routes."""
        from tocsin import relaying

        return relaying.deliver_all()

    look() >> deliver()


watch()
