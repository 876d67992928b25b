"""The tables of the other routes: what is told by channels beside Slack, and what goes by them in its place."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table, Text

from warehouse.schema import Identity, UtcDateTime, metadata

relay_channels = Table(  # which channel hears which route, since when: what was written before is not told by it
    "relay_channels",
    metadata,
    Column("policy", String(60), nullable=False),
    Column("route", String(100), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("policy", "route", "channel"),
)

relays = Table(  # one notification in one further channel
    "relays",
    metadata,
    Column("notification_id", String(36), ForeignKey("outbox.notification_id"), nullable=False),
    Column("channel", String(40), nullable=False),  # the pack's name for it: security_mail
    Column("why", String(10), nullable=False),  # named (by the route), fallback, withheld (a fallback without content)
    Column("state", String(10), nullable=False),  # as in the outbox
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    PrimaryKeyConstraint("notification_id", "channel"),
    Index(None, "channel", "state"),
)

relay_attempts = Table(  # every attempt, with what the channel answered
    "relay_attempts",
    metadata,
    Column("attempt_id", Identity, primary_key=True, autoincrement=True),
    Column("notification_id", String(36), ForeignKey("outbox.notification_id"), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("attempted_at", UtcDateTime, nullable=False),
    Column("outcome", String(20), nullable=False),  # delivered, found, refused, failed
    Column("remote_id", Text),  # a Message-ID, what a webhook's receiver answered
    Column("error", Text),
    Index(None, "notification_id", "channel"),
)
