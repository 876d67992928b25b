"""Steps of escalation; and until when quiet hours hold a notification back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Make the table and the outbox's column."""
    op.create_table(
        "escalations",
        sa.Column("incident_id", sa.String(length=20), nullable=False),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("on_call", sa.String(length=45), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.incident_id"], name=op.f("fk_escalations_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("incident_id", "life", "step", name=op.f("pk_escalations")),
    )
    op.add_column("outbox", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget them; what quiet hours held back goes out."""
    op.drop_column("outbox", "not_before")
    op.drop_table("escalations")
