"""The posts of a day that the model could not judge, because it does not read their language: people must."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from reports.cells import text_of, worded
from reports.names import language_name
from reports.reading import excerpt
from reports.report import Unread, UnreadPost
from warehouse.marts import read

LISTED = 30  # a day with more is looked at in the mart


def unread(engine: Engine, policy: str, day: date) -> Unread:
    """How many such posts there were in each language, and the newest of them."""
    frame = worded(read(engine, "unread_mentions", policy=policy, since=day, until=day))
    counted = Counter(frame["language"])
    newest = frame.sort_values(["posted_at", "mention_id"], ascending=[False, True]).head(LISTED)
    return Unread(
        languages=tuple(sorted(counted.items(), key=lambda found: (-found[1], language_name(found[0])))),
        posts=tuple(_post(row) for row in newest.to_dict("records")),
    )


def _post(row: Mapping[Any, Any]) -> UnreadPost:
    return UnreadPost(
        mention_id=row["mention_id"],
        language=row["language"],
        platform=row["platform"],
        url=text_of(row["url"]),
        author=text_of(row["author"]),
        excerpt=excerpt(row["text"]),
        reach=None if pd.isna(row["reach"]) else int(row["reach"]),
        posted_at=pd.Timestamp(row["posted_at"]).to_pydatetime(),
    )
