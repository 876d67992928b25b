"""Compliance jobs on X: from the ids to what must go, through tweepy, against an API and a storage of our own."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.collector import AccessDenied, CollectError, RateLimited, UnexpectedResponse
from collectors.manners import Manners
from collectors.recheck import BulkRechecking, JobLost, NotEntitled, Redacted
from collectors.x import X, XSettings
from collectors.x_compliance import ComplianceJobs, gone
from policies.policy import Policy
from tests.collectors.compliant import CompliantX
from tests.collectors.conformance import FAULTS
from tests.collectors.server import Reply

IDS = ("101", "102", "103", "104", "105", "106")


@pytest.fixture
def x() -> Iterator[CompliantX]:
    server = CompliantX()
    yield server
    server.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def jobs(x: CompliantX, brisk: Manners, slept: list[float]) -> ComplianceJobs:
    return ComplianceJobs("a-token", x.api.url, x.storage.url, replace(brisk, sleep=slept.append))


def test_what_must_go_is_told_and_a_place_taken_back_is_not(x: CompliantX, jobs: ComplianceJobs) -> None:
    x.gone = {"101": "deleted", "102": "deactivated", "103": "protected", "104": "suspended", "105": "scrub_geo"}
    job = jobs.begin()
    assert jobs.carry_on(job, IDS) == Redacted(("101", "102", "103", "104"), suspended=("102", "104"))
    assert x.ids[job] == list(IDS)
    assert jobs.bill() == len(x.api.asked) + len(x.storage.asked)
    assert jobs.bill() == 0


def test_the_token_goes_to_the_api_and_never_to_the_storage(x: CompliantX, jobs: ComplianceJobs) -> None:
    jobs.carry_on(jobs.begin(), IDS)
    assert {each.headers["authorization"] for each in x.api.asked} == {"Bearer a-token"}
    assert [each.method for each in x.storage.asked] == ["PUT", "GET"]
    assert not any("authorization" in each.headers for each in x.storage.asked)
    assert x.storage.asked[0].headers["content-type"] == "text/plain"
    assert x.storage.asked[0].target.endswith("?X-Goog-Signature=invented")


@pytest.mark.parametrize("host", ["https://storage.googleapis.com.invalid.test", "https://elsewhere.invalid.test"])
def test_an_address_on_any_other_host_is_not_spoken_to(x: CompliantX, jobs: ComplianceJobs, host: str) -> None:
    job = x.begin(host=host)
    with pytest.raises(UnexpectedResponse, match="refused to speak to"):
        jobs.carry_on(job, IDS)
    assert x.storage.asked == []


def test_a_slow_job_is_waited_for_and_then_left_to_the_next_run(
    x: CompliantX, jobs: ComplianceJobs, slept: list[float]
) -> None:
    x.slow, x.gone = 15, {"101": "deleted"}
    job = jobs.begin()
    assert jobs.carry_on(job, IDS) is None
    assert sum(slept) == 300
    assert jobs.carry_on(job, IDS) == Redacted(("101",))
    assert [each.method for each in x.storage.asked] == ["PUT", "GET"], "the ids are handed over once"


def test_a_job_that_a_killed_run_left_is_found_again(x: CompliantX, jobs: ComplianceJobs) -> None:
    left = x.begin()
    assert jobs.begin() == left
    assert jobs.carry_on(left, IDS) == Redacted(())


def test_another_ones_job_is_not_touched(x: CompliantX, jobs: ComplianceJobs) -> None:
    x.begin(name="somebody else's")
    with pytest.raises(RateLimited, match="one compliance job at a time"):
        jobs.begin()


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_job_that_is_over_is_lost_by_name(x: CompliantX, jobs: ComplianceJobs, status: str) -> None:
    job = x.begin()
    x.jobs[job]["status"] = status
    with pytest.raises(JobLost, match=status):
        jobs.carry_on(job, IDS)


def test_a_job_whose_upload_address_has_run_out_is_lost(x: CompliantX, jobs: ComplianceJobs) -> None:
    job = x.begin()
    x.jobs[job]["upload_expires_at"] = "2021-08-11T19:57:55.000Z"
    with pytest.raises(JobLost):
        jobs.carry_on(job, IDS)
    assert x.storage.asked == []


def test_an_app_without_compliance_is_told_apart_from_a_wrong_token(x: CompliantX, jobs: ComplianceJobs) -> None:
    x.refuse = Reply.of({"title": "Client Forbidden", "reason": "client-not-enrolled"}, status=403)
    with pytest.raises(NotEntitled, match="client-not-enrolled"):
        jobs.begin()
    x.refuse = Reply.of({"title": "Unauthorized"}, status=401)
    with pytest.raises(AccessDenied, match="TOCSIN_X_BEARER_TOKEN") as denied:
        jobs.begin()
    assert denied.value.outcome == "access_denied"


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("where", ["refuse", "storage_refuse"])
def test_every_fault_ends_by_name_and_calls_nothing_gone(
    x: CompliantX, hasty: Manners, brisk: Manners, name: str, where: str
) -> None:
    manners = hasty if FAULTS[name].hasty else brisk
    jobs = ComplianceJobs("a-token", x.api.url, x.storage.url, replace(manners, sleep=lambda _: None))
    job = x.begin()
    x.jobs[job]["status"] = "complete"
    setattr(x, where, Reply(**FAULTS[name].reply))
    with pytest.raises(CollectError) as caught:
        jobs.carry_on(job, IDS)
    assert caught.value.outcome != "failed"
    assert 1 <= jobs.bill() < 10


LINES = st.lists(st.dictionaries(st.sampled_from(["id", "action", "reason"]), st.text() | st.none() | st.integers()))


@given(st.text() | LINES.map(lambda each: "\n".join(map(json.dumps, each))))
def test_no_results_make_anything_gone_that_was_not_asked_about(results: str) -> None:
    try:
        told = gone(results, IDS)
    except UnexpectedResponse:
        return
    assert set(told) <= set(IDS)


def test_it_is_a_setting(policy: Policy, brisk: Manners) -> None:
    on, off = (XSettings(bearer_token="a-token", compliance=each) for each in (True, False))
    (asking,), (silent,) = (X.from_settings(each, [policy], brisk) for each in (on, off))
    assert isinstance(asking, BulkRechecking)
    assert asking.compliance is not None
    assert silent.compliance is None
