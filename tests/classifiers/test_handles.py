"""Handles as they are written: with a server, as Reddit has them, and when two of them are one account's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.behaviour.past import people_of, post_of
from classifiers.finding import Target
from classifiers.handles import handles_in, local, plain, same
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.normalise import normalise
from classifiers.relevance import Relevance
from classifiers.target import CastReader
from collectors.mention import Mention
from policies.part import folded
from policies.policy import Policy

Post = Callable[..., Mention]
START = datetime(2026, 9, 1, 9, tzinfo=UTC)

NAMES = st.from_regex(r"[A-Za-z0-9_]{3,16}", fullmatch=True)
SERVERS = st.from_regex(r"[a-z]{2,8}\.(?:example|test)", fullmatch=True)
PROSE = st.text(alphabet="abc XYZ,.!?\n'()é", max_size=20).map(lambda text: f"{text} ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@orla@example.social hello", ["orla@example.social"]),
        ("Thanks @orla, and u/some-body_1!", ["orla", "some-body_1"]),
        ("/u/somebody said so", ["somebody"]),
        ("(@orla.invented)", ["orla.invented"]),
        ("write to orla@example.org or see reddit.example/u/orla, 5u/l, u/ab", []),
        ("@orla@example.social.", ["orla@example.social"]),
        (f"@{'a' * 253} @{'b' * 254} @{'c.' * 300}c", ["a" * 253]),  # no platform has one longer than a domain's name
        (f"@orla@{'d' * 254}", ["orla"]),
    ],
)
def test_what_is_a_handle(text: str, found: list[str]) -> None:
    assert [handle for handle, _ in handles_in(text)] == found


@given(before=PROSE, name=NAMES, server=SERVERS | st.none(), after=PROSE)
def test_a_handle_is_read_whole_wherever_it_stands(before: str, name: str, server: str | None, after: str) -> None:
    written = f"@{name}@{server}" if server else f"@{name}"
    text = f"{before}{written} {after}"
    assert [(handle, text[slice(*span)]) for handle, span in handles_in(text)] == [(written[1:], written)]
    assert normalise(f"x {written} x").text == "x @user x"


@given(before=PROSE, name=NAMES, slash=st.sampled_from(["u/", "/u/"]), after=PROSE)
def test_reddits_way_of_writing_one(before: str, name: str, slash: str, after: str) -> None:
    text = f"{before}{slash}{name} {after}"
    assert [handle for handle, _ in handles_in(text)] == [name]
    assert plain(f"{slash}{name}") == plain(f"@{name}") == plain(name) == name
    assert folded(f"{slash}{name}") == folded(name)


@given(one=NAMES, other=NAMES, here=SERVERS, there=SERVERS)
def test_of_two_servers_are_two_people(one: str, other: str, here: str, there: str) -> None:
    full = f"{one}@{here}"
    assert same(full, full.upper())
    assert same(one, full)
    assert same(full, one)
    assert same(full, f"{one}@{there}") == (here == there)
    assert same(one, other) == (one.casefold() == other.casefold())
    assert local(full) == local(one.upper())
    assert not same(None, one)
    assert not same("", "")


@given(text=st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(text[slice(*span)].endswith(handle) for handle, span in handles_in(text))


def test_the_target_has_its_server(dwp: Policy, post: Post) -> None:
    def cast(text: str, **more: Any) -> list[Target]:
        mention = post(text, **more)
        read = CastReader(dwp, Relevance(dwp)).read(mention, normalise(mention.text))
        return [person.target for person in read.people]

    assert cast("DWP: @orla@example.social you absolute joke") == [Target("other", "orla@example.social")]
    assert cast("My DWP claim. u/orla_invented you absolute joke") == [Target("other", "orla_invented")]
    parent = {"author": {"handle": "orla@example.social", "bio": "Work coach at DWP"}, "text": "Hi"}
    (whom,) = cast("@orla you absolute joke", in_reply_to=parent)
    assert whom == Target("employee", "orla@example.social")


@given(platform=st.sampled_from(["mastodon", "reddit", "x"]), name=NAMES.filter(lambda name: not name.isdigit()))
def test_whoever_is_spoken_to_is_found_again(platform: str, name: str) -> None:
    def post(number: int, text: str) -> Mention:
        when = START + timedelta(hours=number)
        author = {"id": "a", "handle": "heron_example_77"}
        record = {"platform": platform, "id": str(number), "text": text, "created_at": when.isoformat()}
        return Mention.from_record(record | {"author": author})

    texts = [f"@{name}@example.social hi", f"@{name} hi", f"u/{name} hi", f"@{name}@other.example hi", f"x{name}x hi"]
    before = [post(number, text) for number, text in enumerate(texts)]
    last = post(9, f"@{name}@example.social again")
    since = START - timedelta(days=1)
    past = MentionHistory(before).before([last])
    assert [one.mention_id[-1] for one in past.contacts(last, f"{name}@example.social", since)] == ["0", "1", "2"]
    assert [one.mention_id[-1] for one in past.towards(last, f"{name}@example.social", since)] == ["0", "1", "2"]
    assert local(name) in people_of(post_of(last, "a"))


def test_a_course_towards_somebody_on_a_server(dwp: Policy, judge: Judge) -> None:
    parent = {"id": "p", "author": {"handle": "orla@example.social", "bio": "Work coach at DWP"}, "text": "Hello"}
    texts = ["@orla why won't you answer me", "@orla@example.social still ignoring me?", "@orla answer me"]
    posts = [
        Mention.from_record(
            {
                "platform": "mastodon",
                "id": str(day),
                "text": text,
                "created_at": (START + timedelta(days=day)).isoformat(),
                "author": {"id": "a", "handle": "heron_example_77@other.example"},
                "in_reply_to": parent if day != 1 else None,
            }
        )
        for day, text in enumerate(texts)
    ]
    judged = Judge(dwp, judge.scorer, MentionHistory(posts)).judge(posts)
    stalking = [each for each in judged[-1].findings if each.category == "cyberstalking"]
    assert [len(each.behaviours[0].steps) for each in stalking] == [3]
