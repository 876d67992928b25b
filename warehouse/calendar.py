"""The calendar: the days by which the marts count, so that one on which nobody posted is a row with volume 0."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection

from warehouse.bulk import load
from warehouse.operations_schema import days

LOOKED_BACK = 28  # the days before one that marts lay beside it


def note_days(connection: Connection, noted: Iterable[date]) -> None:
    """Write days of posts or of runs, each with those that marts lay beside it, as far as they are missing.

    A baseline is made of rows: without the empty days among them, 28 of them would be the last 28 days with a post. A
    longer gap stays one. Between an archive of 2015 and the posts of last week lie thousands of days on which no
    baseline rests, and every mart would carry them for each platform and topic.
    """
    known = {day - timedelta(days=back) for day in set(noted) for back in range(LOOKED_BACK + 1)}
    load(connection, days, [{"day": day} for day in known])
