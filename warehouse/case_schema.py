"""The tables of incidents: what happened to each, what it rests on, and what was told of it where."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.schema import Identity, UtcDateTime, metadata

incidents = Table(
    "incidents",
    metadata,
    Column("number", Identity, primary_key=True, autoincrement=True),
    Column("incident_id", String(20), nullable=False, unique=True),  # TOC-1042
    Column("policy", String(60), nullable=False),
    Column("policy_version", String(12), nullable=False),
    Column("author", String(40), nullable=False),  # a pseudonym, or `campaign:…`
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
    Column("author_count", Integer, nullable=False, default=1, server_default="1"),  # more than one: a campaign
    Column("merged_into", String(20)),  # the incident in which it goes on; never one that is merged itself
    Column("inhibited_by", String(20)),  # the graver incident that explains it: it rings no bell of its own
    Column("acknowledged_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("seconds_to_acknowledge", BigInteger),  # kept here so that marts need no date arithmetic
    Column("seconds_to_close", BigInteger),
    Index(None, "author"),
    Index(None, "policy", "author", "target", "category"),
    Index(None, "policy", "target"),
    Index(None, "status"),
    Index(None, "merged_into"),
    Index(None, "inhibited_by"),
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
    Column("came_for", String(20)),  # the incident, merged into this one, that it would have belonged to
    UniqueConstraint("incident_id", "finding_id"),
    Index(None, "finding_id"),
    Index(None, "mention_id"),
)

ONE_SUBJECT = (
    " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in ("incident_id", "alarm_id", "bulletin_id"))
    + " = 1"
)

outbox = Table(  # of an incident, of an alarm, or of many incidents at once
    "outbox",
    metadata,
    Column("sequence", Identity, primary_key=True, autoincrement=True),  # the order of delivery
    Column("notification_id", String(36), nullable=False, unique=True),
    Column("incident_id", String(20), ForeignKey("incidents.incident_id")),
    Column("alarm_id", String(20), ForeignKey("alarms.alarm_id")),
    Column("bulletin_id", String(20)),  # a digest's or a silence's: DIG-3, SIL-7
    Column("reason", String(20), nullable=False),
    Column("route", Text, nullable=False),
    Column("channel", Text),
    Column("card", JSON, nullable=False),
    # pending, sending (in doubt after a crash), delivered, failed; gathering (waits for its digest), digested, silenced
    Column("state", String(10), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("digest_at", UtcDateTime),  # gathering: until then
    Column("not_before", UtcDateTime),  # quiet hours hold it back until then
    Column("told_in", String(36)),  # digested, or silenced and told of at the end: the notification that tells it
    Column("silenced_by", String(20)),  # silenced: by which silence
    CheckConstraint(ONE_SUBJECT, name="outbox_has_one_subject"),
    Index(None, "state", "sequence"),
    Index(None, "incident_id"),
    Index(None, "alarm_id"),
    Index(None, "bulletin_id"),
    Index(None, "told_in"),
    Index(None, "silenced_by"),
)

held_bells = Table(  # what an incident would have been announced with, had no graver one explained it
    "held_bells",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), primary_key=True),
    Column("notification_id", String(36), nullable=False, unique=True),
    Column("reason", String(20), nullable=False),
    Column("route", Text, nullable=False),
    Column("channel", Text),
    Column("card", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("digest_at", UtcDateTime),  # as in the outbox
    Column("not_before", UtcDateTime),
)

deliveries = Table(  # every attempt to deliver, with what the channel answered
    "deliveries",
    metadata,
    Column("delivery_id", Identity, primary_key=True, autoincrement=True),
    Column("notification_id", String(36), ForeignKey("outbox.notification_id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("attempted_at", UtcDateTime, nullable=False),
    Column("outcome", String(20), nullable=False),  # delivered, found (was there already), edited, failed
    Column("remote_id", Text),
    Column("error", Text),
    Column("delayed_s", Float),  # how long the pace of the channel and its rate limits kept it back
    Index(None, "notification_id"),
    Index(None, "remote_id", "channel"),
)

threads = Table(  # where an incident's head message stands, one a channel
    "threads",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("remote_id", Text, nullable=False),
)

seen_requests = Table(  # what came from Slack in the last hour, so that a request that is sent again does nothing
    "seen_requests",
    metadata,
    Column("mark", String(250), primary_key=True),  # a signature, an envelope or a trigger, hashed where it is a secret
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "seen_at"),
)
