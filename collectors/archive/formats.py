"""What an archive is, by its name and by how it begins."""

import re
from pathlib import PurePath
from typing import Literal, get_args

from pydantic_core import from_json

from collectors.archive import mailboxes
from collectors.archive.refusal import Refusal
from collectors.archive.tables import DELIMITERS

# json: documents of any layout; jsonl: one value a line; mbox: a mailbox; eml: one message alone
Format = Literal["jsonl", "json", "csv", "tsv", "mbox", "eml"]
FORMATS: tuple[Format, ...] = get_args(Format)
HEAD = 64 * 1024  # bytes that are looked at

_SUFFIXES: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".mbox": "mbox",
    ".mbx": "mbox",
    ".eml": "eml",
}
_MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Office document; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Office document; save the sheet as CSV",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"\xfd7zXZ": "an xz file; unpack it first",
    b"(\xb5/\xfd": "a zstd file; unpack it first",
    b"BZh": "a bzip2 file; unpack it first",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file; export it as CSV or JSONL",
}
# A line that only opens brackets, or opens them down to a first key: what follows is one document over many lines.
_OPENING = re.compile(rb'[\[{][\s\[{]*("[^"\n]{0,200}"\s*:\s*[\[{]?\s*)?')
# Headers of a message, of which two are in every one; a folder of the Maildir kind names its files by no suffix.
_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*+)++")
_SIGNS = re.compile(rb"^(?:From|Date|Message-ID|Received):", re.IGNORECASE | re.MULTILINE)


def recognise(head: bytes, name: str, told: Format | None = None) -> Format:
    """The format of a text that begins with `head`. Raises Refusal where it is none that is read."""
    if not head.strip():
        raise Refusal("the file is empty")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Refusal(f"this is not text but {what}")
    named = told or _SUFFIXES.get(PurePath(name.lower().removesuffix(".gz")).suffix)
    if named in ("csv", "tsv"):
        return named
    first = head.lstrip().split(b"\n", 1)[0].strip()
    if (named in (None, "mbox", "eml")) and (mail := _mail(head.lstrip(), first, named)):
        return mail
    if named == "jsonl":
        return "json" if _OPENING.fullmatch(first) else "jsonl"
    if named == "json" or first[:1] in (b"{", b"["):
        return "jsonl" if first[:1] == b"{" and _complete(first) else "json"
    return _recognised_table(head, first)


def _mail(head: bytes, first: bytes, named: Format | None) -> Format | None:
    if mailboxes.begins(first):
        return "mbox"
    if named:
        return named
    headers = _HEADERS.match(head)
    return "eml" if headers and len({sign.lower() for sign in _SIGNS.findall(headers[0])}) > 1 else None


def _complete(line: bytes) -> bool:
    try:
        from_json(line)
    except ValueError:
        return False
    return True


def _recognised_table(head: bytes, first: bytes) -> Format:
    control = sum(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head[:4096])
    if control or not any(delimiter.encode() in first for delimiter in DELIMITERS):
        raise Refusal("this is not JSONL, JSON, CSV or TSV; name the format if it is one of them")
    return "csv"
