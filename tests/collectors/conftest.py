"""A real HTTP server on the loopback for the collectors' own clients, and a small invented policy to search with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.recheck import Rechecked, Rechecking
from policies.policy import Account, Organisation, Policy, Vocabulary
from tests.collectors.server import Answer, Asked, Reply, Server

SHARED = Path(__file__).resolve().parents[2] / "../shared"


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Server]]:
    """Starts servers, and stops them after the test."""
    servers: list[Server] = []

    def start(answer: Answer) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def brisk() -> Manners:
    """Manners with bounds that a test can wait for."""
    return Manners(
        requests=40,
        run_s=60.0,
        attempts=3,
        timeout_s=10.0,
        answer_s=20.0,
        patience_s=0.2,
        backoff_s=0.001,
        max_bytes=1 << 20,
    )


@pytest.fixture
def hasty(brisk: Manners) -> Manners:
    """Brisk, and soon tired of silence: for answers that never come."""
    return replace(brisk, timeout_s=0.3, answer_s=1.0)


@pytest.fixture
def policy() -> Policy:
    """An invented organisation, as a policy pack has it."""
    return Policy(
        id="quillmere",
        title="Quillmere Water",
        organisation=Organisation(name="Quillmere Water"),
        clauses=(),
        vocabulary=Vocabulary(names=("Quillmere Water",), hashtags=("quillmere",), subreddits=("quillmere",)),
        accounts=(Account(handle="@QuillmereWater", kind="official", platform="x"),),
        categories={},
        routes={},
    )


@pytest.fixture
def ask(serve: Callable[[Answer], Server], policy: Policy, brisk: Manners) -> Any:
    """Rechecks a platform's posts at a server that answers so; gives what was told, and the calls."""

    def ask(
        make: Callable[[str, Policy, Manners], Rechecking], answer: Answer, ids: Any
    ) -> tuple[Rechecked, list[Asked]]:
        server = serve(answer)
        told = make(server.url, policy, brisk).recheck(ids)
        assert told.requests >= len(server.asked)
        assert not set(told.gone) & {mention.id for mention in told.present}
        return told, server.asked

    return ask


@pytest.fixture
def recordings() -> Path:
    folder = SHARED / "recordings"
    if not folder.is_dir():
        pytest.skip("needs ../shared/recordings, which is not part of the repository")
    return folder
