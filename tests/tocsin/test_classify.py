"""`tocsin classify`: the contract's keys, the input's order, and bad input of every kind."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.history import MentionHistory
from collectors.mention import Mention
from tests.tocsin.conftest import Run
from tests.tocsin.posts import COMPLAINT, HANDFUL, HOSTILE, MARKUP, PRAISE, THREAT, post
from tocsin.recent import RecentHistory

KEYS = [
    "platform", "id", "language", "relevant", "sentiment", "toxicity", "findings", "scope", "model", "policy",
]  # fmt: skip
FINDING = ["category", "clauses", "severity", "confidence", "target", "spans", "why"]
TOCSIN = Path(sys.executable).with_name("tocsin")


def lines(*records: object) -> str:
    """JSON Lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def test_the_keys_are_those_of_the_contract_and_nothing_is_stored(
    tocsin: Run, archive: Callable[..., Path], bare: Path
) -> None:
    shutil.rmtree(bare / "var")
    said = tocsin("classify", str(archive(*HANDFUL)))
    assert said.status == 0, said.err
    for judged in said.lines:
        assert list(judged) == KEYS
        assert list(judged["sentiment"]) == ["label", "score"]
        assert judged["sentiment"]["label"] in SENTIMENT_LABELS
        assert tuple(judged["toxicity"]) == TOXICITY_LABELS
    (threat,) = [judged for judged in said.lines if judged["id"] == THREAT["id"]]
    (finding,) = threat["findings"]
    assert list(finding) == FINDING
    assert finding["target"] == {"kind": finding["target"]["kind"], "handle": "example_coach"}
    ((start, end),) = finding["spans"]
    assert "break your" in THREAT["text"][start:end]
    assert [path.name for path in bare.iterdir()] == ["posts.jsonl"]


def test_the_order_is_the_inputs_from_a_file_and_from_a_pipe(tocsin: Run, archive: Callable[..., Path]) -> None:
    texts = ("DWP again", "nothing of note", "Jobcentre queue", "DWP again")
    posts = [post(number, texts[number % 4]) for number in range(600, 0, -1)]  # more than one chunk
    wanted = [each["id"] for each in posts]
    piped = tocsin("classify", "-", stdin=lines(*posts))
    assert [each["id"] for each in piped.lines] == wanted
    assert tocsin("classify", str(archive(*posts))).out == piped.out == tocsin("classify", stdin=lines(*posts)).out


def test_csv_with_columns_of_other_names(tocsin: Run, bare: Path) -> None:
    (bare / "own.csv").write_text("nr,body,when\n7,DWP was kind to me,2026-10-01T10:00:00Z\n", encoding="utf-8")
    words = ("--format", "csv", "--map", "id=nr,text=body,created_at=when")
    assert [(each["id"], each["relevant"]) for each in tocsin("classify", "own.csv", *words).lines] == [("7", True)]
    wrong = tocsin("classify", "own.csv", "--map", "text=boddy")
    assert wrong.status == 2
    assert "boddy" in wrong.err
    assert "body" in wrong.err


def test_what_cannot_be_read_is_named_by_line_and_the_rest_is_judged(tocsin: Run, archive: Callable[..., Path]) -> None:
    path = archive(PRAISE)
    hostile = json.dumps(PRAISE | {"id": "9", "kind": "\x9b31m\x1b[2J"}, ensure_ascii=False)
    path.write_text(lines(PRAISE) + "{not json\n" + lines({"id": "3"}) + hostile + "\n" + lines(COMPLAINT), "utf-8")
    said = tocsin("classify", str(path))
    assert said.status == 1
    assert [each["id"] for each in said.lines] == [PRAISE["id"], COMPLAINT["id"]]
    for number in (2, 3, 4):
        assert f"posts.jsonl:{number}" in said.err
    assert "3 records could not be read" in said.err
    assert "\x1b" not in said.err
    assert "\x9b" not in said.err


def test_no_mentions_are_no_lines_and_no_fault(tocsin: Run, archive: Callable[..., Path]) -> None:
    for said in (tocsin("classify", "-", stdin=""), tocsin("classify", str(archive()))):
        assert (said.status, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize("file", ["nowhere.jsonl", "."])
def test_a_file_that_is_none_is_told(tocsin: Run, file: str) -> None:
    said = tocsin("classify", file)
    assert "Traceback" not in said.err
    if file == ".":  # an empty folder holds no mentions
        assert said.out == ""
    else:
        assert said.status == 2
        assert "nowhere.jsonl" in said.err


def test_output_is_ascii_whatever_the_input_holds(tocsin: Run) -> None:
    strange = post(8, "DWP: gwasanaeth gwych, diolch \udc80 \U0001f600", id="\ud800\x9b")
    said = tocsin("classify", stdin=lines(strange, HOSTILE))
    assert said.out.isascii()
    assert len(said.lines) + said.err.count("standard input:") == 2
    assert MARKUP not in said.err


def test_a_pack_of_ones_own_and_one_that_is_broken(tocsin: Run, archive: Callable[..., Path], bare: Path) -> None:
    from policies.check import PACKS

    own = bare / "own.yaml"
    text = (PACKS / "dwp.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("id: dwp", "id: ours", 1), encoding="utf-8")
    said = tocsin("classify", str(archive(PRAISE)), "--policy", str(own))
    assert said.lines[0]["policy"].startswith("ours@")
    own.write_text(text.replace("severity:", "severeness:", 1), encoding="utf-8")
    broken = tocsin("classify", str(archive(PRAISE)), "--policy", str(own))
    assert broken.status == 2
    assert "own.yaml:" in broken.err
    assert "severeness" in broken.err


def test_detoxify_without_its_weights_names_the_way_out(tocsin: Run, archive: Callable[..., Path], bare: Path) -> None:
    missing = str(bare / "missing.ckpt")
    said = tocsin(
        "classify", str(archive(PRAISE)), "--backend", "detoxify", DETOXIFY_CHECKPOINT=missing, BACKEND="embedded"
    )
    assert said.status == 2
    assert "missing.ckpt" in said.err or "pip install" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_reader_that_goes_away_ends_it_quietly(archive: Callable[..., Path], bare: Path) -> None:
    path = archive(*(post(number, f"DWP says {number}") for number in range(600)))
    first = subprocess.Popen([TOCSIN, "classify", path], cwd=bare, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert first.stdout is not None
    assert json.loads(first.stdout.readline())["id"] == "0"
    first.stdout.close()
    assert first.stderr is not None
    assert first.stderr.read() == b""
    assert first.wait(60) == 1


def test_recent_history_forgets_the_oldest_and_nothing_else() -> None:
    recent, whole = RecentHistory(mentions=10), MentionHistory()
    posts = [Mention.from_record(post(number, "hello @example_clerk", author="example_one")) for number in range(35)]
    for each in posts:
        recent.add(each)
        whole.add(each)
    now = Mention.from_record(post(40, "again", author="example_one"))
    since = datetime(2026, 9, 1, tzinfo=UTC)
    kept, every = (each.before([now]).contacts(now, "example_clerk", since) for each in (recent, whole))
    assert 10 <= len(kept) <= 20
    assert kept == every[-len(kept) :]


@given(st.lists(st.sampled_from(["one", "two", ""]), max_size=20))
def test_within_its_bound_recent_history_is_the_whole_history(authors: list[str]) -> None:
    recent, whole = RecentHistory(mentions=20), MentionHistory()
    for number, author in enumerate(authors):
        given_ = Mention.from_record(post(number, "you, @example_clerk", author=author))
        recent.add(given_)
        whole.add(given_)
    now, since = Mention.from_record(post(30, "again", author="one")), datetime(2026, 9, 1, tzinfo=UTC)
    kept, every = (each.before([now]).contacts(now, "example_clerk", since) for each in (recent, whole))
    assert kept == every


def test_long_texts_are_forgotten_sooner() -> None:
    recent = RecentHistory(mentions=1000, characters=5_000)
    for number in range(40):
        recent.add(Mention.from_record(post(number, "x" * 1000, author="one")))
    now = Mention.from_record(post(50, "again", author="one"))
    assert len(recent.before([now]).contacts(now, "x", datetime(2026, 9, 1, tzinfo=UTC))) <= 10
