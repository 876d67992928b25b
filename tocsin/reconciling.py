"""What was told, compared with what Slack shows: for the command `reconcile` and the DAG of that name."""

from collections import Counter
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from incidents.alarm import Fault, SourceState
from incidents.reconciliation import DAYS, OVERDUE, Reconciled
from incidents.reconciliation import reconcile as read_back
from incidents.slack_pace import Patience
from tocsin.house import House, open_house
from warehouse.alarms import WarehouseAlarms
from warehouse.marts import read
from warehouse.reconciliation import ReconciliationBook

SOURCE = "Slack"
TIMEOUT_S = 30
PAUSES = 10  # a reading is many calls, and may be asked to wait often
NAMED = 5  # subjects in an alarm


def reconcile(days: int = DAYS) -> dict[str, int]:
    """Read Slack back and compare; how many channels and messages were read, and how many discrepancies there are.

    The operators hear by an alarm when there are any, and when there are none any more. Without a token for Slack
    nothing is read, and only the outbox speaks.
    """
    house = open_house()
    book = ReconciliationBook(house.engine)
    book.look_through(house.now(), house.now() - OVERDUE)
    read_now = _read_back(house, book, days)
    found = discrepancies(house)
    _tell(house, found, house.now())
    return {"channels": read_now.channels, "messages": read_now.messages, "discrepancies": len(found)}


def discrepancies(house: House) -> list[dict[str, Any]]:
    """The rows of the mart, oldest first."""
    found = read(house.engine, "delivery_discrepancies").astype(object)
    rows = found.where(found.notna(), None).to_dict("records")
    return sorted(({str(name): value for name, value in row.items()} for row in rows), key=_place)


def _place(row: dict[str, Any]) -> tuple[str, str, str]:
    return str(row["since_at"]), str(row["kind"]), str(row["notification_id"])


def _read_back(house: House, book: ReconciliationBook, days: int) -> Reconciled:
    token = house.settings.slack_bot_token
    if token is None:
        return Reconciled(0, 0, ())
    client = WebClient(
        token.get_secret_value(),
        base_url=house.settings.slack_api_url,
        timeout=TIMEOUT_S,
        retry_handlers=[Patience(PAUSES)],
    )
    return read_back(book, client, house.now(), days)


def _tell(house: House, found: list[dict[str, Any]], now: datetime) -> None:
    book = WarehouseAlarms(house.engine, house.settings.slack_operators_channel or None)
    standing = book.standing().get(SOURCE)
    if found and standing is None:
        state = SourceState(SOURCE, "", None, None, None)
        book.open(state, Fault("delivery_discrepancy", said(found)), now)
    elif not found and standing is not None:
        book.close(standing, "what was told is there, once and in order", now)


def said(found: list[dict[str, Any]]) -> str:
    """`2 missing, 1 set aside: TOC-1001, TOC-1007.`"""
    kinds = Counter(str(row["kind"]).replace("_", " ") for row in found)
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    subjects = list(dict.fromkeys(str(row["subject"] or row["channel"]) for row in found))
    more = f" and {len(subjects) - NAMED} more" if len(subjects) > NAMED else ""
    return f"{counted}: {', '.join(subjects[:NAMED])}{more}."
