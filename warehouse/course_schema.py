"""The posts of behaviours over time that are no findings themselves, in custody with the incident that they show."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, select, union_all

from warehouse.case_schema import evidence
from warehouse.schema import UtcDateTime, metadata

course_posts = Table(  # each with all that was held of it when it was captured; outlives the post
    "course_posts",
    metadata,
    Column("evidence_id", String(64), primary_key=True),  # SHA-256 of incident and mention
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
    Column("mention_id", Text, nullable=False, index=True),
    Column("step", Text, nullable=False),  # canonical JSON: the post, and what made it count in which behaviour
    Column("sha256", String(64), nullable=False),
    Column("original", Text, nullable=False),  # canonical JSON, to the byte as it was hashed
    Column("original_sha256", String(64), nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Index(None, "incident_id"),
)

# Every post in custody, a finding's or a course's.
in_custody = union_all(
    select(evidence.c.incident_id, evidence.c.evidence_id, evidence.c.mention_id, evidence.c.captured_at),
    select(*(course_posts.c[name] for name in ("incident_id", "evidence_id", "mention_id", "captured_at"))),
).subquery("in_custody")
