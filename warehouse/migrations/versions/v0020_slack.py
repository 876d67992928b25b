"""What came from Slack and is not done yet; what Slack shows of our messages; how long a delivery was kept back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0018"

INDICES = (  # by which the thread of a notification is found
    ("outbox", ("incident_id",)),
    ("outbox", ("alarm_id",)),
    ("outbox", ("bulletin_id",)),
    ("deliveries", ("remote_id", "channel")),
)


def upgrade() -> None:
    """Make the tables and the column."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "slack_inbox",
        sa.Column("number", number, autoincrement=True, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_slack_inbox")),
    )
    op.create_index(op.f("ix_slack_inbox_claimed_at"), "slack_inbox", ["claimed_at"])
    op.create_table(
        "slack_messages",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.String(40), nullable=False),
        sa.Column("notification_id", sa.Text(), nullable=True),
        sa.Column("thread", sa.String(40), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("gone_at", moment, nullable=True),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("channel", "remote_id", name=op.f("pk_slack_messages")),
    )
    op.create_index(op.f("ix_slack_messages_notification_id"), "slack_messages", ["notification_id"])
    op.create_table(
        "slack_readings",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("oldest", sa.String(40), nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("overdue_before", moment, nullable=False),
        sa.Column("tried_at", moment, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_slack_readings")),
    )
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("delayed_s", sa.Float(), nullable=True))
    for table_name, columns in INDICES:
        op.create_index(op.f(f"ix_{table_name}_{'_'.join(columns)}"), table_name, list(columns))


def downgrade() -> None:
    """Forget them."""
    for table_name, columns in INDICES:
        op.drop_index(op.f(f"ix_{table_name}_{'_'.join(columns)}"), table_name)
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("delayed_s")
    for table_name in ("slack_readings", "slack_messages", "slack_inbox"):
        op.drop_table(table_name)
