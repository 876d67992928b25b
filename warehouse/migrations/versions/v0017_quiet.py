"""Digests and silences; the outbox holds their messages too, and says of each row by what it is told or kept quiet."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0015"

TWO_SUBJECTS = "(incident_id IS NULL) <> (alarm_id IS NULL)"
THREE_SUBJECTS = (
    "CASE WHEN incident_id IS NULL THEN 0 ELSE 1 END + CASE WHEN alarm_id IS NULL THEN 0 ELSE 1 END + "
    "CASE WHEN bulletin_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    """Make the tables and the outbox's columns."""
    _make_digests()
    _make_silences()
    op.add_column("outbox", sa.Column("bulletin_id", sa.String(length=20), nullable=True))
    op.add_column("outbox", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("told_in", sa.String(length=36), nullable=True))
    op.add_column("outbox", sa.Column("silenced_by", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_outbox_told_in"), "outbox", ["told_in"], unique=False)
    op.create_index(op.f("ix_outbox_silenced_by"), "outbox", ["silenced_by"], unique=False)
    _check_subjects(TWO_SUBJECTS, THREE_SUBJECTS)


def downgrade() -> None:
    """Forget them. What waits for a digest is told singly; what was kept quiet or told together stays told."""
    bulletins = "SELECT notification_id FROM outbox WHERE bulletin_id IS NOT NULL"
    op.execute(f"DELETE FROM deliveries WHERE notification_id IN ({bulletins})")  # noqa: S608 - our own words
    op.execute("DELETE FROM outbox WHERE bulletin_id IS NOT NULL")
    op.execute("UPDATE outbox SET state = 'pending' WHERE state = 'gathering'")
    op.execute("UPDATE outbox SET state = 'delivered' WHERE state IN ('digested', 'silenced')")
    _check_subjects(THREE_SUBJECTS, TWO_SUBJECTS)
    op.drop_index(op.f("ix_outbox_silenced_by"), "outbox")
    op.drop_index(op.f("ix_outbox_told_in"), "outbox")
    for column in ("silenced_by", "told_in", "digest_at", "bulletin_id"):
        op.drop_column("outbox", column)
    op.drop_table("silences")
    op.drop_table("digests")


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False)


def _make_digests() -> None:
    op.create_table(
        "digests",
        _number(),
        sa.Column("digest_id", sa.String(length=20), nullable=False),
        sa.Column("notification_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("singly", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_digests")),
        sa.UniqueConstraint("digest_id", name=op.f("uq_digests_digest_id")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_digests_notification_id")),
    )
    op.create_index(op.f("ix_digests_kind_begun_at"), "digests", ["kind", "begun_at"], unique=False)


def _make_silences() -> None:
    op.create_table(
        "silences",
        _number(),
        sa.Column("silence_id", sa.String(length=20), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=30), nullable=True),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_silences")),
        sa.UniqueConstraint("silence_id", name=op.f("uq_silences_silence_id")),
    )
    op.create_index(op.f("ix_silences_closed_at"), "silences", ["closed_at"], unique=False)


def _check_subjects(before: str, after: str) -> None:
    """Change the outbox's check.

    SQLite would make the table anew, which the rows that point to it forbid; a check may be changed in its schema,
    as SQLite's manual of ALTER TABLE says.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint("outbox_has_one_subject", "outbox", type_="check")
        op.create_check_constraint("outbox_has_one_subject", "outbox", after)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    changed = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'outbox'"
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(changed, (before, after))
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
