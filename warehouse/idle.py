"""Authors of whom nothing is held any more are forgotten, whoever deleted the last of it."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, exists, not_, select

from warehouse.conversation_schema import conversation_posts
from warehouse.rows import chunks
from warehouse.schema import authors, mentions


def delete_idle_authors(connection: Connection, among: Collection[str] | None = None) -> int:
    """Delete the authors of whom neither a mention nor a post of a conversation is left; returns how many.

    `among`: only these are looked at. All of them are many, so whoever deletes a few posts gives those posts' authors.
    """
    speaks = exists().where(mentions.c.author == authors.c.author)
    beside = exists().where(conversation_posts.c.author == authors.c.author)
    idle = delete(authors).where(not_(speaks), not_(beside))
    if among is None:
        return connection.execute(idle).rowcount
    return sum(connection.execute(idle.where(authors.c.author.in_(some))).rowcount for some in chunks(sorted(among)))


def authors_of(connection: Connection, mention_ids: Sequence[str]) -> set[str]:
    """The authors of posts, be they mentions or stand in a conversation."""
    found: set[str] = set()
    for some in chunks(mention_ids):
        for table in (mentions, conversation_posts):
            told = select(table.c.author).where(table.c.mention_id.in_(some), table.c.author.is_not(None))
            found.update(connection.scalars(told))
    return found
