"""Evidence that holds up: the exhibit as it stood when it was found, in one canonical form, with its SHA-256."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from incidents.incident import Exhibit

_EXHIBIT = TypeAdapter(Exhibit)


@dataclass(frozen=True)
class Evidence:
    """One exhibit in custody. `sha256` is of `canonical(exhibit)`, taken when it was captured."""

    incident_id: str
    exhibit: Exhibit
    sha256: str
    captured_at: datetime

    @property
    def intact(self) -> bool:
        """Whether the exhibit is still, to the byte, what was captured."""
        return digest(self.exhibit) == self.sha256


def record(exhibit: Exhibit) -> dict[str, Any]:
    """The exhibit as plain JSON values; times are UTC in ISO 8601."""
    plain = dict(vars(exhibit))  # flat, so that nothing has to be copied deeply
    plain["posted_at"] = exhibit.posted_at.astimezone(UTC).isoformat()
    plain["clauses"] = list(exhibit.clauses)
    plain["spans"] = [list(span) for span in exhibit.spans]
    return plain


def exhibit_of(plain: dict[str, Any]) -> Exhibit:
    """Read back what `record` made. Raises pydantic.ValidationError where it has been tampered out of shape."""
    return _EXHIBIT.validate_python(plain)


def canonical(exhibit: Exhibit) -> str:
    """One text for one exhibit: keys sorted, no spaces, ASCII only, so that any JSON library can make it again."""
    return json.dumps(record(exhibit), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(exhibit: Exhibit) -> str:
    """SHA-256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical(exhibit).encode("ascii")).hexdigest()
