"""The bell: what was rung for goes out, also where it was rung in the last moment."""

import io
import threading
from pathlib import Path

from sqlalchemy import Engine

from incidents.console import ConsoleChannel
from tests.incidents.samples import notification
from tests.warehouse.case_samples import fill
from tocsin.bell import Bell
from warehouse.case_entries import add_notification
from warehouse.outbox import WarehouseOutbox

PATIENCE_S = 60


class Stuck(io.StringIO):
    """A terminal that takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.free = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        """Wait, then take it."""
        self.reached.set()
        assert self.free.wait(PATIENCE_S)
        return super().write(text)


def test_what_is_rung_for_while_another_delivery_runs_goes_out_before_it_closes(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    fill(sqlite_engine, cases=1, each=1)
    terminal, box = Stuck(), WarehouseOutbox(sqlite_engine)
    bell = Bell(box, ConsoleChannel(tmp_path / "outbox", terminal))
    bell.start()
    bell.ring()
    assert terminal.reached.wait(PATIENCE_S)
    with sqlite_engine.begin() as connection:
        add_notification(connection, notification(2, 1))
    bell.ring()
    closing = threading.Thread(target=bell.close)
    closing.start()
    closing.join(0.2)  # it waits for the delivery that runs
    terminal.free.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert box.undelivered() == []
    assert len(list((tmp_path / "outbox").iterdir())) == 2
