"""praw, put behind our manners: a registered app, its client for one visit, and the errors of praw by our names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collectors.collector import AccessDenied, CollectError, UnexpectedResponse
from collectors.manners import Visit, unintelligible
from collectors.transport import polite_session

if TYPE_CHECKING:
    import praw

FIX = "Check TOCSIN_REDDIT_CLIENT_ID and TOCSIN_REDDIT_CLIENT_SECRET, and that the subreddit is public."


@dataclass(frozen=True)
class App:
    """A registered Reddit app, and the addresses at which Reddit is asked."""

    client_id: str
    client_secret: str = field(repr=False)
    user_agent: str = "tocsin (brand monitoring)"  # Reddit asks that every app names itself
    base_url: str = "https://www.reddit.com"  # where tokens are given
    oauth_url: str = "https://oauth.reddit.com"


@contextmanager
def speaking(visit: Visit, app: App) -> "Iterator[praw.Reddit]":
    """The client of one run, read-only."""
    import praw  # noqa: PLC0415 - a quarter of a second; only who reads Reddit waits for it

    with polite_session(visit, "Reddit", FIX) as session:
        yield praw.Reddit(
            client_id=app.client_id,
            client_secret=app.client_secret,
            user_agent=app.user_agent,
            # Named, so that no praw.ini and no praw_… variable of the machine can fill them in.
            username=None,
            password=None,
            refresh_token=None,
            reddit_url=app.base_url.rstrip("/"),
            oauth_url=app.oauth_url.rstrip("/") + "/",
            check_for_updates=False,
            check_for_async=False,
            requestor_kwargs={"session": session},
        )


def asked(client: "praw.Reddit", path: str, params: dict[str, str]) -> Any:
    """One call through praw, as JSON. Raises a CollectError."""
    import prawcore  # noqa: PLC0415 - as above
    from praw.exceptions import PRAWException  # noqa: PLC0415 - as above

    try:
        return client.request(method="GET", path=path, params=params)
    except prawcore.RequestException as error:
        if isinstance(error.original_exception, CollectError):
            raise error.original_exception from None
        raise unintelligible("Reddit", error.original_exception) from error
    except prawcore.OAuthException as error:
        raise AccessDenied(f"Reddit gave no token: {error}. {FIX}") from error
    except prawcore.NotFound as error:
        raise UnexpectedResponse(f"Reddit has no /{path}: the subreddit is banned, or its name is misspelt") from error
    except (prawcore.PrawcoreException, PRAWException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise unintelligible("Reddit", error) from error
