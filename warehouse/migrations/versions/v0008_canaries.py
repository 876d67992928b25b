"""Canaries: posts about nothing, planted so that the watch can be seen to work."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "canaries",
        sa.Column("marker", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("planted_on", sa.Date(), nullable=False),
        sa.Column("planted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=True),
        sa.Column("mention_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_mart_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_to_store", sa.Float(), nullable=True),
        sa.Column("seconds_to_judge", sa.Float(), nullable=True),
        sa.Column("seconds_to_mart", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("marker", name=op.f("pk_canaries")),
        sa.UniqueConstraint("place", "planted_on", name=op.f("uq_canaries_place_planted_on")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("canaries")
