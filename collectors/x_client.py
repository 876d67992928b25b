"""tweepy, put behind our manners: the client for one visit to X, and its errors by our names."""

from collections.abc import Callable, Sequence
from typing import Any

from collectors.collector import CollectError, UnexpectedResponse
from collectors.manners import Judge, Visit, judge, unintelligible
from collectors.transport import polite_session

HOSTS = ("https://api.twitter.com", "https://api.x.com")  # tweepy has one of them built in
FIX = "Check TOCSIN_X_BEARER_TOKEN: it must be the app-only bearer token of an app with access to recent search."

WANTED = {
    "tweet_fields": "attachments,author_id,conversation_id,created_at,entities,id,in_reply_to_user_id,lang,note_tweet,"
    "public_metrics,referenced_tweets,text",
    "user_fields": "created_at,description,id,name,public_metrics,username",
    "media_fields": "alt_text,media_key,preview_image_url,type,url,variants",
    "poll_fields": "id,options",
    "expansions": "author_id,in_reply_to_user_id,attachments.media_keys,attachments.poll_ids,referenced_tweets.id,"
    "referenced_tweets.id.author_id",
}


class NotTaken(UnexpectedResponse):
    """X does not take what it was asked, in its own words: it may be asked otherwise."""


def client_of(bearer_token: str, base_url: str, visit: Visit, judging: Judge = judge) -> Any:
    """A client whose every call goes to `base_url` through the visit. Its `session` is the caller's to close."""
    import tweepy  # noqa: PLC0415 - a quarter of a second; only who reads X waits for it

    client = tweepy.Client(bearer_token=bearer_token, return_type=dict)
    client.user_agent = visit.manners.user_agent
    client.session = polite_session(visit, "X", FIX, dict.fromkeys(HOSTS, base_url), judging)
    return client


def said(call: Callable[[], Any]) -> Any:
    """One call through tweepy. Raises a CollectError, NotTaken for what X does not take."""
    import tweepy  # noqa: PLC0415 - as above

    try:
        return call()
    except CollectError:
        raise
    except tweepy.BadRequest as error:
        raise NotTaken(str(error)) from error
    except tweepy.HTTPException as error:
        raise UnexpectedResponse(f"X: {error}. Check TOCSIN_X_BASE_URL.") from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise unintelligible("X", error) from error


def looked_up(client: Any, ids: Sequence[str]) -> Any:
    """What X says of posts, at most 100. Raises a CollectError."""
    try:
        return said(lambda: client.get_tweets(list(ids), **WANTED))
    except NotTaken as error:
        raise UnexpectedResponse(f"X did not take the ids of stored posts: {error}") from error
