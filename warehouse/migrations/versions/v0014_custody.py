"""Evidence in custody: originals, the chained log, legal holds, timestamps.

Of what was captured before there was a log, the log says so: one first entry an incident, with the hashes that stand.
"""

import hashlib
import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

BEFORE = "captured before the custody log was kept; the post's original was not"


def upgrade() -> None:
    """Make the tables, and begin the logs of the incidents that there are."""
    _custody()
    op.create_table(
        "originals",
        sa.Column("evidence_id", sa.String(64), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.evidence_id"], name=op.f("fk_originals_evidence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_originals")),
    )
    op.create_index(op.f("ix_originals_mention_id"), "originals", ["mention_id"])
    op.create_table(
        "legal_holds",
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_legal_holds_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_legal_holds")),
    )
    _stamps()
    _begin_logs()


def downgrade() -> None:
    """Drop them."""
    for table in ("stamps", "legal_holds", "originals", "custody"):
        op.drop_table(table)


def _custody() -> None:
    op.create_table(
        "custody",
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_custody_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "sequence", name=op.f("pk_custody")),
    )


def _stamps() -> None:
    op.create_table(
        "stamps",
        sa.Column("incident_id", sa.String(20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("tsa", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("stamped_at", sa.DateTime(timezone=True)),
        sa.Column("query", sa.LargeBinary()),
        sa.Column("reply", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["incident_id", "sequence"],
            ["custody.incident_id", "custody.sequence"],
            name=op.f("fk_stamps_incident_id"),
        ),
        sa.PrimaryKeyConstraint("incident_id", "sequence", name=op.f("pk_stamps")),
    )


def _begin_logs() -> None:
    from warehouse.schema import UtcDateTime  # noqa: PLC0415 - reads a time as the tables write it

    incidents = sa.table("incidents", sa.column("incident_id"), sa.column("opened_at", UtcDateTime()))
    evidence = sa.table("evidence", *map(sa.column, ("incident_id", "evidence_id", "sha256")))
    custody = sa.table("custody", *_columns(UtcDateTime()))
    connection = op.get_bind()
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(sa.select(evidence).order_by(evidence.c.evidence_id)):
        held[row.incident_id].append({"evidence_id": row.evidence_id, "exhibit": row.sha256, "original": None})
    found = connection.execute(sa.select(incidents)).all()
    if logs := [_first(row.incident_id, row.opened_at, held[row.incident_id]) for row in found]:
        connection.execute(sa.insert(custody), logs)


def _columns(moment: Any) -> list[Any]:
    plain = ("incident_id", "act", "actor", "reason", "origin", "former", "sha256")
    return [
        *(sa.column(name, sa.String()) for name in plain),
        sa.column("sequence", sa.Integer()),
        sa.column("detail", sa.JSON()),
        sa.column("at", moment),
    ]


def _first(incident_id: str, at: Any, exhibits: list[dict[str, Any]]) -> dict[str, Any]:
    shared = {"act": "captured", "actor": "tocsin", "reason": BEFORE, "origin": "pipeline", "sequence": 1}
    shared |= {"detail": {"exhibits": exhibits}, "former": "0" * 64}
    hashed = json.dumps(shared | {"incident": incident_id, "at": at.isoformat()}, sort_keys=True, separators=(",", ":"))
    return shared | {"incident_id": incident_id, "at": at, "sha256": hashlib.sha256(hashed.encode()).hexdigest()}
