"""The table of labels: what people said of findings when they closed an incident."""

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Index, String, Table, Text, UniqueConstraint

from warehouse.schema import Identity, UtcDateTime, metadata

labels = (
    Table(  # one row an act that closes, a finding and a clause; outlives the evidence, and holds no words of posts
        "labels",
        metadata,
        Column("label_id", Identity, primary_key=True, autoincrement=True),
        Column("event_id", BigInteger, ForeignKey("incident_events.event_id"), nullable=False),
        Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
        Column("finding_id", String(64), nullable=False),
        Column("policy", String(60), nullable=False),
        Column("policy_version", String(12), nullable=False),
        Column("model", Text, nullable=False),
        Column("category", String(30), nullable=False),
        Column("clause", Text, nullable=False),
        Column("confidence", Float, nullable=False),
        Column("verdict", String(20), nullable=False),  # confirmed, unsaid, or one of incidents.verdict.VERDICTS
        Column("why", Text),  # in the words of whoever decided
        Column("decided_by", Text, nullable=False),
        Column("origin", String(20), nullable=False),  # cli, slack, console
        Column("decided_at", UtcDateTime, nullable=False),
        Column("decided_on", Date, nullable=False),
        Column("withdrawn_at", UtcDateTime),  # when somebody reopened the incident; null: it stands
        UniqueConstraint("event_id", "finding_id", "clause"),
        Index(None, "incident_id"),
        Index(None, "finding_id"),
        Index(None, "policy", "decided_on"),
    )
)
