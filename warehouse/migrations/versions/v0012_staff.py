"""The staff register: one row a person, found by keyed hashes of their handles and names alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff",
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team", sa.Text()),
        sa.Column("basis", sa.String(30), nullable=False),
        sa.Column("monitored", sa.Boolean(), nullable=False),
        sa.Column("leaves", sa.Date()),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_staff")),
    )
    op.create_table(
        "staff_keys",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("platform", sa.String(40)),
        sa.ForeignKeyConstraint(["person"], ["staff.person"], name=op.f("fk_staff_keys_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "person", name=op.f("pk_staff_keys")),
    )
    op.create_index(op.f("ix_staff_keys_person"), "staff_keys", ["person"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("staff_keys")
    op.drop_table("staff")
