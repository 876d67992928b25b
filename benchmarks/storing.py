"""Reading an archive and storing it idempotently, beside pandas, which does neither check nor upsert."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine

from benchmarks.measure import Row, compare
from collectors.archive import Archive
from warehouse.engine import connect, migrate
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms

POSTS = 20_000


def rows() -> Iterator[Row]:
    """One row: file to warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _archive(Path(folder))
        made = iter(range(1_000))

        def ours() -> None:
            engine = connect(f"sqlite:///{folder}/ours{next(made)}.db")
            migrate(engine)
            store = MentionStore(engine, Pseudonyms(b"benchmark key of thirty-two bytes"))
            run = store.start_run("benchmark", "archive")
            for batch in Archive(archive).collect(None):
                store.store(run, batch)
            engine.dispose()

        def theirs() -> None:
            engine = create_engine(f"sqlite:///{folder}/theirs{next(made)}.db")
            for chunk in pd.read_csv(archive, dtype=str, chunksize=1000):
                chunk.to_sql("mentions", engine, if_exists="append", index=False)
            engine.dispose()

        yield compare("archive to warehouse", POSTS, ours, "pandas read_csv and to_sql (no upsert)", theirs, POSTS)


def _archive(folder: Path) -> Path:
    path = folder / "posts.csv"
    start = datetime(2026, 10, 1, tzinfo=UTC)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["platform", "id", "text", "created_at", "author.handle"])
        for number in range(POSTS):
            when = (start + timedelta(minutes=number)).isoformat()
            writer.writerow(
                ["x", number, f"An invented post, number {number}, about nothing.", when, f"example_{number % 500}"]
            )
    return path
