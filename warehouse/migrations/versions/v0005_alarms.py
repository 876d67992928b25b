"""Alarms about sources, told through the outbox: a notification is of an incident or of an alarm."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

ONE_SUBJECT = "(incident_id IS NULL) <> (alarm_id IS NULL)"


def upgrade() -> None:
    """Make the table of alarms, and let the outbox hold theirs."""
    op.create_table(
        "alarms",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("alarm_id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarms")),
        sa.UniqueConstraint("alarm_id", name=op.f("uq_alarms_alarm_id")),
    )
    still = sa.text("recovered_at IS NULL")
    op.create_index("uq_alarms_open", "alarms", ["source"], unique=True, sqlite_where=still, postgresql_where=still)
    kept = _set_deliveries_aside()
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("incident_id", existing_type=sa.String(length=20), nullable=True)
        outbox.add_column(sa.Column("alarm_id", sa.String(length=20), nullable=True))
        outbox.create_foreign_key(op.f("fk_outbox_alarm_id"), "alarms", ["alarm_id"], ["alarm_id"])
        outbox.create_check_constraint("outbox_has_one_subject", ONE_SUBJECT)
    _bring_deliveries_back(kept)


def downgrade() -> None:
    """Forget the alarms and what was told of them."""
    of_alarms = "SELECT notification_id FROM outbox WHERE alarm_id IS NOT NULL"
    op.execute(f"DELETE FROM deliveries WHERE notification_id IN ({of_alarms})")  # noqa: S608 - our own words
    op.execute("DELETE FROM outbox WHERE alarm_id IS NOT NULL")
    kept = _set_deliveries_aside()
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("outbox_has_one_subject", type_="check")
        outbox.drop_constraint(op.f("fk_outbox_alarm_id"), type_="foreignkey")
        outbox.drop_column("alarm_id")
        outbox.alter_column("incident_id", existing_type=sa.String(length=20), nullable=False)
    _bring_deliveries_back(kept)
    op.drop_table("alarms")


def _set_deliveries_aside() -> bool:
    """SQLite changes a table by making it anew, and will not drop the old one while deliveries point to it."""
    if op.get_bind().dialect.name != "sqlite":
        return False
    op.execute("CREATE TABLE deliveries_kept AS SELECT * FROM deliveries")
    op.drop_table("deliveries")
    return True


def _bring_deliveries_back(kept: bool) -> None:
    if not kept:
        return
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("notification_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["outbox.notification_id"], name=op.f("fk_deliveries_notification_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_notification_id"), "deliveries", ["notification_id"], unique=False)
    columns = "delivery_id, notification_id, channel, attempted_at, outcome, remote_id, error"
    op.execute(f"INSERT INTO deliveries ({columns}) SELECT {columns} FROM deliveries_kept")  # noqa: S608 - our own
    op.drop_table("deliveries_kept")
