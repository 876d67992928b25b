"""A time that no calendar holds is a quarantined record, whatever the C library says of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.mention import Mention


@pytest.mark.parametrize("seconds", [67_768_036_191_676_800, 10**13, 10**400, -(10**17), float("nan"), float("inf")])
def test_a_time_beyond_every_calendar_is_refused_with_its_record(seconds: float) -> None:
    def make(record: Any) -> Mention:
        return Mention(platform="x", id="1", text="a", created_at=datetime.fromtimestamp(record["timestamp"], UTC))

    told = admit({"timestamp": seconds}, "posts", make)
    assert isinstance(told, Quarantined)
    assert "timestamp" in told.payload
