"""What is used in a `with` block is closed at its end, however that comes."""

import pytest

from collectors.closing import Closing
from collectors.flickr_api import FlickrApi
from collectors.google_http import GoogleApi
from collectors.graph import Graph
from collectors.tiktok_api import TikTokApi
from collectors.wire import Wire


class Door(Closing):
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_is_closed_once_and_lets_an_error_pass() -> None:
    with Door() as door:
        assert door.closed == 0
    assert door.closed == 1
    with pytest.raises(KeyError, match="lost"), door:
        raise KeyError("lost")
    assert door.closed == 2


@pytest.mark.parametrize("client", [FlickrApi, GoogleApi, Graph, TikTokApi, Wire])
def test_every_client_of_one_runs_calls_is(client: type) -> None:
    assert issubclass(client, Closing)
