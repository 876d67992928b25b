"""What is known of each source beside its runs: access, bounds, quota and budget."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("configured", sa.Boolean(), nullable=False),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("expected_least", sa.Integer(), nullable=True),
        sa.Column("expected_most", sa.Integer(), nullable=True),
        sa.Column("quota", sa.Text(), nullable=True),
        sa.Column("quota_used", sa.BigInteger(), nullable=True),
        sa.Column("quota_left", sa.BigInteger(), nullable=True),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("budget_used", sa.Text(), nullable=True),
        sa.Column("budget_left", sa.BigInteger(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sources")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sources")
