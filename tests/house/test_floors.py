"""The rules of docs/architecture.md, read from the imports themselves."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("policies", "collectors", "classifiers", "incidents", "warehouse", "reports", "tocsin", "dags")


def modules(room: str) -> Iterator[Path]:
    """Every Python file of a room."""
    return (path for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def imports(path: Path) -> set[str]:
    """The top-level names that a module imports, at its head or inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", FLOORS)
def test_a_room_imports_only_from_floors_below(room: str) -> None:
    above = set(FLOORS[FLOORS.index(room) + 1 :])
    climbing = {str(path.relative_to(ROOT)): imports(path) & above for path in modules(room)}
    assert {path: names for path, names in climbing.items() if names} == {}


def test_only_the_dags_import_the_glue() -> None:
    for room in FLOORS[:-2]:
        assert not [path for path in modules(room) if "tocsin" in imports(path)]


def test_only_the_warehouse_speaks_sql() -> None:
    speakers = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}
    allowed = {"warehouse/", "tocsin/house.py", "tocsin/cli.py"}  # the glue holds the engine and names its errors
    rooms = [room for room in FLOORS if room != "warehouse"]
    found = [str(path.relative_to(ROOT)) for room in rooms for path in modules(room) if imports(path) & speakers]
    typed_only = {path for path in found if _names_only_types(ROOT / path)}
    assert set(found) - typed_only - allowed == set()


def _names_only_types(path: Path) -> bool:
    """A module that names the `Engine` it is handed passes it on; it speaks no SQL."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            return {alias.name for alias in node.names} <= {"Engine"}
    return False


def test_only_settings_reads_the_environment() -> None:
    readers = []
    for room in FLOORS:
        for path in modules(room):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                source = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
                if source.startswith(("os.getenv(", "os.environ.get(")) or (
                    source.startswith("os.environ[") and isinstance(getattr(node, "ctx", None), ast.Load)
                ):
                    readers.append(str(path.relative_to(ROOT)))
    assert readers == []


def test_no_command_waits_for_a_client_that_it_may_not_use() -> None:
    heavy = {"tweepy", "praw", "mastodon", "feedparser", "googleapiclient", "atproto_client", "facebook_business"}
    heavy |= {"airflow", "pandas", "matplotlib", "sklearn"}
    asked = f"import sys, tocsin.cli; print(*sorted({heavy} & sys.modules.keys()))"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_there_is_no_common_and_no_utils() -> None:
    names = {path.stem for room in FLOORS for path in modules(room)} | {path.name for path in ROOT.iterdir()}
    assert not names & {"common", "utils", "util", "helpers", "misc"}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for room in FLOORS
        for path in modules(room)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
