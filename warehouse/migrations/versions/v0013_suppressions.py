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
    """Drop them, in place: made anew, as SQLite's batches do it, the table would lose what hangs on it."""
    op.drop_column("findings", "exception_id")
    op.drop_column("findings", "suppressed_by")
