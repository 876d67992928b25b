"""The tables of what is not told one by one: digests, and silences."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from warehouse.schema import Identity, UtcDateTime, metadata

digests = Table(  # one message for many incidents; which ones, the outbox says by `told_in`
    "digests",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("digest_id", String(20), nullable=False, unique=True),  # DIG-3
    Column("notification_id", String(36), nullable=False, unique=True),  # its own, in the outbox
    Column("kind", String(10), nullable=False),  # flood, periodic
    Column("channel", Text, nullable=False),  # the channel's own address
    Column("organisation", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("singly", Integer, nullable=False),  # of the same flood, told in messages of their own
    Column("urgent", Integer, nullable=False),  # of these, critical or about a person at risk
    Index(None, "kind", "begun_at"),
)

silences = Table(
    "silences",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("silence_id", String(20), nullable=False, unique=True),  # SIL-3
    Column("policy", String(60), nullable=False),
    Column("authors", JSON, nullable=False),  # pseudonyms; empty: whoever
    Column("target", Text),
    Column("category", String(30)),
    Column("phrase", Text),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("origin", String(20), nullable=False),  # cli, slack, console
    Column("places", JSON, nullable=False),  # where it is told of, and for which routes
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("announced_at", UtcDateTime),  # when its end was told of beforehand
    Column("ended_at", UtcDateTime),  # by a person, before its time
    Column("ended_by", Text),
    Column("end_reason", Text),
    Column("closed_at", UtcDateTime),  # when it was over, and that was told
    Index(None, "closed_at"),
)
