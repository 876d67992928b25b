"""Approved exceptions between judging and raising: what they cover is recorded with its reason, the rest is raised."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.suppression import suppression
from policies.exceptions import ApprovedException
from policies.policy import CATEGORY_NAMES, Account
from tests.incidents.samples import POLICY, exhibit

START, END = date(2026, 10, 5), date(2026, 10, 20)
EXCEPTION = ApprovedException(
    id="EX 1",
    account="sample_author",
    platform="x",
    categories=("cyberbullying", "trolling"),
    approver="Head of Communications",
    reason="An invented trial.",
    start=START,
    end=END,
    clause="EW 1.1",
)
REGISTER = POLICY.model_copy(update={"exceptions": (EXCEPTION,)})


def _at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["sample_author", "@Sample_Author", "sample_author2", None]),
    st.sampled_from(["x", "reddit"]),
    st.sampled_from([name for name in CATEGORY_NAMES if name != "own_content"]),
    st.integers(-10, 30),
)
def test_only_what_is_covered_is_suppressed(handle, platform, category, days):
    day = START + timedelta(days=days)
    found = suppression(
        exhibit(author_handle=handle, platform=platform, category=category, posted_at=_at(day)), REGISTER
    )
    is_covered = (
        (handle or "").lower().lstrip("@") == "sample_author"
        and platform == "x"
        and category in ("cyberbullying", "trolling")
        and START <= day <= END
    )
    assert (found is not None) == is_covered


def test_the_reason_names_the_exception_its_approver_and_its_end():
    found = suppression(exhibit(posted_at=_at(START)), REGISTER)
    assert found is not None
    assert (found.by, found.exception) == ("exception", "EX 1")
    for words in ("EX 1", "Head of Communications", "2026-10-20", "EW 1.1", "sample@0123456789ab"):
        assert words in found.why


@pytest.mark.parametrize(
    ("day", "hour", "covered"), [(START, 0, True), (END, 23, True), (END + timedelta(1), 0, False)]
)
def test_its_days_are_utc_days_of_the_post(day, hour, covered):
    assert (suppression(exhibit(posted_at=_at(day, hour)), REGISTER) is not None) == covered


@pytest.mark.parametrize("kind", ["union", "exempt"])
def test_an_account_out_of_scope_stays_so_and_is_counted_as_such(kind):
    accounts = (Account(handle="sample_author", kind=kind),)
    found = suppression(exhibit(posted_at=_at(END + timedelta(90))), REGISTER.model_copy(update={"accounts": accounts}))
    assert found is not None
    assert (found.by, found.exception) == (kind, None)
