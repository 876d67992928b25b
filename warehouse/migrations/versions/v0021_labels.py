"""What became of posts after they were found, and what people said of the findings."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    """Make the tables."""
    identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "post_changes",
        sa.Column("change_id", identity, autoincrement=True, nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("former_sha256", sa.String(length=64), nullable=True),
        sa.Column("present_sha256", sa.String(length=64), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_post_changes")),
    )
    op.create_index(op.f("ix_post_changes_mention_id_change_id"), "post_changes", ["mention_id", "change_id"])
    op.create_index(op.f("ix_post_changes_told_at"), "post_changes", ["told_at"])
    op.create_table(
        "watched_posts",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_watched_posts")),
    )
    op.create_table(
        "labels",
        sa.Column("label_id", identity, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.String(length=20), nullable=False),
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["incident_events.event_id"], name=op.f("fk_labels_event_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_labels_incident_id")),
        sa.PrimaryKeyConstraint("label_id", name=op.f("pk_labels")),
        sa.UniqueConstraint("event_id", "finding_id", "clause", name=op.f("uq_labels_event_id_finding_id_clause")),
    )
    op.create_index(op.f("ix_labels_incident_id"), "labels", ["incident_id"])
    op.create_index(op.f("ix_labels_policy_decided_on"), "labels", ["policy", "decided_on"])


def downgrade() -> None:
    """Forget both."""
    op.drop_table("labels")
    op.drop_table("watched_posts")
    op.drop_table("post_changes")
