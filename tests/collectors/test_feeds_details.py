"""What a feed must not give away, and what must not hide its other entries. All entries here are invented."""

import json
from typing import Any

import pytest

from collectors.feeds import Feed
from collectors.manners import Manners
from tests.collectors.test_feeds import run

RELATIVE = b"""<rss version="2.0"><channel><title>Invented News</title>
<item><title>Burst main</title><guid isPermaLink="false">17</guid><link>/17</link>
 <description>&lt;a href="/map"&gt;the map&lt;/a&gt;&lt;img src="/tap.png"&gt;</description></item></channel></rss>"""


def test_the_login_of_a_feed_is_stored_nowhere(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RELATIVE, headers={"Content-Type": "application/rss+xml"}))
    (batch,), error = run(Feed(server.url.replace("http://", "http://user:invented@") + "/rss", manners=brisk))
    assert error is None
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    (mention,) = batch.mentions
    assert (mention.url, mention.links) == (f"{server.url}/17", (f"{server.url}/map",))
    assert [item.url for item in mention.media] == [f"{server.url}/tap.png"]
    assert "invented@" not in json.dumps([mention.model_dump(mode="json"), mention.raw, batch.checkpoint.state])


@pytest.mark.parametrize(
    "address",
    ["user:invented@example.org/rss", "https://user:inv/ented@example.org/rss", "ftp://user:invented@example.org/rss"],
)
def test_an_address_that_is_none_is_named_without_its_login(address: str) -> None:
    with pytest.raises(ValueError, match="TOCSIN_FEEDS_URLS: '…@example.org/rss' is no") as refusal:
        Feed(address)
    assert "inv" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
