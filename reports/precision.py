"""How often people said that findings were right, clause by clause, with how sure that is; and honest about few."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine

from incidents.recalibration import Precision
from warehouse.marts import read

DAYS = 90  # verdicts come slowly: a month of them says little
ENOUGH = 10  # incidents; below that a share is an anecdote


@dataclass(frozen=True)
class ClauseLine:
    """One clause under one category: incidents that people confirmed or called wrong in the window."""

    clause: str
    category: str
    precision: Precision
    unsaid: int  # incidents closed without a word on the clause
    findings: int  # behind those of which something was said

    @property
    def enough(self) -> bool:
        """Whether the numbers carry a share at all."""
        return self.precision.of >= ENOUGH

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval, in percent."""
        return 100 * self.precision.interval[0]

    @property
    def high(self) -> float:
        """The upper end of it."""
        return 100 * self.precision.interval[1]


def clause_lines(engine: Engine, policy: str, day: date, days: int = DAYS) -> tuple[ClauseLine, ...]:
    """The clauses on which something was said in the `days` days that end on `day`, the least certain to hold first."""
    frame = read(engine, "clause_precision", policy=policy, since=day - timedelta(days=days - 1), until=day)
    if frame.empty:
        return ()
    counts = ["confirmed", "wrong", "unsaid", "findings_confirmed", "findings_wrong"]
    sums = frame.groupby(["clause", "category"], as_index=False)[counts].sum().to_dict("records")
    lines = [_line(row["clause"], row["category"], *(int(row[name]) for name in counts)) for row in sums]
    return tuple(sorted((line for line in lines if line.precision.of), key=_doubtful_first))


def said(line: ClauseLine) -> str:
    """`3 of 4 right: too few to say`; `45 of 50 right: 79 to 96 %`."""
    counted = f"{line.precision.right:,} of {line.precision.of:,} right"
    if not line.enough:
        return f"{counted}: too few to say"
    return f"{counted}: {line.low:.0f} to {line.high:.0f} %"


def _line(clause: str, category: str, *counts: int) -> ClauseLine:
    confirmed, wrong, unsaid, findings_confirmed, findings_wrong = counts
    decided = Precision(confirmed, confirmed + wrong)
    return ClauseLine(clause, category, decided, unsaid, findings_confirmed + findings_wrong)


def _doubtful_first(line: ClauseLine) -> tuple[bool, float, str, str]:
    return not line.enough, line.low if line.enough else 0.0, line.clause, line.category
