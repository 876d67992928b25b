"""The tables of mentions and judgements, SQLAlchemy Core, the same on SQLite and PostgreSQL; Alembic follows them.

The others stand beside it, by what they are about (`case_schema`, `custody_schema`, `behaviour_schema` …).

Every row about a mention says when it was posted (by the author), collected (by us) and loaded (into this warehouse);
every judgement says which model and which policy version made it. Who an author is stands in `authors` alone; all
other tables, and every mart, know a pseudonym.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    Index(None, "parent_id"),
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
