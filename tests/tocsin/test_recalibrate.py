"""`tocsin recalibrate` and `tocsin labels`: what people said, as a file and as a proposal; every post is invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from policies.check import PACKS, load
from tests.incidents.samples import POLICY, exhibit
from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL
from tests.warehouse.case_samples import lay, raise_in
from tocsin import assessing, pipeline
from tocsin.house import House, open_house
from warehouse.case_schema import incident_events, incidents
from warehouse.label_schema import labels
from warehouse.schema import audit, mentions

ALL = ("--days", "36500")
DWP = PACKS / "dwp.yaml"


@pytest.fixture
def house(archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> House:
    """The Department's pack, a handful of posts with two real threats, and ninety incidents that people closed."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TOCSIN_POLICIES", "dwp")
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    pipeline.raise_incidents()
    close(open_house(), "threat", 30, 0.55, "false_positive")
    close(open_house(), "threat", 60, 0.95, "confirmed")
    return open_house()


def close(house: House, category: str, number: int, confidence: float, verdict: str, model: str = "") -> None:
    """Labels as acts leave them, on so many incidents of one finding each."""
    now, pack = house.now(), load("dwp")
    with house.engine.begin() as connection:
        first = 1 + (connection.scalar(select(func.max(incidents.c.number))) or 0)
        like = dict(connection.execute(incidents.select().limit(1)).mappings().one())
        names = [{"incident_id": f"TOC-{1000 + first + n}"} for n in range(number)]
        rows = [like | each | {"number": first + n, "status": "resolved"} for n, each in enumerate(names)]
        event = {"act": "resolved", "actor": "Sam", "origin": "cli", "detail": {}, "at": now}
        label = {"policy": "dwp", "policy_version": pack.version, "model": model or house.scorer.name, "clause": "C"}
        label |= {"category": category, "confidence": confidence, "verdict": verdict, "decided_by": "Sam"}
        label |= {"origin": "cli", "decided_at": now, "decided_on": now.date()}
        connection.execute(insert(incidents), rows)
        for each in names:
            written = connection.execute(insert(incident_events).values(event | each)).inserted_primary_key
            found = each | {"event_id": written[0], "finding_id": each["incident_id"]}
            connection.execute(insert(labels), label | found)


def test_a_proposal_is_shown_whole_and_written_and_adopted_by_nobody(tocsin: Run, house: House, bare: Path) -> None:
    close(house, "safeguarding", 30, 0.55, "false_positive")
    close(house, "safeguarding", 60, 0.95, "confirmed")
    said = tocsin("recalibrate", *ALL, "--write", "next.yaml")
    words = " ".join(said.out.split())
    assert said.status == 0
    for told in (
        "threat 60 of 90 56% to 76% 0.5 0.56 60 of 60 94% to 100% 0 30 raise it",
        "only if you say --safeguarding",
        "category threat: threshold 0.5 becomes 0.56",
        "What is stored, under both",
        "The guard:",
        "never fall",
        "Written: next.yaml. It is not in force, and nobody has adopted it.",
    ):
        assert told in words, told
    written, ours = (bare / "next.yaml").read_text(encoding="utf-8"), DWP.read_text(encoding="utf-8")
    changed = [pair for pair in zip(written.splitlines(), ours.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [new.strip() for new, _ in changed] == ["threshold: 0.56"]
    assert load(bare / "next.yaml").categories["threat"].threshold == 0.56
    assert load("dwp").categories["threat"].threshold == 0.5
    assert house.adoptions.adopted()["dwp"].by is None
    assert tocsin("recalibrate", "--write", "next.yaml").status == 2


@pytest.mark.usefixtures("house")
def test_as_json_it_has_the_whole_diff_and_writes_nothing(tocsin: Run, bare: Path) -> None:
    told = json.loads(tocsin("recalibrate", *ALL, "--json").out)
    assert (told["written"], told["precision"], told["least"]) == (None, 0.9, 30)
    [threat] = told["categories"]
    assert (threat["category"], threat["outcome"], threat["now"], threat["threshold"]) == ("threat", "raise", 0.5, 0.56)
    assert threat["after"]["low"] >= 0.9
    assert (told["diff"]["old"], told["diff"]["total"]["gained"]) == (load("dwp").stamp, 0)
    assert isinstance(told["guard"], list)
    assert not list(bare.glob("*.yaml"))


def test_what_another_model_found_says_nothing_of_this_one(tocsin: Run, house: House) -> None:
    close(house, "threat", 40, 0.6, "false_positive", model="another@0")
    told = json.loads(tocsin("recalibrate", *ALL, "--precision", "0.5", "--json").out)
    assert told["other_models"] == 40
    assert (told["categories"][0]["before"]["of"], told["categories"][0]["outcome"]) == (90, "holds")
    assert told["diff"] is None


def test_labels_become_a_file_that_evaluate_reads(
    tocsin: Run, bare: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TOCSIN_POLICIES", "dwp")
    house, pack = open_house(), load("dwp")
    people = [{"author": f"a-{n}", "target_handle": f"worker_{n}"} for n in range(3)]
    shared = {"policy": "dwp", "policy_version": pack.version, "clauses": ("DWP-SMP 4.1",), "category": "threat"}
    lay(house.engine, [exhibit(n, **shared, **each) for n, each in enumerate(people)])
    raise_in(house.engine, pack)
    ids = [each.id for each in house.casebook.incidents()]
    assert len(ids) == 3
    house.casebook.act(ids[0], "resolved", "Sam")
    house.casebook.act(ids[1], "dismissed", "Sam", "false positive: a film quotation")
    house.casebook.act(ids[2], "dismissed", "Sam", "duplicate")
    made = tocsin("labels", "export", "kept/labels.jsonl", "--why", "measuring", "--policy", "dwp")
    assert "2 labelled posts; left out: 1 of which no verdict says whether they break the policy, 0 whose" in made.out
    records = [json.loads(line) for line in (bare / "kept" / "labels.jsonl").read_text().splitlines()]
    assert sorted(tuple(each["categories"]) for each in records) == [(), ("threat",)]
    assert {each["labels"][0]["verdict"] for each in records} == {"confirmed", "false_positive"}
    assert "Sam" not in json.dumps(records), "who decided stays in the warehouse"
    assert "sample_author" not in json.dumps(records)
    assert (bare / "kept" / "labels.jsonl").stat().st_mode & 0o777 == 0o600, "posts word for word, for nobody else"
    measured = tocsin("evaluate", "kept/labels.jsonl", "--policy", "dwp")
    assert measured.status == 0
    assert "labels.jsonl: 2 posts" in measured.out
    with house.engine.connect() as connection:
        row = connection.execute(select(audit).where(audit.c.action == "export_labels")).one()
    assert (row.reason, row.rows) == ("measuring", 2)
    again = tocsin("labels", "export", "kept/labels.jsonl", "--reason", "again")
    assert (again.status, "labels.jsonl is there already" in again.err) == (2, True)
    stranger = tocsin("labels", "export", "other.jsonl", "--why", "again", "--policy", "nobodys")
    assert (stranger.status, "in force: dwp" in stranger.err, (bare / "other.jsonl").exists()) == (2, True, False)
    assert "say why" in tocsin("labels", "export", "other.jsonl", "--why", " ").err


def test_each_wording_of_a_post_and_each_pack_is_labelled_by_itself(tocsin: Run, bare: Path) -> None:
    house = open_house()
    post = {"mention_id": "x:1", "author": "a-1"}
    first = exhibit(1, **post, target_handle="worker_1", text="Before it was edited")
    edited = exhibit(2, **post, target_handle="worker_2", text="After it was edited")
    other = exhibit(3, **post, target_handle="worker_3", text="After it was edited", policy="other", category="threat")
    lay(house.engine, [first])
    raise_in(house.engine)
    with house.engine.begin() as connection:
        connection.execute(update(mentions).values(text=edited.text))
    lay(house.engine, [edited])
    raise_in(house.engine)
    lay(house.engine, [other])
    raise_in(house.engine, POLICY.model_copy(update={"id": "other"}))
    said = {"worker_1": ("dismissed", "false positive"), "worker_2": ("resolved", None), "worker_3": ("resolved", None)}
    for incident in house.casebook.incidents():
        act, why = said[incident.key.target]
        house.casebook.act(incident.id, act, "Sam", why)
    assert tocsin("labels", "export", "labels.jsonl", "--why", "measuring").status == 0
    records = [json.loads(line) for line in (bare / "labels.jsonl").read_text().splitlines()]
    assert {(each["text"], *each["tags"], *each["categories"]) for each in records} == {
        ("Before it was edited", "sample"),
        ("After it was edited", "sample", "cyberbullying"),
        ("After it was edited", "other", "threat"),
    }
    assert len(records) == 3


def test_without_a_verdict_there_is_nothing_to_fit(tocsin: Run) -> None:
    said = tocsin("recalibrate", POLICIES="dwp")
    assert said.status == 2
    assert "nobody has resolved an incident of dwp" in said.err
    assert "say which pack" in tocsin("recalibrate", POLICIES="dwp,airlines").err
    assert "threshold" in tocsin("recalibrate", "--help").out
