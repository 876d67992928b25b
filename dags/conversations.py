"""### Conversations

Fetches what is said around the posts that open incidents rest on, where the platform's documented API gives it: every
six hours while an incident is lively, then once a day. It is context for people, shown by `tocsin incident show`: no
mention is made of it and nothing judges it, and **retention** deletes it once no open incident rests on it.

**When a task is red.** Its log names the outcome, as in **collect**. What was fetched before it is kept, a fault
deletes nothing, and the next hour goes on. `budget_spent`: the month's budget of that platform is used up.

**Run it by hand:** `tocsin conversations [SOURCE]`. **What it wrote:** `conversations`, `conversation_posts`, and
`runs` as `conversations:<source>`.
"""

from airflow.sdk import dag, task

from tocsin.schedule import house_rules


@dag(schedule="20 * * * *", doc_md=__doc__, **house_rules(owner="security-incident-response"))
def conversations() -> None:
    """Every source with something to ask for, each in its own mapped task."""

    @task
    def list_conversations() -> list[str]:
        """The names of the sources to ask."""
        from tocsin import pipeline

        return pipeline.list_conversations()

    @task(max_active_tis_per_dagrun=4)
    def fetch_conversations(source: str) -> dict[str, int]:
        """Fetch the conversations of one source that are due."""
        from tocsin import pipeline

        return pipeline.converse(source)

    fetch_conversations.expand(source=list_conversations())


conversations()
