"""The packs that ship: sound, quoted word for word, and telling namesakes apart."""

import csv
import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from policies.check import available, check, load
from policies.json_schema import SCHEMA_FILE, schema_text
from policies.policy import CATEGORY_NAMES, Policy

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SOURCES = {
    "DWP Social Media Policy": "001_3d674753dedda125.txt",
    "DWP Standards of Behaviour": "004_846d8e28a9882fb5.txt",
    "Restart Scheme provider guidance": "000_931bacee0e478a0f.txt",
    "Clean Slate Social Media Policy": "002_9a41bb41814ed43c.txt",
    "DMM Use of Social Media Policy": "003_f695dfb1b2b1efc1.txt",
}


@pytest.mark.parametrize("name", available())
def test_every_pack_that_ships_is_without_problems(name):
    assert check(name) == []
    assert load(name).id == name


def test_the_schema_file_is_the_one_that_the_types_make():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m policies.json_schema"


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("**/*.yaml")), ids=lambda path: path.stem)
def test_the_schema_accepts_what_the_checker_accepts(path):
    content = _plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    validator = Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert list(validator.iter_errors(content)) == []
    for spoilt in ({**content, "version": "1"}, {**content, "id": "Not An Id"}, {**content, "routes": []}):
        assert list(validator.iter_errors(spoilt))


def _plain(content):
    """As an editor reads it: YAML 1.2 has no days, only text."""
    return json.loads(json.dumps(content, default=str))


def _letters(text: str) -> str:
    """Text without what extraction from PDF and Markdown breaks: white space, marks of links and bold, a lost l."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("**", "")
    return re.sub(r"\s+", "", plain).replace("ll", "l")


QUOTED = [clause for name in ("dwp", "restart-provider", "clean-slate", "dmm") for clause in load(name).clauses]


@pytest.mark.parametrize("clause", QUOTED, ids=lambda clause: clause.id)
def test_clauses_are_quoted_word_for_word(clause):
    source = SHARED / "seeds" / SOURCES[clause.document]
    if not source.exists():
        pytest.skip("the published policy is not beside this checkout (../shared/seeds)")
    published = source.read_text(encoding="utf-8")
    text = _letters(published)
    for part in clause.text.split("…"):
        assert _letters(part) in text
    number = clause.paragraph.split()[0].rstrip(",").replace("Annex", "Annex 1")
    assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", published)


def test_dwp_judges_every_category_by_a_clause_of_its_own():
    policy = load("dwp")
    assert set(policy.categories) == set(CATEGORY_NAMES)
    assert all(category.next_step for category in policy.categories.values())
    assert policy.categories["vetting_disclosure"].clauses == ("DWP-SOB 41",)
    assert policy.categories["unauthorised_recording"].clauses[0] == "DWP-SMP 4.2"
    assert policy.categories["cyberbullying"].clauses[-1] == "DWP-SMP Annex 1"
    assert policy.categories["safeguarding"].route == "safeguarding_lead"


def test_dwp_knows_whose_accounts_are_whose():
    policy = load("dwp")
    kinds = {handle: policy.account("x", handle) for handle in ("@dwpgovuk", "PCS_union", "someone_else", None)}
    assert {handle: account and account.kind for handle, account in kinds.items()} == {
        "@dwpgovuk": "official", "PCS_union": "union", "someone_else": None, None: None,
    }  # fmt: skip
    assert policy.account("mastodon", "DWP") is None, "the bare acronym is the Department's on some platforms only"


def test_an_acronym_is_no_certain_name():
    policy = load("dwp")
    assert "DWP" in policy.vocabulary.names
    assert not {"DWP", "@DWP"} & set(policy.certain_names)
    assert "Universal Credit" in policy.certain_names


def test_practically_every_airline_tweet_names_an_airline_of_the_pack():
    archive = SHARED / "data/real_mentions/us_airlines/Tweets.csv"
    if not archive.exists():
        pytest.skip("the archive of airline tweets is not beside this checkout (../shared/data)")
    policy = load("airlines")
    names = re.compile("|".join(re.escape(name) for name in policy.vocabulary.names), re.IGNORECASE)
    with archive.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert sum(bool(names.search(text)) for text in texts) >= 0.999 * len(texts)
    assert len(_topics_touched(policy, texts)) == sum(len(topics) for topics in policy.topics.values())


def _topics_touched(policy: Policy, texts: list[str]) -> set[tuple[str, str]]:
    folded = "\n".join(texts).casefold()
    return {
        (group, topic)
        for group, topics in policy.topics.items()
        for topic, phrases in topics.items()
        if any(phrase.casefold() in folded for phrase in phrases)
    }
