"""What was there before a mention, looked up in everything that is stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from classifiers.history import Contact
from collectors.mention import Mention
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import mentions


class WarehouseHistory:
    """`classifiers.history.History` over the warehouse."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms

    def contacts(self, mention: Mention, person: str, since: datetime) -> Sequence[Contact]:
        """As `History.contacts`: one author's earlier posts towards a person, oldest first."""
        author = self._pseudonyms.of(mention.platform, mention.author)
        if author is None:
            return []
        columns = mentions.c
        earlier = (
            select(columns.mention_id, columns.posted_at, columns.text, columns.parent_author_handle)
            .where(columns.author == author, columns.posted_at >= since, columns.posted_at < mention.created_at)
            .order_by(columns.posted_at, columns.mention_id)
        )
        wanted = person.casefold()
        with self._engine.connect() as connection:
            # Whom a post is towards is told here and not in SQL, for SQLite folds the case of ASCII only.
            return [
                Contact(mention_id, posted_at, text)
                for mention_id, posted_at, text, answered in connection.execute(earlier)
                if (answered or "").casefold() == wanted or wanted in text.casefold()
            ]
