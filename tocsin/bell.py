"""Delivery soon after an act: one thread that empties the outbox when it is rung."""

import logging
import threading
from collections.abc import Callable

from incidents.delivery import deliver
from incidents.outbox import AlreadyDelivering, Channel, Outbox

AGAIN_S = 1.0  # another process is delivering: what we wrote may be behind what it has looked at

log = logging.getLogger(__name__)


class Bell:
    """Rung from any thread; what it cannot deliver stays in the outbox for the DAG."""

    def __init__(
        self,
        outbox: Outbox,
        channel: Channel,
        again_s: float = AGAIN_S,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        """`before`: called before each delivery, to write what the acts of people entail."""
        self._outbox = outbox
        self._channel = channel
        self._before = before
        self._again_s = again_s
        self._rung = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def ring(self) -> None:
        """Something waits to be delivered."""
        self._rung.set()

    def close(self) -> None:
        """Deliver what was rung for, and stop."""
        self._closing.set()
        self._rung.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            self._rung.wait()
            self._rung.clear()
            last = self._closing.is_set()  # asked before delivery: what was rung for until then goes out with it
            self._prepare()
            if not delivered(self._outbox, self._channel) and not self._closing.wait(self._again_s):
                self._rung.set()

    def _prepare(self) -> None:
        try:
            self._before()
        except Exception:
            log.exception("what follows from an act was not written; the next run of the DAG goes on from there")


def delivered(outbox: Outbox, channel: Channel) -> bool:
    """Empty the outbox once; False where another process holds it. What fails is logged, and waits."""
    try:
        counts = deliver(outbox, channel)
    except AlreadyDelivering:
        return False
    except Exception:
        log.exception("delivery failed; the next run of the DAG goes on from there")
        return True
    for problem in counts.problems:
        log.warning("%s", problem)
    return True
