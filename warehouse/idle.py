"""Authors of whom nothing is held any more are forgotten, whoever deleted the last of it."""

from sqlalchemy import Connection, delete, exists, not_

from warehouse.conversation_schema import conversation_posts
from warehouse.schema import authors, mentions


def delete_idle_authors(connection: Connection) -> int:
    """Delete the authors of whom neither a mention nor a post of a conversation is left; returns how many."""
    speaks = exists().where(mentions.c.author == authors.c.author)
    beside = exists().where(conversation_posts.c.author == authors.c.author)
    return connection.execute(delete(authors).where(not_(speaks), not_(beside))).rowcount
