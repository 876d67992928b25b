"""Where each custody log ends. Of logs that stand it is kept from now on: what was cut off before it does not show."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"


def upgrade() -> None:
    """Make the table, with the end of each log as it stands."""
    heads = op.create_table(
        "custody_heads",
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_custody_heads_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_custody_heads")),
    )
    log = sa.table("custody", sa.column("incident_id"), sa.column("sequence"), sa.column("sha256"))
    ends = sa.select(log.c.incident_id, sa.func.max(log.c.sequence).label("entries")).group_by(log.c.incident_id)
    last = ends.subquery()
    of_it = (log.c.incident_id == last.c.incident_id) & (log.c.sequence == last.c.entries)
    rows = sa.select(log.c.incident_id, log.c.sequence, log.c.sha256).select_from(log.join(last, of_it))
    op.execute(sa.insert(heads).from_select(["incident_id", "entries", "sha256"], rows))


def downgrade() -> None:
    """Drop it."""
    op.drop_table("custody_heads")
