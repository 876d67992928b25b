"""The daily report in a real browser: quiet, self-contained, no wider than a phone, readable in light and dark."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from reports.daily import build
from reports.page import write
from reports.report import DailyReport, PostToRead
from tests.reports.sample import DAY, NOW, fill
from tests.reports.sample_posts import policy

playwright = pytest.importorskip("playwright.sync_api", reason="needs the playwright package")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium")]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}

HOSTILE = (
    "<script>document.title='owned'</script><img src=https://evil.example/x onerror=\"document.title='owned'\">",
    "\u202eright to left override \u2067 and مرحبا بالعالم",
    "w" * 500,
    "a long story " * 3_077,
    "W" * 40_000,
    "z\u0310\u0311\u0312\u0313" * 200,
)

# The lowest contrast ratio (WCAG 2) of visible text to what lies behind it, with the words it was found on.
CONTRAST = """() => {
  const parse = (c) => {
    const srgb = c.match(/color\\(srgb ([\\d.]+) ([\\d.]+) ([\\d.]+)(?: \\/ ([\\d.]+))?/);
    if (srgb) return [255 * srgb[1], 255 * srgb[2], 255 * srgb[3], srgb[4] === undefined ? 1 : +srgb[4]];
    const n = c.match(/[\\d.]+/g).map(Number); return [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let worst = [21, ""];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility()) continue;
    const style = getComputedStyle(parent);
    const ink = parse(parent.closest("svg") && style.fill !== "none" ? style.fill : style.color);
    let ground = null;
    for (let e = parent; e && !ground; e = e.parentElement) {
      const found = parse(getComputedStyle(e).backgroundColor); if (found[3] === 1) ground = found;
    }
    const [a, b] = [light(ink.slice(0, 3)), light((ground || [255, 255, 255]).slice(0, 3))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.data.trim().slice(0, 60)];
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def report(sqlite_engine: Engine) -> DailyReport:
    fill(sqlite_engine)
    return build(sqlite_engine, [policy()], DAY, now=NOW, unconfigured={"youtube": "no key is set"})


def _open(browser: "playwright.Browser", path: Path, **options: object) -> tuple["playwright.Page", list[str]]:
    """The page, and everything that went wrong or outward while it was opened."""
    page = browser.new_page(**options)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("request", lambda request: noise.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri(), timeout=120_000)  # a busy machine
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return page, noise


def _too_wide(page: "playwright.Page") -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_asks_for_nothing_says_nothing_and_does_not_scroll_sideways(
    browser: "playwright.Browser", report: DailyReport, tmp_path: Path, viewport: dict[str, int]
) -> None:
    page, noise = _open(browser, write(report, tmp_path), viewport=viewport)
    assert noise == []
    assert _too_wide(page) <= 0
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(browser: "playwright.Browser", report: DailyReport, tmp_path: Path, scheme: str) -> None:
    page, _ = _open(browser, write(report, tmp_path), viewport=DESK, color_scheme=scheme)
    ratio, words = page.evaluate(CONTRAST)
    assert ratio >= 4.5, f"{ratio:.2f} on {words!r} in {scheme}"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in ground[4:-1].split(",")) > 380) == (scheme == "light")
    page.close()


def test_hostile_text_is_only_text(browser: "playwright.Browser", report: DailyReport, tmp_path: Path) -> None:
    section = report.sections[0]
    at = datetime(2026, 10, 30, 9, tzinfo=UTC)
    posts = tuple(
        PostToRead(f"x:{number}", "x", "javascript:alert(1)", "abc", text, "negative", 5, at, "en", (text,), 0, False)
        for number, text in enumerate(HOSTILE)
    )
    case = section.casework.open[0]
    cases = tuple(replace(case, incident_id=f"TOC-{n}", excerpt=text, why=text) for n, text in enumerate(HOSTILE))
    hostile = replace(section, posts=posts, casework=replace(section.casework, open=cases), headline=HOSTILE[0])
    page, noise = _open(browser, write(replace(report, sections=(hostile,)), tmp_path), viewport=PHONE)
    assert noise == []
    assert page.title() == "Tocsin, 30 October 2026"
    assert page.locator("script, img").count() == 0
    assert _too_wide(page) <= 0
    page.close()


def test_the_first_screen_says_what_is_wrong_and_what_to_do(
    browser: "playwright.Browser", report: DailyReport, tmp_path: Path
) -> None:
    page, _ = _open(browser, write(report, tmp_path), viewport=DESK)
    for words in (
        "Act now",
        "times the usual number of posts",
        "Take TOC-3",
        "Mend what was missed",
        "Not fully covered",
    ):
        box = page.get_by_text(words).first.bounding_box()
        assert box is not None, words
        assert box["y"] + box["height"] <= DESK["height"], f"{words} is below the first screen"
    page.close()


def test_the_keyboard_reaches_every_link_of_the_to_do_list(
    browser: "playwright.Browser", report: DailyReport, tmp_path: Path
) -> None:
    page, _ = _open(browser, write(report, tmp_path), viewport=DESK)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#hbo-TOC-3")
    assert page.locator(":target").count() == 1
    page.close()
