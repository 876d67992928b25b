"""`make bench`: every benchmark beside its peer; prints the table and writes benchmarks/RESULTS.md."""

import os
import platform
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import classifying, collecting, storing
from benchmarks.measure import ROUNDS, Row

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

`make bench` wrote this on {when}, on {cores} cores ({machine}), Python {python}. Each line is the median of {rounds}
rounds of ours and of the peer in alternation, in one process. Read the ratio: it moves little with the machine's load.

| what | ours, items/s | peer | peer, items/s | ratio |
| --- | ---: | --- | ---: | ---: |
"""

MEMORY = """
Records to mentions and whole runs are counted in seconds of this process's CPU, everything else in seconds. Memory over
{held.mentions:,} mentions, made by all adapters in turn: {held.early:.0f} MiB after a tenth, {held.late:.0f} MiB at
the end.
"""


def main() -> None:
    """Run everything, show it and keep it."""
    console = Console(stderr=True)
    found: list[Row] = []
    table = Table("what", "ours, items/s", "peer", "peer, items/s", "ratio")
    with console.status("Measuring …"):
        for row in chain(classifying.rows(), collecting.rows(), storing.rows()):
            found.append(row)
            table.add_row(row.what, f"{row.ours:,.0f}", row.peer, f"{row.theirs:,.0f}", f"{row.ratio:.2f}")
    Console().print(table)
    held = collecting.memory()
    RESULTS.write_text(_page(found) + MEMORY.format(held=held), encoding="utf-8")
    console.print(f"written to {RESULTS}")


def _page(found: list[Row]) -> str:
    head = HEAD.format(
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        rounds=ROUNDS,
    )
    lines = (f"| {r.what} | {r.ours:,.0f} | {r.peer} | {r.theirs:,.0f} | {r.ratio:.2f} |" for r in found)
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
