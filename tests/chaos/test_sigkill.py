"""Killed with SIGKILL at twenty random moments and run again: no post lost, none twice, no alert twice."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import collectors

TOCSIN = Path(sys.executable).with_name("tocsin")
SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"
KILLS = 20

Rows = list[tuple[object, ...]]


def environment() -> dict[str, str]:
    """No setting of ours, none of Airflow's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "AIRFLOW"))}


def a_pass(folder: Path, kill_after_s: float | None = None) -> tuple[int, str]:
    """One `tocsin run` over the sample in `folder`, killed after a while or let finish; its status and its talk."""
    command = [TOCSIN, "run", "--json", "--archive", str(SAMPLE)]
    with (folder / "talk.txt").open("a+b") as talk:
        began = talk.tell()
        process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=talk, start_new_session=True
        )
        try:
            process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        talk.seek(began)
        return process.returncode, talk.read().decode()


def rows(folder: Path, query: str) -> Rows:
    """What a query says of the warehouse in `folder`."""
    database = folder / "var" / "tocsin.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def state(folder: Path) -> dict[str, Rows]:
    """All of the warehouse that must not depend on how often the pass was killed."""
    return {
        "mentions": rows(folder, "SELECT mention_id, text, revision FROM mentions ORDER BY 1"),
        "assessments": rows(folder, "SELECT mention_id, policy, relevant, scope FROM assessments ORDER BY 1, 2"),
        "findings": rows(folder, "SELECT finding_id, category, incident_id IS NULL FROM findings ORDER BY 1"),
        "incidents": rows(
            folder,
            "SELECT incidents.policy, authors.handle, target, category, mention_count "
            "FROM incidents LEFT JOIN authors ON authors.author = incidents.author ORDER BY 1, 2, 3, 4",
        ),
        "waiting": rows(folder, "SELECT mention_id FROM unassessed"),
        "undelivered": rows(folder, "SELECT notification_id, state FROM outbox WHERE state <> 'delivered'"),
    }


@pytest.mark.chaos
@pytest.mark.long
def test_twenty_kills_change_nothing(tmp_path: Path) -> None:
    calm, stormy = tmp_path / "calm", tmp_path / "stormy"
    calm.mkdir()
    stormy.mkdir()
    began = time.monotonic()
    status, talk = a_pass(calm)
    assert status == 0, talk
    whole_s = time.monotonic() - began

    seed = random.randrange(10**6)
    chance = random.Random(seed)
    killed = 0
    for _ in range(KILLS):
        status, _ = a_pass(stormy, kill_after_s=chance.uniform(0.1, 0.65) * whole_s)
        killed += status == -signal.SIGKILL
    status, talk = a_pass(stormy)
    assert status == 0, f"seed {seed}: {talk}"
    assert killed, f"seed {seed}: every pass was over before it was killed"

    assert state(stormy) == state(calm), f"seed {seed}"
    posts = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    wanted = sorted(f"{post['platform']}:{post['id']}" for post in posts)
    assert [row[0] for row in state(stormy)["mentions"]] == wanted

    ids = [path.stem for path in (stormy / "var" / "outbox").glob("*.json")]
    assert sorted(ids) == sorted(str(row[0]) for row in rows(stormy, "SELECT notification_id FROM outbox"))
    shown = Counter(re.findall(r"TOC-\d+", (stormy / "talk.txt").read_text(encoding="utf-8")))
    in_calm = Counter(re.findall(r"TOC-\d+", (calm / "talk.txt").read_text(encoding="utf-8")))
    assert max(shown.values(), default=0) <= max(in_calm.values(), default=0), f"seed {seed}: an alert was shown twice"
