"""### Daily report

Renders the day before its run (UTC) for the monitoring team: one self-contained HTML file under `var/reports/`,
e-mailed where `TOCSIN_SMTP_URL` and `TOCSIN_REPORT_TO` are set. The numbers are those of the marts. A rerun is of the
same day, whenever it comes, and replaces the file.

**When it is red:** the log names the cause. Posts and incidents are only read, and how the sources stand is noted anew
(the table `sources`), so a rerun is always safe; it mails everybody again. Where the mail server refused some readers
and took the others, it is not tried again by itself.

**Run it by hand:** `tocsin report --day 2026-10-31`, which mails it with `--mail` alone.
"""

from airflow.sdk import Param, dag, get_current_context, task

from tocsin.schedule import done_in_part_is_done, house_rules


@dag(
    schedule="30 5 * * *",
    params={
        "day": Param(None, type=["null", "string"], format="date", description="The day; empty: that before the run")
    },
    doc_md=__doc__,
    **house_rules(),
)
def daily_report() -> None:
    """One page for one day."""

    @task
    def report(params: dict[str, str | None] | None = None) -> str:
        """Render, keep and mail the report; the path of the page."""
        from tocsin import pipeline

        with done_in_part_is_done():
            asked_at = get_current_context()["dag_run"].run_after
            return pipeline.report((params or {}).get("day"), asked_at=asked_at, mail=True)

    report()


daily_report()
