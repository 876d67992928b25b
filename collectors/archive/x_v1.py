"""Tweets of X's API v1.1, as older `twarc` archives and the premium search keep them.

Shape: https://developer.x.com/en/docs/x-api/v1/data-dictionary. Ids are read from `id_str`: the number beside it has
more digits than some of the programs that wrote such files could hold.
"""

import html
from typing import Any

from collectors.archive.fields import part, parts, present
from collectors.x_post import MEDIA, NO_LANGUAGE, PLATFORM

Record = dict[str, Any]


def is_tweet(record: Record) -> bool:
    """One tweet of v1.1."""
    return isinstance(record.get("user"), dict) and ("full_text" in record or "id_str" in record)


def found(record: Record) -> list[Record]:
    """The tweets of a search response, standard or premium; none where the record is no such response."""
    tweets = parts(record, "statuses") or parts(record, "results")
    return tweets if any(map(is_tweet, tweets)) else []


def contract_record(tweet: Record) -> Record:
    """The tweet in the shape of the contract; what is missing stays missing."""
    user, native = part(tweet, "user"), tweet.get("id_str") or tweet.get("id")
    entities = part(tweet, "extended_tweet", "entities") or part(tweet, "entities")
    return present(
        platform=PLATFORM,
        id=native,
        created_at=tweet.get("created_at"),
        url=f"https://x.com/{user.get('screen_name') or 'i/web'}/status/{native}",
        kind=_kind(tweet),
        author=_author(user),
        lang=None if tweet.get("lang") in NO_LANGUAGE else tweet.get("lang"),
        in_reply_to=_parent(tweet),
        media=_media(parts(tweet, "extended_entities", "media") or parts(entities, "media")),
        links=[url.get("expanded_url") or url.get("url") for url in parts(entities, "urls")],
        metrics=present(
            likes=tweet.get("favorite_count"), reposts=tweet.get("retweet_count"), replies=tweet.get("reply_count")
        ),
    ) | {"text": _whole_text(tweet)}


def _whole_text(tweet: Record) -> Any:
    """A repost's own text is cut short; the original inside it is whole."""
    original = part(tweet, "retweeted_status")
    if original:
        return f"RT @{part(original, 'user').get('screen_name')}: {_text(original)}"
    return _text(tweet)


def _text(tweet: Record) -> Any:
    text = part(tweet, "extended_tweet").get("full_text") or tweet.get("full_text") or tweet.get("text")
    return html.unescape(text) if isinstance(text, str) else text


def _kind(tweet: Record) -> str:
    if part(tweet, "retweeted_status"):
        return "repost"
    if tweet.get("in_reply_to_status_id_str"):
        return "reply"
    return "quote" if tweet.get("is_quote_status") is True else "post"


def _parent(tweet: Record) -> Record:
    if not (answered := tweet.get("in_reply_to_status_id_str")):
        return {}
    author = present(id=tweet.get("in_reply_to_user_id_str"), handle=tweet.get("in_reply_to_screen_name"))
    return present(id=answered, author=author)


def _author(user: Record) -> Record:
    return present(
        id=user.get("id_str") or user.get("id"),
        handle=user.get("screen_name"),
        name=user.get("name"),
        bio=user.get("description"),
        followers=user.get("followers_count"),
        created_at=user.get("created_at"),
    )


def _media(items: list[Record]) -> list[Record]:
    return [
        present(type=MEDIA[item["type"]], url=item.get("media_url_https"), alt_text=item.get("ext_alt_text"))
        for item in items
        if isinstance(item.get("type"), str) and item["type"] in MEDIA
    ]
