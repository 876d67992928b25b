"""### Escalate

Looks at every incident that nobody has taken. Where the pack's time is up, its route is reminded, whoever is on call by
name; then it goes to the next route, and behind the last one to the operators. Clocks stop outside working hours where
the pack says working time; at night only what may ring rings. Then sends what waits, so that what quiet hours held back
goes out in the morning.

**When `escalate` is red:** the warehouse could not be read or written; mend that and clear the task: no step is lost,
and none is taken twice. **When `deliver` is red:** its log names what Slack or another channel said, and the
setting to mend; what waits is in the outbox, and no channel waits for another.

**Run it by hand:** `tocsin escalate`, then `tocsin deliver`. **What it wrote:** `escalations`, `incident_events`,
`alarms`, `outbox`, `deliveries`, `relays`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="*/5 * * * *", doc_md=__doc__, **house_rules(owner="security-incident-response"))
def escalate() -> None:
    """Remind, escalate, deliver."""

    @task(task_id="escalate")
    def take_steps() -> dict[str, int]:
        """Take the step that is due for each incident that nobody has taken."""
        from tocsin import escalating

        return escalating.escalate()

    @task
    def deliver() -> dict[str, int]:
        """Send what the outbox holds: to Slack, then, whatever Slack says, by the other routes."""
        from tocsin import relaying

        return relaying.deliver_all()

    take_steps() >> deliver()


escalate()
