"""The page: one file that needs nothing else, escapes the world, and is written whole or not at all."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from reports.daily import build
from reports.page import render, web_address, write
from reports.report import Coverage, DailyReport, PostToRead
from tests.reports.sample import DAY, NOW, fill
from tests.reports.sample_posts import policy

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>\u202egnihtemos\u2066"


class Reader(HTMLParser):
    """Collects tags, ids and addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(str(value))
            if name in ("href", "src", "xlink:href"):
                self.addresses.append(str(value))


@pytest.fixture
def report(sqlite_engine: Engine) -> DailyReport:
    fill(sqlite_engine)
    return build(sqlite_engine, [policy()], DAY, now=NOW)


def _post(text: str, url: str | None = None) -> PostToRead:
    at = datetime(2026, 10, 30, 9, tzinfo=UTC)
    return PostToRead("x:1", "x", url, "abcdef123456", text, "negative", 5, at, "en", ("wide reach",), 0, False)


def test_the_page_has_no_script_and_asks_for_nothing(report: DailyReport) -> None:
    page = render(report)
    read = Reader(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(read.tags)
    assert not {name for name in read.attributes if name.startswith("on")}
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    assert all(address.startswith(("#", "https://social.example/")) for address in read.addresses)


def test_no_id_stands_twice_and_every_inner_link_leads_somewhere(report: DailyReport) -> None:
    read = Reader(render(replace(report, sections=report.sections)))
    assert len(read.ids) == len(set(read.ids))
    assert {address[1:] for address in read.addresses if address.startswith("#")} <= set(read.ids)


def test_charts_have_titles_text_and_a_table_beside_them(report: DailyReport) -> None:
    page = render(report)
    assert page.count('role="img"') == 4  # two charts, each for desk and phone
    assert page.count("</desc>") == 4
    assert ">30 Oct</text>" in page
    assert "The numbers behind the charts" in page
    assert "#0102" not in page, "a stand-in colour was left"


def test_charts_begin_where_something_is_known(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, first_day=DAY - timedelta(days=14))
    page = render(build(sqlite_engine, [policy()], DAY, now=NOW))
    assert 'aria-label="The last 15 days"' in page
    assert ">16 Oct</text>" in page
    assert ">9 Oct</text>" not in page


def test_links_give_nothing_away(report: DailyReport) -> None:
    page = render(report)
    links = re.findall(r'<a class="open"[^>]*>', page)
    assert links
    assert all('rel="noopener noreferrer nofollow"' in link for link in links)


def test_what_the_world_wrote_is_text(report: DailyReport) -> None:
    section = report.sections[0]
    case = replace(section.casework.open[0], excerpt=HOSTILE, why=HOSTILE, url="javascript:alert(1)", assignee=HOSTILE)
    section = replace(
        section,
        posts=(_post(HOSTILE, "javascript:alert(1)"), _post("a" * 40_000), _post("b", 'https://e.example/"onclick="x')),
        casework=replace(section.casework, open=(case,)),
        headline=HOSTILE,
    )
    read = Reader(render(replace(report, sections=(section,))))
    assert not {"script", "img"} & set(read.tags)
    assert not {name for name in read.attributes if name.startswith("on")}
    assert not [address for address in read.addresses if address.startswith("javascript")]


def test_handles_are_not_shown(report: DailyReport) -> None:
    assert "example_" not in render(report)


def test_no_pack_and_no_source_is_still_a_page(report: DailyReport) -> None:
    page = render(replace(report, sections=(), coverage=Coverage((), ())))
    assert "No policy is in force" in page


def test_an_empty_warehouse_is_still_a_page(sqlite_engine: Engine) -> None:
    page = render(build(sqlite_engine, [policy()], DAY, now=NOW))
    assert "Nothing was said about Harbour Benefits Office" in page
    assert "Nothing that we know of" in page


def test_it_is_written_under_its_day_whole_and_again(report: DailyReport, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "reports"
    for _ in range(2):
        path = write(report, folder)
    assert path == folder / "2026-10-30.html"
    assert [found.name for found in folder.iterdir()] == ["2026-10-30.html"]
    assert path.read_text(encoding="utf-8").endswith("</html>")


def test_a_lone_surrogate_does_not_stop_the_report(report: DailyReport, tmp_path: Path) -> None:
    section = replace(report.sections[0], posts=(_post("half an emoji \ud83d"),))
    assert "half an emoji ?" in write(replace(report, sections=(section,)), tmp_path).read_text(encoding="utf-8")


@given(st.one_of(st.none(), st.text(max_size=80), st.from_regex(r"[a-z]{1,9}:(//)?[ -~]{0,30}", fullmatch=True)))
def test_only_web_addresses_become_links(url: str | None) -> None:
    found = web_address(url)
    assert found is None or found.lower().lstrip().startswith(("http://", "https://"))
