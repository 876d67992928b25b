"""The tables of behaviour over time: what a post leaves to be found by later ones, and what was found.

Traces are made of a mention's words and author, and go with it: every row hangs on its mention. Handles and names in
them are keyed hashes, as authors are; a shingle's hash tells of no word.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from warehouse.schema import UtcDateTime, metadata

traces = Table(  # one row a mention that was traced: whose account it was, as far as accounts can be told to be one's
    "traces",
    metadata,
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),  # of the mention, as it was traced
    Column("author", String(40)),  # pseudonym
    Column("stem", String(40)),  # keyed hash of the handle less what near-identical handles differ in
    Column("hostile", Boolean, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Index(None, "stem", "posted_at"),
)

contacts = Table(  # one row a mention and person whom it answers, addresses or names
    "contacts",
    metadata,
    Column("mention_id", Text, ForeignKey("traces.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("person", String(40), primary_key=True),  # keyed hash of the handle or name
    Column("hostile", Boolean, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Index(None, "person", "hostile", "posted_at"),
)

fingerprints = Table(  # one row a mention and band of its MinHash: near-duplicates share a band
    "fingerprints",
    metadata,
    Column("mention_id", Text, ForeignKey("traces.mention_id", ondelete="CASCADE"), primary_key=True),
    Column("band", BigInteger, primary_key=True),  # of a week: see shelves.py
    Column("posted_at", UtcDateTime, nullable=False),
    Index(None, "band", "posted_at"),
)

behaviours = Table(  # what a finding rests on beside its own post
    "behaviours",
    metadata,
    Column("finding_id", String(64), ForeignKey("findings.finding_id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(30), primary_key=True),  # course_of_conduct, pile_on, coordinated_copies, repeat_offender
    Column("why", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
)

timeline = Table(  # one row a step of a behaviour: a post, in order, with what made it count
    "timeline",
    metadata,
    Column("finding_id", String(64), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 1, oldest first
    Column("mention_id", Text, ForeignKey("mentions.mention_id", ondelete="CASCADE"), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("counted_as", Text, nullable=False),
    ForeignKeyConstraint(
        ["finding_id", "kind"],
        ["behaviours.finding_id", "behaviours.kind"],
        name="fk_timeline_behaviours",
        ondelete="CASCADE",
    ),
    Index(None, "mention_id"),
)
