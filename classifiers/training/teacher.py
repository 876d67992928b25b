"""A larger network, to learn from: `python -m classifiers.training.teacher --backbone DIR --out DIR`.

The backbone is all-mpnet-base-v2 (110 million parameters, Apache-2.0), its upper half tuned on the training side of the
corpus, in context only. What it then thinks of each post goes to `OUT/opinions.npz`, which is kept with the corpus, so
that nobody needs the backbone to train the small network. Categories are calibrated on the calibration side; as the
posts were learnt from twice, opinions of them still lean to their labels. More than an hour on two cores.
"""

import argparse
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifiers.assessment import SENTIMENT_LABELS
from classifiers.embedded import Embedded
from classifiers.scorer import InContext, Scorer
from classifiers.training.batches import LENGTH, Encoded, Truth
from classifiers.training.calibrate import platt
from classifiers.training.corpus import FOLDER, Corpus, Post, read_corpus
from classifiers.training.evaluation_sets import fingerprints
from classifiers.training.example import Example
from classifiers.training.larger import Teacher
from classifiers.training.loop import Recipe, saver, train
from classifiers.training.loss import plain_step
from classifiers.training.opinions import REWORDED, Opinion, Read, siblings, write_opinions
from classifiers.training.reworded import rewordings
from classifiers.training.shown import OPINIONS, otherwise, to_train_on

SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"  # model.safetensors, as its makers have it
_BATCH, _MASK = 32, "<mask>"
_RATES = (4e-5, 5e-4)  # of the backbone and of the heads
_SWAPPED = 6_000  # texts in contexts of siblings that an opinion is asked of
_REWORDED = 20_000  # texts with other words in them that one is asked of
_FEELINGS = len(SENTIMENT_LABELS)


def learn(teacher: Teacher, tokenizer: Tokenizer, ours: Sequence[Example], rounds: int, seed: int, run: Path) -> None:
    """Tune on `ours`, each time with other names and slips; checkpoints are kept in `run`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    shown = Encoded([otherwise(one, rng) for _ in range(rounds) for one in ours], tokenizer, LENGTH, _MASK)
    train(teacher, shown, 1, seed, saver(teacher, run), Recipe(_BATCH, _RATES, plain_step))


def examples_of(corpus: Corpus, posts: Sequence[Post]) -> dict[str, Example]:
    """Each post in its context, by id, with the labels of its text alone beside those in context."""
    pairs = {post.id: corpus.pair(post) for post in posts}
    return {
        post: replace(beside, labels=alone.labels, sentiment=alone.sentiment) for post, (alone, beside) in pairs.items()
    }


def opinions_of(
    teacher: Teacher, tokenizer: Tokenizer, corpus: Corpus, posts: Sequence[Post], seed: int, colleague: Scorer
) -> dict[Read, Opinion]:
    """What the teacher thinks of `posts`; of some of their texts otherwise (`_otherwise`) the mean with `colleague`."""
    held = list(examples_of(corpus, corpus.split("calibration")).values())
    slopes, intercepts = platt(_answers(teacher, tokenizer, held).categories, Truth.of(held).categories)
    ours = examples_of(corpus, posts)
    asked = {(post, post): example for post, example in ours.items()} | dict(_otherwise(posts, ours, seed))
    said = _answers(teacher, tokenizer, list(asked.values()))
    odds = said.categories * np.array(slopes, np.float32) + np.array(intercepts, np.float32)
    thought = np.hstack([_softmax(said.towards), _sigmoid(odds)])
    new = slice(len(ours), None)
    scores = colleague.score_in_context([InContext(one.text, one.context or "") for one in [*asked.values()][new]])
    thought[new] = (thought[new] + np.hstack([scores.towards, scores.categories])) / 2
    rows = (tuple(map(float, row)) for row in thought)
    return {read: Opinion(row[:_FEELINGS], row[_FEELINGS:]) for read, row in zip(asked, rows, strict=True)}


def _otherwise(posts: Sequence[Post], ours: Mapping[str, Example], seed: int) -> Iterator[tuple[Read, Example]]:
    """Some texts beside a sibling's context, and some with other words in them: nobody has labelled those."""
    rng = np.random.default_rng(seed)
    others = list(siblings((((post.family, post.organisation), post.id) for post in posts), ours))
    for i in sorted(rng.permutation(len(others))[:_SWAPPED]):
        text, beside = others[i]
        yield others[i], replace(ours[text], context=ours[beside].context)
    chosen = sorted(rng.permutation(len(posts))[:_REWORDED])
    texts = {post: example.text for post, example in ours.items()}
    for read, text in rewordings(texts, (posts[i].id for i in chosen)):
        post = read.removesuffix(REWORDED)
        yield (read, post), replace(ours[post], text=text)


def _answers(teacher: Teacher, tokenizer: Tokenizer, examples: list[Example]) -> Truth:
    shown = Encoded(examples, tokenizer, LENGTH, _MASK)
    teacher.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        answers = [teacher(batch.ids, batch.kinds) for batch in shown.in_order(_BATCH)]
    return Truth(*(torch.cat(column).float().numpy() for column in zip(*answers, strict=True)))


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return torch.from_numpy(logits).sigmoid().numpy()


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return torch.from_numpy(logits).softmax(1).numpy()


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, tune the backbone and write its opinions."""
    options = _parser().parse_args(arguments)
    found = hashlib.sha256((options.backbone / "model.safetensors").read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{options.backbone}/model.safetensors is not all-mpnet-base-v2: its SHA-256 is {found}")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    teacher = Teacher(options.backbone)
    tokenizer = Tokenizer.from_file(str(options.backbone / "tokenizer.json"))
    tokenizer.no_padding()
    corpus = read_corpus(options.corpus)
    posts = list(to_train_on(corpus, fingerprints(options.evaluation)))
    options.out.mkdir(parents=True, exist_ok=True)
    ours = list(examples_of(corpus, posts).values())
    learn(teacher, tokenizer, ours, options.rounds, options.seed, options.out)
    opinions = opinions_of(teacher, tokenizer, corpus, posts, options.seed, Embedded(threads=options.threads))
    write_opinions(options.out / OPINIONS, opinions)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Tune a larger network on our own posts and write what it thinks of them."
    )
    parser.add_argument("--backbone", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--out", type=Path, required=True, help="where opinions.npz and the checkpoint go")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], help="texts kept out of training")
    parser.add_argument("--rounds", type=int, default=2, help="times that each post is shown")
    parser.add_argument("--seed", type=int, default=51)
    parser.add_argument("--threads", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
