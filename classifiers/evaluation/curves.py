"""Reliability curves: of the texts scored about so, how many are so. On the diagonal a score can be believed."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

Curve = list[tuple[float, float, int]]  # mean score, share that is true, number of texts, a bin

FORMATS = (".svg", ".png")

_COLUMNS = 4
_FEWEST = 5  # texts of a bin below which its share is chance, and drawn pale


def draw(sets: Mapping[str, Mapping[str, Curve]], path: Path) -> None:
    """One panel a question and set, to a file of one of the `FORMATS`."""
    panels = [(name, question, curve) for name, curves in sets.items() for question, curve in curves.items()]
    rows = max(1, -(-len(panels) // _COLUMNS))
    figure = Figure(figsize=(2.9 * _COLUMNS, 2.9 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for n, (name, question, curve) in enumerate(panels):
        axes = figure.add_subplot(rows, _COLUMNS, n + 1)
        axes.plot([0, 1], [0, 1], color="0.75", linewidth=1)
        sure = [one for one in curve if one[2] >= _FEWEST]
        axes.plot([x for x, _, _ in sure], [y for _, y, _ in sure], marker="o", markersize=3, color="#1f5fa8")
        axes.plot(
            *zip(*[(x, y) for x, y, n in curve if n < _FEWEST] or [(-1, -1)], strict=True), "o", color="0.8", ms=3
        )
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal")
        axes.set_title(f"{question}\n{name}, {sum(n for _, _, n in curve):,} texts", fontsize=9)
    figure.supxlabel("score", fontsize=9)
    figure.supylabel("share that is so", fontsize=9)
    figure.savefig(path, dpi=120)
