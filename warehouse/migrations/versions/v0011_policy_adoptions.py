"""Adoptions: which version of a pack was adopted, by whom, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "policy_adoptions",
        sa.Column(
            "adoption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("from_version", sa.String(length=12), nullable=True),
        sa.Column("to_version", sa.String(length=12), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("adopted_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("diff", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("adoption_id", name=op.f("pk_policy_adoptions")),
    )
    op.create_index(
        op.f("ix_policy_adoptions_policy_adoption_id"), "policy_adoptions", ["policy", "adoption_id"], unique=False
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("policy_adoptions")
