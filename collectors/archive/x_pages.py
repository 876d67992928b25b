"""X API v2 in files: response pages, one or many, and tweets as `twarc flatten` writes them.

A tweet becomes a mention by the same code as one that was collected, so that both are one mention.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from collectors.archive.fields import part, parts
from collectors.archive.refusal import Refusal
from collectors.mention import Mention
from collectors.x_post import Includes, to_mention

Record = dict[str, Any]


def is_page(record: Record) -> bool:
    """A v2 response: `data`, if anything was found, mostly beside `meta`, `includes` or `errors`."""
    beside = any(isinstance(record.get(name), dict | list) for name in ("meta", "includes", "errors"))
    return beside or "text" in part(record, "data") or any("text" in tweet for tweet in parts(record, "data"))


def is_tweet(record: Record) -> bool:
    """One tweet of v2, flattened or bare."""
    return "text" in record and any(
        name in record for name in ("author_id", "edit_history_tweet_ids", "public_metrics", "referenced_tweets")
    )


def page_tweets(page: Record) -> Iterator[tuple[Any, Includes]]:
    """The tweets of a page, and what they refer to. Raises Refusal for a page that says it has some and has none."""
    found = page.get("data")
    tweets = found if isinstance(found, list) else [] if found is None else [found]
    if not tweets and part(page, "meta").get("result_count") != 0:
        raise Refusal("the page of API answers holds no posts")
    included = Includes.of({"includes": _lists(part(page, "includes"))})
    posts = {tweet["id"]: tweet for tweet in parts(page, "data") if isinstance(tweet.get("id"), str)}
    includes = replace(included, posts={**posts, **included.posts})
    for tweet in tweets:
        yield tweet, includes


def _lists(includes: Record) -> Record:
    return {name: parts(includes, name) for name in includes}


def mention(tweet: Record, includes: Includes | None = None) -> Mention:
    """One tweet; without `includes` it carries them inside itself. Raises what `x_post.to_mention` raises."""
    if not isinstance(tweet, Mapping):
        raise Refusal("the value is not a JSON object")
    return to_mention(tweet, includes or _inside(tweet))


def _inside(tweet: Record) -> Includes:
    referred = parts(tweet, "referenced_tweets")
    users = [part(holder, "author") for holder in (tweet, *referred)] + [part(tweet, "in_reply_to_user")]
    return Includes.of(
        {
            "includes": {
                "users": [user for user in users if user],
                "tweets": [tweet for tweet in referred if "text" in tweet],
                "media": parts(tweet, "attachments", "media"),
            }
        }
    )
