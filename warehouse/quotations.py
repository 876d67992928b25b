"""What a reply keeps of the post that it answers, and how that is forgotten while the reply stays."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, or_, select, update

from warehouse.retention import held_mentions
from warehouse.rows import chunks
from warehouse.schema import mentions, payloads

WRITER = ("parent_author", "parent_author_handle")
QUOTED = (*WRITER, "parent_text")


def forget_quoted(
    connection: Connection, platform: str, native_ids: Collection[str], columns: Sequence[str] = QUOTED
) -> int:
    """Replies to these posts lose their words and their author's name; how many did.

    Whom a reply is towards stays in `contacts`, as a keyed hash: whoever is hounded deletes their own posts, too, and
    what was said to others in the same reply is found by it. What an incident rests on stays whole. A platform that
    goes on telling whom a reply answers is believed; one that is silent brings nothing back (`rows.merged`).
    """
    told = or_(*(mentions.c[column].is_not(None) for column in columns))
    replies: list[str] = []
    for some in chunks(sorted(native_ids)):
        there = (mentions.c.platform == platform) & mentions.c.parent_id.in_(some)
        replies += connection.scalars(select(mentions.c.mention_id).where(there, told))
    free = sorted(set(replies).difference(held_mentions(connection, replies)))
    strip(connection, free, columns)
    return len(free)


def strip(connection: Connection, replies: Sequence[str], columns: Sequence[str] = QUOTED) -> None:
    """Empty these columns of replies, and delete their raw records, which carry the same."""
    for some in chunks(replies):
        connection.execute(delete(payloads).where(payloads.c.mention_id.in_(some)))
        nothing: dict[str, None] = dict.fromkeys(columns)
        connection.execute(update(mentions).where(mentions.c.mention_id.in_(some)).values(**nothing))
