"""What one person writes to stop a source for everybody: it costs that post at most. All posts here are invented."""

import json
from collections.abc import Iterator
from html import escape
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.admission import DEEPEST, admit
from collectors.archive.archive import Archive
from collectors.collector import Quarantined
from collectors.feeds import Feed
from collectors.manners import Manners
from collectors.markup import Markup
from collectors.matrix import Matrix
from collectors.mention import Mention
from policies.policy import Policy
from tests.collectors.conformance import native_ids, run
from tests.collectors.matrix_server import Homeserver, event

UNKNOWN_SECTION = "<![foo[x]]>"
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "Invented News"}
ENTRY = "<item><title>No water</title><guid>{}</guid><description>{}</description></item>"
MAIL = """From: Invented <one@example.org>
Date: Thu, 01 Oct 2026 09:00:00 +0000
Message-ID: <1@example.org>
Content-Type: text/html

<p>No water</p>{}
"""


def nested(levels: int) -> list[Any]:
    """A list in a list, and so on."""
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


@given(st.text(alphabet="abcdfitx[]-! \n'\"", max_size=12))
def test_what_stands_around_a_marked_section_is_kept(inside: str) -> None:
    said = Markup.of(f"<p>No water</p><![{inside}]]><p>for a day</p>").text
    assert said.startswith("No water")
    assert said.endswith("for a day")


@given(
    st.lists(
        st.sampled_from(["<", ">", "<!", "<![", "[", "]", "-", "/", "?", "&", "#", "=", '"', "a", " ", "if", "cdata"])
    )
)
def test_no_markup_stops_its_reader(pieces: list[str]) -> None:
    assert isinstance(Markup.of("".join(pieces)).text, str)


@pytest.mark.parametrize(
    "piece", ["<a ", '<a b="', "<!--", "<!--x>", "<![if ", "<![if >", "<![CDATA[>", "<?", "</", "<"]
)
def test_markup_that_never_ends_is_read_in_a_moment(piece: str) -> None:
    began = process_time()
    Markup.of(piece * (200_000 // len(piece)))
    assert process_time() - began < 5.0


@pytest.mark.parametrize("levels", [DEEPEST + 1, 600, 100_000])
def test_a_record_that_is_nested_too_deeply_is_refused_with_what_it_says(levels: int) -> None:
    told = admit({"id": "1", "deep": nested(levels)}, "posts", Mention.from_record)
    assert isinstance(told, Quarantined)
    assert "nested deeper than 200 levels" in told.reason
    assert "'id': '1'" in told.payload.replace('"', "'")


@pytest.mark.parametrize("spoilt", [{"formatted_body": UNKNOWN_SECTION}, {"deep": nested(600)}])
def test_a_message_does_not_stop_a_room(spoilt: Any, serve: Any, policy: Policy, brisk: Manners) -> None:
    server = Homeserver()
    server.say(event(1), event(2, {"msgtype": "m.text", "body": "Quillmere Water", **spoilt}), event(3))
    batches, error = run(Matrix(serve(server).url, "invented", [policy], manners=brisk))
    assert error is None
    assert {"$1", "$3"} <= set(native_ids(batches))
    assert [each.where for batch in batches for each in batch.quarantined] == (
        ["matrix $2"] if "deep" in spoilt else []
    )


def feeds() -> Iterator[tuple[str, str]]:
    items = [{"id": str(n), "content_html": said} for n, said in ((1, f"No water{UNKNOWN_SECTION}"), (2, "No water"))]
    yield "application/feed+json", json.dumps({**JSON_FEED, "items": items})
    entries = ENTRY.format(1, escape(f"For a day{UNKNOWN_SECTION}")) + ENTRY.format(2, "For a day")
    yield "application/rss+xml", f'<rss version="2.0"><channel><title>t</title>{entries}</channel></rss>'


@pytest.mark.parametrize(("kind", "body"), list(feeds()), ids=["JSON", "RSS"])
def test_an_entry_does_not_stop_a_feed(kind: str, body: str, serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(body.encode(), headers={"Content-Type": kind}))
    batches, error = run(Feed(f"{server.url}/feed", manners=brisk))
    assert error is None
    assert [mention.text.partition("\n")[0] for batch in batches for mention in batch.mentions] == ["No water"] * 2


def test_a_letter_does_not_stop_an_archive(tmp_path: Any) -> None:
    (file := tmp_path / "letter.eml").write_text(MAIL.format(UNKNOWN_SECTION))
    batches, error = run(Archive(file))
    assert error is None
    assert [mention.text for batch in batches for mention in batch.mentions] == ["No water"]
