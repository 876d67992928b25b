"""Asking a platform by jobs of its own which of all stored posts must go, a job's worth of ids at a time, in turn.

The checkpoint "recheck:<source>/jobs" holds how far the rounds have come, and the job under way: up to which mention
its ids go. It is written before the ids are handed over, so a run that is killed is carried on by the next.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.recheck import BulkJobs, JobLost, Redacted
from warehouse.mentions import MentionStore
from warehouse.withdrawal import Withdrawal, stored_after, withdraw


@dataclass
class Complied:
    """What jobs told: posts that were asked about, deleted, and held as evidence though gone."""

    asked: int = 0
    deleted: int = 0
    held: int = 0


@dataclass(frozen=True)
class Round:
    """One source's stored posts and the jobs by which they are asked about."""

    engine: Engine
    store: MentionStore
    source: str
    platform: str
    jobs: BulkJobs

    @property
    def name(self) -> str:
        """What its runs and its checkpoint are called."""
        return f"recheck:{self.source}/jobs"

    def take(self) -> Complied:
        """Carry on the job under way, then begin others until all is asked about or one takes its time.

        Raises CollectError; what was told before it is kept. NotEntitled: the platform does not let us.
        """
        complied = Complied()
        if not stored_after(self.engine, self.source, "", 1):
            return complied
        run = self.store.start_run(self.name, self.platform)
        try:
            while more := self._ask(run, complied):
                if self._state().get("job"):
                    break
        except CollectError as error:
            self._note_lost(run, error)
            self.store.finish_run(run, error.outcome, error=str(error), more=True, requests=self.jobs.bill())
            raise
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            self.store.finish_run(run, "failed", error=told, more=True, requests=self.jobs.bill())
            raise
        self.store.finish_run(run, "completed", more=more)
        return complied

    def _ask(self, run: str, complied: Complied) -> bool:
        """One job, as far as it gets; whether there is more to do."""
        state = self._state()
        after = str(state.get("after", ""))
        if not state.get("job"):
            some = stored_after(self.engine, self.source, after, self.jobs.most)
            if not some:
                return self._keep(run, {"after": ""})
            state = {"after": after, "up_to": some[-1][0], "job": self.jobs.begin()}
            self._keep(run, state)
        up_to = str(state["up_to"])
        stored = stored_after(self.engine, self.source, after, self.jobs.most)
        ids = [native_id for mention_id, native_id in stored if mention_id <= up_to]
        answer = self.jobs.carry_on(str(state["job"]), ids)
        if answer is None:
            return self._keep(run, state, more=True)
        gone = self._withdraw(answer)
        complied.asked += len(ids)
        complied.deleted += gone.deleted
        complied.held += gone.held
        more = bool(stored_after(self.engine, self.source, up_to, 1))
        return self._keep(run, {"after": up_to if more else ""}, more=more)

    def _withdraw(self, answer: Redacted) -> Withdrawal:
        gone, suspended = ([f"{self.platform}:{each}" for each in some] for some in (answer.gone, answer.suspended))
        return withdraw(self.engine, gone, self.platform, suspended=suspended)

    def _state(self) -> dict[str, Any]:
        kept = self.store.checkpoint(self.name)
        return dict(kept.state) if kept else {}

    def _keep(self, run: str, state: dict[str, Any], *, more: bool = False) -> bool:
        self.store.store(run, Batch((), Checkpoint(self.name, state), more=more, requests=self.jobs.bill()))
        return more

    def _note_lost(self, run: str, error: CollectError) -> None:
        if isinstance(error, JobLost):
            self._keep(run, {"after": self._state().get("after", "")}, more=True)
