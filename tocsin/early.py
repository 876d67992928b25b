"""Early word of a flood: it is told while the rest of it is still being raised.

What is no flood waits for the end: it could still become part of one, and would then have rung singly for nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from incidents.outbox import Channel, Outbox
from incidents.raising import Heard
from tocsin import pipeline, relaying
from tocsin.bell import delivered
from tocsin.errors import StepFailed
from tocsin.house import open_house
from warehouse.outbox import WarehouseOutbox

HELD_UP_S = 2.0  # for so long raising makes way for the first words: SQLite has one writer, which would be raising


def raise_incidents() -> dict[str, int]:
    """As `pipeline.raise_incidents`; where it comes to a flood, the channel hears of it meanwhile.

    Where some could not be raised, what was is told before this fails: the task that delivers waits for this one.
    """
    house = open_house()
    flood_at = house.settings.slack_flood_at
    floods = WarehouseOutbox(house.engine, flood_at=flood_at, floods_alone=True)
    try:
        with early_word(floods, house.channel, flood_at) as heard:
            return pipeline.raise_incidents(heard)
    except StepFailed:
        relaying.deliver_all()
        raise


@contextmanager
def early_word(floods: Outbox, channel: Channel, flood_at: int, held_up_s: float = HELD_UP_S) -> Iterator[Heard]:
    """Deliver floods when more than `flood_at` incidents are opened, and each time that they have doubled.

    In a thread, so that a channel that is slow, or silent, holds up nothing for longer than `held_up_s`; what it has
    begun is done when this ends. What fails is logged, and waits for the delivery that follows.
    """
    word = _Word(floods, channel, flood_at, held_up_s)
    try:
        yield word.heard
    finally:
        word.finish()


class _Word:
    def __init__(self, floods: Outbox, channel: Channel, flood_at: int, held_up_s: float) -> None:
        self._floods, self._channel = floods, channel
        self._above, self._held_up_s = flood_at, held_up_s
        self._thread: Thread | None = None

    def heard(self, opened: int) -> None:
        if opened <= self._above or (self._thread is not None and self._thread.is_alive()):
            return
        self._above = 2 * opened
        self._thread = Thread(target=delivered, args=(self._floods, self._channel), name="early word", daemon=True)
        self._thread.start()
        self._thread.join(self._held_up_s)

    def finish(self) -> None:
        if self._thread is not None:
            self._thread.join()
