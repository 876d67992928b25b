"""The tables of evidence in custody: originals, the chained log and its end, holds, and timestamps by an authority."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from warehouse.schema import UtcDateTime, metadata

originals = Table(  # beside each exhibit all that was held of its post when it was captured
    "originals",
    metadata,
    Column("evidence_id", String(64), ForeignKey("evidence.evidence_id", ondelete="CASCADE"), primary_key=True),
    Column("mention_id", Text, nullable=False, index=True),
    Column("original", Text, nullable=False),  # canonical JSON, to the byte as it was hashed
    Column("sha256", String(64), nullable=False),
)

custody = Table(  # who did what with an incident's evidence; never changed, never deleted
    "custody",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
    Column("sequence", Integer, nullable=False),  # from 1 in each incident, without gaps
    Column("act", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text),
    Column("origin", String(20), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("former", String(64), nullable=False),  # the hash of the entry before
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("incident_id", "sequence"),
)

custody_heads = Table(  # where each log ends: kept beside it, so that one whose end was cut off is found
    "custody_heads",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the last of them
)

legal_holds = Table(  # incidents of which nothing may go, whatever the schedule says; `custody` has the history
    "legal_holds",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), primary_key=True),
    Column("set_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

stamps = Table(  # RFC 3161 timestamps of entries of the log, asked for after the fact; a row without a reply waits
    "stamps",
    metadata,
    Column("incident_id", String(20), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("tsa", Text, nullable=False),  # the URL that was asked
    Column("attempts", Integer, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),  # last
    Column("error", Text),  # why the last attempt came to nothing
    Column("stamped_at", UtcDateTime),  # as the authority says
    Column("query", LargeBinary),
    Column("reply", LargeBinary),
    PrimaryKeyConstraint("incident_id", "sequence"),
    ForeignKeyConstraint(["incident_id", "sequence"], ["custody.incident_id", "custody.sequence"]),
)
