"""The sample archive: complete, varied, valid, and about nobody."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.mention import Mention
from policies.check import load
from policies.policy import CATEGORY_NAMES

FILE = Path(__file__).resolve().parents[2] / "collectors/sample/mentions.jsonl"
FIRST, LAST = datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
TWICE = {"cyberbullying", "cyberstalking", "threat", "unauthorised_recording", "impersonation", "safeguarding"}
HELPLINES = {"08001111", "116123"}  # Childline, Samaritans
DRAMA = re.compile(r"(01632960|07700900)\d{3}")


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def mentions(lines) -> list[Mention]:
    return [Mention.from_record(line) for line in lines]


def test_there_are_about_four_hundred_posts_on_ten_platforms(mentions):
    platforms = Counter(mention.platform for mention in mentions)
    assert 390 <= len(mentions) <= 430
    assert len(platforms) == 10
    assert min(platforms.values()) >= 10


def test_they_span_thirty_days_in_order_and_no_day_is_silent(mentions):
    moments = [mention.created_at for mention in mentions]
    assert min(moments) >= FIRST
    assert max(moments) < LAST
    assert moments == sorted(moments)
    assert {moment.date() for moment in moments} == {(FIRST + timedelta(days=day)).date() for day in range(30)}


def test_ids_are_unique_and_replies_answer_what_is_there(mentions):
    ids = {mention.id for mention in mentions}
    assert len(ids) == len(mentions)
    texts = {mention.id: mention.text for mention in mentions}
    answered = [mention.in_reply_to for mention in mentions if mention.in_reply_to]
    inside = [parent for parent in answered if parent.id in ids]
    assert len(inside) >= 20
    assert all(parent.text == texts[parent.id] for parent in inside)


def test_no_two_posts_are_alike(mentions):
    shapes = Counter(" ".join(re.findall(r"\w+", mention.text.casefold())[:5]) for mention in mentions)
    repeated = {shape: count for shape, count in shapes.items() if count > 1}
    assert not repeated, "a post that begins like another was written by a loop"


def test_every_line_says_that_it_is_invented_and_the_folder_says_so_too(lines, mentions):
    assert all(line["invented"] is True for line in lines)
    assert all(mention.raw["invented"] is True for mention in mentions), "unknown keys are kept"
    assert "All of them are invented" in FILE.with_name("README.md").read_text(encoding="utf-8")


def test_nobody_in_it_can_be_anyone(lines):
    authors = [line["author"] for line in lines]
    authors += [line["in_reply_to"]["author"] for line in lines if "in_reply_to" in line]
    assert all(author["handle"].startswith("example_") for author in authors)
    addressed = {handle for line in lines for handle in re.findall(r"(?<!\w)@(\w+)", line["text"])}
    official = {account.handle for account in load("dwp").accounts if account.kind == "official"}
    assert {handle for handle in addressed if not handle.startswith("example_")} <= official


def test_links_and_numbers_are_reserved_ones(lines):
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    hosts = set(re.findall(r"https?://([^/\s\"]+)", written))
    assert all(re.fullmatch(r"(.+\.)?example\.(org|com)", host) for host in hosts), hosts
    texts = "\n".join(line["text"] for line in lines)
    numbers = {re.sub(r"\s", "", number) for number in re.findall(r"(?<![\d£])0[\d ]{7,}\d|\b116 ?123\b", texts)}
    assert {number for number in numbers if not DRAMA.fullmatch(number)} == HELPLINES
    assert not re.search(r"\b[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}\b", texts), "a postcode is a real place"


def test_what_is_expected_is_in_the_words_of_the_contract(lines):
    found = [category for line in lines for category in line["expected"].get("findings", ())]
    assert set(found) <= set(CATEGORY_NAMES)
    assert set(CATEGORY_NAMES) - set(found) <= {"own_content"}
    assert all(Counter(found)[category] >= 2 for category in TWICE)
    assert not [line for line in lines if line["expected"].get("findings") and not line["expected"]["relevant"]]
    assert 20 <= sum(not line["expected"]["relevant"] for line in lines) <= 60


def test_the_day_of_the_outage_is_a_spike_without_findings(lines):
    days = Counter(line["created_at"][:10] for line in lines)
    assert days.most_common(1)[0][0] == "2026-10-19"
    assert days["2026-10-19"] >= 3 * days.most_common(2)[1][1]
    assert not [line for line in lines if line["created_at"].startswith("2026-10-19") and line["expected"]["findings"]]


def test_the_campaign_is_many_against_one_and_the_stalking_one_over_weeks(lines):
    bullies = {line["author"]["handle"] for line in lines if "cyberbullying" in line["expected"].get("findings", ())}
    stalkers = {line["author"]["handle"] for line in lines if "cyberstalking" in line["expected"].get("findings", ())}
    (stalker,) = stalkers
    course = [line["created_at"] for line in lines if line["author"]["handle"] == stalker]
    assert len(bullies) >= 6
    assert datetime.fromisoformat(course[-1]) - datetime.fromisoformat(course[0]) >= timedelta(days=20)


def test_it_speaks_welsh_and_polish_too(lines):
    written = " ".join(line["text"].casefold() for line in lines)
    assert (
        sum(word in written for word in ("diolch", "gredyd cynhwysol", "ganolfan byd gwaith", "yr adran gwaith")) == 4
    )
    assert sum(word in written for word in ("dziękuję", "czynsz", "wniosek", "decyzj", "infolini")) >= 4
    assert Counter(line.get("lang") for line in lines)["pl"] >= 8
