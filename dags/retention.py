"""### Retention

Deletes what each policy pack's `retention` says has been kept long enough: irrelevant mentions soonest, then mentions,
then the evidence of incidents closed long ago. Whatever an open incident rests on is held. Empties what a platform's
terms let us keep only so long without being shown it anew (LinkedIn: 48 hours, which is why this runs every hour). Each
run leaves a row in the `audit` table with what it removed.

**When it is red:** nothing was half deleted, each step is one transaction. Mend the cause and clear the task.

**Run it by hand:** `tocsin retention`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="15 * * * *", doc_md=__doc__, **house_rules(owner="data-protection"))
def retention() -> None:
    """Delete what has been kept long enough."""

    @task
    def expire() -> dict[str, int]:
        """Apply every pack's retention; the rows removed, by kind."""
        from tocsin import pipeline

        return pipeline.expire()

    expire()


retention()
