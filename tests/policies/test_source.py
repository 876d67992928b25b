"""What is no plain YAML file is refused by its line; no file whatever brings the checker down."""

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies import source
from policies.check import available, check, path_of
from policies.problem import PolicyError
from tests.policies.starter import PACK


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


def _read(text, reader):
    """What a reader makes of a text: content and lines, or the lines of its complaints, or None for no YAML."""
    try:
        made = source._source(text, "pack.yaml", reader)
    except PolicyError as error:
        return [problem.line for problem in error.problems]
    except yaml.YAMLError:
        return None
    return made.content, made.lines


PARTS = [
    *" '\"[]{}&*!|>%@`~?#,ab1é",
    "\n",
    "\n  ",
    "- ",
    ": ",
    " #",
    "2026-01-01",
    "---\n",
    "\r\n",
    "\u2028",
    "\x85",
    "😀",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@example(">#b")
@example("\tb")
@example("😀\ufeff")
def test_the_fast_reader_reads_as_the_plain_one(text):
    text = f"k: {text}\nz: 1\n"
    fast = None if source._LAX.search(text) else _read(text, source._FAST)
    assert fast in (None, _read(text, yaml.SafeLoader))


@pytest.mark.parametrize("name", available())
def test_the_fast_reader_reads_the_packs_as_the_plain_one(name):
    text = path_of(name).read_text(encoding="utf-8")
    assert _read(text, source._FAST) == _read(text, yaml.SafeLoader)
    assert not source._LAX.search(text)
