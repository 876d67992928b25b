"""Campaigns, merges and inhibition: how many authors take part, where an incident goes on, and what explains it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0019"


def upgrade() -> None:
    """Add the columns and the table; every incident so far is one author's and stands for itself."""
    with op.batch_alter_table("incidents") as incidents:
        incidents.add_column(sa.Column("author_count", sa.Integer(), server_default="1", nullable=False))
        incidents.add_column(sa.Column("merged_into", sa.String(20), nullable=True))
        incidents.add_column(sa.Column("inhibited_by", sa.String(20), nullable=True))
    op.create_index(op.f("ix_incidents_policy_target"), "incidents", ["policy", "target"])
    op.create_index(op.f("ix_incidents_merged_into"), "incidents", ["merged_into"])
    op.create_index(op.f("ix_incidents_inhibited_by"), "incidents", ["inhibited_by"])
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("came_for", sa.String(20), nullable=True))
    op.create_index(op.f("ix_evidence_finding_id"), "evidence", ["finding_id"])
    op.create_index(op.f("ix_evidence_mention_id"), "evidence", ["mention_id"])
    op.create_table(
        "held_bells",
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("notification_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_held_bells_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_held_bells")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_held_bells_notification_id")),
    )


def downgrade() -> None:
    """Drop them, in place: made anew, as SQLite's batches do it, the tables would lose what hangs on them."""
    op.drop_table("held_bells")
    op.drop_index(op.f("ix_evidence_mention_id"), "evidence")
    op.drop_index(op.f("ix_evidence_finding_id"), "evidence")
    op.execute("ALTER TABLE evidence DROP COLUMN came_for")
    for index in ("policy_target", "merged_into", "inhibited_by"):
        op.drop_index(op.f(f"ix_incidents_{index}"), "incidents")
    for column in ("author_count", "merged_into", "inhibited_by"):
        op.execute(f"ALTER TABLE incidents DROP COLUMN {column}")
