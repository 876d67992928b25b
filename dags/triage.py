"""### Triage

Judges every mention that waits, groups the findings into incidents, and tells the people who must act. Woken by the
`mentions` asset, that is by every run of **collect**, also one that ended early.

1. `list_batches`: ranges of waiting mentions; 2. `assess`: one mapped task a range, claimed row by row, so that more
workers are more throughput and a killed task gives its rows back; 3. `raise_incidents`: incident, evidence and outbox
row are one transaction; of a flood word goes out while the rest is still being raised; 4. `deliver`: Slack (or console
and file where no token is set), exactly once.

**When `assess` is red:** the mentions still wait; mend the cause and clear the task. **When `all_judged` is red:** its
log names a post that could not be judged; all others were. It waits, and every run tries it again.
**When `deliver` is red:** the outbox keeps every notification; its log names what Slack or another channel said. Slack
is never told twice: before any doubtful message is sent again, the channel is searched for its notification id.

**Run it by hand:** `tocsin triage`, then `tocsin deliver`. **What it wrote:** `assessments`, `findings`, `incidents`,
`outbox`, `deliveries`.
"""

from airflow.sdk import Asset, dag, task

from tocsin.schedule import MENTIONS_ASSET, done_in_part_is_done, house_rules


@dag(schedule=[Asset(MENTIONS_ASSET)], doc_md=__doc__, **house_rules(owner="security-incident-response"))
def triage() -> None:
    """Assess what waits, raise incidents, deliver."""

    @task
    def list_batches() -> list[list[int]]:
        """Ranges of waiting mentions, as [first, last] positions."""
        from tocsin import assessing

        return assessing.list_batches()

    @task
    def assess(batch: list[int]) -> dict[str, object]:
        """Judge one range of waiting mentions under every policy in force; which could not be judged."""
        from tocsin import assessing

        return dict(assessing.assess(*batch))

    @task(trigger_rule="none_failed")
    def raise_incidents() -> dict[str, int]:
        """Group new findings into incidents, with evidence and outbox rows; of a flood word goes out meanwhile."""
        from tocsin import early

        return early.raise_incidents()

    @task
    def deliver() -> dict[str, int]:
        """Send what the outbox holds: to Slack, then, whatever Slack says, by the other routes."""
        from tocsin import relaying

        return relaying.deliver_all()

    @task
    def all_judged(batches: list[dict[str, object]]) -> int:
        """Red where some post could not be judged; the others are raised and told meanwhile."""
        from tocsin import assessing

        with done_in_part_is_done():
            return assessing.tell(batches)

    assessed = assess.expand(batch=list_batches())
    assessed >> raise_incidents() >> deliver()
    all_judged(assessed)


triage()
