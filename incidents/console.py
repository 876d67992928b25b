"""Without a Slack token: the same message printed, and kept as one JSON file a notification."""

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from incidents.card import card_record
from incidents.message import head_message, metadata, reply_message
from incidents.notification import Notification, Receipt
from incidents.outbox import Head, Unavailable
from incidents.text import plain

ADDRESS = "console"


class ConsoleChannel:
    """A `Channel` of files in `folder` (made at the first delivery) and lines on `stream`.

    The file is the delivery: it appears whole or not at all, and where it stands already nothing is printed.
    """

    def __init__(self, folder: Path, stream: TextIO) -> None:
        self._folder = folder
        self._stream = stream

    def address(self, notification: Notification) -> str:
        """Always `console`."""
        return ADDRESS

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """The receipt of a file that stands already."""
        path = self._path(notification)
        return self._receipt(notification, path, head) if path.exists() else None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Write the file, then print. Raises Unavailable where the folder cannot be written."""
        path = self._path(notification)
        again = notification.edited and path.exists()
        try:
            content = json.dumps(_record(notification, None if again else head), indent=2, ensure_ascii=True) + "\n"
            created = _create(path, content, replacing=again)
        except OSError as error:
            raise Unavailable(f"{path} cannot be written: {error.strerror}") from error
        if created:
            print(f"{'─' * 72}\n{plain(notification)}\n", file=self._stream, flush=True)
        return self._receipt(notification, path, head)

    def _path(self, notification: Notification) -> Path:
        return self._folder / f"{notification.id}.json"

    def _receipt(self, notification: Notification, path: Path, head: Head | None) -> Receipt:
        thread = head.remote_id if head else path.name
        return Receipt(notification.id, ADDRESS, path.name, {"thread": thread})


def _record(notification: Notification, head: Head | None) -> dict[str, Any]:
    message = reply_message(notification) if head else head_message(notification)
    return {
        **asdict(notification),
        "created_at": notification.created_at.isoformat(),
        "card": card_record(notification.card),
        "thread": head.remote_id if head else None,
        "message": {
            **message,
            "metadata": metadata(notification.id, notification.incident_id, notification.reason),
        },
    }


def _create(path: Path, content: str, *, replacing: bool = False) -> bool:
    """Make the file with its whole content, durably; False where it is there already and not to be replaced.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if replacing:
            Path(name).replace(path)
        else:
            os.link(name, path)  # unlike rename, fails where the file is there
    except FileExistsError:
        return False
    finally:
        Path(name).unlink(missing_ok=True)
    return True
