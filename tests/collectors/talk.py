"""What a test knows of a conversation: how it is asked for, how its server answers, which posts must be found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from collectors.conversation import Conversing, Seed
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors import test_bluesky, test_reddit
from tests.collectors.server import Asked, Reply

Make = Callable[[str, Policy, Manners], Conversing]
LOGINS = {
    "/api/v1/access_token": test_reddit.TOKEN,
    "/xrpc/com.atproto.server.createSession": test_bluesky.SESSION,
    "/v2/oauth/token/": {"access_token": "clt.invented", "expires_in": 7200, "token_type": "Bearer"},
}


@dataclass(frozen=True)
class Talk:
    """A platform's conversation."""

    make: Make
    seed: Seed
    answer: Callable[[Asked], Reply]
    posts: tuple[str, ...]
    outcome: str = "completed"
    gone: Callable[[Asked], Reply] | None = None  # how the platform says that the conversation is no more


def no_token(answer: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    """The platform's login works, and then it answers so."""
    return lambda asked: Reply.of(LOGINS[asked.path]) if asked.path in LOGINS else answer(asked)


def saying(status: int, body: Any) -> Callable[[Asked], Reply]:
    return no_token(lambda _asked: Reply.of(body, status=status))
