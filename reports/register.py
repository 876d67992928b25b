"""What the mart `source_register` adds to a source's line: how it is had, what is left, what it should bring."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from reports.report import SourceLine
from warehouse.marts import read

LITTLE = 0.1  # of a quota left: worth a word


@dataclass(frozen=True)
class Register:
    """Rows of the mart by source, null where nothing is known.

    `closed` are the platforms that cannot lawfully be read, `retired` the sources that were run once and are no longer
    in the settings.
    """

    rows: dict[str, dict[str, Any]]
    closed: frozenset[str]
    retired: frozenset[str]

    def complete(self, source: str, line: SourceLine) -> SourceLine:
        """The line with what is known of its source; a source that nobody has noted stays as it is."""
        row = self.rows.get(source)
        if row is None:
            return line
        least, most, seen = row["expected_least"], row["expected_most"], row["seen"]
        return replace(
            line,
            access=row["access"] or "",
            seen=None if seen is None else int(seen),
            expected=None if least is None or most is None else (int(least), int(most)),
            volume=row["volume"] or "",
            allowances=_allowances(row),
        )


def register(engine: Engine) -> Register:
    """The mart as it stands."""
    frame = read(engine, "source_register")
    rows = {str(row["source"]): _nulls(row) for row in frame.to_dict("records")}
    never = {name for name, row in rows.items() if row["access"] is None and row["note"] is not None}
    return Register(rows, frozenset(never), frozenset(_retired(rows)))


def _retired(rows: dict[str, dict[str, Any]]) -> set[str]:
    """An archive is asked for and never set up; and before the first note nothing is known of settings."""
    if all(row["noted_at"] is None for row in rows.values()):
        return set()
    return {name for name, row in rows.items() if not row["configured"] and row["platform"] != "archive"}


def _nulls(row: Any) -> dict[str, Any]:
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def _allowances(row: dict[str, Any]) -> tuple[str, ...]:
    told = []
    if row["quota"] is not None:
        used, left = int(row["quota_used"]), int(row["quota_left"])
        little = "only " if left < LITTLE * (used + left) else ""
        told.append(f"{little}{left:,} of {row['quota']}")
    if row["budget"] is not None:
        told.append(f"{row['budget_used']} used of {row['budget']}, {int(row['budget_left']):,} calls left")
    return tuple(told)
