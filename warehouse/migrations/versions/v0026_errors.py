"""Errors of the database that were kept lose the row that they quote, with posts' words, names and pseudonyms.

They stand in what runs and alarms say, and in what the outbox told the operators of alarms.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"

QUOTES = ("\nDETAIL:", "\n[parameters:")  # PostgreSQL's words, and SQLAlchemy's


def upgrade() -> None:
    """Cut each where the row begins."""
    connection = op.get_bind()
    for table, key, column in (("runs", "run_id", "error"), ("alarms", "number", "problem")):
        kept = sa.table(table, sa.column(key), sa.column(column, sa.Text()))
        for row in connection.execute(sa.select(kept).where(_quotes(kept.c[column]))).all():
            connection.execute(sa.update(kept).where(kept.c[key] == row[0]).values({column: _cut(row[1])}))
    outbox = sa.table("outbox", sa.column("sequence"), sa.column("alarm_id"), sa.column("card", sa.JSON()))
    told = sa.select(outbox.c.sequence, outbox.c.card).where(outbox.c.alarm_id.is_not(None))
    for sequence, card in connection.execute(told).all():
        cut = card | {"problem": _cut(card["problem"])}
        if cut != card:
            connection.execute(sa.update(outbox).where(outbox.c.sequence == sequence).values(card=cut))


def downgrade() -> None:
    """What was cut is not known any more."""


def _quotes(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.contains(mark) for mark in QUOTES))


def _cut(told: str) -> str:
    for mark in QUOTES:
        told = told.partition(mark)[0]
    return told
