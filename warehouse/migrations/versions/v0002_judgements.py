"""What is judged: policy versions, assessments, topics."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "policy_versions",
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("policy", "policy_version", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "assessments",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("sentiment", sa.String(length=10), nullable=False),
        sa.Column("sentiment_score", sa.Float(), nullable=False),
        sa.Column("toxicity", sa.Float(), nullable=False),
        sa.Column("severe_toxicity", sa.Float(), nullable=False),
        sa.Column("obscene", sa.Float(), nullable=False),
        sa.Column("threat", sa.Float(), nullable=False),
        sa.Column("insult", sa.Float(), nullable=False),
        sa.Column("identity_attack", sa.Float(), nullable=False),
        sa.Column("sexual_explicit", sa.Float(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.mention_id"], name=op.f("fk_assessments_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "policy", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_policy_relevant"), "assessments", ["policy", "relevant"], unique=False)
    op.create_table(
        "topics",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("topic_group", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.mention_id"], name=op.f("fk_topics_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "policy", "topic_group", "topic", name=op.f("pk_topics")),
    )


def downgrade() -> None:
    """Drop them, and all that is in them."""
    op.drop_table("topics")
    op.drop_table("assessments")
    op.drop_table("policy_versions")
