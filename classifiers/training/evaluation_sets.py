"""Texts that are only ever measured on, and the fingerprints that keep them out of training."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from classifiers.normalise import fingerprint, normalise

_TEXT_COLUMNS = ("text", "comment", "prompt", "tweet", "body")


def fingerprints(folders: Iterable[Path]) -> frozenset[str]:
    """Fingerprints of every text found in CSV, TSV and JSON files under `folders`."""
    return frozenset(
        fingerprint(normalise(text).text)
        for folder in folders
        for path in sorted(folder.rglob("*.*sv")) + sorted(folder.rglob("*.json"))
        for text in texts(path)
    )


def texts(path: Path) -> Iterator[str]:
    """The texts of one evaluation file. Raises ValueError where no column of text is found."""
    if path.suffix == ".json":
        yield from (row["text"] for row in json.loads(path.read_text(encoding="utf-8")))
        return
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".tsv":  # GoEmotions: no header, the text first
            yield from (line.split("\t")[0] for line in file)
            return
        rows = csv.DictReader(file)
        column = next((name for name in _TEXT_COLUMNS if name in (rows.fieldnames or ())), None)
        if column is None:
            raise ValueError(f"{path} has no column of text; looked for {', '.join(_TEXT_COLUMNS)}")
        yield from (row[column] for row in rows)
