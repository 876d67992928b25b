"""The daily report as one HTML file that needs nothing else: no script, and nothing from outside."""

import os
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from classifiers.language import is_read
from collectors.names import platform_name
from policies.counted import counted
from reports import charts, words
from reports.exceptions import aside, standing
from reports.names import category_name, language_name
from reports.precision import DAYS, ENOUGH, said
from reports.report import DailyReport, TopicLine
from reports.terms import Term

TOPICS = 10  # of each group, the most spoken of
VERDICTS = {"act": ("Act now", "▲"), "look": ("Worth a look", "◆"), "calm": ("Calm", "●")}


def render(report: DailyReport) -> str:
    """The whole page. Every word that came from the world is escaped."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "age": words.age,
        "aside": aside,
        "precise": said,
        "at": words.at,
        "category": category_name,
        "counted": counted,
        "days": words.days,
        "expected": _expected,
        "is_read": is_read,
        "language": language_name,
        "link": web_address,
        "loudness": words.loudness,
        "percent": words.percent,
        "platform": platform_name,
        "standing": standing,
        "time": _time,
        "topic_groups": _topic_groups,
        "usual": _usual,
    }
    environment.globals |= {"precision_days": DAYS, "enough": ENOUGH}
    style = files("reports").joinpath("templates", "daily.css").read_text(encoding="utf-8")
    page = environment.get_template("daily.html")
    return page.render(report=report, charts=charts, verdicts=VERDICTS, style=Markup(style))  # noqa: S704 - our own file


def write(report: DailyReport, folder: Path) -> Path:
    """Render into `folder`/YYYY-MM-DD.html, whole or not at all, and return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.day.isoformat()}.html"
    text = render(report).encode("utf-8", "replace")  # a lone surrogate is shown as "?"
    with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return path


def web_address(url: str | None) -> str | None:
    """The address, where a browser may be sent there; None for `javascript:`, `data:` and anything unreadable."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _topic_groups(topics: Sequence[TopicLine]) -> list[tuple[str, list[TopicLine]]]:
    """Topics by group, the shortest group first: two columns then come out even."""
    groups: dict[str, list[TopicLine]] = {}
    for line in topics:
        groups.setdefault(line.group, []).append(line)
    return sorted(((group, lines[:TOPICS]) for group, lines in groups.items()), key=lambda found: len(found[1]))


def _usual(number: float | None) -> str:
    """A mean in a column of figures."""
    return "–" if number is None else f"{number:.0f}" if number >= 0.5 else "<1"


def _expected(term: Term) -> str:
    """How many posts would hold the term if it had kept its share: days without posts do not weigh."""
    return f"{term.usual:.0f} expected" if term.usual >= 0.5 else "under 1 expected" if term.usual else "none before"
