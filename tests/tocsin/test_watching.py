"""Posts behind open incidents, watched through the real collectors: edited, gone, suspended, back; told once each."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from tests.collectors.server import Asked, Reply, Server
from tests.collectors.test_bluesky import SESSION, post, uri
from tests.tocsin.test_recheck import Thread
from tocsin import assessing, pipeline, watching
from tocsin.house import House, open_house
from warehouse.case_schema import evidence, outbox
from warehouse.schema import mentions, revisions, runs
from warehouse.watching_schema import post_changes, watched_posts

THREAT = "@example_coach you work at the DWP jobcentre in town, I know your hours and I will break your legs tonight"
WORSE = "@example_coach I said I will break your legs tonight at the DWP jobcentre, and I meant every word"


class Sky:
    """An invented Bluesky: what it shows, and what it was asked about."""

    def __init__(self) -> None:
        self.shown = {1: post(1, text=THREAT), 2: post(2, text="The DWP called me back")}
        self.asked: list[str] = []
        self.server = Server(self._answer)

    def _answer(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            return Reply.of(SESSION)
        if asked.path.endswith("getPosts"):
            uris = parse_qs(urlsplit(asked.target).query)["uris"]
            self.asked += uris
            return Reply.of({"posts": [each for each in self.shown.values() if each["uri"] in uris]})
        return Reply.of({"posts": list(self.shown.values())})


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch, warehouse_url: str) -> Iterator[Sky]:
    """A threat on an invented Bluesky, collected, judged and raised as TOC-1001. On each database in turn."""
    sky = Sky()
    given = {"BLUESKY_BASE_URL": sky.server.url, "BLUESKY_HANDLE": "invented.example", "POLICIES": "dwp"}
    given |= {"BLUESKY_APPVIEW_URL": sky.server.url, "BLUESKY_APP_PASSWORD": "invented", "DATABASE_URL": warehouse_url}
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    _pass("bluesky")
    yield sky
    sky.server.close()


def _pass(source: str) -> House:
    pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    pipeline.raise_incidents()
    return open_house()


def _told() -> list[tuple[str, dict[str, Any]]]:
    with open_house().engine.connect() as connection:
        rows = connection.execute(select(outbox.c.reason, outbox.c.card).order_by(outbox.c.sequence))
        return [(row.reason, row.card) for row in rows]


def _acts() -> list[str]:
    return [event.act for event in open_house().casebook.events("TOC-1001")]


def _hour_later() -> None:
    """Let the posts be due again."""
    with open_house().engine.begin() as connection:
        for mention_id, at in connection.execute(select(watched_posts)).all():
            earlier = update(watched_posts).where(watched_posts.c.mention_id == mention_id)
            connection.execute(earlier.values(asked_at=at.replace(year=at.year - 1)))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_open_incidents_posts_are_asked_about_first_and_nothing_is_told_of_what_stayed(sky: Sky) -> None:
    assert watching.list_followed() == ["bluesky"]
    assert watching.follow("bluesky")["asked"] == 1
    assert sky.asked == [uri(1)], "the other post is no incident's, and has its turn"
    assert watching.list_followed() == [], "asked within the hour"
    assert watching.follow("bluesky")["asked"] == 0
    _hour_later()
    assert watching.follow("bluesky")["asked"] == 1
    assert [reason for reason, _ in _told()] == ["new_incident"]
    with open_house().engine.connect() as connection:
        outcomes = connection.execute(select(runs.c.source, runs.c.outcome).where(runs.c.source.like("recheck:%")))
        assert {tuple(row) for row in outcomes} == {("recheck:bluesky/open", "completed")}


def test_an_edit_is_told_once_with_both_hashes_and_the_exhibit_stays(sky: Sky) -> None:
    before = open_house().casebook.evidence("TOC-1001")
    sky.shown[1]["record"]["text"] = WORSE
    assert watching.follow("bluesky")["edited"] == 1
    _hour_later()
    watching.follow("bluesky")
    pipeline.recheck("bluesky")
    [(_, first), (reason, card)] = _told()
    assert (reason, card["note"][:18]) == ("post_edited", "the author changed")
    assert "break your legs tonight at the DWP" in card["excerpt"]
    assert "example_coach" not in json.dumps([first, card])
    [event] = [each for each in open_house().casebook.events("TOC-1001") if each.act == "post_edited"]
    [told] = event.detail["posts"]
    assert (told["former_sha256"], told["present_sha256"]) == (_digest(THREAT), _digest(WORSE))
    assert open_house().casebook.evidence("TOC-1001") == before
    assert all(each.intact for each in before)
    custody = open_house().custody.log("TOC-1001")
    assert [entry.act for entry in custody] == ["captured", "post_edited"]
    with open_house().engine.connect() as connection:
        assert connection.scalars(select(revisions.c.text)).all() == [THREAT]


def test_what_is_taken_down_leaves_every_message_and_comes_back_once(sky: Sky) -> None:
    taken = sky.shown.pop(1)
    assert watching.follow("bluesky")["held"] == 1
    _hour_later()
    watching.follow("bluesky")
    pipeline.recheck("bluesky")
    told = _told()
    assert [reason for reason, _ in told] == ["new_incident", "post_deleted"]
    for _, card in told:  # the first has not gone out yet, and must not say now what is no longer shown
        assert (card["excerpt"], card["excerpt_url"]) == ("", None)
        assert "no longer shows" in card["withheld"]
        assert "I will break" not in json.dumps(card), "the reason quoted it"
    with open_house().engine.connect() as connection:
        assert connection.scalar(select(mentions.c.text).where(mentions.c.native_id == uri(1))) == THREAT
        assert "break your legs" in connection.scalar(select(evidence.c.exhibit))["text"]
    sky.shown[1] = taken
    pipeline.recheck("bluesky")
    pipeline.recheck("bluesky")
    (reason, card) = _told()[-1]
    assert (reason, len(_told())) == ("post_restored", 3)
    assert "break your legs" in card["excerpt"]
    assert card["withheld"] == ""


def test_of_a_closed_incident_people_hear_only_where_its_message_must_follow(sky: Sky) -> None:
    open_house().casebook.act("TOC-1001", "resolved", "Sam")
    assert watching.list_followed() == []
    sky.shown.pop(1)
    pipeline.recheck("bluesky")
    assert _acts() == ["opened", "resolved", "post_deleted"]
    assert _told()[-1][1]["excerpt"] == ""
    assert open_house().casebook.incident("TOC-1001").status == "resolved"


def test_a_run_that_is_killed_before_it_tells_leaves_it_to_the_next(sky: Sky) -> None:
    sky.shown[1]["record"]["text"] = WORSE
    [collector] = [each for each in open_house().collectors if each.source == "bluesky"]
    watching.OpenPosts(open_house(), collector).take(lambda _: None)  # learns of the edit, and gets no further
    with open_house().engine.connect() as connection:
        assert connection.execute(select(post_changes.c.kind, post_changes.c.told_at)).all() == [("edited", None)]
    assert watching.tell(open_house()) == 1
    assert watching.tell(open_house()) == 0
    assert _acts() == ["opened", "post_edited"]


def test_an_author_whose_account_is_gone_is_told_once(
    bare: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    thread = Thread()
    thread.children[-1]["data"].update(title="The DWP jobcentre", selftext=THREAT)
    server = Server(thread.answer)
    given = {"REDDIT_BASE_URL": server.url, "REDDIT_OAUTH_URL": f"{server.url}/oauth", "POLICIES": "dwp"}
    given |= {"REDDIT_CLIENT_ID": "invented", "REDDIT_CLIENT_SECRET": "invented", "DATABASE_URL": sqlite_url}
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    _pass("reddit")
    assert _acts() == ["opened"]
    thread.now("t3_a", author="[deleted]", author_fullname=None)
    for _ in range(2):
        pipeline.recheck("reddit")
    server.close()
    assert _acts() == ["opened", "author_suspended"]
    (reason, card) = _told()[-1]
    assert reason == "author_suspended"
    assert card["excerpt"] != "", "the platform still shows the words"
    assert "no longer names the author" in card["note"]
    assert bare
