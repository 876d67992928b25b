"""Reddit in files: listings of the API, single comments (t1) and submissions (t3), and Pushshift's bare JSON Lines.

A thing becomes a mention by the same code as one that was collected, so that both are one mention.
"""

import html
from collections.abc import Iterator
from typing import Any

from collectors.archive.fields import part, parts
from collectors.mention import Mention
from collectors.reddit_post import to_mention

Record = dict[str, Any]


def is_thing(record: Record) -> bool:
    """A listing, comment or submission in Reddit's envelope."""
    return record.get("kind") in ("Listing", "t1", "t3") and isinstance(record.get("data"), dict)


def is_bare(record: Record) -> bool:
    """A comment or submission without its envelope."""
    return "created_utc" in record and ("body" in record or "title" in record)


def things(record: Record) -> Iterator[Record]:
    """The comments and submissions in an envelope, in reading order; replies follow what they answer."""
    waiting = [record]
    while waiting:
        thing = waiting.pop()
        data = part(thing, "data")
        if thing.get("kind") == "Listing":
            waiting += reversed(parts(data, "children"))
        elif thing.get("kind") in ("t1", "t3"):
            yield {**thing, "data": {name: value for name, value in data.items() if name != "replies"}}
            waiting.append(part(data, "replies"))


def mention(thing: Record) -> Mention:
    """One thing in its envelope. Raises what `reddit_post.to_mention` raises."""
    texts = {
        name: html.unescape(text)  # the API escapes &, < and > unless it is asked for raw_json
        for name in ("title", "selftext", "body")
        if isinstance(text := thing["data"].get(name), str)
    }
    return to_mention({**thing, "data": {**thing["data"], **texts}})


def enveloped(bare: Record) -> Record:
    """A bare thing in the envelope of the API. What older dumps leave out and the id implies is filled in."""
    if "body" in bare:
        return {"kind": "t1", "data": {"name": f"t1_{bare['id']}", **bare}}
    return {"kind": "t3", "data": {"name": f"t3_{bare['id']}", "permalink": f"/comments/{bare['id']}/", **bare}}
