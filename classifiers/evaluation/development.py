"""The published sets that development is measured on, as labelled posts. No training reads any of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from classifiers.assessment import SENTIMENT_LABELS, SentimentLabel, ToxicityLabel
from classifiers.evaluation.emotions import feeling_of
from classifiers.evaluation.labelled import Labelled, LabelsUnusable
from collectors.mention import Mention

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
_HARMLESS: dict[ToxicityLabel, bool] = {"toxicity": False, "threat": False, "insult": False, "identity_attack": False}


@dataclass(frozen=True)
class DevelopmentSet:
    """A published set: its folder under the development folder, its file, and what its labels say."""

    name: str
    file: str
    read: Callable[[Path], Iterator[Labelled]]


def development_sets(folder: Path) -> Iterator[tuple[str, list[Labelled]]]:
    """Every set that lies under `folder`. Raises LabelsUnusable where none does."""
    found = False
    for one in SETS:
        path = folder / one.file
        if path.is_file():
            found = True
            yield one.name, list(one.read(path))
    if not found:
        raise LabelsUnusable(
            f"{folder} holds none of the development sets; looked for {', '.join(s.file for s in SETS)}"
        )


def _post(
    platform: str,
    number: int,
    text: str,
    tags: tuple[str, ...] = (),
    sentiment: SentimentLabel | None = None,
    toxicity: dict[ToxicityLabel, bool] | None = None,
) -> Labelled:
    mention = Mention(platform=platform, id=str(number), text=text.replace("\x00", ""), created_at=_WHEN)
    return Labelled(mention, toxicity or {}, sentiment, tags=frozenset(tags))


def _surge(path: Path) -> Iterator[Labelled]:
    for n, row in enumerate(pd.read_csv(path).to_dict("records")):
        yield _post("social", n, row["text"], toxicity={"toxicity": row["is_toxic"] == "Toxic"})


def _talk(path: Path) -> Iterator[Labelled]:
    for n, row in enumerate(pd.read_csv(path).to_dict("records")):
        yield _post("wikipedia", n, str(row["comment"]), toxicity={"toxicity": bool(row["toxic"])})


def _hatemoji(path: Path) -> Iterator[Labelled]:
    for n, row in enumerate(pd.read_csv(path).to_dict("records")):
        tags = (f"functionality={row['functionality']}", f"group={row['target']}")
        yield _post("test", n, row["text"], tags, toxicity={"identity_attack": bool(row["label_gold"])})


def _xstest(path: Path) -> Iterator[Labelled]:
    """Harmless prompts that look dangerous: idiom, homonyms, definitions, history."""
    for n, row in enumerate(pd.read_csv(path).to_dict("records")):
        if row["label"] == "safe":
            yield _post("test", n, row["prompt"], (f"kind={row['type']}",), toxicity=dict(_HARMLESS))


def _goemotions(path: Path) -> Iterator[Labelled]:
    names = (path.parent / "labels.txt").read_text(encoding="utf-8").split()
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        text, numbers, _ = line.split("\t")
        if (feeling := feeling_of({names[int(one)] for one in numbers.split(",")})) is not None:
            yield _post("reddit", n, text, sentiment=SENTIMENT_LABELS[feeling.index(max(feeling))])


def _sentihood(path: Path) -> Iterator[Labelled]:
    """Londoners on their neighbourhoods; a sentence of mixed opinions is left out, one of none is neutral."""
    for n, row in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        opinions = {opinion["sentiment"].lower() for opinion in row["opinions"]}
        if len(opinions) < 2:
            text = row["text"].replace("LOCATION1", "Camden").replace("LOCATION2", "Hackney")
            yield _post("forum", n, text, sentiment=opinions.pop() if opinions else "neutral")


def _airlines(path: Path) -> Iterator[Labelled]:
    table = pd.read_csv(path).drop_duplicates("tweet_id")
    for n, row in enumerate(table.to_dict("records")):
        yield _post("x", n, row["text"], (f"airline={row['airline']}",), row["airline_sentiment"])


SETS: tuple[DevelopmentSet, ...] = (
    DevelopmentSet("Surge toxicity", "surge_toxicity/toxicity_en.csv", _surge),
    DevelopmentSet("Wikipedia talk", "bias_templates/toxicity_nonfuzzed_testset.csv", _talk),
    DevelopmentSet("HatemojiCheck", "hatemoji_check/check_test.csv", _hatemoji),
    DevelopmentSet("XSTest, safe prompts", "xstest/xstest_prompts.csv", _xstest),
    DevelopmentSet("GoEmotions test", "goemotions/test.tsv", _goemotions),
    DevelopmentSet("SentiHood", "sentihood/sentihood-dev.json", _sentihood),
    DevelopmentSet("airline tweets", "us_airlines/Tweets.csv", _airlines),
)
