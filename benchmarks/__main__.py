"""`make bench`: every benchmark beside its peer; prints the table and writes benchmarks/RESULTS.md.

`make bench ARGS=collecting` measures that part alone and leaves the other lines of the page as they stand.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import behaviour, classifying, collecting, storing
from benchmarks.measure import ROUNDS, Row

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

`make bench` wrote this, lastly {parts}, on {when}, on {cores} cores ({machine}), Python {python}. Each line is the
median of {rounds} rounds of ours and of the peer in alternation, in one process. Read the ratio: it moves little with
the machine's load.

| what | ours, items/s | peer | peer, items/s | ratio |
| --- | ---: | --- | ---: | ---: |
"""

MARK = "\nRecords to mentions and whole runs"  # where the paragraph about memory begins
MEMORY = """
Records to mentions and whole runs are counted in seconds of this process's CPU, everything else in seconds. Memory over
{held.mentions:,} mentions, made by all adapters in turn: {held.early:.0f} MiB after a tenth, {held.late:.0f} MiB at
the end.
"""


PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "behaviour": behaviour.rows,
    "classifying": classifying.rows,
    "collecting": collecting.rows,
    "storing": storing.rows,
}


def main(parts: Sequence[str]) -> None:
    """Run the parts, all where none is named, show what was measured and keep it. Exits 2 for an unknown part."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"no part {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        raise SystemExit(2)
    console = Console(stderr=True)
    found: list[Row] = []
    table = Table("what", "ours, items/s", "peer", "peer, items/s", "ratio")
    with console.status("Measuring …"):
        for row in chain.from_iterable(PARTS[part]() for part in parts or PARTS):
            found.append(row)
            table.add_row(row.what, f"{row.ours:,.0f}", row.peer, f"{row.theirs:,.0f}", f"{row.ratio:.2f}")
    Console().print(table)
    former = RESULTS.read_text(encoding="utf-8") if parts and RESULTS.exists() else ""
    RESULTS.write_text(_page(found, parts, former), encoding="utf-8")
    console.print(f"written to {RESULTS}")


def _page(found: list[Row], parts: Sequence[str], former: str) -> str:
    """The page: the lines measured now in place of those of the same name, the other former ones as they stand."""
    head = HEAD.format(
        parts=", ".join(parts) or "all of it",
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        rounds=ROUNDS,
    )
    lines = dict(map(_named, (line for line in former.splitlines() if line.startswith("| "))))
    for title in [_named(line) for line in HEAD.splitlines() if line.startswith("| ")]:
        lines.pop(title[0], None)
    for r in found:
        line = f"| {r.what} | {r.ours:,.0f} | {r.peer} | {r.theirs:,.0f} | {r.ratio:.2f} |"
        lines.update([_named(line)])
    measured = not parts or "collecting" in parts
    memory = MEMORY.format(held=collecting.memory()) if measured else "".join(former.partition(MARK)[1:])
    return head + "\n".join(lines.values()) + "\n" + memory


def _named(line: str) -> tuple[tuple[str, str], str]:
    """What is measured, and beside which peer, with the whole line."""
    cells = line.split(" | ")
    return (cells[0], cells[2]), line


if __name__ == "__main__":
    main(sys.argv[1:])
