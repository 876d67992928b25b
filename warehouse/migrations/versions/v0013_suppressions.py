"""What covers a finding, for counting: by which rule, and by which approved exception."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    """Add the columns; what was suppressed before them keeps its reason in words alone."""
    op.add_column("findings", sa.Column("suppressed_by", sa.String(length=20), nullable=True))
    op.add_column("findings", sa.Column("exception_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("findings") as findings:
        findings.drop_column("exception_id")
        findings.drop_column("suppressed_by")
