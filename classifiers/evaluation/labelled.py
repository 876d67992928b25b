"""Labelled posts: what a file says is true of each, as far as it says anything.

A JSON line is a mention as everywhere, `platform`, `id` and `created_at` optional here, with any of: `categories` (a
list of what should be found), `sentiment`, `relevant` (true or false), `toxicity` (a list of labels that hold, or an
object of label to 0 or 1), `organisation`, `tags`. A CSV file has columns of those names, lists separated by spaces.
"""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS, SentimentLabel, ToxicityLabel
from collectors.mention import Mention
from policies.policy import CATEGORY_NAMES, CategoryName

_DEFAULTS = {"platform": "unknown", "created_at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()}
_LABELS = ("categories", "sentiment", "relevant", "toxicity", *TOXICITY_LABELS)
_YES = {"1", "1.0", "true", "yes", "toxic", "hateful", "off"}
_NO = {"0", "0.0", "false", "no", "not toxic", "non-hateful", "not"}


class LabelsUnusable(Exception):
    """A labelled file cannot be read, or a label in it is unknown; the message names the file, the line and the fix."""


@dataclass(frozen=True)
class Labelled:
    """A mention and what is true of it: None, or an absent key, where nobody has said."""

    mention: Mention
    toxicity: Mapping[ToxicityLabel, bool] = field(default_factory=dict)
    sentiment: SentimentLabel | None = None
    relevant: bool | None = None
    categories: frozenset[CategoryName] | None = None
    tags: frozenset[str] = frozenset()


def read_labelled(path: Path, columns: Mapping[str, str], keep: Mapping[str, str]) -> list[Labelled]:
    """The posts of a JSONL or CSV file, or of every such file in a folder, in order. Raises LabelsUnusable.

    columns: ours to theirs, where a file names them otherwise. keep: only rows whose fields have these values.
    """
    paths = sorted(one for one in path.iterdir() if one.suffix in _READERS) if path.is_dir() else [path]
    unseen = set(columns.values())
    unasked = set(keep)
    found = [one for each in paths for one in _read(each, columns, keep, unseen, unasked)]
    if not found and unasked:
        raise LabelsUnusable(
            f"No row of {path} has {', '.join(sorted(unasked))}: name under --where fields that it has"
        )
    if not found:
        raise LabelsUnusable(f"{path} holds no labelled posts{_with(keep)}: JSONL and CSV files are read")
    if unseen:
        raise LabelsUnusable(f"{path} has no {', '.join(sorted(unseen))}: name under --map only columns that it has")
    if not any(
        one.toxicity or one.sentiment or one.categories is not None or one.relevant is not None for one in found
    ):
        raise LabelsUnusable(
            f"{path} has no labels; name their columns: --map sentiment=THEIRS (or {', '.join(_LABELS)})"
        )
    return found


def _with(keep: Mapping[str, str]) -> str:
    return " with " + ", ".join(f"{name}={value}" for name, value in keep.items()) if keep else ""


def _read(
    path: Path, columns: Mapping[str, str], keep: Mapping[str, str], unseen: set[str], unasked: set[str]
) -> Iterator[Labelled]:
    """The posts of one file; of `unseen` (their names) and `unasked` (ours), what its rows have is taken away."""
    try:
        reader = _READERS[path.suffix]
    except KeyError:
        raise LabelsUnusable(f"{path} is neither .jsonl nor .csv nor .tsv") from None
    try:
        for number, row in enumerate(reader(path), 1):
            unseen.difference_update(row)
            ours = dict(row) | {name: row.get(theirs) for name, theirs in columns.items()}
            unasked.difference_update(ours)
            if all(_told(ours.get(name)) == value.casefold() for name, value in keep.items()):
                yield _labelled(ours, f"{path}, record {number}", path.stem, number)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelsUnusable(f"{path} cannot be read: {error}") from error


def _told(value: Any) -> str:
    """A value as one writes it on a command line: true, false, null."""
    return "null" if value is None else str(value).casefold()


def _labelled(row: dict[str, Any], where: str, source: str, number: int) -> Labelled:
    try:
        mention = Mention.from_record(_DEFAULTS | {"id": f"{source}-{number}"} | _mention_part(row))
    except ValidationError as error:
        raise LabelsUnusable(f"{where} is no post: {error.errors()[0]['loc']} {error.errors()[0]['msg']}") from error
    try:
        return Labelled(
            mention,
            _toxicity(row),
            _one_of(row.get("sentiment"), SENTIMENT_LABELS),
            _flag(row.get("relevant")),
            _several(row.get("categories"), CATEGORY_NAMES),
            frozenset(_words(row.get("tags")) or ()),
        )
    except ValueError as error:
        raise LabelsUnusable(f"{where}: {error}") from error


def _mention_part(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a mention; of the corpus's own, its parent under the mention's name for it."""
    part = {name: row[name] for name in Mention.model_fields if row.get(name) not in (None, "") and name != "raw"}
    if row.get("parent"):
        part["in_reply_to"] = row["parent"]
    return part


def _toxicity(row: Mapping[str, Any]) -> dict[ToxicityLabel, bool]:
    value = row.get("toxicity")
    if isinstance(value, list) or (isinstance(value, str) and set(_words(value) or ("",)) <= set(TOXICITY_LABELS)):
        held = _several(value, TOXICITY_LABELS) or frozenset()
        return {name: name in held for name in TOXICITY_LABELS}
    named = value if isinstance(value, Mapping) else row
    told = ((name, _flag(named.get(name))) for name in TOXICITY_LABELS)
    return {name: flag for name, flag in told if flag is not None}


def _flag(value: Any) -> bool | None:
    if value is None or value == "":
        return None
    word = str(value).strip().casefold()
    if word in _YES | _NO:
        return word in _YES
    try:
        number = float(word)
    except ValueError:
        raise ValueError(f"{value!r} is neither yes nor no (1, 0, true, false)") from None
    return None if math.isnan(number) else number >= 0.5


def _is_nan(value: Any) -> bool:
    """How pandas writes an empty cell."""
    return isinstance(value, float) and math.isnan(value)


def _one_of(value: Any, known: Iterable[Any]) -> Any:
    word = "" if _is_nan(value) else str(value or "").strip().casefold()
    if word and word not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return word or None


def _several(value: Any, known: Iterable[Any]) -> frozenset[Any] | None:
    words = _words(value)
    return None if words is None else frozenset(_one_of(word, known) for word in words)


def _words(value: Any) -> list[str] | None:
    if value is None or _is_nan(value):
        return None
    if isinstance(value, str):
        return value.replace(",", " ").replace(";", " ").split()
    if isinstance(value, list):
        return [str(one) for one in value]
    raise ValueError(f"{value!r} is no list of words")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise LabelsUnusable(f"{path}, line {number} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise LabelsUnusable(f"{path}, line {number} is not a JSON object")
            yield row


def _table(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")


_READERS: dict[str, Callable[[Path], Iterator[dict[str, Any]]]] = {".jsonl": _lines, ".csv": _table, ".tsv": _table}
