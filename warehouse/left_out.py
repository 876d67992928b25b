"""The proof that something was not kept: for each source, rule and moment how many posts were left out, and no more."""

from collections.abc import Mapping

from sqlalchemy import Engine

from warehouse.audit import record
from warehouse.runs import Clock, utc_now

ACTION = "left_out"


def record_left_out(engine: Engine, source: str, left_out: Mapping[str, int], clock: Clock = utc_now) -> None:
    """Write how many posts of a source each rule ("pack@version: clause") left out, as rows of `audit`.

    Written before the batch is stored: what a crash then makes the next run read again is counted again, never less.
    """
    if not left_out:
        return
    with engine.begin() as connection:
        for rule, posts in sorted(left_out.items()):
            record(connection, clock(), "tocsin", ACTION, source, rule, posts)
