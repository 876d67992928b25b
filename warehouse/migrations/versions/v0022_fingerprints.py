"""Fingerprints of eight bands of three rows: what has left others is traced, and so judged, again.

Copies are looked for within seven days, so only mentions of these are queued anew; older ones lose what nobody would
look up any more. What has no words, or no longer under a platform's terms, leaves none.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision: str | None = "0021"

WINDOW = timedelta(days=7)


def upgrade() -> None:
    """Forget the former fingerprints, and queue what is to leave new ones."""
    now = datetime.now(UTC)
    moment = sa.DateTime(timezone=True)
    traces = sa.table("traces", sa.column("mention_id"), sa.column("posted_at", moment))
    recent = sa.select(traces.c.mention_id).where(traces.c.posted_at >= now - WINDOW)
    contacts = sa.table("contacts", sa.column("mention_id"))
    op.execute(sa.delete(sa.table("fingerprints")))
    op.execute(sa.delete(contacts).where(contacts.c.mention_id.in_(recent)))
    op.execute(sa.delete(traces).where(traces.c.posted_at >= now - WINDOW))
    _queue(now, moment)


def downgrade() -> None:
    """Former fingerprints are not made again: those of the new kind go unfound, as posts without any copies do."""


def _queue(now: datetime, moment: sa.DateTime) -> None:
    mentions = sa.table(
        "mentions", sa.column("mention_id"), sa.column("text", sa.Text()), sa.column("posted_at", moment)
    )
    unassessed = sa.table("unassessed", sa.column("mention_id"), sa.column("queued_at", moment))
    waits = sa.exists().where(unassessed.c.mention_id == mentions.c.mention_id)
    due = (
        sa.select(mentions.c.mention_id, sa.literal(now, moment))
        .where(mentions.c.posted_at >= now - WINDOW, mentions.c.text != "", sa.not_(waits))
        .order_by(mentions.c.posted_at)
    )
    op.execute(sa.insert(unassessed).from_select(["mention_id", "queued_at"], due))
