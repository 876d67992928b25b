"""### Recheck

Asks every platform that can tell about a part of what is stored of it, in turn: what its author or the platform has
taken down is deleted here too, what was edited is read again and keeps its former text. Most platforms' terms demand
it, on Reddit within 48 hours. What an incident rests on is held as evidence; each deletion is a row of `audit`.

**When a task is red.** Its log names the outcome, as in **collect**. What was told before the fault is kept, and a
fault deletes nothing: the next run goes on from there. `rate_limited` and `unavailable`: nothing to do. `budget_spent`:
the month's budget of that platform is used up. `not_entitled` (on X, of `recheck:x/jobs` alone): the app may not have
compliance jobs, so posts are looked up one by one.

**Run it by hand:** `tocsin recheck [SOURCE]`. **What it wrote:** the `runs` table, as `recheck:<source>`, and `audit`.
"""

from airflow.sdk import Asset, dag, task

from tocsin.schedule import MENTIONS_ASSET, house_rules


@dag(schedule="45 */6 * * *", doc_md=__doc__, **house_rules(owner="data-protection"))
def recheck() -> None:
    """Every source whose platform can tell, each in its own mapped task."""

    @task
    def list_rechecked() -> list[str]:
        """The names of the sources that can be asked again."""
        from tocsin import pipeline

        return pipeline.list_rechecked()

    @task(outlets=[Asset(MENTIONS_ASSET)], max_active_tis_per_dagrun=4)
    def recheck_source(source: str) -> dict[str, int]:
        """Ask one platform about a part of what is stored of it."""
        from tocsin import pipeline

        return pipeline.recheck(source)

    recheck_source.expand(source=list_rechecked())


recheck()
