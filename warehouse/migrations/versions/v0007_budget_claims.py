"""Calls that a budget has paid for, and the index by which what a platform has used is summed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "budget_claims",
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "since", name=op.f("pk_budget_claims")),
    )
    op.create_index(op.f("ix_runs_platform_started_at"), "runs", ["platform", "started_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_runs_platform_started_at"), table_name="runs")
    op.drop_table("budget_claims")
