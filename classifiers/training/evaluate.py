"""How good the model is, on texts that no training saw: `python -m classifiers.training.evaluate --evaluation DIR`.

Prints Markdown: one row a measure. Everything goes through `Embedded`, so what is measured is what ships.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, recall_score, roc_auc_score

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.embedded import Embedded
from classifiers.scorer import Scorer
from classifiers.training.finish import read_heldout
from classifiers.training.readers import feeling_of

Flags = NDArray[np.bool_]
_TOXICITY, _IDENTITY = TOXICITY_LABELS.index("toxicity"), TOXICITY_LABELS.index("identity_attack")


@dataclass(frozen=True)
class Measure:
    """One figure: which set, which slice of it, what is measured, over how many texts."""

    of: str
    part: str
    name: str
    value: float
    n: int

    def __str__(self) -> str:
        return f"| {self.of} | {self.part} | {self.name} | {self.value:.3f} | {self.n:,} |"


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the embedded model on texts kept out of training.")
    parser.add_argument("--evaluation", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--airlines", type=Path, help="Tweets.csv of the airline sentiment set")
    parser.add_argument("--run", type=Path, help="a training run, for its held-out texts")
    parser.add_argument("--weights", type=Path, help="folder of other weights than those that ship")
    options = parser.parse_args()
    scorer = Embedded(options.weights)
    print("| set | slice | measure | value | texts |\n| --- | --- | --- | ---: | ---: |")
    for measure in measures(scorer, options.evaluation, options.airlines, options.run):
        print(measure)


def measures(scorer: Scorer, folder: Path, airlines: Path | None, run: Path | None) -> Iterator[Measure]:
    """Every measure that the files given allow."""
    yield from toxicity_measures(scorer, folder)
    yield from _hatemoji(scorer, folder)
    yield from _xstest(scorer, folder)
    yield from _goemotions(scorer, folder)
    yield from _sentihood(scorer, folder)
    if airlines:
        table = pd.read_csv(airlines).drop_duplicates("tweet_id")
        yield from _feelings("airline tweets", scorer, list(table["text"]), list(table["airline_sentiment"]))
    if run:
        yield from _heldout(scorer, run)


def toxicity_measures(scorer: Scorer, folder: Path) -> Iterator[Measure]:
    """Surge AI's comments and the Wikipedia comments that came with the unintended-bias work."""
    surge = pd.read_csv(folder / "surge_toxicity" / "toxicity_en.csv")
    yield from _binary("Surge toxicity", scorer, list(surge["text"]), (surge["is_toxic"] == "Toxic").to_numpy())
    talk = pd.read_csv(folder / "bias_templates" / "toxicity_nonfuzzed_testset.csv")
    yield from _binary("Wikipedia talk", scorer, list(talk["comment"]), talk["toxic"].to_numpy(bool))


def _binary(name: str, scorer: Scorer, texts: Sequence[str], truth: Flags) -> Iterator[Measure]:
    scores = scorer.score(texts).toxicity[:, _TOXICITY]
    said = scores >= 0.5
    yield Measure(name, "all", "ROC AUC", float(roc_auc_score(truth, scores)), len(truth))
    yield Measure(name, "all", "macro-F1 at 0.5", float(f1_score(truth, said, average="macro")), len(truth))
    yield Measure(name, "toxic", "recall", float(said[truth].mean()), int(truth.sum()))
    yield Measure(name, "not toxic", "left alone", float((~said[~truth]).mean()), int((~truth).sum()))


def _hatemoji(scorer: Scorer, folder: Path) -> Iterator[Measure]:
    table = pd.read_csv(folder / "hatemoji_check" / "check_test.csv")
    scores = scorer.score(list(table["text"])).toxicity
    right = (scores[:, [_TOXICITY, _IDENTITY]].max(axis=1) >= 0.5) == table["label_gold"].to_numpy(bool)
    yield Measure("HatemojiCheck", "all", "accuracy", float(right.mean()), len(right))
    for column in ("functionality", "label_gold"):
        for value in sorted(table[column].unique()):
            rows = (table[column] == value).to_numpy()
            part = {0: "not hateful", 1: "hateful"}.get(value, value)
            yield Measure("HatemojiCheck", part, "accuracy", float(right[rows].mean()), int(rows.sum()))


def _xstest(scorer: Scorer, folder: Path) -> Iterator[Measure]:
    """Harmless prompts that look dangerous: idiom, homonyms, definitions, history. None should be called toxic."""
    table = pd.read_csv(folder / "xstest" / "xstest_prompts.csv")
    table = table[table["label"] == "safe"].reset_index(drop=True)
    alone = scorer.score(list(table["prompt"])).toxicity.max(axis=1) < 0.5
    yield Measure("XSTest, safe prompts", "all", "left alone", float(alone.mean()), len(alone))
    for kind, rows in table.groupby("type").groups.items():
        yield Measure("XSTest, safe prompts", str(kind), "left alone", float(alone[rows].mean()), len(rows))


def _goemotions(scorer: Scorer, folder: Path) -> Iterator[Measure]:
    names = (folder / "goemotions" / "labels.txt").read_text(encoding="utf-8").split()
    texts, truth = [], []
    for line in (folder / "goemotions" / "test.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        if feeling := feeling_of({names[int(n)] for n in numbers.split(",")}):
            texts.append(text)
            truth.append(SENTIMENT_LABELS[int(np.argmax(feeling))])
    yield from _feelings("GoEmotions test", scorer, texts, truth)


def _sentihood(scorer: Scorer, folder: Path) -> Iterator[Measure]:
    """Londoners on their neighbourhoods; a sentence of mixed opinions is left out, one of none is neutral."""
    texts, truth = [], []
    for row in json.loads((folder / "sentihood" / "sentihood-dev.json").read_text(encoding="utf-8")):
        opinions = {opinion["sentiment"].lower() for opinion in row["opinions"]}
        if len(opinions) < 2:
            texts.append(row["text"].replace("LOCATION1", "Camden").replace("LOCATION2", "Hackney"))
            truth.append(opinions.pop() if opinions else "neutral")
    yield from _feelings("SentiHood", scorer, texts, truth)


def _feelings(name: str, scorer: Scorer, texts: Sequence[str], truth: Sequence[str]) -> Iterator[Measure]:
    said = [SENTIMENT_LABELS[i] for i in scorer.score(texts).sentiment.argmax(axis=1)]
    yield Measure(name, "all", "macro-recall", float(recall_score(truth, said, average="macro")), len(truth))
    each = recall_score(truth, said, labels=SENTIMENT_LABELS, average=None)
    for label, value in zip(SENTIMENT_LABELS, each, strict=True):
        yield Measure(name, label, "recall", float(value), truth.count(label))


def _heldout(scorer: Scorer, run: Path) -> Iterator[Measure]:
    """One text in twenty of the training sets. Calibration was fitted on these, so only ranking is a fair figure."""
    examples = read_heldout(run)
    scores = scorer.score([example.text for example in examples]).toxicity
    for column, label in enumerate(TOXICITY_LABELS):
        known = np.array([label in example.labels for example in examples])
        truth = np.array([example.labels.get(label, 0) >= 0.5 for example in examples])[known]
        said = scores[known, column]
        yield Measure("held out", label, "ROC AUC", float(roc_auc_score(truth, said)), len(truth))
        yield Measure(
            "held out", label, "average precision", float(average_precision_score(truth, said)), int(truth.sum())
        )
        yield Measure("held out", label, "F1 at 0.5", float(f1_score(truth, said >= 0.5)), int(truth.sum()))


if __name__ == "__main__":
    main()
