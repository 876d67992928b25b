"""The checker: each mistake is named by file, line and path, with its fix."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from collectors.mention import Mention
from policies.check import Problem, check
from policies.part import Part
from policies.policy import Retention
from tests.policies.starter import PACK, line_of


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
        ("    threshold: 0.5\n", "    threshold: yes\n", "categories.cyberbullying.threshold", "from 0 to 1"),
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
        ("  social_media: {", f"  {'r' * 101}: {{", f"routes.{'r' * 101}", "shorten it to 100"),
        ("\n  Matter:\n", f"\n  {'g' * 61}:\n", f"topics.{'g' * 61}", "shorten it to 60"),
        ("    Delays: [", f"    {'t' * 101}: [", f"topics.Matter.{'t' * 101}", "shorten it to 100"),
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
        ("handle: ExampleTrains", "handle: u/", "accounts.0.handle", "only an @ or u/"),
        ("handle: ExampleTrains", 'handle: "@ ExampleTrains"', "accounts.0.handle", "before or after the handle"),
        ("handle: ExampleTrains", 'handle: " ExampleTrains"', "accounts.0.handle", "before or after the handle"),
        ("handle: ExampleTrains", "handle: 'ExampleTrains '", "accounts.0.handle", "before or after the handle"),
        ("kind: official}", "kind: official, platform: Twitter}", "accounts.0.platform", "as x, reddit"),
        ("kind: official}", "kind: official, platform: App Store}", "accounts.0.platform", "appstore"),
        ("    Delays: [delay, delayed, late, cancelled]", "    Delays: []", "topics.Matter.Delays", "no phrases"),
        (
            "    Staff: [conductor,",
            "  Line:\n    delays: [delay]\n  People:\n    Staff: [conductor,",
            "topics.Line.delays",
            "a topic of 'Matter', too",
        ),
        ("  irrelevant_days: 30", "  irrelevant_days: 0", "retention.irrelevant_days", "1 to 36,500"),
        ("  irrelevant_days: 30", "  irrelevant_days: 36501", "retention.irrelevant_days", "1 to 36,500"),
        ("  irrelevant_days: 30", "  irrelevant_days: yes", "retention.irrelevant_days", "whole number of days"),
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
        ("  mentions_days: 365", "  mentions_days: -5", "retention.mentions_days", "1 to 36,500"),
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


def _parts(of: type[Part] = Part) -> list[type[Part]]:
    return [one for each in of.__subclasses__() for one in (each, *_parts(each))]


def test_no_number_of_a_pack_is_read_from_yes_or_no():
    numbers = [
        (part, name)
        for part in _parts()
        for name, field in part.model_fields.items()
        if {int, float} & {field.annotation, *get_args(field.annotation)}
    ]
    assert (Retention, "mentions_days") in numbers
    assert len(numbers) > 12
    for part, name in numbers:
        with pytest.raises(ValidationError) as raised:
            part.model_validate({name: True})
        assert "int_type" in {one["type"] for one in raised.value.errors() if one["loc"] == (name,)}, (part, name)


def test_an_account_that_is_written_in_two_ways_is_there_twice(broken):
    official = "  - {handle: ExampleTrains, kind: official}\n"
    for twin in ('"@exampletrains"', "u/ExampleTrains", "/u/exampletrains"):
        (problem,) = broken(official, f"{official}  - {{handle: {twin}, kind: union}}\n")
        assert (problem.path, problem.line) == ("accounts.1", line_of("ExampleTrains, kind: official") + 1)
        assert "is here twice" in problem.message
    assert broken(official, f"{official}  - {{handle: Example Annie, kind: union, platform: mediawiki}}\n") == []


@pytest.mark.parametrize("platform", ["x", "appstore", "feeds.example", "X", "app store", "'x '", "-x"])
def test_a_platform_is_named_as_posts_name_theirs(broken, platform):
    (*_, problem) = [None, *broken("kind: official}", f"kind: official, platform: {platform}}}")]
    try:
        Mention.from_record(
            {"platform": platform.strip("'"), "id": "1", "text": "", "created_at": "2026-10-01T00:00:00Z"}
        )
    except ValidationError:
        assert problem.path == "accounts.0.platform"
    else:
        assert problem is None
