"""Asking platforms for the conversations that open incidents' posts stand in. What comes is kept as context."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, UnexpectedResponse
from collectors.conversation import PARTIAL, WINDOW, Conversation, Conversing
from collectors.mention import Mention
from collectors.recheck import Rechecking
from collectors.scope import Scope
from warehouse.conversations import Answer, ConversationStore, Due
from warehouse.left_out import record_left_out
from warehouse.mentions import MentionStore
from warehouse.withdrawal import withdraw

NOT_SUPPORTED = "not_supported"
A_RUN = 100  # conversations that one run asks for; the others are due still
UNSEEN_AT_ONCE = 100  # posts that a part of a conversation did not show again, and that are asked about by their ids
REFUSED = (AccessDenied.outcome, UnexpectedResponse.outcome)


@dataclass
class Fetched:
    """What became of the asking: conversations by outcome, posts read, deleted, and left out by a pack's rule."""

    asked: int = 0
    whole: int = 0
    part: int = 0
    gone: int = 0
    refused: int = 0
    posts: int = 0
    deleted: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Round:
    """One source's conversations that are due."""

    engine: Engine
    mentions: MentionStore
    store: ConversationStore
    collector: Conversing
    scope: Scope
    now: Callable[[], datetime]

    def take(self, progress: Callable[[int], None]) -> Fetched:
        """Ask for what is due. Raises CollectError; what was fetched before it is kept.

        One that is refused is noted and stops no other; where all are, the first refusal is raised in the end.
        """
        fetched, dues = Fetched(), of_source(self.store.due(self.now()), self.collector.source)[:A_RUN]
        if not dues:
            return fetched
        run = self.mentions.start_run(f"conversations:{self.collector.source}", self.collector.platform)
        try:
            _raise_if_all(list(self._ask(run, dues, fetched, progress)), fetched.asked)
        except CollectError as error:
            self.mentions.finish_run(run, error.outcome, error=str(error), more=True, requests=error.requests)
            raise
        except Exception as error:
            self.mentions.finish_run(run, "failed", error=f"{type(error).__name__}: {error}", more=True)
            raise
        self.mentions.finish_run(run, "completed", more=fetched.asked < len(dues))
        return fetched

    def _ask(
        self, run: str, dues: Sequence[Due], fetched: Fetched, progress: Callable[[int], None]
    ) -> Iterator[Conversation]:
        """Keep what comes; yields the refusals."""
        known = {due.seed: due for due in dues}
        for conversation in self.collector.conversations([due.seed for due in dues]):
            due, at = known[conversation.seed], self.now()
            posts = self._admitted(conversation.posts, fetched)
            answer = Answer(
                conversation.outcome,
                posts,
                conversation.error,
                self._replaces(conversation),
                len(conversation.posts),
                conversation.requests,
            )
            fetched.deleted += self.store.keep(due, answer, at, run)
            self._count(conversation, len(posts), fetched)
            if conversation.outcome == PARTIAL:
                self._ask_about_unseen(run, due, at, fetched)
            if conversation.outcome in REFUSED:
                yield conversation
            progress(1)

    def _replaces(self, conversation: Conversation) -> bool:
        """Whether what was not shown again must go: it was all, or nobody can be asked about the rest."""
        if conversation.outcome == PARTIAL:
            return not isinstance(self.collector, Rechecking)
        return conversation.outcome in ("completed", "gone", WINDOW)

    def _ask_about_unseen(self, run: str, due: Due, at: datetime, fetched: Fetched) -> None:
        """Of what lay beyond the part that was read, what is gone must go here too."""
        if not isinstance(self.collector, Rechecking):
            return
        most = min(UNSEEN_AT_ONCE, int(getattr(self.collector, "a_run", UNSEEN_AT_ONCE)))
        unseen = self.store.unseen(due, at, most)
        if not unseen:
            return
        told, platform = self.collector.recheck(unseen), self.collector.platform
        posts = self._admitted(told.present, fetched)
        forbidden = {each.id for each in told.present} - {each.id for each in posts}
        gone = [f"{platform}:{native_id}" for native_id in (*told.gone, *sorted(forbidden))]
        fetched.deleted += withdraw(self.engine, gone, platform, self.now).deleted
        answer = Answer(PARTIAL, posts, read=len(told.present), requests=told.requests)
        self.store.keep(due, answer, at, run)

    def _admitted(self, posts: Sequence[Mention], fetched: Fetched) -> tuple[Mention, ...]:
        """The posts that the packs let us keep; the others are counted."""
        read = Batch(tuple(posts), Checkpoint(self.collector.source, {}))
        batch, left_out = self.scope.admit(read)
        record_left_out(self.engine, self.collector.source, left_out, self.now)
        fetched.left_out += sum(left_out.values())
        return batch.mentions

    @staticmethod
    def _count(conversation: Conversation, posts: int, fetched: Fetched) -> None:
        fetched.asked += 1
        fetched.posts += posts
        fetched.whole += conversation.outcome == "completed"
        fetched.part += conversation.outcome in (PARTIAL, WINDOW)
        fetched.gone += conversation.outcome == "gone"
        fetched.refused += conversation.outcome in REFUSED


def _raise_if_all(refusals: Sequence[Conversation], asked: int) -> None:
    """Where every conversation was refused it is the source that is: raise what the first refusal was."""
    if refusals and len(refusals) == asked:
        kinds = {kind.outcome: kind for kind in (AccessDenied, UnexpectedResponse)}
        raise kinds[refusals[0].outcome](refusals[0].error)


def of_source(dues: Sequence[Due], source: str) -> list[Due]:
    """Those of the conversations that a source found."""
    return [due for due in dues if due.source == source]


def note_unsupported(store: ConversationStore, dues: Sequence[Due], sources: Sequence[str], now: datetime) -> int:
    """Write of each conversation that no source can be asked for, so that whoever looks knows; how many."""
    others = [due for due in dues if due.source not in sources]
    for due in others:
        reason = f"{due.source} cannot be asked for conversations: it is not configured, or its platform gives none"
        store.keep(due, Answer(NOT_SUPPORTED, error=reason), now)
    return len(others)
