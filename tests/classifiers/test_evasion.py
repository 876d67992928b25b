"""What disguises cost is counted rightly: on a model that knows two words, and reads them only as they are written."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from classifiers.evaluation.disguises import DISGUISES
from classifiers.evaluation.evasion import evasion
from classifiers.evaluation.labelled import Labelled
from classifiers.evaluation.measures import Measure
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.normalise import normalise
from classifiers.scorer import ContextScores, InContext, Scores
from collectors.mention import Mention
from policies.policy import CATEGORY_NAMES, Policy

TROLLING = CATEGORY_NAMES.index("trolling")


class Spelling:
    """Toxic and trolling is what holds "wastrel"; a sign within a word makes anything toxic."""

    name = "spelling-1"

    def score(self, texts: Sequence[str]) -> Scores:
        """Every label alike."""
        toxic = [0.9 if self._knows(text) or re.search(r"\w[*#]\w", text) else 0.1 for text in texts]
        return Scores(
            np.tile(np.array(toxic, np.float32)[:, None], 7), np.tile(np.float32([[0, 1, 0]]), (len(texts), 1))
        )

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Trolling alone."""
        categories = np.zeros((len(texts), len(CATEGORY_NAMES)), np.float32)
        categories[:, TROLLING] = [0.95 if self._knows(one.text) else 0.05 for one in texts]
        return ContextScores(
            np.ones(len(texts), np.float32), np.tile(np.float32([[0, 1, 0]]), (len(texts), 1)), categories
        )

    def _knows(self, text: str) -> bool:
        return "wastrel" in normalise(text).text.casefold()


def labelled(text: str, number: int, toxic: bool) -> Labelled:
    record = {"platform": "x", "id": str(number), "text": text, "created_at": "2026-10-01T09:15:00Z"}
    categories = frozenset({"trolling"}) if toxic else frozenset()
    return Labelled(Mention.from_record(record), {"insult": toxic}, categories=categories)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(dwp: Policy) -> dict[tuple[str, str], Measure]:
    """The measures over eight posts of one telling word, eight innocent ones and one that was wrong at once."""
    posts = [labelled(f"Oh DWP, a wastrel {n}", n, True) for n in range(8)]
    posts += [labelled(f"The DWP sent a letter {n}", 10 + n, False) for n in range(8)]
    posts += [labelled("The DWP met a wastrel", 30, False), labelled("DWP, you nice one", 31, True)]
    done: list[int] = []
    measures = list(evasion(Judge(dwp, Spelling(), MentionHistory()), posts, told=done.append))
    assert sum(done) == len(DISGUISES)
    return {(one.question, one.part): one for one in measures}


def test_what_the_normaliser_undoes_is_still_found(found: dict[tuple[str, str], Measure]) -> None:
    for one in DISGUISES:
        if one.undone and one.name != "elongation":
            for part in ("insult", "finding: trolling", "all labels", "all findings"):
                assert (found[f"evasion: {one.name}", part].value, found[f"evasion: {one.name}", part].n) == (1.0, 8)
            assert found[f"evasion: {one.name}", "innocent posts"].value == 0


def test_what_it_does_not_undo_is_lost_and_the_innocent_are_counted(found: dict[tuple[str, str], Measure]) -> None:
    assert found["evasion: typos", "finding: trolling"].value == 0
    assert found["evasion: typos", "innocent posts"].value == 0
    spoilt = found["evasion: stars", "innocent posts"]
    assert spoilt.n == 8, "the innocent post that was wrong in plain words is not counted again"
    assert 0 < spoilt.value < 1


def test_nothing_is_said_of_posts_without_labels(dwp: Policy) -> None:
    posts = [Labelled(labelled("A wastrel", n, True).mention, sentiment="negative") for n in range(9)]
    assert list(evasion(Judge(dwp, Spelling(), MentionHistory()), posts)) == []
