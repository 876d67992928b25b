"""The step that judges what waits. A post that cannot be judged keeps no other waiting.

It stays in the queue, every later run tries it again, and when all else is done the step says which it is and why.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any, TypedDict

from classifiers.detoxify_backend import DetoxifyUnavailable
from classifiers.embedded import WeightsUnusable
from classifiers.judge import judge_all
from policies.check import PolicyError
from policies.counted import counted
from tocsin.errors import DoneInPart, Misconfigured
from tocsin.house import House, open_house
from tocsin.progress import bar

log = logging.getLogger(__name__)

AT_ONCE = 512  # mentions in one claim: enough to fill length buckets, few enough to lose little to a crash
BATCH = 2000  # mentions in one mapped task
MOST_BATCHES = 500  # Airflow maps at most 1,024 tasks; beyond this a batch grows instead
SHOWN = 10  # posts that could not be judged, whose whole errors go to the log
UNUSABLE = (Misconfigured, PolicyError, WeightsUnusable, DetoxifyUnavailable)  # no post's fault


class Assessed(TypedDict):
    """What came of one batch: how many were judged, and by its id why a mention was not."""

    assessed: int
    left: dict[str, str]


class _NotJudged(Exception):
    """These mentions could not be judged together, or not written; its cause says why."""

    def __init__(self, mention_ids: list[str], cause: Exception) -> None:
        super().__init__(mention_ids)
        self.mention_ids, self.cause = mention_ids, cause


def list_batches() -> list[list[int]]:
    """Ranges of mentions that wait to be judged, as [first, last] positions; each is traced before any is judged."""
    house = open_house()
    for policy in house.policies.values():
        house.judgements.register(policy)
    house.traces.trace()
    size = max(BATCH, house.mentions.totals().unassessed // MOST_BATCHES + 1)
    return [list(each) for each in house.judgements.waiting(size)]


def assess(first: int, last: int) -> Assessed:
    """Judge the mentions that wait in one range under every pack in force.

    Where a claim fails half as many are claimed, until the one that is at fault stands alone and is left out. Raises
    one of `UNUSABLE` where nothing can be judged at all.
    """
    house = open_house()
    done, left, at_once = 0, dict[str, str](), AT_ONCE
    with bar("Assessing", total=last - first + 1) as advance:
        while True:
            try:
                judged = _judge(house, first, last, at_once, left)
            except _NotJudged as failure:
                if len(failure.mention_ids) > 1:
                    at_once = len(failure.mention_ids) // 2
                else:
                    _note(failure, left)
                    advance(1)
                continue
            if not judged:
                return {"assessed": done, "left": left}
            done += judged
            advance(judged)
            at_once = min(AT_ONCE, 2 * at_once)


def tell(batches: Iterable[Mapping[str, Any]]) -> int:
    """How many were judged of the batches that `assess` told of.

    Raises DoneInPart where some were not: tried again at once, they would fail again.
    """
    assessed, left = 0, dict[str, str]()
    for one in batches:
        assessed += one["assessed"]
        left |= one["left"]
    if left:
        mention_id, why = min(left.items())
        raise DoneInPart(
            f"{counted(len(left), 'post')} could not be judged; the next run tries again. All others were judged. "
            f"Of {mention_id}: {why}"
        )
    return assessed


def _judge(house: House, first: int, last: int, limit: int, without: Collection[str]) -> int:
    with house.judgements.claim(first, last, limit, without) as claim:
        if claim.ids:
            try:
                claim.write(chain.from_iterable(judge_all(house.judges, claim.mentions)))
            except UNUSABLE:
                raise
            except Exception as error:
                raise _NotJudged(claim.ids, error) from error
        return len(claim.ids)


def _note(failure: _NotJudged, left: dict[str, str]) -> None:
    (mention_id,) = failure.mention_ids
    log.error("%s could not be judged", mention_id, exc_info=failure.cause if len(left) < SHOWN else None)
    said = str(failure.cause).partition("\n")[0]  # a database's further lines are its statement
    left[mention_id] = f"{type(failure.cause).__name__}: {said}"
