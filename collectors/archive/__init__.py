"""Posts kept in files: JSON Lines, CSV, mailboxes, the exports of X and Reddit, packed or not, one file or a folder."""

from collectors.archive.archive import Archive
from collectors.archive.columns import ColumnMap, parse_map
from collectors.archive.formats import FORMATS, Format
from collectors.archive.reader import read_mentions
from collectors.archive.refusal import ArchiveError

__all__ = ["FORMATS", "Archive", "ArchiveError", "ColumnMap", "Format", "parse_map", "read_mentions"]
