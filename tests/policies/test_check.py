"""The checker: each mistake is named by file, line and path, with its fix; no file whatever brings it down."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.check import PolicyError, Problem, available, check, load

PACK = Path(__file__).resolve().parents[2] / "policies" / "starter.yaml"


@pytest.fixture
def broken(tmp_path: Path):
    """The problems of the starter pack with the first such passage replaced."""

    def check_with(old: str, new: str) -> list[Problem]:
        text = PACK.read_text(encoding="utf-8")
        assert old in text, "the passage to break must be in the pack"
        file = tmp_path / "broken.yaml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return check(file)

    return check_with


def line_of(passage: str) -> int:
    lines = PACK.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if passage in line)


@pytest.mark.parametrize(
    ("old", "new", "path", "fix"),
    [
        ("\nvocabulary:", "\nvocabluary:", "vocabluary", "did you mean 'vocabulary'?"),
        ("    severity: medium", "    severty: medium", "categories.cyberbullying.severty", "did you mean 'severity'?"),
        ("    severity: medium", "    severity: hgih", "categories.cyberbullying.severity", "did you mean 'high'?"),
        ("    severity: medium", "    severity: [high]", "categories.cyberbullying.severity", "cannot be ['high']"),
        ("  cyber_attack:", "  cyber_atack:", "categories.cyber_atack", "did you mean 'cyber_attack'?"),
        ("    threshold: 0.5\n", "    threshold: 50\n", "categories.cyberbullying.threshold", "from 0 to 1"),
        ("    threshold: 0.5\n", "    threshold: half\n", "categories.cyberbullying.threshold", "from 0 to 1"),
        ("    threshold: 0.5\n", "    threshold: .nan\n", "categories.cyberbullying.threshold", "from 0 to 1"),
        (
            "    threshold: 0.5\n",
            "    threshold: 0.5\n    enabled: maybe\n",
            "categories.cyberbullying.enabled",
            "true or false",
        ),
        (
            "    clauses: [EXT 1]\n",
            "    clauses: [EXT1]\n",
            "categories.cyberbullying.clauses.0",
            "did you mean 'EXT 1'?",
        ),
        ("    clauses: [EXT 1]\n", "    clauses: []\n", "categories.cyberbullying.clauses", "name at least one"),
        ("    clauses: [EXT 1]\n", "    clauses: EXT 1\n", "categories.cyberbullying.clauses", "must be a list"),
        (
            "    route: social_media\n",
            "    route: social\n",
            "categories.cyberbullying.route",
            "there is no route 'social'",
        ),
        ("  - id: EXT 3", "  - id: EXT 2", "clauses.2.id", "twice (first on line"),
        ("  - id: EXT 3", '  - id: ""', "clauses.2.id", "is empty"),
        ("  - id: EXT 3", "  - id: 3", "clauses.2.id", "put quotes around it"),
        ("  - id: EXT 3", "  - id: [EXT 3]", "clauses.2.id", "must be one text"),
        ('    paragraph: "3"', "    paragraph: 3.1", "clauses.2.paragraph", "put quotes around it"),
        ('    paragraph: "3"', "    paragraph: 2026-01-01", "clauses.2.paragraph", "put quotes around it"),
        ('    paragraph: "3"', "    paragraph: 2026-13-41", "clauses.2.paragraph", "put quotes around it"),
        ('    paragraph: "3"', "    paragraph: 03\n    paragraph: 04", "clauses.2.paragraph", "is here twice"),
        ("id: starter", "id: Our Starter", "id", "lower-case letters"),
        ("id: starter", "id: starter\nversion: 1", "version", "remove this line"),
        ("  name: Example Trains", "  name: ' '", "organisation.name", "is empty"),
        ("  social_media: {name: Social media team}", "  social_media:", "routes.social_media", "key: value"),
        (
            "  social_media: {name: Social media team}",
            "  social_media: {name: }",
            "routes.social_media.name",
            "write some text",
        ),
        (
            "  context: [train, station, ticket, platform, delay, refund]",
            "  context: []",
            "vocabulary.ambiguous",
            "no effect",
        ),
        ("  not_us: [exterior trim]", "  not_us: [example trains]", "vocabulary.not_us.0", "also in 'names'"),
        ("handle: ExampleTrains", 'handle: "@"', "accounts.0.handle", "only an @"),
        ("    Delays: [delay, delayed, late, cancelled]", "    Delays: []", "topics.Matter.Delays", "no phrases"),
        ("  irrelevant_days: 30", "  irrelevant_days: 0", "retention.irrelevant_days", "1 or more"),
        ("  irrelevant_days: 30", "  irrelevant_days: soon", "retention.irrelevant_days", "whole number of days"),
    ],
)
def test_each_mistake_is_named_where_it_stands_with_its_fix(broken, old, new, path, fix):
    problem = next(problem for problem in broken(old, new) if problem.path == path)
    assert fix in problem.message
    line = line_of(old.strip("\n").splitlines()[0].rstrip())
    assert line - 1 <= problem.line <= line + 2 or "no effect" in fix, problem


@pytest.mark.parametrize(
    ("examples", "path", "fix"),
    [
        ("{fires: [5]}", "fires.0", "put quotes around it"),
        ("{fires: ['']}", "fires.0", "is empty"),
        ("{fires: [[a, b]]}", "fires.0", "must be one text"),
        ("{fires: [{txt: you again}]}", "fires.0.txt", "did you mean 'text'?"),
        ("{fires: [{handle: example_ann}]}", "fires.0.text", "is missing"),
        ("{fires: you again}", "fires", "must be a list"),
        ("{firs: [you again]}", "firs", "did you mean 'fires'?"),
        ("[you again]", "", "key: value"),
        ("", "", "key: value"),
    ],
)
def test_examples_of_an_unknown_shape_are_one_mistake_each(tmp_path, examples, path, fix):
    text = re.sub(r"    examples:\n(?:      .*\n)+", "", PACK.read_text(encoding="utf-8"))
    text = text.replace("    threshold: 0.5\n", f"    threshold: 0.5\n    examples: {examples}\n", 1)
    (file := tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    (problem,) = check(file)
    assert problem.path == ".".join(filter(None, ("categories.cyberbullying.examples", path)))
    assert problem.line == text[: text.index("    examples:")].count("\n") + 1
    assert fix in problem.message


@pytest.mark.parametrize(
    ("old", "new", "path", "fix"),
    [
        ("kind: official}", "kind: offical}", "accounts.0.kind", "did you mean 'official'?"),
        ("names: [Example Trains,", "names: [., Example Trains,", "vocabulary.names.0", "nearly every text"),
        ("  not_us: [exterior trim]", "  not_us: [e]", "vocabulary.not_us.0", "two letters or more"),
        ("names: [Example Trains, ", "names: Example Trains # ", "vocabulary.names", "must be a list"),
        ("  mentions_days: 365", "  mentions_days: -5", "retention.mentions_days", "1 or more"),
        ("    threshold: 0.5\n", "    threshold: 0,5\n", "categories.cyberbullying.threshold", "from 0 to 1"),
        (
            "    severity: medium",
            "    severity: “medium”",
            "categories.cyberbullying.severity",
            "did you mean 'medium'?",
        ),
        ("    severity: medium", "\tseverity: medium", "", "holds a tab"),
        ("    clauses: [EXT 1]\n", "    clauses: [EXT 1\n", "", "[ or {"),
        ("  hashtags: [ExampleTrains]", "  hashtags: [#ExampleTrains]", "", "that holds #"),
    ],
)
def test_a_slip_of_the_pen_is_named_on_its_own_line(broken, old, new, path, fix):
    problem = broken(old, new)[0]
    assert (problem.path, problem.line) == (path, line_of(old.strip("\n")))
    assert fix in problem.message


def test_a_misspelt_key_is_one_mistake_not_two(broken):
    assert [problem.path for problem in broken("\nvocabulary:", "\nvocabluary:")] == ["vocabluary"]


def test_a_missing_key_points_at_the_part_that_lacks_it(broken):
    (problem,) = broken(
        '    document: Example Trains Social Media Policy\n    paragraph: "2"\n', '    paragraph: "2"\n'
    )
    assert (problem.path, problem.line) == ("clauses.1.document", line_of("id: EXT 2"))


def test_a_missing_route_points_at_its_category(broken):
    (problem,) = broken("    route: social_media\n    threshold: 0.5\n", "    threshold: 0.5\n")
    assert (problem.path, problem.line) == ("categories.cyberbullying.route", line_of("  cyberbullying:"))
    assert problem.message == "is missing: add 'route:' here"


def test_several_mistakes_are_all_named_in_the_order_of_their_lines(tmp_path):
    text = PACK.read_text(encoding="utf-8").replace("severity: critical", "severity: dire")
    (file := tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    problems = check(file)
    assert len(problems) == text.count("severity: dire")
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "copy policies/starter.yaml"),
        ("# only a comment\n", 1, "is empty"),
        ("just some words", 1, "is not a pack"),
        ("- a\n- list\n", 1, "is not a pack"),
        ("id: x\nhandle: @name\n", 2, "put quotes around it"),
        ("id: x\ntitle: a: b\n", 2, "': '"),
        ("id: x\n\ttitle: y\n", 2, "holds a tab"),
        ("id: 'x\ntitle: y\n", 1, "quotation mark that is not closed"),
        ("id: x\nid: y\n", 2, "twice (first on line 1)"),
        ("id: x\nyes: y\n", 2, "is not text"),
        ("id: x\n? [a, b]\n: y\n", 2, "is not text"),
        ("id: x\n---\nid: y\n", 2, "second document"),
        ("a: &a [x, x]\nb: [*a, *a]\n", 2, "aliases are not read"),
        ("id: !!python/object/apply:os.system ['true']\n", 1, "tags are not read"),
        ("id: " + "[" * 5000, 1, "nested deeper"),
        ("id: x\ntitle: a\x07b\n", 2, "control character"),
        ("id: x\n<<: {title: y}\n", 2, "put quotes around it"),
        ("id: " + "9" * 5000 + "\n", 1, "put quotes around it"),
    ],
)
def test_a_file_that_is_no_plain_yaml_pack_is_refused_by_line(tmp_path, text, line, says):
    (file := tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    problem = check(file)[0]
    assert (problem.file, problem.line) == (str(file), line)
    assert says in problem.message


def test_a_file_that_is_no_text_is_refused(tmp_path):
    def refused(content: bytes) -> str:
        (file := tmp_path / "pack.yaml").write_bytes(content)
        (problem,) = check(file)
        return problem.message

    assert "not UTF-8" in refused(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert "not UTF-8" in refused("id: x".encode("utf-16"))
    assert "at most 1,000,000" in refused(b"a" * 10_000_000)
    assert "control character" in refused(b"id: x\x00")


def test_what_is_not_a_file_is_refused(tmp_path):
    assert "is not a file" in check(tmp_path)[0].message
    assert "not found" in check(tmp_path / "none.yaml")[0].message
    assert "not found" in check("bad\x00name.yaml")[0].message
    assert "cannot be read" in check("x" * 5000 + ".yaml")[0].message


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_bring_the_checker_down(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "bytes.yaml"
    file.write_bytes(content)
    assert check(file), "random bytes are never a pack"


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0), st.text(max_size=12))
def test_a_pack_that_is_scribbled_on_is_a_pack_or_has_problems_with_lines(tmp_path_factory, position, scribble):
    text = PACK.read_text(encoding="utf-8")
    position %= len(text)
    file = tmp_path_factory.getbasetemp() / "scribbled.yaml"
    file.write_bytes((text[:position] + scribble + text[position:]).encode("utf-8", "surrogatepass"))
    last = text.count("\n") + scribble.count("\n") + 2
    assert all(0 <= problem.line <= last + 20 and problem.message for problem in check(file))


def test_an_unknown_name_suggests_the_nearest_pack():
    with pytest.raises(PolicyError, match="did you mean 'dwp'"):
        load("dpw")
    assert "starter" in check("nothing-like-it")[0].message


def test_the_error_is_one_line_a_problem_with_file_line_and_path(tmp_path):
    text = PACK.read_text(encoding="utf-8").replace("route: social_media", "route: nobody")
    (file := tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(file)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"{file}:{line_of('    route: social_media')}: categories.cyberbullying.route: there is no")
    assert len(str(caught.value).splitlines()) == len(caught.value.problems)


def test_the_version_follows_the_content_and_nothing_else(tmp_path):
    original = PACK.read_text(encoding="utf-8")
    (same := tmp_path / "same.yaml").write_text("# another comment\n" + original, encoding="utf-8")
    (other := tmp_path / "other.yaml").write_text(
        original.replace("threshold: 0.6", "threshold: 0.61"), encoding="utf-8"
    )
    assert load(same).version == load(PACK).version
    assert load(other).version != load(PACK).version
    assert load(PACK).stamp == f"starter@{load('starter').version}"


def test_a_bare_name_prefers_what_ships_and_a_path_is_read(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text(
        PACK.read_text(encoding="utf-8").replace("id: starter", "id: mine"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert load("mine").id == "mine"
    assert load(tmp_path / "mine").id == "mine"
    assert load("dwp").id == "dwp"
    assert {"airlines", "dwp", "starter"} <= set(available())


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
