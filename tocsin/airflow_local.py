"""Airflow on one machine: its home under `var/`, one pass by `dag.test()`, and the long-running stack.

Airflow reads its configuration from the environment when it is first imported, so `configure` comes before any import
of it; that is why the imports of Airflow stand inside the functions here.
"""

import ctypes
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tocsin.errors import Misconfigured, StepFailed
from tocsin.settings import Settings

STOP_WITHIN_S = 10
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class DagOutcome:
    """How one DAG run ended: its state, and the tasks that failed, as task_id or task_id[map index]."""

    dag_id: str
    state: str
    failed_tasks: tuple[str, ...]

    @property
    def succeeded(self) -> bool:
        """Whether every task did its work."""
        return self.state == "success"


def environment(settings: Settings) -> dict[str, str]:
    """Airflow's own settings for one machine: everything under `var/airflow`, on loopback, with few workers."""
    home = (settings.var / "airflow").resolve()
    workers = str(os.cpu_count() or 2)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.dags_folder.resolve()),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": workers,
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # safe on loopback only, which the next line holds
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(settings.airflow_port),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{settings.airflow_port}/execution/",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def configure(settings: Settings) -> None:
    """Point this process's Airflow at `var/airflow` and create its metadata database the first time."""
    os.environ.update(environment(settings))
    home = settings.var / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    with _quietly(log_file(settings)):
        import airflow  # noqa: PLC0415
        from airflow.utils import db  # noqa: PLC0415

        ready = home / "ready"  # written last: a creation that was killed half-way is done again, which is harmless
        if not ready.exists() or ready.read_text() != airflow.__version__:
            db.initdb()
            ready.write_text(airflow.__version__)


def log_file(settings: Settings) -> Path:
    """Where the output of a pass's tasks is kept."""
    return settings.var / "log" / "airflow.log"


def run_dag(dag_id: str, settings: Settings, conf: Mapping[str, str] | None = None) -> DagOutcome:
    """Run every task of one DAG in this process. `configure` comes first.

    A failed task is not retried: whoever waits at a terminal wants to know, and the next pass continues anyway.
    Raises Misconfigured where the DAG folder has no such DAG, with the import errors that explain it.
    """
    with _quietly(log_file(settings)):
        from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415

        bag = DagBag(settings.dags_folder.resolve())
        dag = bag.dags.get(dag_id)
        if dag is None:
            why = bag.import_errors or "there is no such file"
            raise Misconfigured(f"no DAG {dag_id} in {settings.dags_folder} ({why}): set TOCSIN_DAGS_FOLDER")
        for task in dag.tasks:
            task.retries = 0
        run = dag.test(run_conf=dict(conf or {}))
        instances = run.get_task_instances()
    failed = sorted(_label(ti) for ti in instances if ti.state == "failed")
    return DagOutcome(dag_id, str(run.state), tuple(failed))


def _label(instance: object) -> str:
    task_id, index = getattr(instance, "task_id", "?"), getattr(instance, "map_index", -1)
    return task_id if index < 0 else f"{task_id}[{index}]"


@contextmanager
def _quietly(log: Path) -> Iterator[None]:
    """Send everything that this process prints to `log`: Airflow logs by more roads than logging alone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), 1)
        os.dup2(sink.fileno(), 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for saved, number in zip(kept, (1, 2), strict=True):
            os.dup2(saved, number)
            os.close(saved)


def serve(settings: Settings, say: Callable[[str], None]) -> int:
    """Run scheduler, DAG processor, triggerer and UI until SIGINT or SIGTERM; the exit status of the stack.

    Airflow's leader stops its children on SIGINT and leaves them behind on SIGTERM, so both become SIGINT for it, and
    whatever is left of its descendants after `STOP_WITHIN_S` seconds is killed. Raises StepFailed where the port of
    the UI is taken.
    """
    _require_free(settings.airflow_port)
    _adopt_orphans()
    programs = Path(sys.executable).parent  # standalone starts its parts by the name `airflow`
    variables = {**os.environ, **environment(settings)}
    variables["PATH"] = f"{programs}{os.pathsep}{variables.get('PATH', '')}"
    variables["AIRFLOW__API_AUTH__JWT_SECRET"] = secrets.token_hex(64)
    log = log_file(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        leader = psutil.Popen(
            [str(programs / "airflow"), "standalone"], env=variables, stdout=sink, stderr=sink, start_new_session=True
        )
    stopping = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopping.set())
    _wait(leader, stopping, settings.airflow_port, say)
    say("Stopping …")
    _stop(leader)
    return 0 if stopping.is_set() else 1


def _wait(leader: psutil.Popen, stopping: threading.Event, port: int, say: Callable[[str], None]) -> None:
    """Until somebody stops the stack, or it ends by itself; says once when the UI answers."""
    healthy = False
    while leader.poll() is None and not stopping.wait(1.0):
        if not healthy and (healthy := _answers(port)):
            say("Airflow is ready.")


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StepFailed(f"port {port} is taken: stop what uses it, or set TOCSIN_AIRFLOW_PORT") from error


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so that none can be lost from sight (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _stop(leader: psutil.Popen) -> None:
    """Ask the leader to stop its parts; whatever is left of them, however it came about, is killed."""
    if leader.poll() is None:
        leader.send_signal(signal.SIGINT)
        with suppress(psutil.TimeoutExpired):
            leader.wait(STOP_WITHIN_S)
    us = psutil.Process()
    while left := us.children(recursive=True):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=5)
