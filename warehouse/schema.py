"""The tables. One module, SQLAlchemy Core, the same on SQLite and PostgreSQL; Alembic migrations follow it.

Every row about a mention says when it was posted (by the author), collected (by us) and loaded (into this warehouse);
every judgement says which model and which policy version made it. Who an author is stands in `authors` alone; all
other tables, and every mart, know a pseudonym.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC: timestamptz on PostgreSQL, ISO text that sorts and reads as UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time rather than guess its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; it was UTC when it went in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Identity = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER PRIMARY KEY

authors = Table(
    "authors",
    metadata,
    Column("author", String(40), primary_key=True),  # pseudonym: keyed hash of platform and native id or handle
    Column("platform", String(40), nullable=False),
    Column("native_id", Text),
    Column("handle", Text),
    Column("name", Text),
    Column("bio", Text),
    Column("followers", BigInteger),
    Column("account_created_at", UtcDateTime),
    Column("first_collected_at", UtcDateTime, nullable=False),
    Column("last_collected_at", UtcDateTime, nullable=False),
    Index(None, "platform", "handle"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("mention_id", Text, primary_key=True),  # platform:native id
    Column("platform", String(40), nullable=False),
    Column("native_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("url", Text),
    Column("author", String(40)),  # pseudonym; null where the platform withholds the author
    Column("text", Text, nullable=False),
    Column("platform_lang", Text),
    Column("conversation_id", Text),
    Column("parent_id", Text),
    Column("parent_author", String(40)),
    Column("parent_author_handle", Text),
    Column("parent_text", Text),
    Column("likes", BigInteger),
    Column("reposts", BigInteger),
    Column("replies", BigInteger),
    Column("views", BigInteger),
    Column("rating", Float),
    Column("media", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    Column("matched_terms", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("posted_on", Date, nullable=False),  # the UTC day of posted_at, for plain GROUP BYs
    Column("collected_at", UtcDateTime, nullable=False),  # when its batch came from the platform
    Column("loaded_at", UtcDateTime, nullable=False),  # when this row was last written
    Column("revision", Integer, nullable=False, default=0),  # how often the text has changed
    Index(None, "posted_on", "platform"),
    Index(None, "author", "posted_at"),
    Index(None, "source", "posted_at"),
)

payloads = Table(  # the platform's whole record, beside and not inside the table that analysts scan
    "payloads",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("payload", JSON, nullable=False),
)

revisions = Table(  # the former text of a mention that was edited
    "revisions",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
)

sightings = Table(  # when a platform last showed a mention again, where its terms limit how long we keep it without
    "sightings",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("shown_at", UtcDateTime, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", String(64), primary_key=True),  # SHA-256 of source, place, reason and payload
    Column("source", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("run_id", String(36), nullable=False),
    Column("quarantined_at", UtcDateTime, nullable=False),
    Index(None, "source", "quarantined_at"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("source", Text, primary_key=True),
    Column("state", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

runs = Table(  # one row a run of one source, empty and failed ones too
    "runs",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("source", Text, nullable=False),
    Column("platform", String(40), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # running, completed, interrupted, or CollectError.outcome: rate_limited, access_denied, unavailable, …
    Column("outcome", String(30), nullable=False),
    Column("collected", Integer, nullable=False, default=0),
    Column("inserted", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("quarantined", Integer, nullable=False, default=0),
    Column("requests", Integer, nullable=False, default=0),
    Column("more", Boolean, nullable=False, default=False),  # a backlog is left for the next run
    Column("error", Text),
    Index(None, "source", "started_at"),
    Index(None, "platform", "started_at"),
)

unassessed = Table(  # mentions that wait to be judged; a row leaves in the transaction that writes its assessment
    "unassessed",
    metadata,
    Column("position", Identity, primary_key=True, autoincrement=True),
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("queued_at", UtcDateTime, nullable=False),
)

policy_versions = Table(  # the exact text that findings were judged by
    "policy_versions",
    metadata,
    Column("policy", String(60), primary_key=True),
    Column("policy_version", String(12), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

policy_adoptions = Table(  # a version of a pack that somebody adopted; never changed, never deleted
    "policy_adoptions",
    metadata,
    Column("adoption_id", Identity, primary_key=True, autoincrement=True),
    Column("policy", String(60), nullable=False),
    Column("from_version", String(12)),  # null: nothing of this pack had been in force
    Column("to_version", String(12), nullable=False),
    Column("content", JSON, nullable=False),  # what was adopted, for it may not have judged anything yet
    Column("adopted_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("diff", JSON(none_as_null=True)),  # the numbers of the `policy diff` that they decided upon
    Column("adopted_at", UtcDateTime, nullable=False),
    Index(None, "policy", "adoption_id"),
)

assessments = Table(  # one row a mention and policy: the judgement in force
    "assessments",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("policy", String(60), primary_key=True),
    Column("policy_version", String(12), nullable=False),
    Column("model", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("scope", String(10), nullable=False),
    Column("sentiment", String(10), nullable=False),
    Column("sentiment_score", Float, nullable=False),
    Column("toxicity", Float, nullable=False),
    Column("severe_toxicity", Float, nullable=False),
    Column("obscene", Float, nullable=False),
    Column("threat", Float, nullable=False),
    Column("insult", Float, nullable=False),
    Column("identity_attack", Float, nullable=False),
    Column("sexual_explicit", Float, nullable=False),
    Column("assessed_at", UtcDateTime, nullable=False),
    Index(None, "policy", "relevant"),
)

topics = Table(  # what a mention is about, in the policy pack's own topics
    "topics",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("policy", String(60), primary_key=True),
    Column("topic_group", String(60), primary_key=True),
    Column("topic", String(100), primary_key=True),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", String(64), primary_key=True),  # SHA-256 of mention, policy, category and target
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), nullable=False),
    Column("policy", String(60), nullable=False),
    Column("policy_version", String(12), nullable=False),
    Column("model", Text, nullable=False),
    Column("category", String(30), nullable=False),
    Column("clauses", JSON, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("target_kind", String(20), nullable=False),
    Column("target_handle", Text),
    Column("spans", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("incident_id", String(20), ForeignKey("incidents.incident_id")),  # null until grouped
    Column("suppressed_why", Text),  # the exception or silence that covers it; such a finding opens no incident
    Column("suppressed_by", String(20)),  # exception, union, official, exempt, category or threshold
    Column("exception_id", Text),  # of the pack's register, where an approved exception covers it
    Index(None, "mention_id", "policy"),
    Index(None, "incident_id"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("incident_id", String(20), nullable=False, unique=True),  # TOC-1042
    Column("policy", String(60), nullable=False),
    Column("policy_version", String(12), nullable=False),
    Column("author", String(40), nullable=False),
    Column("target", Text, nullable=False),
    Column("category", String(30), nullable=False),
    Column("target_kind", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("assignee", Text),
    Column("route", Text, nullable=False),
    Column("clauses", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),  # of its posts
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("mention_count", Integer, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("seconds_to_acknowledge", BigInteger),  # kept here so that marts need no date arithmetic
    Column("seconds_to_close", BigInteger),
    Index(None, "author"),
    Index(None, "policy", "author", "target", "category"),
    Index(None, "status"),
)

incident_events = Table(  # who did what to an incident, when and why; never changed, never deleted
    "incident_events",
    metadata,
    Column("event_id", Identity, primary_key=True, autoincrement=True),
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
    Column("act", String(20), nullable=False),
    Column("actor", Text, nullable=False),  # a person, or "tocsin"
    Column("reason", Text),
    Column("origin", String(20), nullable=False),  # pipeline, cli, slack, console
    Column("detail", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "incident_id", "at"),
)

evidence = Table(  # what a finding looked like when it was found; outlives the post
    "evidence",
    metadata,
    Column("evidence_id", String(64), primary_key=True),  # SHA-256 of incident and finding
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
    Column("finding_id", String(64), nullable=False),
    Column("mention_id", Text, nullable=False),
    Column("exhibit", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the exhibit's canonical JSON
    Column("captured_at", UtcDateTime, nullable=False),
    UniqueConstraint("incident_id", "finding_id"),
)

conversations = Table(  # a conversation that an open incident's posts stand in, and how asking for it last ended
    "conversations",
    metadata,
    Column("conversation", Text, primary_key=True),  # platform:its id there, else that of the incident's own post
    Column("source", Text, nullable=False),
    Column("platform", String(40), nullable=False),
    Column("outcome", String(30), nullable=False),  # completed, partial, gone, not_supported, CollectError.outcome
    Column("error", Text),
    Column("asked_at", UtcDateTime, nullable=False),
)

conversation_posts = Table(  # context: no mentions of the organisation, neither counted nor judged
    "conversation_posts",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.conversation", ondelete="CASCADE"), primary_key=True),
    Column("mention_id", Text, primary_key=True),  # as a mention's, though it need not be one
    Column("native_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("url", Text),
    Column("author", String(40)),
    Column("text", Text, nullable=False),
    Column("parent_id", Text),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # when the platform last showed it
    Index(None, "mention_id"),
    Index(None, "author"),
)

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

outbox = Table(  # of an incident, or of an alarm
    "outbox",
    metadata,
    Column("sequence", Identity, primary_key=True, autoincrement=True),  # the order of delivery
    Column("notification_id", String(36), nullable=False, unique=True),
    Column("incident_id", String(20), ForeignKey("incidents.incident_id")),
    Column("alarm_id", String(20), ForeignKey("alarms.alarm_id")),
    Column("reason", String(20), nullable=False),
    Column("route", Text, nullable=False),
    Column("channel", Text),
    Column("card", JSON, nullable=False),
    Column("state", String(10), nullable=False),  # pending, sending (in doubt after a crash), delivered, failed
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    CheckConstraint("(incident_id IS NULL) <> (alarm_id IS NULL)", name="outbox_has_one_subject"),
    Index(None, "state", "sequence"),
)

deliveries = Table(  # every attempt to deliver, with what the channel answered
    "deliveries",
    metadata,
    Column("delivery_id", Identity, primary_key=True, autoincrement=True),
    Column("notification_id", String(36), ForeignKey("outbox.notification_id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("attempted_at", UtcDateTime, nullable=False),
    Column("outcome", String(20), nullable=False),  # delivered, found (was there already), failed
    Column("remote_id", Text),
    Column("error", Text),
    Index(None, "notification_id"),
)

threads = Table(  # where an incident's head message stands, one a channel
    "threads",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("remote_id", Text, nullable=False),
)

days = Table(  # a calendar, so that a mart can show a day on which nothing happened
    "days",
    metadata,
    Column("day", Date, primary_key=True),
)

audit = Table(  # who looked at, exported, erased or expired whose data, and why
    "audit",
    metadata,
    Column("audit_id", Identity, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(30), nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text),
    Column("rows", Integer, nullable=False),
)

seen_requests = Table(  # what came from Slack in the last hour, so that a request that is sent again does nothing
    "seen_requests",
    metadata,
    Column("mark", String(250), primary_key=True),  # a signature, an envelope or a trigger, hashed where it is a secret
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "seen_at"),
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

staff = Table(  # the staff register; who it is stands nowhere: names and handles are in `staff_keys`, hashed
    "staff",
    metadata,
    Column("person", String(40), primary_key=True),  # pseudonym: keyed hash of the person's names and handles
    Column("role", Text, nullable=False),
    Column("team", Text),
    Column("basis", String(30), nullable=False),  # UK GDPR, Article 6(1); "refused" where the person said no
    Column("monitored", Boolean, nullable=False),  # whether what they write may be judged as the words of staff
    Column("leaves", Date),  # the last day
    Column("imported_at", UtcDateTime, nullable=False),
)

staff_keys = Table(  # one row a handle or name of a person: keyed hashes, which find a person and tell of none
    "staff_keys",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("person", String(40), ForeignKey("staff.person", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), nullable=False),  # handle, name
    Column("platform", String(40)),  # of a handle
    Index(None, "person"),
)
