"""The task `report`, run by Airflow itself: whose day it is, and that a reader who is refused ends it, in red."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.tocsin.smtp_sink import SmtpSink

ROOT = Path(__file__).resolve().parents[2]


def test_a_refused_reader_is_no_reason_to_mail_the_others_again(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin import airflow_local
    from tocsin.settings import Settings

    with SmtpSink("left@example.org") as sink:
        for name, value in (
            *(("VAR", str(tmp_path)), ("POLICIES", "starter"), ("SMTP_URL", sink.url)),
            ("REPORT_TO", "team@example.org,left@example.org"),
        ):
            monkeypatch.setenv(f"TOCSIN_{name}", value)
        outcome = airflow_local.run_dag("daily_report", Settings(var=tmp_path, dags_folder=ROOT / "dags"))
    assert outcome.failed_tasks == ("report",)
    assert [taken.recipients for taken in sink.taken] == [["team@example.org"]]
    assert [path.suffix for path in (tmp_path / "reports").iterdir()] == [".html"]


def test_a_run_is_of_the_day_before_it_whenever_it_comes(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("VAR", str(tmp_path)), ("POLICIES", "starter")):
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    run = bag.dags["daily_report"].test(run_after=datetime(2026, 10, 20, 5, 30, tzinfo=UTC))
    assert str(run.state) == "success"
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["2026-10-19.html"]


def test_what_is_done_in_part_is_not_tried_again_and_what_failed_is(bag: Any) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from tocsin.errors import DoneInPart, StepFailed
    from tocsin.schedule import done_in_part_is_done

    with pytest.raises(AirflowFailException, match="one was refused"), done_in_part_is_done():
        raise DoneInPart("one was refused")
    with pytest.raises(StepFailed, match="no server"), done_in_part_is_done():
        raise StepFailed("no server")
