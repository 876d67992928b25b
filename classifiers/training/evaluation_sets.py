"""Texts that are only ever measured on, and what keeps them and their near copies out of training."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from classifiers.behaviour.fingerprint import SIMILAR, bands, similarity
from classifiers.normalise import fingerprint, normalise

_CORPUS = Path(__file__).parents[2] / "corpus"
OURS = (_CORPUS / "guard", _CORPUS / "suite")  # our own posts that no training may see, whatever the command says
_TEXT_COLUMNS = ("text", "comment", "prompt", "tweet", "body")


def fingerprints(folders: Iterable[Path]) -> frozenset[str]:
    """Fingerprints of every text found in CSV, TSV, JSON and JSON-lines files under `folders`.

    Raises ValueError where a folder holds no text: a name spelt wrongly would keep nothing out of training.
    """
    found: set[str] = set()
    for folder in folders:
        here = {fingerprint(normalise(text).text) for text in all_texts([folder])}
        if not here:
            raise ValueError(f"{folder} holds no texts to keep out of training; is its name right?")
        found |= here
    return frozenset(found)


def all_texts(folders: Iterable[Path]) -> Iterator[str]:
    """The texts of every evaluation file under `folders`."""
    for folder in folders:
        for pattern in ("*.*sv", "*.json", "*.jsonl"):
            for path in sorted(folder.rglob(pattern)):
                yield from texts(path)


def texts(path: Path) -> Iterator[str]:
    """The texts of one evaluation file. Raises ValueError where no column of text is found."""
    if path.suffix == ".json":
        rows = json.loads(path.read_text(encoding="utf-8"))
        yield from (row["text"] for row in rows if isinstance(rows, list))  # an object is a note beside a set
        return
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            yield from (json.loads(line)["text"] for line in file)
            return
        if path.suffix == ".tsv" and not _has_header(path):  # GoEmotions: the text first
            yield from (line.split("\t")[0] for line in file)
            return
        table = csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        column = next((name for name in _TEXT_COLUMNS if name in (table.fieldnames or ())), None)
        if column is None:
            raise ValueError(f"{path} has no column of text; looked for {', '.join(_TEXT_COLUMNS)}")
        yield from (row[column] for row in table)


def _has_header(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        first = file.readline().rstrip("\r\n").split("\t")
    return any(name in _TEXT_COLUMNS for name in first)


class KeptOut:
    """Texts that a training may not see: the same once normalised, or copied with few words changed."""

    def __init__(self, measured_on: Iterable[str]) -> None:
        self.fingerprints: set[str] = set()
        self._banded: dict[int, list[str]] = defaultdict(list)
        for text in measured_on:
            self.fingerprints.add(fingerprint(text))
            for band in bands(text):
                self._banded[band].append(text)

    def holds(self, text: str) -> bool:
        """Whether a text is one of them or a near copy of one; short texts are compared whole only."""
        if fingerprint(text) in self.fingerprints:
            return True
        candidates = {other for band in bands(text) for other in self._banded.get(band, ())}
        return any(similarity(text, other) >= SIMILAR for other in candidates)
