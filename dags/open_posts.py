"""### Open posts

Asks platforms about the posts that open incidents rest on, before all others and more often: every hour while an
incident's last post is younger than three days, then every six hours. What was edited, taken down or is shown again is
told in the incident's thread, once; **triage** is woken, and delivers it. A run asks about a sixth of what a run of
**recheck** may at most, so that a day of both costs no more than twice a day of one.

**When a task is red.** Its log names the outcome, as in **recheck**. What was told before the fault is kept and told
on, a fault deletes nothing, and the next run goes on with whatever was asked about least recently. `budget_spent`: the
month's budget of that platform is used up, and its posts are not watched until it is raised or the month ends.

**Run it by hand:** `tocsin recheck --open [SOURCE]`. **What it wrote:** `post_changes`, `watched_posts`, and `runs` as
`recheck:<source>/open`.
"""

from airflow.sdk import Asset, dag, task

from tocsin.schedule import MENTIONS_ASSET, house_rules


@dag(schedule="20 * * * *", doc_md=__doc__, **house_rules(owner="security-incident-response"))
def open_posts() -> None:
    """Every source with posts that are due, each in its own mapped task."""

    @task
    def list_followed() -> list[str]:
        """The names of the sources with posts of open incidents to ask about."""
        from tocsin import watching

        return watching.list_followed()

    @task(outlets=[Asset(MENTIONS_ASSET)], max_active_tis_per_dagrun=4)
    def follow(source: str) -> dict[str, int]:
        """Ask one platform, and tell what became of its posts."""
        from tocsin import watching

        return watching.follow(source)

    follow.expand(source=list_followed())


open_posts()
