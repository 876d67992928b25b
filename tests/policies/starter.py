"""The starter pack, which tests break in one place at a time."""

from pathlib import Path

PACK = Path(__file__).resolve().parents[2] / "policies" / "starter.yaml"


def line_of(passage: str) -> int:
    """The first line of the starter pack that holds a passage."""
    lines = PACK.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if passage in line)
