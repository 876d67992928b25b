"""The register of approved exceptions, from a file that comes in to the report. Posts and approvals are invented."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from policies.check import PACKS
from tests.tocsin.conftest import Run
from tests.tocsin.posts import PRAISE, THREAT, post
from tocsin.house import House
from tocsin.settings import Settings
from warehouse.case_schema import incidents
from warehouse.schema import findings

UNION = post(15, "DWP staff deserve a pay rise, says our branch", author="PCSDWP")
TODAY = datetime.now(UTC).date()


def pack(folder: Path, **changes: Any) -> str:
    """The Department's pack with one exception, for the author of the threat."""
    content = yaml.safe_load((PACKS / "dwp.yaml").read_text(encoding="utf-8"))
    plain = {"id": "EX 4", "account": "example_menacer", "approver": "Security Advice Centre", "clause": "DWP-SMP 5.2"}
    plain |= {"reason": "An invented stage play.", "start": date(2026, 9, 1), "end": TODAY + timedelta(days=60)}
    content["exceptions"] = [{**plain, **changes}]
    path = folder / "dwp.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return str(path)


@pytest.fixture
def given(tocsin: Run, archive: Any) -> Any:
    """Collects and judges the posts under a pack; what stands of findings and incidents."""

    def passed(path: str) -> tuple[list[Any], list[Any]]:
        tocsin("collect", "--archive", str(archive(PRAISE, THREAT, UNION)), POLICIES=path)
        tocsin("triage", POLICIES=path)
        with House(Settings(policies=path)).engine.connect() as connection:
            kept = select(findings.c.category, findings.c.suppressed_by, findings.c.exception_id)
            return list(connection.execute(kept)), list(connection.execute(select(incidents.c.category)))

    return passed


def test_what_is_covered_is_kept_counted_and_raised_to_nobody(tocsin: Run, bare: Path, given: Any) -> None:
    path = pack(bare)
    kept, raised = given(path)
    assert ("threat", "exception", "EX 4") in kept
    assert raised == []
    days = str((TODAY - date(2026, 9, 1)).days + 1)
    (told,) = json.loads(tocsin("policy", "exceptions", "--json", "--days", days, POLICIES=path).out)
    (one,) = told["exceptions"]
    assert (one["id"], one["state"], one["days_left"], one["findings"]) == ("EX 4", "in force", 61, len(kept))
    assert told["set_aside"] == [{"rule": "union", "posts": 1, "findings": 0}]
    shown = tocsin("policy", "exceptions", path, "--days", days).out
    for words in ("EX 4", "example_menacer", "Security Advice Centre", "61 days left", "union: 1 post,"):
        assert words in shown
    page = Path(tocsin("report", "--day", "2026-10-02", POLICIES=path).out.strip()).read_text(encoding="utf-8")
    for words in ("Exceptions, and what was set aside", "EX 4", "An invented stage play.", "1 post by official union"):
        assert words in page


def test_what_is_posted_after_its_end_is_raised(tocsin: Run, bare: Path, given: Any) -> None:
    path = pack(bare, end=date(2026, 9, 30))
    kept, raised = given(path)
    assert ("threat",) in raised
    assert {row.exception_id for row in kept} == {None}
    said = tocsin("doctor", POLICIES=path).out
    assert "the exception EX 4 of dwp expired on 2026-09-30 and covers nothing posted since: remove it" in said


def test_its_end_is_announced_in_doctor_and_report(tocsin: Run, bare: Path) -> None:
    path = pack(bare, end=TODAY + timedelta(days=9))
    said = tocsin("doctor", POLICIES=path).out
    assert f"the exception EX 4 of dwp ends on {TODAY + timedelta(days=9)}: have it approved anew" in " ".join(
        said.split()
    )
    page = Path(tocsin("report", "--day", TODAY.isoformat(), POLICIES=path).out.strip()).read_text(encoding="utf-8")
    assert "Renew 1 exception or let it end" in page
    assert "10 days left: have it renewed, or let it end" in page
    later = tocsin("doctor", POLICIES=pack(bare, end=TODAY + timedelta(days=15))).out
    assert "1 approved and in force" in later


def test_an_exempt_accounts_term_is_announced_beside_the_exceptions(tocsin: Run, bare: Path) -> None:
    path = Path(pack(bare, end=TODAY + timedelta(days=60)))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    term = {"end": TODAY + timedelta(days=4), "approver": "Security Advice Centre", "reason": "An invented trial."}
    content["accounts"].append({"handle": "example_trial", "kind": "exempt", "platform": "x", **term})
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    said = tocsin("report", "--day", TODAY.isoformat(), POLICIES=str(path)).out.strip()
    page = Path(said).read_text(encoding="utf-8")
    for words in ("Renew 1 exception or let it end", "@example_trial ends on", "all that it posts on X, not judged"):
        assert words in page
    (told,) = json.loads(tocsin("policy", "exceptions", "--json", POLICIES=str(path)).out)
    assert [one["id"] for one in told["exceptions"]] == ["EX 4"], "it is no exception of the register"


def test_the_severity_matrix_is_shown(tocsin: Run) -> None:
    shown = tocsin("policy", "show", "starter").out
    assert "nothing rises above critical" in shown
    assert "repetition" in shown
