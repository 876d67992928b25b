"""The tables of what came from Slack and is not done yet, and of what Slack itself shows of our messages."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from warehouse.schema import Identity, UtcDateTime, metadata

slack_inbox = Table(  # a press, a form or a command from before it is acknowledged until it is done; then it is deleted
    "slack_inbox",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("asked", JSON, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column(
        "claimed_at", UtcDateTime, nullable=False
    ),  # by whoever does it; one that died lets go by the passing of time
    Column("attempts", Integer, nullable=False),
    Index(None, "claimed_at"),
)

slack_messages = Table(  # our own messages as the reconciliation saw them in Slack: no words, and nobody else's
    "slack_messages",
    metadata,
    Column("channel", Text, nullable=False),
    Column("remote_id", String(40), nullable=False),  # Slack's ts
    Column("notification_id", Text),  # null: there is a message where one of ours was, without our metadata
    Column("thread", String(40)),  # the ts of its head; null: it is a head itself
    Column("edited", Boolean, nullable=False),  # by somebody else, or where we edit nothing
    Column("gone_at", UtcDateTime),  # when it was first missed, or first seen to be deleted
    Column("seen_at", UtcDateTime, nullable=False),  # when it was last looked for
    PrimaryKeyConstraint("channel", "remote_id"),
    Index(None, "notification_id"),
)

slack_readings = Table(  # how far each channel was read by the last reconciliation, and what kept it from being read
    "slack_readings",
    metadata,
    Column("channel", Text, primary_key=True),  # empty: none was read, the outbox was looked through
    Column("oldest", String(40), nullable=False),  # a ts: what is newer was read
    Column("read_at", UtcDateTime),  # when the last whole reading began; null: there was none yet
    Column("overdue_before", UtcDateTime, nullable=False),  # what was written before then should have been told
    Column("tried_at", UtcDateTime, nullable=False),
    Column("error", Text),  # of the last try; null: it was read
)
