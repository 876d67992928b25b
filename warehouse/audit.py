"""The audit trail: who looked at, exported, erased or expired whose data, and why."""

from datetime import datetime

from sqlalchemy import Connection, insert

from warehouse.encoding import storable
from warehouse.schema import audit


def record(
    connection: Connection, at: datetime, actor: str, action: str, subject: str, reason: str | None, rows: int
) -> None:
    """Write one line, in the transaction of the act itself. `subject` is a pseudonym, never a handle.

    Raises ValueError where nobody owns up to the act.
    """
    if not actor.strip():
        raise ValueError("an audited act needs an actor: say who does it")
    told = storable(reason) if reason else None
    values = {"at": at, "actor": storable(actor), "action": action, "subject": subject, "reason": told, "rows": rows}
    connection.execute(insert(audit).values(**values))
