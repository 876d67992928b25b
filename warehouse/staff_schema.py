"""The tables of the staff register, which tells nobody who is in it."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from warehouse.schema import UtcDateTime, metadata

staff = Table(  # the staff register; who it is stands nowhere: names and handles are in `staff_keys`, hashed
    "staff",
    metadata,
    Column("person", String(40), primary_key=True),  # pseudonym: keyed hash of the person's names and handles
    Column("role", Text, nullable=False),
    Column("team", Text),
    Column("basis", String(30), nullable=False),  # UK GDPR, Article 6(1); "refused" where the person said no
    Column("monitored", Boolean, nullable=False),  # whether what they write may be judged as the words of staff
    Column("leaves", Date),  # the last day
    Column("imported_at", UtcDateTime, nullable=False),
)

staff_keys = Table(  # one row a handle or name of a person: keyed hashes, which find a person and tell of none
    "staff_keys",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("person", String(40), ForeignKey("staff.person", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), nullable=False),  # handle, name
    Column("platform", String(40)),  # of a handle
    Index(None, "person"),
)
