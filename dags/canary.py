"""### Canary

Plants one post about nothing on each test source that the settings name (`TOCSIN_CANARY_…`), each morning. **collect**
must find it, **triage** judge it, and **watch** sees it in the mart, or raises an alarm. Nothing is planted where
nothing is set, and never twice on one day; but Isso cannot tell a second try, and has two where a run was killed before
it heard the answer to the first.

**When it is red:** a test source took no post; the log says what it answered. Nothing else depends on this.

**Run it by hand:** `tocsin canary`, and later `tocsin canary --check`. **What it wrote:** the mart `canary_times`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="5 6 * * *", doc_md=__doc__, **house_rules())
def canary() -> None:
    """Plant today's canaries."""

    @task
    def plant() -> int:
        """Plant on each test source that has none of today."""
        from tocsin import pipeline

        return len(pipeline.plant_canaries())

    plant()


canary()
