"""What the model is made from beside our own posts: each set's folder, licence and files by SHA-256, and who reads it.

Only sets whose licence, kept beside the data, lets weights be shipped. Left out: the Gab Hate Corpus and the Contextual
Abuse Dataset (the copies at hand carry no licence), and everything that is kept for evaluation.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers.training import readers
from classifiers.training.example import Example


class DataChanged(Exception):
    """A file of a training set is missing or is not the one that the manifest names."""


@dataclass(frozen=True)
class TrainingSet:
    """`source`: repository and commit. `files`: name to SHA-256.

    `cap`: the most examples taken, and `repeat`: how often each is shown in one pass.
    """

    name: str
    licence: str
    source: str
    files: dict[str, str]
    read: Callable[[Path], Iterator[Example]]
    cap: int = 1_000_000
    repeat: int = 1

    def verified(self, data: Path) -> Path:
        """The set's folder under `data`. Raises DataChanged."""
        folder = data / self.name
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                repository, _, commit = self.source.partition("@")
                raise DataChanged(f"{path} is missing; the set came from https://github.com/{repository} at {commit}")
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != expected:
                raise DataChanged(
                    f"{path} is {found}, the manifest has {expected}; fetch it again or correct the manifest"
                )
        return folder


SETS: tuple[TrainingSet, ...] = (
    TrainingSet(
        "jigsaw_subset",
        "labels CC0-1.0, comments CC-BY-SA-3.0 (Wikipedia); this copy MIT",
        "furkancaglayan/Detecting-Potentially-Hurtful-and-Toxic-Comments@78bd6d8",
        {
            "union_clean.csv": "b625ecb8b94dca95c93ec9d1644960aa99b34078f7c25fdf847ed237ab54fb70",
            "amodh_first3000.csv": "40cf8805ff699dc7e1846bfcce004c87800c58bd37bf034b1720d7c0f8ab8b36",
            "hieunt91_toxic_comments.csv": "280b24ec6115f613f025d674d277a5f2f1c44ea037d5542d0e4bbdea2fffa638",
        },
        readers.jigsaw,
    ),
    TrainingSet(
        "toxic_spans",
        "CC0-1.0",
        "ipavlopoulos/toxic_spans@beaf170",
        {
            "tsd_train.csv": "b538ea2d64ed7c306ff8f010a25a5286bef6ce61d469042482ba64efc1ddd6cd",
            "tsd_trial.csv": "6bb8e9a16470c0269ac8727fd8bb77df68d8fb27955d9f5ff29ad724505622e8",
        },
        readers.toxic_spans,
    ),
    TrainingSet(
        "davidson",
        "MIT",
        "t-davidson/hate-speech-and-offensive-language@cb50f7e",
        {
            "labeled_data.csv": "fcb8bc7c68120ae4af04a5b9acd58585513ede11e1548ebf36a5c2040b6f6281",
        },
        readers.davidson,
        cap=14_000,
    ),
    TrainingSet(
        "edos",
        "CC0-1.0",
        "rewire-online/edos@b1f1fbc",
        {
            "edos_train_dev.csv": "b4780cf06fb1f1b72b04744ea623b31b78ad6ac448738d6cb691eeb0414e4cf3",
        },
        readers.edos,
    ),
    TrainingSet(
        "goemotions",
        "Apache-2.0",
        "monologg/GoEmotions-pytorch@b75f9d3",
        {
            "train.tsv": "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5",
            "dev.tsv": "575489c079c9de1097062a01738f998590d6b7ead66dd1c9fd1d2ba01fd8bc62",
            "labels.txt": "45c3ef86782d2a4d7fedcd6d8c111aa0d0e94720689bd164fac94fefb4495a89",
        },
        readers.goemotions,
    ),
    TrainingSet(
        "hatemoji_build",
        "CC-BY-4.0",
        "HannahKirk/Hatemoji@a626f63",
        {
            "build_train.csv": "2255818a5b10153876320068451be582ed876a2eefb22a250bd2f6478d1815e5",
            "build_validation.csv": "721094d44fceb923a0b3897935126a654bbb1f092b1fed6a74d80e4a845c6f43",
        },
        readers.hatemoji_build,
        repeat=4,
    ),
    TrainingSet(
        "hatexplain",
        "MIT",
        "hate-alert/HateXplain@01d7422",
        {
            "092-HateXplain.csv": "fc8d5437a6a50d4d4083a60effc0ccbea8df788487c7b3ab50d88a77c3ba023b",
        },
        readers.hatexplain,
        cap=14_000,
    ),
    TrainingSet(
        "implicit_hate",
        "MIT and CC-BY-4.0",
        "SALT-NLP/implicit-hate@0359b27",
        {
            "implicit_hate_v1_stg1_posts.tsv": "00811aca26d05ace390e7131eb311a3e9e0e39ecadb2b839a173d4f7e2ccea8b",
            "implicit_hate_v1_stg2_posts.tsv": "116522bdc3417d5fdca79f5290fd06ec3f517abc78d0bd33041c5485965a7005",
        },
        readers.implicit_hate,
        cap=14_000,
    ),
    TrainingSet(
        "isarcasm",
        "MIT",
        "iabufarha/iSarcasmEval@dfc708b",
        {
            "train.En.csv": "fde737b69caffbcf81ebe79858ad16ac21881573c308343cd5219c4f7a800ae7",
        },
        readers.isarcasm,
    ),
    TrainingSet(
        "misogyny_guest",
        "MIT",
        "ellamguest/online-misogyny-eacl2021@b3c0456",
        {
            "final_labels.csv": "2db36c213237214a8dcf15861c89dd2b9ff7add1e6ce307fbaa432b000e18251",
        },
        readers.misogyny_guest,
    ),
    TrainingSet(
        "paradetox",
        "CC0-1.0",
        "s-nlp/paradetox@d97b17d",
        {
            "paradetox.tsv": "6e5e80def7deaf4a3410f7de6c638c13f100ce5ece09ee84a47f6f14ab69a0cd",
        },
        readers.paradetox,
    ),
    TrainingSet(
        "convabuse",
        "CC-BY-4.0",
        "amandacurry/convabuse@c0a9469",
        {
            "ConvAbuseEMNLPtrain.csv": "23abab3eff791d0e8cac681cec15a5ef299ed052699e4fca762d1d4640c36936",
            "ConvAbuseEMNLPvalid.csv": "a28bc3083fe3ea305b8c417539a20fda7e68057dc06365507b85c46b60e65443",
        },
        readers.convabuse,
    ),
    TrainingSet(
        "vader_gt",
        "MIT",
        "cjhutto/vaderSentiment@44fc044",
        {
            "tweets_GroundTruth.txt": "dfbe7102e2f92579ed8b19df9a3822491880697c67adf712fb66e520cc05102f",
        },
        readers.vader_gt,
        repeat=3,
    ),
)
