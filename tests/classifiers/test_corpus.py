"""Our own posts: well formed, distinct, split by family, and as many of each kind as the data sheet says."""

import json
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")

from classifiers.assessment import TOXICITY_LABELS
from classifiers.normalise import fingerprint, normalise
from classifiers.training.corpus import FOLDER, Corpus, CorpusUnusable, read_corpus
from policies.policy import CATEGORY_NAMES


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """As it is in the checkout."""
    return read_corpus()


def test_it_is_large_and_every_category_has_its_contrasts(corpus: Corpus) -> None:
    assert len(corpus.posts) >= 6_000
    holds = Counter(category for post in corpus.posts for category in post.categories)
    nearly = Counter(category for post in corpus.posts for category in post.near_misses)
    assert all(holds[category] >= 200 and nearly[category] >= 300 for category in CATEGORY_NAMES), (holds, nearly)


def test_no_family_is_on_two_sides(corpus: Corpus) -> None:
    sides: dict[str, set[str]] = {}
    for post in corpus.posts:
        sides.setdefault(post.family, set()).add(post.split)
    assert all(len(found) == 1 for found in sides.values())
    share = Counter(post.split for post in corpus.posts)
    assert share["test"] > 0.1 * len(corpus.posts)
    assert share["calibration"] > 0.08 * len(corpus.posts)


def test_no_text_crosses_the_split(corpus: Corpus) -> None:
    where: dict[str, set[str]] = {}
    for post in corpus.posts:
        where.setdefault(fingerprint(post.text), set()).add(post.split)
    assert [text for text, sides in where.items() if len(sides) > 1] == []


def test_ids_are_unique_and_labels_agree_with_each_other(corpus: Corpus) -> None:
    assert len({post.id for post in corpus.posts}) == len(corpus.posts)
    assert not [post.id for post in corpus.posts if set(post.categories) & set(post.near_misses)]
    assert not [post.id for post in corpus.posts if "safeguarding" in post.categories and "insult" in post.toxicity]


def test_a_post_is_read_alone_and_in_context(corpus: Corpus) -> None:
    post = next(post for post in corpus.posts if post.categories and post.organisation)
    alone, beside = corpus.examples([post])
    assert alone.context is None
    assert set(alone.labels) <= set(TOXICITY_LABELS)
    assert beside.context is not None
    assert beside.context.startswith(corpus.organisations[str(post.organisation)].name[:20])
    assert beside.categories[post.categories[0]] == 1.0


def test_the_organisation_is_marked_by_name_hashtag_and_account(corpus: Corpus) -> None:
    rail = corpus.organisations["fernley-rail"]
    for text in ("late again Fernley Rail", "#FernleyRail late", "@FernleyRail late"):
        assert rail.spans(text, normalise(text)), text
    assert not rail.spans("my fern is late", normalise("my fern is late"))
    assert rail.owns("fernleyrail")
    assert not rail.owns("FernleyRailFan")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "organisations.json").write_text((FOLDER / "organisations.json").read_text(encoding="utf-8"))
    with pytest.raises(CorpusUnusable, match="holds no posts"):
        read_corpus(tmp_path)
    first = next((FOLDER / "posts").glob("*.jsonl")).read_text(encoding="utf-8").splitlines()[0]
    bad = json.dumps(json.loads(first) | {"categories": ["rudeness"]})
    (tmp_path / "posts" / "one.jsonl").write_text(f"{first}\n{bad}\n", encoding="utf-8")
    with pytest.raises(CorpusUnusable, match=r"one\.jsonl, line 2"):
        read_corpus(tmp_path)
    with pytest.raises(CorpusUnusable, match="is not the corpus"):
        read_corpus(tmp_path / "elsewhere")
