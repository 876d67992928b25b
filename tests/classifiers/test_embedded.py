"""The shipped model: its shapes, its manners with odd texts, and that it tells the plainest cases apart."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.backends import scorer
from classifiers.embedded import Embedded, WeightsUnusable
from classifiers.scorer import InContext

ABUSE = "You are a stupid, worthless idiot and I hope you get fired"
PRAISE = "Thank you so much, the staff were lovely and sorted it at once"
COMPLAINT = "Still no payment after six weeks and nobody answers the phone, this is terrible service"
ENQUIRY = "What time does the office on the high street open on Saturdays?"
TOXIC = TOXICITY_LABELS.index("toxicity")


@pytest.fixture(scope="module")
def embedded() -> Embedded:
    return Embedded(threads=2)


def test_plain_cases_are_told_apart(embedded: Embedded) -> None:
    scores = embedded.score([ABUSE, PRAISE, COMPLAINT, ENQUIRY])
    assert (scores.toxicity[:, TOXIC] >= 0.5).tolist() == [True, False, False, False]
    assert scores.toxicity[0, TOXICITY_LABELS.index("insult")] >= 0.5
    said = [SENTIMENT_LABELS[i] for i in scores.sentiment.argmax(axis=1)]
    assert said == ["negative", "positive", "negative", "neutral"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I will come to your office and kill you", "threat"),
        ("All immigrants are vermin and should be driven out", "identity_attack"),
        ("what a load of fucking shit this form is", "obscene"),
        ("y.o.u  i.d.i.o.t, you absolute m0r0n", "insult"),
    ],
)
def test_each_kind_of_abuse_raises_its_label(embedded: Embedded, text: str, label: str) -> None:
    assert embedded.score([text]).toxicity[0, TOXICITY_LABELS.index(label)] >= 0.5  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "DWP is a disgrace and the minister should resign",
        "This wait is killing me",
        "Nobody should be abused for being disabled",
        "My wife is a Muslim doctor and I am gay, and we both love this town",
        "How do I kill a Python process?",
    ],
)
def test_criticism_idiom_and_identity_are_left_alone(embedded: Embedded, text: str) -> None:
    assert embedded.score([text]).toxicity.max() < 0.5


def test_order_and_repeats_do_not_matter(embedded: Embedded) -> None:
    texts = [ABUSE, PRAISE, ABUSE, "", COMPLAINT, f"  {ABUSE}\n"]
    together = embedded.score(texts)
    assert together.toxicity[0].tolist() == together.toxicity[2].tolist() == together.toxicity[5].tolist()
    backwards = embedded.score(texts[::-1])
    assert backwards.toxicity[::-1] == pytest.approx(together.toxicity, abs=0.002)
    assert backwards.sentiment[::-1] == pytest.approx(together.sentiment, abs=0.002)


def test_threads_change_no_score() -> None:
    texts = [f"{ABUSE} {number} {COMPLAINT * (number % 5)}" for number in range(200)]
    by_one, by_three = (Embedded(threads=threads).score(texts) for threads in (1, 3))
    assert by_three.toxicity.tolist() == by_one.toxicity.tolist()
    assert by_three.sentiment.tolist() == by_one.sentiment.tolist()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_process_that_was_forked_after_a_score_can_score() -> None:
    """As Airflow's workers are: threads of the parent's do not live on in the child."""
    here = _toxicities()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        assert pool.submit(_toxicities).result(timeout=60) == here


def _toxicities() -> list[float]:
    scores: list[float] = scorer("embedded").score([ABUSE]).toxicity[0].tolist()
    return scores


def test_nothing_in_nothing_out(embedded: Embedded) -> None:
    scores = embedded.score([])
    assert scores.toxicity.shape == (0, len(TOXICITY_LABELS))
    assert scores.sentiment.shape == (0, len(SENTIMENT_LABELS))


def test_a_text_of_no_words_is_neutral(embedded: Embedded) -> None:
    scores = embedded.score(["", " \u200b\n"])
    assert scores.toxicity.tolist() == [[0.0] * 7] * 2
    assert scores.sentiment.tolist() == [[0.0, 1.0, 0.0]] * 2


def test_abuse_at_the_end_of_a_long_text_is_seen(embedded: Embedded) -> None:
    calm = "The office opens at nine and the form has twelve pages. " * 60
    without, with_abuse = embedded.score([calm, calm + ABUSE]).toxicity[:, TOXIC]
    assert without < 0.5 <= with_abuse


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=300), max_size=6))
def test_a_score_does_not_depend_on_the_company(others: list[str]) -> None:
    texts = [InContext(text, "Department for Work and Pensions") for text in (ABUSE, COMPLAINT, *others)]
    alone, in_company = (scorer("embedded").score_in_context(asked).categories[:2] for asked in (texts[:2], texts))
    assert in_company == pytest.approx(alone, abs=0.002)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_texts_give_probabilities(texts: list[str]) -> None:
    scores = scorer("embedded").score(texts)
    assert scores.toxicity.shape == (len(texts), 7)
    assert scores.toxicity.dtype == scores.sentiment.dtype == np.float32
    assert ((scores.toxicity >= 0) & (scores.toxicity <= 1)).all()
    assert scores.sentiment.sum(axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


def test_one_scorer_a_process() -> None:
    assert scorer("embedded") is scorer("embedded")
    assert scorer("embedded").name.startswith("embedded-")


def shipped(to: Path) -> Path:
    for file in (resources.files("classifiers") / "weights").iterdir():
        with resources.as_file(file) as path:
            shutil.copy(path, to)
    return to


def test_what_ships_is_small_and_says_what_it_is(tmp_path: Path) -> None:
    folder = shipped(tmp_path)
    sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    for other in ("alone.onnx", "in_context.onnx"):
        assert sum(sizes.values()) - sizes[other] < 22_000_000, "one network, with what it needs"
    assert sum(sizes.values()) < 33_000_000
    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert all(about["training"][reads]["sha256"] for reads in ("alone", "in_context"))
    assert set(about["toxicity"]) == set(TOXICITY_LABELS)


FILES = ["alone.onnx", "in_context.onnx", "words.bin", "tokenizer.json"]


@pytest.mark.parametrize("name", [*FILES, "model.json"])
def test_missing_file_is_named_with_the_fix(tmp_path: Path, name: str) -> None:
    (shipped(tmp_path) / name).unlink()
    with pytest.raises(WeightsUnusable, match=rf"{name} cannot be read .*make train"):
        Embedded(tmp_path).score(["hello"])


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_named_with_the_fix(tmp_path: Path, name: str) -> None:
    path = shipped(tmp_path) / name
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(WeightsUnusable, match=rf"{name} is not the file .*make train"):
        Embedded(tmp_path).score(["hello"])


@pytest.mark.parametrize("content", ["{", "[]", '{"sha256": {}}', '{"sha256": 3}'])
def test_damaged_description_is_named_with_the_fix(tmp_path: Path, content: str) -> None:
    (shipped(tmp_path) / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(WeightsUnusable, match=r"model\.json is not a description of the model .*make train"):
        Embedded(tmp_path).score(["hello"])


def test_it_runs_without_torch() -> None:
    code = (
        "import sys; from classifiers.embedded import Embedded; Embedded().score(['hello']);"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_it_tells_nobody_that_it_ran(tmp_path: Path) -> None:
    code = "from classifiers.embedded import Embedded; Embedded().score(['hello'])"
    bare = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
    }  # without what says that this is a test: that hushes it too
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[2], env=bare)
    assert list(tmp_path.rglob("*")) == [], "an identifier of this machine, and what is to be sent of it"
