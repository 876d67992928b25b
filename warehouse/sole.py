"""One sender at a time, over all processes: a lock that falls with the process that holds it."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

from incidents.outbox import AlreadyDelivering

DELIVERY_LOCK = 0x70C53  # the first key of the advisory locks on PostgreSQL; the second tells the sender


@contextmanager
def sole(engine: Engine, sender: str = "") -> Iterator[None]:
    """Be the only one who delivers as `sender` (empty: from the outbox itself). Raises AlreadyDelivering."""
    holding = _file_lock if engine.dialect.name == "sqlite" else _advisory_lock
    with holding(engine, sender):
        yield


@contextmanager
def _advisory_lock(engine: Engine, sender: str) -> Iterator[None]:
    """A lock of the session: PostgreSQL lets go of it when the connection ends, however that happens."""
    key = (DELIVERY_LOCK,) if not sender else (DELIVERY_LOCK, _key(sender))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(*key))).scalar_one():
            what = f"by {sender}" if sender else "from this warehouse"
            raise AlreadyDelivering(f"another process is delivering {what}; what waits is in its hands")
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(*key)))


@contextmanager
def _file_lock(engine: Engine, sender: str) -> Iterator[None]:
    """A lock on a file beside the database: the operating system lets go of it when the process ends."""
    import fcntl  # noqa: PLC0415 - absent from Windows, where Airflow does not run either

    path = Path(f"{engine.url.database}.delivering{'-' if sender else ''}{sender}")
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = f"by {sender}" if sender else f"from {engine.url.database}"
            raise AlreadyDelivering(f"another process is delivering {what}; what waits is in its hands") from None
        yield


def _key(sender: str) -> int:
    """A key as PostgreSQL takes it: a signed number of 32 bits."""
    return zlib.crc32(sender.encode()) - 2**31
