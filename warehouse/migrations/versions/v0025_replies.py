"""Replies by what they answer: when a post goes from its platform, its words in them go, too."""

from alembic import op

revision = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_mentions_parent_id"), "mentions", ["parent_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_mentions_parent_id"), "mentions")
