"""How each published set's own labels read under ours. One function a set: its folder in, examples out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from classifiers.evaluation.emotions import feeling_of
from classifiers.training.example import CLEAN, Example, Labels, certain, only

_SEXUAL = re.compile(
    r"\b(rape[ds]?|raping|blow ?jobs?|cum(?:ming)?|dicks?|cocks?|puss(?:y|ies)|suck my|tits|jerk off)\b", re.I
)
_PROFANE = re.compile(
    r"\b(f+u+c+k\w*|shit\w*|bullshit|cunts?|bitch\w*|arse\w*|ass(?:hole)?s?|dicks?|wank\w*|twats?|damn)\b", re.I
)
_CIVIL = only(toxicity=0, severe_toxicity=0, threat=0, insult=0, identity_attack=0, sexual_explicit=0)
_NOT_AT_ANYONE = only(severe_toxicity=0, threat=0, insult=0, identity_attack=0)


def jigsaw(folder: Path) -> Iterator[Example]:
    """Wikipedia talk pages, six labels; the test part of one file is left out."""
    for name in ("union_clean.csv", "amodh_first3000.csv", "hieunt91_toxic_comments.csv"):
        table = pd.read_csv(folder / name)
        for row in table.to_dict("records"):
            if row.get("dataset") == "test":
                continue
            labels = only(
                toxicity=row["toxic"],
                severe_toxicity=row["severe_toxic"],
                obscene=row["obscene"],
                threat=row["threat"],
                insult=row["insult"],
                identity_attack=row["identity_hate"],
            )
            yield Example(_quoted(row["comment_text"]), "jigsaw", labels | _sexual(row["comment_text"], row["toxic"]))


def _quoted(text: str) -> str:
    """Undo the doubled quotation marks that an earlier export left in."""
    return text.strip().strip('"').replace('""', '"')


def _sexual(text: str, toxic: int) -> Labels:
    """A weak label: no licensed set marks sexual content, so toxic comments with plainly sexual words stand in."""
    return only(sexual_explicit=float(bool(toxic and _SEXUAL.search(text))))


def toxic_spans(folder: Path) -> Iterator[Example]:
    """Civil Comments with the toxic characters marked; what surrounds the first marked span is kept."""
    for name in ("tsd_train.csv", "tsd_trial.csv"):
        for row in pd.read_csv(folder / name).to_dict("records"):
            if spans := ast.literal_eval(row["spans"]):
                start = max(0, spans[0] - 80)
                text = row["text"][start : spans[0] + 140]
                yield Example(text.partition(" ")[2] if start else text, "toxic_spans", only(toxicity=1))


def davidson(folder: Path) -> Iterator[Example]:
    """Tweets found by a word list: hate, merely offensive (mostly casual profanity), neither; votes give the weight."""
    for row in pd.read_csv(folder / "labeled_data.csv").to_dict("records"):
        hate, rude = row["hate_speech"] / row["count"], row["offensive_language"] / row["count"]
        if row["class"] == 2:
            labels = only(toxicity=hate + rude, threat=0, insult=0, identity_attack=hate)
        elif row["class"] == 0:
            labels = only(toxicity=1, identity_attack=hate)
        else:
            labels = only(toxicity=0.8, obscene=1, identity_attack=hate)
        yield Example(row["tweet"], "davidson", labels)


def edos(folder: Path) -> Iterator[Example]:
    """Sexism on Gab and Reddit, with eleven vectors of harm."""
    for row in pd.read_csv(folder / "edos_train_dev.csv").to_dict("records"):
        text = row["text"].replace("[USER]", "@user").replace("[URL]", "url")
        if row["label_sexist"] == "not sexist":
            yield Example(text, "edos", only(identity_attack=0))
            continue
        vector = str(row["label_vector"])[:3]
        labels = only(toxicity=1, identity_attack=1, threat=float(vector in {"1.1", "1.2"}))
        yield Example(text, "edos", labels | (only(sexual_explicit=0.8) if vector == "2.3" else {}))


_ANGER = {"anger", "annoyance", "disgust", "disapproval"}


def goemotions(folder: Path) -> Iterator[Example]:
    """Reddit comments by emotion. Positive and sad ones are also examples of what is not abuse."""
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    for part in ("train.tsv", "dev.tsv"):
        for line in (folder / part).read_text(encoding="utf-8").splitlines():
            text, numbers, _ = line.split("\t")
            feelings = {names[int(n)] for n in numbers.split(",")}
            yield Example(text, "goemotions", _harmless(text, feelings), feeling_of(feelings))


def _harmless(text: str, feelings: set[str]) -> Labels:
    if feelings & _ANGER or feelings == {"neutral"}:
        return {}
    return _NOT_AT_ANYONE if _PROFANE.search(text) else _CIVIL


def hatemoji_build(folder: Path) -> Iterator[Example]:
    """Contrast pairs written against a classifier, with emoji; its test part is left out."""
    for name in ("build_train.csv", "build_validation.csv"):
        for row in pd.read_csv(folder / name).to_dict("records"):
            threat = float(row["type"] == "threateninglanguage")
            if row["label_gold"]:
                labels = only(toxicity=1, identity_attack=1, threat=threat)
            else:
                labels = only(identity_attack=0) | ({} if _PROFANE.search(row["text"]) else only(toxicity=0, threat=0))
            yield Example(row["text"], "hatemoji_build", labels)


def hatexplain(folder: Path) -> Iterator[Example]:
    """Posts by majority of three: normal, hate, offensive; undecided ones (3) are left out."""
    by_category = {
        0: only(toxicity=0, identity_attack=0, threat=0),
        1: only(toxicity=1, identity_attack=1),
        2: only(toxicity=1),
    }
    for row in pd.read_csv(folder / "092-HateXplain.csv").to_dict("records"):
        if row["category"] in by_category:
            yield Example(row["text"], "hatexplain", by_category[row["category"]])


def implicit_hate(folder: Path) -> Iterator[Example]:
    """Posts of extremist accounts: none, implicit and explicit hate; a second stage marks the threatening ones."""
    table = pd.read_csv(folder / "implicit_hate_v1_stg2_posts.tsv", sep="\t")
    threatening = set(table[table.implicit_class == "threatening"].post)
    for row in pd.read_csv(folder / "implicit_hate_v1_stg1_posts.tsv", sep="\t").to_dict("records"):
        labels = only(identity_attack=float(row["class"] != "not_hate"))
        if row["class"] == "explicit_hate":
            labels |= only(toxicity=1)
        elif row["class"] == "not_hate" and not _PROFANE.search(row["post"]):
            labels |= only(toxicity=0.1, threat=0, insult=0.1)
        if row["post"] in threatening:
            labels |= only(threat=1)
        yield Example(row["post"], "implicit_hate", labels)


def isarcasm(folder: Path) -> Iterator[Example]:
    """Sarcasm marked by its own author, mostly a complaint dressed as praise; the author's plain rephrasing too."""
    for row in pd.read_csv(folder / "train.En.csv").to_dict("records"):
        if isinstance(row["tweet"], str) and row["sarcasm"] == 1:
            yield Example(row["tweet"], "isarcasm", sentiment=(0.7, 0.2, 0.1))


def misogyny_guest(folder: Path) -> Iterator[Example]:
    """Reddit comments by experts; ordinary ones are not known to be free of other abuse."""
    for row in pd.read_csv(folder / "final_labels.csv").to_dict("records"):
        if not isinstance(row["body"], str) or row["split"] == "test":
            continue
        hateful = float(row["level_1"] == "Misogynistic")
        labels = only(identity_attack=hateful) | (only(toxicity=1) if hateful else {})
        if "personal_attack" in str(row["level_2"]):
            labels |= only(toxicity=1, insult=1)
        yield Example(row["body"], "misogyny_guest", labels)


def paradetox(folder: Path) -> Iterator[Example]:
    """A rude sentence and the same said civilly: the nearest innocent neighbour of each."""
    for row in pd.read_csv(folder / "paradetox.tsv", sep="\t", quoting=3).to_dict("records"):
        yield Example(str(row["toxic"]), "paradetox", only(toxicity=0.9))
        if isinstance(row["neutral1"], str):
            yield Example(row["neutral1"], "paradetox", only(toxicity=0, obscene=0, insult=0, threat=0))


def convabuse(folder: Path) -> Iterator[Example]:
    """What users say to two chatbots, judged by up to eight annotators; most of three or so decides."""
    for name in ("ConvAbuseEMNLPtrain.csv", "ConvAbuseEMNLPvalid.csv"):
        table = pd.read_csv(folder / name)
        scores = {level: _share(table, rf"is_abuse\.{level}$") for level in ("1", "0", "-1", "-2", "-3")}
        abusive = scores["-1"] + scores["-2"] + scores["-3"]
        sexual, single = _share(table, "sex_harassment$"), _share(table, r"target\.(?:individual|system)$")
        for i, text in enumerate(table["user"].astype(str)):
            if scores["1"][i] > 0.6:
                yield Example(text, "convabuse", dict(CLEAN))
            elif abusive[i] > 0.5:
                severe = float(scores["-3"][i] > 0.5)
                labels = only(
                    toxicity=1,
                    severe_toxicity=severe,
                    insult=float(single[i] > 0.2),
                    sexual_explicit=float(sexual[i] > 0.3),
                )
                yield Example(text, "convabuse", labels)


def _share(table: pd.DataFrame, columns: str) -> "pd.Series[float]":
    """Of the annotators that saw a row, the share that ticked the column (a cell holds "1", "0" or several)."""
    ticks = table.filter(regex=columns).map(lambda cell: float("1" in cell) if isinstance(cell, str) else float("nan"))
    seen = table.filter(regex=r"is_abuse\.1$").notna().sum(axis=1).clip(lower=1)
    return ticks.sum(axis=1) / seen


def vader_gt(folder: Path) -> Iterator[Example]:
    """Tweets with the mean of ten raters, -4…4; the doubtful band between neutral and the rest is left out."""
    for line in (folder / "tweets_GroundTruth.txt").read_text(encoding="utf-8").splitlines():
        _, mean, text = line.split("\t", 2)
        score = float(mean)
        if 0.4 < abs(score) < 0.8:
            continue
        sentiment = certain("neutral" if abs(score) <= 0.4 else "positive" if score > 0 else "negative")
        yield Example(text, "vader_gt", _CIVIL if score > 0.8 else _NOT_AT_ANYONE, sentiment)
