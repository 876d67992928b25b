"""### Evidence

Has the custody logs of incidents stamped by the authority at `TOCSIN_TSA_URL` (RFC 3161), as far as they have changed
since the last run, and proves that everything in custody is still what was captured. Nothing else waits for it.

**When `timestamp` is red:** the authority did not answer, or its answer does not hold; the log names what it said. What
has no timestamp is asked for again by the next run. **When `verify` is red:** a row was changed outside Tocsin; the log
names each. That is an incident of its own: keep the database as it is, and compare it with a back-up.

**Run it by hand:** `tocsin evidence timestamp`, `tocsin evidence verify --all`. **What it wrote:** `stamps`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="45 * * * *", doc_md=__doc__, **house_rules(owner="security-incident-response"))
def evidence() -> None:
    """Stamp what changed; prove what is held."""

    @task
    def timestamp() -> dict[str, int]:
        """Ask the authority for timestamps of the custody logs that changed."""
        from tocsin import custodian

        return custodian.timestamp()

    @task
    def verify() -> int:
        """Prove everything in custody; of how many incidents."""
        from tocsin import custodian

        return custodian.verify()

    timestamp()
    verify()


evidence()
