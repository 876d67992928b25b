"""Requests from Slack that were seen: a request that is sent again does nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "seen_requests",
        sa.Column("mark", sa.String(length=250), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_seen_requests")),
    )
    op.create_index(op.f("ix_seen_requests_seen_at"), "seen_requests", ["seen_at"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("seen_requests")
