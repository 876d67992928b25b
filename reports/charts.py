"""The charts of the daily report: inline SVG by matplotlib, with text as text and colours from the page's style sheet.

matplotlib draws with stand-in colours that are then replaced by CSS variables, so that one drawing serves light, dark
and print. Each chart comes in two widths, because an SVG scales its letters with itself: the page shows the wide one
on a desk and the narrow one on a phone.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from policies.counted import counted
from reports.report import DayPoint

# Stand-ins: colours that nobody would choose, each for one variable of the style sheet.
INK, MUTED, LINE = "#010203", "#010204", "#010205"
NEGATIVE, POSITIVE, BAND, VOLUME, SPIKE = "#010206", "#010207", "#010208", "#010209", "#01020a"
VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    NEGATIVE: "negative",
    POSITIVE: "positive",
    BAND: "band",
    VOLUME: "volume",
    SPIKE: "spike",
}
DOTS_PER_INCH = 72  # one unit of the drawing is one CSS pixel
FONT = 12
STYLE = {
    "svg.fonttype": "none",
    "font.size": FONT,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.8,
}


@dataclass(frozen=True)
class Size:
    """Width and height in CSS pixels, and how many days lie between two dates on the axis."""

    name: str
    width: int
    height: int
    step: int


SIZES = (Size("wide", 520, 225, 7), Size("narrow", 340, 220, 10))
Draw = Callable[[Any, Sequence[DayPoint]], None]


def volume(points: Sequence[DayPoint], name: str) -> Markup:
    """Posts a day against the band of what is usual; spikes are marked with a triangle and their number."""
    last = points[-1]
    said = f"{counted(last.feeling.mentions, 'post')} on {last.day:%-d %B}"
    band = last.baseline.band
    usual = f", where {band[0]:.0f} to {band[1]:.0f} are usual" if band else ""
    spikes = ", ".join(f"{point.day:%-d %B}" for point in points if point.spike) or "none"
    return _both(_draw_volume, points, f"{name}-volume", "Posts a day", f"{said}{usual}. Spikes: {spikes}.")


def sentiment(points: Sequence[DayPoint], name: str) -> Markup:
    """Shares of the day's posts: positive above the axis, negative (hatched) below it."""
    last = points[-1].feeling
    words = f"On {points[-1].day:%-d %B} {last.negative_share:.0%} negative and {last.positive_share:.0%} positive."
    return _both(_draw_sentiment, points, f"{name}-sentiment", "How posts felt, as shares of each day", words)


def _draw_volume(axes: Any, points: Sequence[DayPoint]) -> None:
    places = range(len(points))
    bands = [point.baseline.band or (float("nan"), float("nan")) for point in points]
    axes.fill_between(
        places, [low for low, _ in bands], [high for _, high in bands], color=BAND, linewidth=0, step="mid"
    )
    axes.bar(places, [point.feeling.mentions for point in points], width=0.62, color=VOLUME)
    for place, point in enumerate(points):
        if point.spike:
            axes.bar(place, point.feeling.mentions, width=0.62, color=SPIKE)
            label = f"▲ {point.feeling.mentions:,}"
            side = "right" if place > 0.9 * len(points) else "center"
            axes.text(
                place + 0.4 * (side == "right"),
                point.feeling.mentions,
                label,
                ha=side,
                va="bottom",
                color=SPIKE,
                fontweight="bold",
            )
    highest = max([1.0, *(point.feeling.mentions for point in points), *(high for _, high in bands if high > 0)])
    axes.set_ylim(0, highest * 1.15)
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(4, integer=True))


def _draw_sentiment(axes: Any, points: Sequence[DayPoint]) -> None:
    places = range(len(points))
    axes.bar(places, [100 * point.feeling.positive_share for point in points], width=0.62, color=POSITIVE)
    axes.bar(places, [-100 * point.feeling.negative_share for point in points], width=0.62, color=NEGATIVE)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylim(-108, 108)
    axes.set_yticks([-100, -50, 0, 50, 100], ["100%", "50%", "0", "50%", "100%"])
    axes.text(-0.4, 106, "positive ↑", color=POSITIVE, va="top", fontweight="bold")
    axes.text(-0.4, -106, "negative ↓", color=NEGATIVE, va="bottom", fontweight="bold")


def _both(draw: Draw, points: Sequence[DayPoint], key: str, title: str, description: str) -> Markup:
    drawings = [_svg(draw, points, size, f"{key}-{size.name}", title, description) for size in SIZES]
    return Markup("").join(drawings)


def _svg(draw: Draw, points: Sequence[DayPoint], size: Size, key: str, title: str, description: str) -> Markup:
    with mpl.rc_context({**STYLE, "svg.hashsalt": key}):
        figure = Figure(figsize=(size.width / DOTS_PER_INCH, size.height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
        figure.patch.set_visible(False)
        axes = figure.add_axes((42 / size.width, 26 / size.height, 1 - 50 / size.width, 1 - 40 / size.height))
        axes.patch.set_visible(False)
        axes.set_axisbelow(True)
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        draw(axes, points)
        _dates(axes, points, size.step)
        drawn = io.StringIO()
        FigureCanvasSVG(figure).print_svg(drawn, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(drawn.getvalue(), size, key, title, description)


def _dates(axes: Any, points: Sequence[DayPoint], step: int) -> None:
    places = list(range(len(points) - 1, -1, -step))
    axes.set_xticks(places, [f"{points[place].day:%-d %b}" for place in places])
    axes.get_xticklabels()[0].set_horizontalalignment("right" if len(points) > 1 else "center")
    axes.set_xlim(-0.6, len(points) - 0.4)


def _inline(svg: str, size: Size, key: str, title: str, description: str) -> Markup:
    """The drawing as a part of a page: its own ids, the page's colours and letters, a title and a description."""
    body = svg[svg.index("<svg") :].partition(">")[2]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{key}-", body)
    body = re.sub(
        r"font: (bold |700 )?[\d.]+px [^;\"]*", lambda found: f"font-weight: {'700' if found[1] else '400'}", body
    )
    for stand_in, variable in VARIABLES.items():
        body = body.replace(stand_in, f"var(--{variable})")
    head = (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width} {size.height}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
    )
    return Markup(head + body)  # noqa: S704 - matplotlib's own markup over numbers and dates; the words are escaped
