"""The checker on what somebody approved for a time, exceptions and exempt accounts, and on the severity matrix."""

import pytest

from policies.check import check, load
from tests.policies.starter import PACK

EXCEPTION = (
    "{id: A, account: sample_one, approver: SAC, reason: Invented., start: 2026-10-01, end: 2026-11-01, clause: EXT 1}"
)


@pytest.mark.parametrize(
    ("section", "path", "fix"),
    [
        ("severity: high", "severity", "key: value"),
        ("severity: {harm: {grave: 9}}", "severity.harm.grave", "steps, 0 to 3"),
        ("severity: {target: {employe: 1}}", "severity.target.employe", "did you mean 'employee'?"),
        ("severity: {reach: [{adds: 1}]}", "severity.reach.0", "from how many 'followers'"),
        ("severity: {reach: [{adds: 1, viewers: 3}]}", "severity.reach.0.viewers", "did you mean 'views'?"),
        ("severity: {reach: [{views: 9}]}", "severity.reach.0.adds", "add 'adds:' here"),
        ("severity: {repetition: [{adds: 1, days: 0}]}", "severity.repetition.0.days", "1 or more"),
        ("severity: {repetition: [{adds: 1}]}", "severity.repetition.0", "'days' or 'posts'"),
        ("exceptions: [EXAMPLE]", "exceptions.0", "key: value"),
        (EXCEPTION.replace("end: 2026-11-01, ", ""), "exceptions.0.end", "add 'end:' here"),
        (EXCEPTION.replace("end: 2026-11-01", "end: 2026-09-30"), "exceptions.0.end", "before its start"),
        (EXCEPTION.replace("end: 2026-11-01", "end: in spring"), "exceptions.0.end", "write a day as"),
        (EXCEPTION.replace("end: 2026-11-01", "end: 2026-11-31"), "exceptions.0.end", "November 2026 has 30"),
        (EXCEPTION.replace("end: 2026-11-01", 'end: "2027-02-29"'), "exceptions.0.end", "write 2027-02-28"),
        (EXCEPTION.replace("end: 2026-11-01", "end: 2026-13-01"), "exceptions.0.end", "there is no month 13"),
        (EXCEPTION.replace("end: 2026-11-01", "end: 20261101"), "exceptions.0.end", "write a day as"),
        (EXCEPTION.replace("approver: SAC, ", ""), "exceptions.0.approver", "add 'approver:' here"),
        (EXCEPTION.replace("approver", "aprover"), "exceptions.0.aprover", "did you mean 'approver'?"),
        (EXCEPTION.replace("EXT 1", "EXT 9"), "exceptions.0.clause", "there is no clause 'EXT 9'"),
        (EXCEPTION.replace("account: sample_one, ", ""), "exceptions.0", "covers everybody"),
        (EXCEPTION.replace("sample_one", "sample_union"), "exceptions.0.account", "out of scope"),
        (EXCEPTION.replace("sample_one", '"@"'), "exceptions.0.account", "only an @"),
        (EXCEPTION.replace("sample_one", "'sample_one '"), "exceptions.0.account", "before or after the handle"),
        (EXCEPTION.replace("sample_one", "sample_one, platform: X"), "exceptions.0.platform", "as x, reddit"),
        (
            EXCEPTION.replace("account: sample_one", "platform: x, phrases: [plum]"),
            "exceptions.0.platform",
            "no effect",
        ),
        (EXCEPTION.replace("account: sample_one", "phrases: [ExT]"), "exceptions.0.phrases", "nearly every post"),
        (EXCEPTION.replace("reason", "categories: [thret], reason"), "exceptions.0.categories.0", "mean 'threat'?"),
    ],
)
def test_mistakes_in_severity_and_exceptions_are_named(tmp_path, section, path, fix):
    union = "  - {handle: sample_union, kind: union}\n"
    text = _without_either().replace("  # - {handle: your_union_branch", union + "  # - {handle: your")
    written = section if section.startswith(("severity", "exceptions")) else f"exceptions:\n  - {section}"
    file = tmp_path / "broken.yaml"
    file.write_text(f"{text}\n{written}\n", encoding="utf-8")
    (problem,) = check(file)
    assert (problem.path, problem.line) == (path, len(text.splitlines()) + 1 + written.count("\n") + 1)
    assert fix in problem.message


def test_a_register_that_is_right_is_read_and_changes_the_version(tmp_path):
    text = _without_either()
    file = tmp_path / "good.yaml"
    file.write_text(f"{text}\nexceptions:\n  - {EXCEPTION}\n", encoding="utf-8")
    policy = load(file)
    assert [one.id for one in policy.exceptions] == ["A"]
    assert policy.version != load("starter").version
    assert type(policy).model_validate(policy.model_dump(mode="json")) == policy


def _without_either() -> str:
    """The starter pack without its severity and exceptions."""
    before, _, after = PACK.read_text(encoding="utf-8").partition("\n# What raises a finding")
    return before + "\nretention:" + after.partition("\nretention:")[2]


@pytest.mark.parametrize(
    ("account", "key", "fix"),
    [
        ("{handle: sample_x, kind: personal, end: 2026-12-31}", "end", "exempt accounts alone"),
        ("{handle: sample_x, kind: official, approver: SAC}", "approver", "exempt accounts alone"),
        ("{handle: sample_x, kind: exempt, end: 2026-12-31, approver: SAC}", "end", "by whose word and why"),
        ("{handle: sample_x, kind: exempt, end: 2026-02-30, approver: SAC, reason: A trial.}", "end", "is no day"),
    ],
)
def test_an_exempt_accounts_term_is_an_approval(tmp_path, account, key, fix):
    text = PACK.read_text(encoding="utf-8").replace(
        "  # - {handle: your_union_branch", f"  - {account}\n  # - {{handle: your"
    )
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = check(file)
    assert problem.path.endswith(key)
    assert fix in problem.message


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("", ["exceptions.0.account"]),
        (", end: 2026-11-01, approver: SAC, reason: A trial.", ["exceptions.0.account"]),
        (", end: 2026-10-31, approver: SAC, reason: A trial.", []),  # the exception's last day is its own
        (", end: 2026-09-30, approver: SAC, reason: A trial.", []),
    ],
)
def test_an_exception_of_an_exempt_account_has_effect_once_the_exemption_has_ended(tmp_path, until, told):
    exempt = f"  - {{handle: sample_one, kind: exempt{until}}}\n"
    text = _without_either().replace("  # - {handle: your_union_branch", exempt + "  # - {handle: your")
    file = tmp_path / "exempt.yaml"
    file.write_text(f"{text}\nexceptions:\n  - {EXCEPTION}\n", encoding="utf-8")
    problems = check(file)
    assert [problem.path for problem in problems] == told
    assert all("exempt already" in problem.message for problem in problems)
