"""Pseudonyms: the name under which every table but `authors` knows an author.

A pseudonym is a keyed hash (HMAC-SHA256, RFC 2104) of platform and native id, or of platform and handle where the
platform gives no id. Without the key nobody can go from a pseudonym to a person, or from a list of handles to
pseudonyms; with it the same author has the same pseudonym for ever, so a lost key breaks the thread of every history.
"""

import base64
import hmac
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from collectors.mention import Author

PREFIX = "au_"
STAFF_PREFIX = "st_"
_LENGTH = 26  # base32 characters: 130 bits, beyond any accidental meeting of two authors
_KEY_BYTES = 32
_SHORTEST = 16
_REMEMBERED = 50_000


class PseudonymKeyInvalid(ValueError):
    """The key is too short or its file is damaged. The message names the setting and the file."""


class Pseudonyms:
    """Gives authors their pseudonyms under one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _SHORTEST:
            raise PseudonymKeyInvalid(f"TOCSIN_PSEUDONYM_KEY needs at least {_SHORTEST} characters, it has {len(key)}")
        self._key = key
        self._hashed = lru_cache(_REMEMBERED)(self._hash)  # few authors write most posts

    def of(self, platform: str, author: Author) -> str | None:
        """The pseudonym of an author; None where the platform gave neither id nor handle."""
        return self.of_id(platform, author.id) or self.of_handle(platform, author.handle)

    def of_id(self, platform: str, native_id: str | None) -> str | None:
        """The pseudonym of an author known by the platform's own id."""
        return self._hashed(platform, "id", native_id) if native_id else None

    def of_handle(self, platform: str, handle: str | None) -> str | None:
        """The pseudonym of an author known by handle alone, compared without case and leading @."""
        plain = plain_handle(handle)
        return self._hashed(platform, "handle", plain.casefold()) if plain else None

    def of_staff(self, *parts: str) -> str:
        """The keyed hash by which the staff register knows a handle, a name or a person; no author's pseudonym."""
        return self._hash("staff", *parts, prefix=STAFF_PREFIX)

    def _hash(self, *parts: str, prefix: str = PREFIX) -> str:
        digest = hmac.digest(self._key, "\x1f".join(parts).encode("utf-8", "surrogatepass"), sha256)
        return prefix + base64.b32encode(digest).decode().lower()[:_LENGTH]


def plain_handle(handle: str | None) -> str | None:
    """A handle as it is stored: without the @ that some platforms put before it."""
    return (handle or "").strip().lstrip("@") or None


def load_key(configured: str | None, path: Path) -> bytes:
    """The configured key, or the one kept at `path`, made on first use and readable by its owner alone.

    Safe when several processes come first at once: all of them leave with the same key. Raises PseudonymKeyInvalid.
    """
    if configured:
        return configured.encode()
    if not path.exists():
        _make_key(path)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise PseudonymKeyInvalid(
            f"{path} does not hold a pseudonym key ({_KEY_BYTES * 2} hexadecimal digits). Restore it from a back-up; a "
            "new key gives every author a new pseudonym"
        )
    return key


def _make_key(path: Path) -> None:
    """Write the whole key beside `path`, then link it there: the file is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first, and its key is the key
    finally:
        draft.unlink()
