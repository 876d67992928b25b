"""Labels are looked up by finding, too: without an index what is asked of them grew with the square of their number."""

from alembic import op

revision = "0027"
down_revision: str | None = "0026"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_labels_finding_id"), "labels", ["finding_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_labels_finding_id"), "labels")
