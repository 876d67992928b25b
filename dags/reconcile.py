"""### Reconcile

Reads our own messages of the last two days back from Slack, without their words, and compares them with what was told:
missing, deleted by somebody, there twice, out of order, edited, set aside, waiting too long. The mart
`delivery_discrepancies` has no row where all is well; the operators hear by an alarm when it has any, and when it has
none any more. Nothing is posted again.

**When `read_back` is red:** the warehouse could not be read or written. A channel that Slack does not let us read is no
failure of the task but a row of the mart (`unread`). **When `deliver` is red:** its log names what Slack said.

**Run it by hand:** `tocsin reconcile`. **What it wrote:** `slack_messages`, `slack_readings`, `alarms`, `outbox`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="25 * * * *", doc_md=__doc__, **house_rules(owner="security-incident-response"))
def reconcile() -> None:
    """Read Slack back, compare, tell the operators."""

    @task
    def read_back() -> dict[str, int]:
        """Compare what was told with what Slack shows."""
        from tocsin import reconciling

        return reconciling.reconcile()

    @task
    def deliver() -> dict[str, int]:
        """Send what the outbox holds: to Slack, then, whatever Slack says, by the other routes."""
        from tocsin import relaying

        return relaying.deliver_all()

    read_back() >> deliver()


reconcile()
