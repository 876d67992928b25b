"""Behaviour over time: traces of mentions by which later ones find them, and the timelines of what was found.

Mentions of the last 45 days are queued anew, so that they leave their traces; older ones are beyond every window. What
has no words, or no longer under a platform's terms, leaves none: it keeps the judgement that it has.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

WINDOW = timedelta(days=45)


def upgrade() -> None:
    """Make the tables."""
    _make_traces()
    _make_timelines()
    op.create_index(op.f("ix_incidents_author"), "incidents", ["author"], unique=False)  # an author's upheld incidents
    _queue_recent()


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_incidents_author"), table_name="incidents")
    for table in ("timeline", "behaviours", "fingerprints", "contacts", "traces"):
        op.drop_table(table)


def _make_traces() -> None:
    op.create_table(
        "traces",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=True),
        sa.Column("stem", sa.String(length=40), nullable=True),
        sa.Column("hostile", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        _hangs_on("traces", "mention_id", "mentions.mention_id"),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_traces")),
    )
    op.create_index(op.f("ix_traces_stem_posted_at"), "traces", ["stem", "posted_at"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("hostile", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        _hangs_on("contacts", "mention_id", "traces.mention_id"),
        sa.PrimaryKeyConstraint("mention_id", "person", name=op.f("pk_contacts")),
    )
    towards = op.f("ix_contacts_person_hostile_posted_at")
    op.create_index(towards, "contacts", ["person", "hostile", "posted_at"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        _hangs_on("fingerprints", "mention_id", "traces.mention_id"),
        sa.PrimaryKeyConstraint("mention_id", "band", name=op.f("pk_fingerprints")),
    )
    op.create_index(op.f("ix_fingerprints_band_posted_at"), "fingerprints", ["band", "posted_at"], unique=False)


def _make_timelines() -> None:
    op.create_table(
        "behaviours",
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        _hangs_on("behaviours", "finding_id", "findings.finding_id"),
        sa.PrimaryKeyConstraint("finding_id", "kind", name=op.f("pk_behaviours")),
    )
    op.create_table(
        "timeline",
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_as", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id", "kind"],
            ["behaviours.finding_id", "behaviours.kind"],
            name="fk_timeline_behaviours",
            ondelete="CASCADE",
        ),
        _hangs_on("timeline", "mention_id", "mentions.mention_id"),
        sa.PrimaryKeyConstraint("finding_id", "kind", "position", name=op.f("pk_timeline")),
    )
    op.create_index(op.f("ix_timeline_mention_id"), "timeline", ["mention_id"], unique=False)


def _hangs_on(table: str, column: str, upon: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [upon], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def _queue_recent() -> None:
    posted_at = sa.column("posted_at", sa.DateTime(timezone=True))
    mentions = sa.table("mentions", sa.column("mention_id"), sa.column("text", sa.Text()), posted_at)
    unassessed = sa.table("unassessed", sa.column("mention_id"), sa.column("queued_at", sa.DateTime(timezone=True)))
    now = datetime.now(UTC)
    waits = sa.exists().where(unassessed.c.mention_id == mentions.c.mention_id)
    recent = (
        sa.select(mentions.c.mention_id, sa.literal(now, sa.DateTime(timezone=True)))
        .where(mentions.c.posted_at >= now - WINDOW, mentions.c.text != "", sa.not_(waits))
        .order_by(mentions.c.posted_at)
    )
    op.execute(sa.insert(unassessed).from_select(["mention_id", "queued_at"], recent))
