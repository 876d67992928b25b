"""The other routes: which channels hear which route, what each was told, and what it answered."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0017"


def upgrade() -> None:
    """Make the tables. What stands in the outbox already is told by no further channel."""
    op.create_table(
        "relay_channels",
        sa.Column("policy", sa.String(60), nullable=False),
        sa.Column("route", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("policy", "route", "channel", name=op.f("pk_relay_channels")),
    )
    op.create_table(
        "relays",
        sa.Column("notification_id", sa.String(36), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["outbox.notification_id"], name=op.f("fk_relays_notification_id")
        ),
        sa.PrimaryKeyConstraint("notification_id", "channel", name=op.f("pk_relays")),
    )
    op.create_index(op.f("ix_relays_channel_state"), "relays", ["channel", "state"])
    _attempts()


def _attempts() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "relay_attempts",
        sa.Column("attempt_id", number, autoincrement=True, nullable=False),
        sa.Column("notification_id", sa.String(36), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["outbox.notification_id"], name=op.f("fk_relay_attempts_notification_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_relay_attempts")),
    )
    op.create_index(op.f("ix_relay_attempts_notification_id_channel"), "relay_attempts", ["notification_id", "channel"])


def downgrade() -> None:
    """Forget them."""
    for table in ("relay_attempts", "relays", "relay_channels"):
        op.drop_table(table)
