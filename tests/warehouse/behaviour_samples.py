"""Posts of a course, a pile-on and copies, all invented, and a warehouse that traces and judges them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine, select

from classifiers.judge import Judge, judge_all
from classifiers.scorer import ContextScores, InContext, Scores
from collectors.collector import Batch, Checkpoint
from collectors.mention import Mention
from policies.check import load
from policies.policy import CATEGORY_NAMES
from warehouse.behaviour_schema import timeline
from warehouse.history import WarehouseHistory, official_handles
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings
from warehouse.traces import TraceStore

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
ADVISER = {"author": {"handle": "example_ipa_employers", "bio": "Employer adviser, DWP"}, "text": "Hi"}
DWP = load("dwp")
SMEAR = "Ask this adviser why she is a liar and a disgrace who cheats people out of what they are owed every week"


class Undecided:
    """A scorer that leaves every word to the rules."""

    name = "undecided-1"

    def score(self, texts: Sequence[str]) -> Scores:
        """The same for every text."""
        return Scores(np.full((len(texts), 7), 0.3, np.float32), np.full((len(texts), 3), 1 / 3, np.float32))

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Relevant, and of no category."""
        felt, undecided = np.full((len(texts), 3), 1 / 3, np.float32), np.full((len(texts), 15), 0.49, np.float32)
        assert undecided.shape[1] == len(CATEGORY_NAMES)
        return ContextScores(np.ones(len(texts), np.float32), felt, undecided)


def post(number: int, text: str, handle: str, hours: float, platform: str = "x") -> Mention:
    """A reply to an adviser, so many hours after the first."""
    return Mention.from_record(
        {
            "platform": platform,
            "id": str(number),
            "text": text,
            "kind": "reply",
            "created_at": (START + timedelta(hours=hours)).isoformat(),
            "author": {"id": f"{handle}@{platform}", "handle": handle},
            "in_reply_to": {"id": "p", **ADVISER},
        }
    )


COURSE = [
    post(1, "Lovely smile in that photo", "night_heron_77", 0),
    post(2, "why won't you answer me", "night_heron_77", 48, "reddit"),
    post(3, "Still ignoring me?", "nightheron78", 96),
    post(4, "Answer me, we will talk", "night_heron_77", 144),
    post(5, "New account, you blocked night_heron_77. Answer me", "plum_anorak", 160),
]
FORMER = [
    post(1, "Lovely smile in that photo", "night_heron_77", 0),
    post(2, "You blocked me, so still ignoring me?", "night_heron_77", 48),
    post(3, "This is night_heron_77 again", "plum_anorak", 96),
    post(4, "Hello there", "plum_anorak", 144),
    post(5, "Hello once more", "plumanorak8", 192),
]
CROWD = [
    post(10 + i, text, f"{'abcdef'[i]}_invented_crowd", 200 + i)
    for i, text in enumerate(["Resign, shame on you", "You should be sacked", "Get a life", "You are a joke", "Resign"])
]
COPIES = [post(20 + i, f"{SMEAR} {i}", f"{'abc'[i]}_copying_example", 300 + i) for i in range(3)]
POSTS = [*COURSE, *CROWD, *COPIES, post(30, "Thank you for your help today", "kind_example", 250)]


class Warehouse:
    """A pass of triage on one engine: what is stored is traced and judged."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self.engine = engine
        self.mentions = MentionStore(engine, pseudonyms)
        self.traces = TraceStore(engine, pseudonyms)
        self.history = WarehouseHistory(engine, pseudonyms, official_handles([DWP]))
        self.judgements = JudgementStore(engine, pseudonyms)
        self.judge = Judge(DWP, Undecided(), self.history)

    def store(self, posts: Sequence[Mention]) -> None:
        """One batch."""
        self.mentions.store(self.mentions.start_run("x", "x"), Batch(tuple(posts), Checkpoint("x", {})))

    def triage(self) -> int:
        """How many were judged."""
        self.traces.trace(3)
        return self.judge_what_waits()

    def judge_what_waits(self) -> int:
        """Traced or not; how many."""
        done = 0
        for first, last in self.judgements.waiting(4):
            with self.judgements.claim(first, last, 4) as claim:
                done += claim.write(judge_all([self.judge], claim.mentions)[0])
        return done

    def found(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every finding and every step of every timeline."""
        with self.engine.connect() as connection:
            told = select(findings.c.finding_id, findings.c.mention_id, findings.c.category, findings.c.why)
            steps = select(timeline.c.finding_id, timeline.c.kind, timeline.c.position, timeline.c.mention_id)
            queries = {"findings": told, "timeline": steps}
            return {name: sorted(map(tuple, connection.execute(query))) for name, query in queries.items()}
