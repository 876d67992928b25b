"""Fixtures that every room may use: a migrated warehouse on each database, a fresh one for each test.

`engine` runs a test twice, on SQLite and on PostgreSQL; `sqlite_engine` and `postgres_engine` run it once.
The PostgreSQL server is a real one, started once a session: the `pgserver` package where it is installed, else the
system's own binaries. Where neither works the test skips and says why.

Tests marked `long` begin first, spread over the workers: one that began last would keep a single core busy at the end.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url

from warehouse.engine import connect, migrate

TEMPLATE = "tocsin_template"
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_numbers = count(1)

# No test is timed: the first text of many doors loads a dictionary or a model, and machines are busy now and then.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin each worker's share of the tests with its share of the long ones. Every worker comes to the same order."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    items[:] = _shared_out(long, others, workers)


def _shared_out(long: list[pytest.Item], others: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """One list that has long tests at the head of each part, as `--dist worksteal` cuts it: evenly, in turn."""
    order: list[pytest.Item] = []
    left = len(long) + len(others)
    for worker in range(workers):
        share = left // (workers - worker)
        mine = long[worker::workers]
        taken = max(0, share - len(mine))
        order += mine + others[:taken]
        others = others[taken:]
        left -= share
    return order + others


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running PostgreSQL's maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    try:
        yield from _pgserver(folder / "data")
    except ImportError:
        yield from _system_postgres(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database that tests copy, which is far faster than migrating one for each."""
    _run_on(postgres_server, f"CREATE DATABASE {TEMPLATE}")
    _migrate(_database(postgres_server, TEMPLATE))
    return postgres_server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite warehouse."""
    path = tmp_path / "tocsin.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL warehouse."""
    name = f"tocsin_{next(_numbers)}"
    _run_on(postgres_template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _database(postgres_template, name)
    _run_on(postgres_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    name = f"tocsin_{next(_numbers)}"
    _run_on(postgres_server, f"CREATE DATABASE {name}")
    yield _database(postgres_server, name)
    _run_on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def warehouse_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh warehouse, on each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(warehouse_url: str) -> Iterator[Engine]:
    """A fresh warehouse, on each database in turn."""
    yield from _opened(warehouse_url)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """A fresh warehouse on SQLite."""
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """A fresh warehouse on PostgreSQL."""
    yield from _opened(postgres_url)


def _opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    yield engine
    engine.dispose()


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate(engine)
    engine.dispose()


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run_on(server: str, *statements: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _pgserver(data: Path) -> Iterator[str]:
    import pgserver

    server = pgserver.get_server(data, cleanup_mode="delete")
    url = server.get_uri()
    settings = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in UNSAFE_BUT_FAST.items()]
    _run_on(url, *settings, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def _system_postgres(folder: Path) -> Iterator[str]:
    """A server of the system's binaries, listening on a socket in `folder` only."""
    binaries = _system_binaries()
    user = _unprivileged_user()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = folder / "data"
    options = " ".join([f"-k {folder}", "-h ''", *(f"-c {name}={value}" for name, value in UNSAFE_BUT_FAST.items())])
    pg_ctl = [str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    for words in (initdb, [*pg_ctl, "-l", str(folder / "log"), "-o", options, "start"]):
        done = subprocess.run(words, user=user, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start here: {done.stderr.strip()[-300:]}")
    yield f"postgresql://postgres@/postgres?host={folder}"
    subprocess.run([*pg_ctl, "-m", "immediate", "stop"], user=user, cwd=folder, capture_output=True, check=False)


def _system_binaries() -> Path:
    found = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    initdb = next(iter(found), None) or shutil.which("initdb")
    if initdb is None:
        pytest.skip("no PostgreSQL: neither the pgserver package nor the system's initdb is installed")
    return Path(initdb).resolve().parent


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; whom to run it as, or None where we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
