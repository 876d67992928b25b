"""The tables that operators and marts live by: alarms, canaries, budgets, each source as known, the calendar."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.schema import Identity, UtcDateTime, metadata

alarms = Table(  # an occurrence for the operators: a source that went quiet, is refused or changed its answers
    "alarms",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("alarm_id", String(20), nullable=False, unique=True),  # SRC-17
    Column("source", Text, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("problem", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("recovered_at", UtcDateTime),
)
Index(  # a source has one open alarm at most, whoever looks at the same time
    "uq_alarms_open",
    alarms.c.source,
    unique=True,
    sqlite_where=alarms.c.recovered_at.is_(None),
    postgresql_where=alarms.c.recovered_at.is_(None),
)

canaries = Table(  # posts about nothing, planted on test sources: one a place and day
    "canaries",
    metadata,
    Column("marker", String(40), primary_key=True),  # tocsin-canary-20261121-0f3a9c51: the words it is known by
    Column("place", String(40), nullable=False),  # matrix, mastodon, isso
    Column("planted_on", Date, nullable=False),
    Column("planted_at", UtcDateTime, nullable=False),
    Column("native_id", Text),  # the platform's own; null until it has answered
    Column("mention_id", Text),  # as it was found; the mention itself is deleted when it has been seen in the mart
    Column("source", Text),
    Column("stored_at", UtcDateTime),
    Column("judged_at", UtcDateTime),
    Column("in_mart_at", UtcDateTime),  # when somebody looked and saw it there
    Column("seconds_to_store", Float),  # all three since planted_at
    Column("seconds_to_judge", Float),
    Column("seconds_to_mart", Float),
    UniqueConstraint("place", "planted_on"),
)

days = Table(  # a calendar, so that a mart can show a day on which nothing happened
    "days",
    metadata,
    Column("day", Date, primary_key=True),
)

budget_claims = Table(  # the calls that a platform's budget has paid for, claimed before they are made
    "budget_claims",
    metadata,
    Column("platform", String(40), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),  # the month that the budget is for: its first moment, UTC
    Column("calls", BigInteger, nullable=False),
)

sources = Table(  # what is known of each source and platform beside its runs, as it was last noted
    "sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("platform", String(40), nullable=False),
    Column("configured", Boolean, nullable=False),
    Column("access", Text),  # how it is lawfully had; null where it cannot be
    Column("note", Text),  # what is missing, or why it cannot be had; null where it is collected
    Column("expected_least", Integer),  # new mentions a day; null where none can be told
    Column("expected_most", Integer),
    Column("quota", Text),  # the platform's quota that has least left, in words; null where it has none
    Column("quota_used", BigInteger),  # calls
    Column("quota_left", BigInteger),
    Column("budget", Text),  # the operator's own, a calendar month
    Column("budget_used", Text),  # calls or money, in words
    Column("budget_left", BigInteger),  # calls
    Column("noted_at", UtcDateTime, nullable=False),
)

marts_made = Table(  # the views that stand in this warehouse, and the text that each was made from
    "marts_made",
    metadata,
    Column("mart", String(60), primary_key=True),
    Column("sha256", String(64), nullable=False),
)
