"""people.csv at the door: read whole, or refused whole with the line and the fix. All people are invented."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.register import BASES, KnownPeople, Person, Worker, plain_name
from collectors.register_file import TEMPLATE, PeopleInvalid, read_people
from policies.problem import Problem

PLATFORMS = ("x", "mastodon", "linkedin", "reddit")
HEAD = "name,handles,role,team,basis,monitored,leaves\n"
GOOD = "Orla Examplesson,x:example_orla,work coach,Hull,public task,yes,\n"
DAY = date(2026, 10, 1)


def problems(folder: Path, content: str | bytes) -> list[Problem]:
    (file := folder / "people.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PeopleInvalid) as caught:
        read_people(file, PLATFORMS)
    assert all(problem.file == str(file) for problem in caught.value.problems)
    return list(caught.value.problems)


def test_the_template_is_a_register(tmp_path: Path) -> None:
    (file := tmp_path / "people.csv").write_text(TEMPLATE, encoding="utf-8")
    assert read_people(file, PLATFORMS) == [
        Person(
            Worker("work coach", "Hull", "public task", monitored=True),
            (("x", "example_orla"), ("mastodon", "orla@example.social")),
            ("Orla Examplesson",),
        ),
        Person(
            Worker("case manager", None, "refused", monitored=False, leaves=date(2027, 3, 31)),
            (("linkedin", "tam-sample-0"),),
            ("Tam O'Sample", "Tamsin Sample"),
        ),
    ]


@pytest.mark.parametrize(
    ("row", "column", "fix"),
    [
        ("Orla,,work coach,,contract,yes,", "name", "first and a last name"),
        (",,work coach,,contract,yes,", "name", "so is 'handles'"),
        (';,",",work coach,,contract,yes,', "name", "so is 'handles'"),
        ("Ann Other,@example_ann,work coach,,contract,yes,", "handles", "write platform:handle"),
        ("Ann Other,twitter:example_ann,work coach,,contract,yes,", "handles", "known here: x, mastodon"),
        ("Ann Other,mastodn:example_ann,work coach,,contract,yes,", "handles", "did you mean 'mastodon'?"),
        ("Ann Other,x:@EXAMPLE_orla,work coach,,contract,yes,", "handles", "twice (first on line 2)"),
        ("Ann Other,x:@@example_orla,work coach,,contract,yes,", "handles", "twice (first on line 2)"),
        ("Ann Other,x:@@,work coach,,contract,yes,", "handles", "write platform:handle"),
        ("Ann Other,,,,contract,yes,", "role", "is empty"),
        ("Ann Other,,work coach,,,yes,", "basis", "known here: consent"),
        ("Ann Other,,work coach,,consnet,yes,", "basis", "did you mean 'consent'?"),
        ("Ann Other,,work coach,,contract,perhaps,", "monitored", "write yes or no"),
        ("Ann Other,,work coach,,refused,yes,", "monitored", "write no"),
        ("Ann Other,,work coach,,contract,no,31/03/2027", "leaves", "as 2027-03-31"),
        ("Ms Orla  EXAMPLESSON,,guard,,contract,no,", "name", "twice (first on line 2)"),
        ("Ann Other,,work coach,,contract,no", "", "fill the row up"),
        ("Ann Other,,work coach, Hull, contract,no,,,", "", "put quotes around a cell"),
        ('"Ann Other,,work coach,,contract,no,', "", "check its quotes"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column_with_its_fix(tmp_path: Path, row: str, column: str, fix: str) -> None:
    (problem,) = problems(tmp_path, f"{HEAD}{GOOD}\n{row}\n")
    assert (problem.line, problem.path) == (4, column)
    assert fix in problem.message


def test_a_line_is_the_rows_first_though_a_cell_holds_a_line_break(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f'{HEAD}Ann Other,,"work\ncoach",,contract,no,\nOrla,,guard,,contract,no,\n')
    assert problem.line == 4


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "is empty"),
        (HEAD.encode(), 1, "names nobody"),
        (b"name,rolle,basis,monitored\n", 1, "did you mean 'role'?"),
        (b"name,role,role,basis,monitored\n", 1, "is here twice"),
        (b"name,role,monitored\nAnn Other,guard,no\n", 1, "add a column 'basis'"),
        (b"role,basis,monitored\nguard,contract,no\n", 1, "add a column 'name' or 'handles'"),
        ((HEAD + GOOD).encode("utf-16"), 1, "save it as"),
        ((HEAD + GOOD).encode() + "Zoë Other,,guard,,contract,no,".encode("latin-1"), 3, "is not UTF-8"),
        (HEAD.encode() + b"Ann\x00Other", 2, "null byte"),
        (b"x" * 20_000_001, 0, "at most 20,000,000"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, content: bytes, line: int, says: str) -> None:
    problem = problems(tmp_path, content)[0]
    assert problem.line == line
    assert says in problem.message


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(PeopleInvalid, match="tocsin people template"):
            read_people(path, PLATFORMS)


def test_a_spreadsheet_that_writes_semicolons_is_read(tmp_path: Path) -> None:
    (file := tmp_path / "people.csv").write_bytes(("\ufeff" + HEAD + GOOD).replace(",", ";").encode())
    assert read_people(file, PLATFORMS)[0].worker.role == "work coach"


CELLS = st.one_of(
    st.sampled_from(["", "yes", "no", "contract", "Ann Other", "x:example_ann", "2027-01-01", '"', "refused"]),
    st.text(max_size=8),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=5))
def test_any_file_is_people_or_problems_and_never_some_of_its_people(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    body = "".join(",".join(row) + "\n" for row in rows)
    file.write_bytes((HEAD + GOOD + body).encode("utf-8", "surrogatepass"))
    people, refused = _read(file)
    assert bool(people) != bool(refused)
    assert all(problem.message for problem in refused)
    assert all(person.worker.role and person.worker.basis in BASES for person in people)


def _read(file: Path) -> tuple[list[Person], tuple[Problem, ...]]:
    try:
        return read_people(file, PLATFORMS), ()
    except PeopleInvalid as error:
        return [], error.problems


def test_people_are_found_by_handle_and_name_until_they_leave() -> None:
    worker = Worker("guard", leaves=DAY)
    register = KnownPeople([Person(worker, (("x", "Example_Ann"),), ("Dr Anne-Marie O’Sample",))])
    assert register.holder("x", "@example_ANN", DAY) == worker
    assert register.holder("reddit", "example_ann", DAY) is None
    assert register.holder("x", "example_ann", date(2026, 10, 2)) is None
    assert register.holder("x", None, DAY) is None
    assert register.is_named(plain_name("anne marie OSAMPLE"), DAY)
    assert not register.is_named("anne marie osample", date(2026, 10, 2))


def test_the_accounts_of_our_own_server_are_known_without_it() -> None:
    worker = Worker("guard")
    register = KnownPeople([Person(worker, (("mastodon", "Kit@example.social"),))], {"mastodon": "example.social"})
    assert register.holder("mastodon", "@kit", DAY) == worker
    assert register.holder("mastodon", "kit@example.social", DAY) == worker
    assert register.holder("mastodon", "kit@other.example", DAY) is None
    assert register.holder("lemmy", "kit", DAY) is None


@given(st.text(max_size=40))
def test_a_name_is_compared_the_same_however_it_is_written(name: str) -> None:
    plain = plain_name(name)
    assert plain == plain.strip()
    assert plain_name(f"  {plain} ") == plain_name(plain)
