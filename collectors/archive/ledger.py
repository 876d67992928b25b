"""How far an archive was read: the batch that is being filled, and the state that its checkpoint will carry."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.archive.folder import Stamp
from collectors.archive.records import Item
from collectors.archive.tape import Position
from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Mention

BATCH_FROM = 500  # a batch is handed over at the end of the first record that fills it this far
BATCH_LIMIT = 1000  # a page that holds more is handed over in parts; its place is noted at its end
BATCH_BYTES = 16 * 1024 * 1024  # of the archive's text: a thousand records may be a megabyte each


class Ledger:
    """The state of the checkpoint: for each file how far it was read, and its stamp once it was read to the end."""

    def __init__(self, source: str, settings: str, checkpoint: Checkpoint | None) -> None:
        state: Mapping[str, Any] = checkpoint.state if checkpoint else {}
        # With another mapping, what was refused may be readable and what was read may mean something else.
        same = state.get("settings") == settings
        self._files: dict[str, dict[str, Any]] = dict(state["files"]) if same else {}
        self._source = source
        self._settings = settings

    def knows(self, name: str, stamp: Stamp) -> bool:
        return name in self._files and self._files[name].get("stamp") == list(stamp)

    def position(self, name: str) -> Position | None:
        noted = self._files.get(name)
        return Position(noted["offset"], noted["line"], noted["sha256"]) if noted else None

    def note(self, name: str, position: Position, stamp: Stamp | None = None) -> None:
        self._files[name] = {
            "offset": position.offset,
            "line": position.line,
            "sha256": position.sha256,
            "stamp": list(stamp) if stamp else None,
        }

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self._source, {"settings": self._settings, "files": dict(self._files)})


class Filling:
    """The batch that is being filled. Its checkpoint is the ledger's, which only moves at the end of a record."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._mentions: list[Mention] = []
        self._quarantined: list[Quarantined] = []
        self.unsaved = False

    def add(self, item: Item) -> Iterator[Batch]:
        if isinstance(item, Mention):
            self._mentions.append(item)
        else:
            self._quarantined.append(item)
        self.unsaved = True
        if len(self._mentions) + len(self._quarantined) >= BATCH_LIMIT:
            yield self.batch()

    @property
    def full(self) -> bool:
        return len(self._mentions) + len(self._quarantined) >= BATCH_FROM

    def batch(self) -> Batch:
        batch = Batch(tuple(self._mentions), self._ledger.checkpoint(), tuple(self._quarantined))
        self._mentions, self._quarantined, self.unsaved = [], [], False
        return batch
