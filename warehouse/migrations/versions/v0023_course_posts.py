"""The posts of behaviours over time in custody. Those of incidents that stand are taken in with their next evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "course_posts",
        sa.Column("evidence_id", sa.String(64), nullable=False),
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("original_sha256", sa.String(64), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_course_posts_incident_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_course_posts")),
    )
    op.create_index(op.f("ix_course_posts_mention_id"), "course_posts", ["mention_id"])
    op.create_index(op.f("ix_course_posts_incident_id"), "course_posts", ["incident_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("course_posts")
