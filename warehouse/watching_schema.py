"""The tables of posts that are watched: what their platform did with each, and when it was last asked."""

from sqlalchemy import Column, Index, String, Table, Text

from warehouse.schema import Identity, UtcDateTime, metadata

post_changes = Table(  # what a platform did with a post that an incident rests on; outlives the post
    "post_changes",
    metadata,
    Column("change_id", Identity, primary_key=True, autoincrement=True),
    Column("mention_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),  # edited, deleted, suspended, nameless, restored
    Column("former_sha256", String(64)),  # of an edit: of the words before, in UTF-8, and of those after
    Column("present_sha256", String(64)),
    Column("noticed_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),  # null until it stands in the history of every incident that it concerns
    Index(None, "mention_id", "change_id"),
    Index(None, "told_at"),
)

watched_posts = Table(  # when the platform was last asked about a post of an open incident, out of turn
    "watched_posts",
    metadata,
    Column("mention_id", Text, primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
)
