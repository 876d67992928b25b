"""The tables of what is said around an open incident's posts: context, neither counted nor judged."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from warehouse.schema import UtcDateTime, metadata

conversations = Table(  # a conversation that an open incident's posts stand in, and how asking for it last ended
    "conversations",
    metadata,
    Column("conversation", Text, primary_key=True),  # platform:its id there, else that of the incident's own post
    Column("source", Text, nullable=False),
    Column("platform", String(40), nullable=False),
    Column("outcome", String(30), nullable=False),  # completed, partial, gone, not_supported, CollectError.outcome
    Column("error", Text),
    Column("asked_at", UtcDateTime, nullable=False),
)

conversation_posts = Table(  # context: no mentions of the organisation, neither counted nor judged
    "conversation_posts",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.conversation", ondelete="CASCADE"), primary_key=True),
    Column("mention_id", Text, primary_key=True),  # as a mention's, though it need not be one
    Column("native_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("url", Text),
    Column("author", String(40)),
    Column("text", Text, nullable=False),
    Column("parent_id", Text),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # when the platform last showed it
    Index(None, "mention_id"),
    Index(None, "author"),
)
