"""Asking a platform again about what is stored of it, a part a run, in turn: the gone are deleted, edits are kept.

Where the last run stopped is a checkpoint of its own, "recheck:<source>", and so is its run in `runs`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.recheck import Rechecked, Rechecking
from collectors.scope import Scope
from warehouse.left_out import record_left_out
from warehouse.mentions import MentionStore
from warehouse.withdrawal import disown, forbid, stored_after, waiting_after, withdraw

AT_ONCE = 500  # stored posts in one question, which is one transaction afterwards
ALL_KEPT = Scope(())
A_RUN = 20_000  # stored posts that one run asks about; the next goes on from there


@dataclass
class Told:
    """What became of stored posts: deleted, held as evidence though gone, edited, and left without their author."""

    asked: int = 0
    deleted: int = 0
    held: int = 0
    edited: int = 0
    disowned: int = 0


@dataclass(frozen=True)
class Hearing:
    """What follows from a platform's answer about stored posts of one source."""

    engine: Engine
    store: MentionStore
    collector: Rechecking
    scope: Scope = ALL_KEPT

    def take_in(self, run: str, answer: Rechecked, read: Batch, told: Told) -> None:
        """Delete what is gone or may not be kept, forget who is not named any more, store the rest; count in `told`."""
        platform = self.collector.platform
        batch, left_out = self.scope.admit(read)
        record_left_out(self.engine, self.collector.source, left_out)
        kept = {each.id for each in batch.mentions}
        forbidden = [f"{platform}:{each.id}" for each in answer.present if each.id not in kept]
        suspended = {f"{platform}:{each}" for each in answer.suspended}
        gone = withdraw(self.engine, [f"{platform}:{each}" for each in answer.gone], platform, suspended=suspended)
        barred = forbid(self.engine, forbidden, platform)
        nameless = [each for each in batch.mentions if each.author.id is None and each.author.handle is None]
        told.disowned += disown(self.engine, [each.mention_id for each in nameless], platform)
        told.edited += self.store.store(run, batch).updated
        told.deleted += gone.deleted + barred.deleted
        told.held += gone.held + barred.held


@dataclass(frozen=True)
class Turn:
    """One source's stored posts, asked about in the order of their ids. `source` is the collector's."""

    engine: Engine
    store: MentionStore
    collector: Rechecking
    scope: Scope = ALL_KEPT  # what may not be kept is deleted too, should it have been stored before

    @property
    def name(self) -> str:
        """What its runs and its checkpoint are called."""
        return f"recheck:{self.collector.source}"

    @property
    def after(self) -> str:
        """The mention id up to which the last run came; "" where a new round begins."""
        kept = self.store.checkpoint(self.name)
        after = str(kept.state["after"]) if kept else ""
        return after if self._has_more(after) else ""

    @property
    def waiting(self) -> int:
        """How many posts this run will ask about, if nothing goes wrong."""
        return min(self._most, waiting_after(self.engine, self.collector.source, self.after))

    def take(self, progress: Callable[[int], None]) -> Told:
        """Ask about as much as a run may. Raises CollectError; what was told before it is kept."""
        told = Told()
        if not self.waiting:
            return told
        run = self.store.start_run(self.name, self.collector.platform)
        try:
            more = True
            while more and told.asked < self._most:
                before = told.asked
                more = self._ask(run, told, min(self._at_once, self._most - told.asked))
                progress(told.asked - before)
        except CollectError as error:
            self.store.finish_run(run, error.outcome, error=str(error), more=True, requests=error.requests)
            raise
        except Exception as error:
            self.store.finish_run(run, "failed", error=f"{type(error).__name__}: {error}", more=True)
            raise
        self.store.finish_run(run, "completed", more=more)
        return told

    def _ask(self, run: str, told: Told, limit: int) -> bool:
        """One question and what follows from its answer; whether there is more to ask about."""
        after = self.after
        stored = stored_after(self.engine, self.collector.source, after, limit)
        answer = self.collector.recheck([native_id for _, native_id in stored])
        checkpoint = Checkpoint(self.name, {"after": stored[-1][0] if self._has_more(stored[-1][0]) else ""})
        read = Batch(answer.present, checkpoint, more=bool(checkpoint.state["after"]), requests=answer.requests)
        Hearing(self.engine, self.store, self.collector, self.scope).take_in(run, answer, read, told)
        told.asked += len(stored)
        return read.more

    def _has_more(self, after: str) -> bool:
        return bool(stored_after(self.engine, self.collector.source, after, 1))

    @property
    def _at_once(self) -> int:
        return int(getattr(self.collector, "at_once", AT_ONCE))

    @property
    def _most(self) -> int:
        return int(getattr(self.collector, "a_run", A_RUN))
