"""After a source was read: the words and the author of what its new replies answer, where these did not come with them.

What is stored already is taken from there. The rest is asked of the platform by the call that tells of stored posts
(`recheck`), many at once, at most `A_RUN` a run. Who is not told by then stays untold: each reply has its turn once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from collectors.collector import Batch, Checkpoint, CollectError, Collector
from collectors.mention import Mention, Parent
from collectors.recheck import Rechecking
from collectors.scope import Scope
from warehouse.mentions import MentionStore
from warehouse.parents import Cost, ParentStore, Place, answering, stored
from warehouse.pseudonyms import Pseudonyms
from warehouse.runs import Clock, utc_now

A_RUN = 100  # replies


@dataclass(frozen=True)
class Turn:
    """The replies of one source that were stored since the last turn."""

    engine: Engine
    store: MentionStore
    pseudonyms: Pseudonyms
    collector: Collector
    scope: Scope
    now: Clock = utc_now

    @property
    def name(self) -> str:
        """What its runs and its checkpoint are called."""
        return f"parents:{self.collector.source}"

    def take(self) -> int:
        """Fill in what replies answer; of how many. Raises CollectError; then the same replies are next again."""
        most = min(A_RUN, int(getattr(self.collector, "at_once", A_RUN)))
        waiting = answering(self.engine, self.collector.source, Place.of(self.store.checkpoint(self.name)), most)
        if not waiting:
            return 0
        run = self.store.start_run(self.name, self.collector.platform)
        try:
            known, cost = self._told([mention for _, mention in waiting])
            checkpoint = Checkpoint(self.name, waiting[-1][0].state)
            filled = self._filled([mention for _, mention in waiting], known)
            done = ParentStore(self.engine, self.pseudonyms).fill(run, filled, checkpoint, cost, self.now())
        except CollectError as error:
            self.store.finish_run(run, error.outcome, error=str(error), more=True, requests=error.requests)
            raise
        except Exception as error:
            self.store.finish_run(run, "failed", error=f"{type(error).__name__}: {error}", more=True)
            raise
        self.store.finish_run(run, "completed", more=len(waiting) == most)
        return done

    def _told(self, replies: Sequence[Mention]) -> tuple[dict[str, Mention], Cost]:
        """What the replies answer, by native id: from the warehouse, else from the platform."""
        wanted = {str(reply.in_reply_to.id) for reply in replies if reply.in_reply_to}
        held = stored(self.engine, [f"{self.collector.platform}:{each}" for each in wanted])
        known = {mention.id: mention for mention in held.values()}
        left = sorted(wanted - known.keys())
        # Some platforms send along with a reply all that they would tell when asked.
        if not left or not isinstance(self.collector, Rechecking) or getattr(self.collector, "tells_parents", False):
            return known, Cost()
        answer = self.collector.recheck(left)
        return known | {each.id: each for each in answer.present}, Cost(len(answer.present), answer.requests)

    def _filled(self, replies: Sequence[Mention], known: dict[str, Mention]) -> tuple[Mention, ...]:
        """The replies with what they answer, less what a pack forbids to keep."""
        found = []
        for reply in replies:
            above = known.get(str(reply.in_reply_to.id)) if reply.in_reply_to else None
            if above is not None:
                parent = Parent(id=above.id, author=above.author, text=above.text)
                found.append(reply.model_copy(update={"in_reply_to": parent}))
        batch, _ = self.scope.admit(Batch(tuple(found), Checkpoint(self.name, {})))
        return batch.mentions
