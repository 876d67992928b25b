"""Discourse through our client, against a server on the loopback that answers as a forum does, and recorded answers."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from collectors.collector import AccessDenied
from collectors.discourse import Discourse, DiscourseSettings
from collectors.discourse_post import to_mention
from collectors.manners import Manners
from collectors.wire import Declined
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import distinct, found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

ADDRESS = "https://forum.example.org"
RECENT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)


def post(number: int, **others: Any) -> dict[str, Any]:
    """An invented post, as /posts.json has it."""
    return {
        "id": number,
        "username": "invented_one",
        "user_id": 7,
        "created_at": (RECENT + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "cooked": '<p>No word from Quillmere Water, see <a href="https://example.org/bill">this</a></p>',
        "post_number": 2,
        "topic_id": 11,
        "topic_slug": "dry-taps",
        "topic_title": "Dry taps",
        **others,
    }


class TestDiscourse(Conformance):
    """Seven posts, three to a page, none of them in the search's index yet."""

    posts = frozenset(f"f.example/posts/{number}" for number in range(1, 8))

    def collector(self, url: str, policy: Policy, manners: Manners) -> Discourse:
        return Discourse(url, [words_only(policy)], site="f.example", settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path == "/posts.json"

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/search.json":
            return Reply.of({"posts": [], "topics": [], "grouped_search_result": {"more_full_page_results": None}})
        before = int(asked.params.get("before", 99))
        return Reply.of({"latest_posts": [post(number) for number in range(7, 0, -1) if number < before][:3]})


def test_a_post_becomes_a_mention() -> None:
    opening = to_mention(
        post(
            3,
            post_number=1,
            cooked='<p>No word <img src="/images/emoji/twitter/cry.png?v=6" class="emoji" alt=":cry:">'
            '<img src="/uploads/default/1/tap.jpeg" alt="a dry tap"></p>',
            actions_summary=[{"id": 2, "count": 4}],
            reads=9,
        ),
        ADDRESS,
    )
    assert (opening.id, opening.kind) == ("forum.example.org/posts/3", "post")
    assert opening.text == "Dry taps\n\nNo word"
    assert opening.url == "https://forum.example.org/t/dry-taps/11/1"
    assert (opening.author.id, opening.author.handle) == ("forum.example.org/users/7", "invented_one")
    assert [(item.url, item.alt_text) for item in opening.media] == [
        ("https://forum.example.org/uploads/default/1/tap.jpeg", "a dry tap")
    ]
    assert (opening.metrics.likes, opening.metrics.views, opening.in_reply_to) == (4, 9, None)
    further = to_mention(post(4), ADDRESS)
    assert further.in_reply_to is not None
    assert (further.kind, further.in_reply_to.text) == ("comment", "Dry taps")
    assert further.links == ("https://example.org/bill",)
    assert further.conversation_id == opening.conversation_id == "forum.example.org/topics/11"


def test_a_reply_brings_the_words_that_it_answers_and_others_are_left(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    reply = post(9, post_number=5, reply_to_post_number=4, reply_to_user={"username": "invented_two"})
    gone = post(8, post_number=3, reply_to_post_number=2, reply_to_user={"username": "invented_three"})

    def answer(asked: Asked) -> Reply:
        if asked.path == "/posts.json":
            others = [post(7, cooked="<p>Nothing to do with it</p>"), post(6, cooked="", hidden=True)]
            under = post(5, cooked="<p>Same here</p>", topic_title="Quillmere Water and the taps")
            return Reply.of({"latest_posts": [] if "before" in asked.params else [reply, gone, *others, under]})
        if asked.path == "/posts/by_number/11/4.json":
            return Reply.of(post(4, cooked="<p>It is fine here</p>", username="invented_two"))
        return Reply(b"{}", status=404) if "by_number" in asked.path else Reply.of({"posts": []})

    server = serve(answer)
    batches, error = run(Discourse(server.url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert set(mentions) == {"f.example/posts/9", "f.example/posts/8", "f.example/posts/5"}
    assert [native_id for batch in batches for native_id in batch.gone] == ["f.example/posts/6"]
    answered, other = mentions["f.example/posts/9"].in_reply_to, mentions["f.example/posts/8"].in_reply_to
    assert answered is not None
    assert other is not None
    assert answered.author is not None
    assert other.author is not None
    assert (answered.id, answered.author.handle, answered.text) == (
        "f.example/posts/4",
        "invented_two",
        "It is fine here",
    )
    assert (other.id, other.author.handle) == (None, "invented_three")


def test_what_the_search_shows_in_part_is_asked_for_whole(serve: Any, policy: Policy, brisk: Manners) -> None:
    old = {"id": 2, "username": "invented_one", "created_at": "2020-01-01T00:00:00.000Z", "post_number": 1}
    part = {**old, "blurb": "...Quillmere Water...", "topic_id": 5}
    lost = {**part, "id": 3, "created_at": "2020-01-02T00:00:00.000Z"}

    def answer(asked: Asked) -> Reply:
        if asked.path == "/search.json":
            assert asked.params["q"].startswith('"Quillmere Water" order:latest')
            topics = [{"id": 5, "title": "Old taps", "slug": "old-taps"}]
            return Reply.of({"posts": [lost, part], "topics": topics, "grouped_search_result": {}})
        if asked.path == "/posts/2.json":
            return Reply.of({**old, "topic_id": 5, "user_id": 7, "cooked": "<p>All that Quillmere Water said</p>"})
        return Reply.of({"latest_posts": []}) if asked.path == "/posts.json" else Reply(b"{}", status=404)

    batches, error = run(Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    texts = {mention.id: mention.text for batch in batches for mention in batch.mentions}
    assert texts == {
        "f.example/posts/3": "Old taps\n\n...Quillmere Water...",
        "f.example/posts/2": "Old taps\n\nAll that Quillmere Water said",
    }


def test_beyond_ten_pages_the_search_goes_on_by_days(serve: Any, policy: Policy, brisk: Manners) -> None:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    moments = [first + timedelta(hours=12 * number) for number in range(24, 0, -1)]

    def answer(asked: Asked) -> Reply:
        if asked.path == "/posts.json":
            return Reply.of({"latest_posts": []})
        page = int(asked.params["page"])
        assert page <= 10
        until = next((word[7:] for word in asked.params["q"].split() if word.startswith("before:")), "9999")
        left = [at for at in moments if at.isoformat() < until]
        shown = [
            {**post(int((at - first).total_seconds())), "created_at": at.isoformat()} for at in left[page - 1 : page]
        ]
        return Reply.of({"posts": shown, "grouped_search_result": {"more_full_page_results": page < len(left) or None}})

    batches, error = run(Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    assert len(set(native_ids(batches))) == 24


def test_the_first_run_reads_thirty_days(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/search.json":
            return Reply.of({"posts": []})
        before = int(asked.params.get("before", 999))
        ages = {number: RECENT - timedelta(days=999 - number) for number in range(990, 900, -10)}
        rows = [post(number, created_at=at.isoformat()) for number, at in ages.items() if number < before]
        return Reply.of({"latest_posts": rows[:2]})

    batches, error = run(Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    assert native_ids(batches) == [f"f.example/posts/{number}" for number in (990, 980, 970, 960)]


def test_an_older_forum_shows_an_empty_page_where_others_wrote(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/search.json":
            return Reply.of({"posts": []})
        before = int(asked.params.get("before", 200))
        return Reply.of({"latest_posts": [post(number) for number in (200, 180, 20) if before - 50 < number <= before]})

    batches, error = run(Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    assert native_ids(batches) == [f"f.example/posts/{number}" for number in (200, 180, 20)]


def test_what_is_deleted_or_hidden_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        number = int(asked.path.rpartition("/")[2].removesuffix(".json"))
        missing = Reply.of({"errors": ["no such post"], "error_type": "not_found"}, status=404)
        return missing if number == 1 else Reply.of(post(number, hidden=number == 2))

    collector = Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk)
    told = collector.recheck([f"f.example/posts/{number}" for number in (1, 2, 3)])
    assert told.gone == ("f.example/posts/1", "f.example/posts/2")
    assert [mention.id for mention in told.present] == ["f.example/posts/3"]


REFUSED = Reply.of({"errors": ["You are not permitted to view it"], "error_type": "invalid_access"}, status=403)


def test_of_a_closed_category_nothing_is_known_and_the_others_are_asked_about(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/posts.json":
            return Reply.of({"latest_posts": [post(9)]})
        number = int(asked.path.rpartition("/")[2].removesuffix(".json"))
        return REFUSED if number < 3 else Reply.of(post(number))

    server = serve(answer)
    told = Discourse(server.url, [words_only(policy)], site="f.example", manners=brisk).recheck(
        [f"f.example/posts/{number}" for number in (1, 2, 3)]
    )
    assert told.gone == ()
    assert [mention.id for mention in told.present] == ["f.example/posts/3"]
    assert told.requests == len(server.asked) == 5  # that we are let in is looked at once


def test_where_the_closed_posts_are_all_that_there_is_nothing_is_wrong(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    server = serve(lambda asked: Reply.of({"latest_posts": []}) if asked.path == "/posts.json" else REFUSED)
    told = Discourse(server.url, [words_only(policy)], manners=brisk).recheck(["f.example/posts/1"])
    assert (told.gone, told.present, told.requests) == ((), (), 2)


@pytest.mark.parametrize("listed", [True, False], ids=["a key that may list alone", "a key that has expired"])
def test_a_key_that_is_refused_everywhere_is_told(serve: Any, policy: Policy, brisk: Manners, listed: bool) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply.of({"latest_posts": [post(9)]}) if listed and asked.path == "/posts.json" else REFUSED

    collector = Discourse(serve(answer).url, [words_only(policy)], manners=brisk)
    with pytest.raises(AccessDenied, match="TOCSIN_DISCOURSE_API_KEY") as refusal:
        collector.recheck([f"f.example/posts/{number}" for number in range(1, 50)])
    assert refusal.value.requests == 2 + listed


def test_a_404_in_other_words_deletes_nothing(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply(b"<h1>We have moved</h1>", status=404))
    with pytest.raises(Declined):
        Discourse(server.url, [words_only(policy)], manners=brisk).recheck(["f.example/posts/1"])


def test_a_key_is_shown_to_one_forum_alone(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of({"latest_posts": [], "posts": []}))
    key = {"api_key": SecretStr("invented"), "api_username": "system"}
    (collector,) = Discourse.from_settings(DiscourseSettings(base_url=server.url, **key), [policy], brisk)
    assert run(collector)[1] is None
    assert {(asked.headers["api-key"], asked.headers["api-username"]) for asked in server.asked} == {
        ("invented", "system")
    }
    with pytest.raises(ValueError, match="TOCSIN_DISCOURSE_API_KEY"):
        Discourse.from_settings(DiscourseSettings(base_url=f"{server.url},{ADDRESS}", **key), [policy], brisk)


def test_every_recorded_post_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    def is_post(value: dict[str, Any]) -> bool:
        return {"id", "username", "created_at", "cooked", "topic_id", "post_number"} <= value.keys()

    bodies = []
    for path in sorted((recordings / "discourse").rglob("*.json")):
        bodies.append(json.loads(path.read_bytes()))
    posts = distinct((each for body in bodies for each in found(body, is_post)), "id")
    shown = {key: each for key, each in posts.items() if _word(each)}  # a picture alone holds no term
    newest = [posts[key] for key in sorted(posts, key=int, reverse=True)]
    vocabulary = Vocabulary(names=tuple({_word(each) for each in shown.values()}))  # so that each is asked for
    names = policy.model_copy(update={"vocabulary": vocabulary, "accounts": ()})

    def answer(asked: Asked) -> Reply:
        if asked.path == "/search.json":
            return Reply.of({"posts": []})
        before = int(asked.params.get("before", 10**9))
        return Reply.of({"latest_posts": [each for each in newest if each["id"] < before][:5]})

    collector = Discourse(serve(answer).url, [names], site="f.example", settle=timedelta(0), manners=brisk)
    collector.history = timedelta(days=36_500)
    batches, error = run(collector)
    assert error is None
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert len(native_ids(batches)) == len(mentions) == len(shown) > 10
    for key, each in shown.items():
        mention = mentions[f"f.example/posts/{key}"]
        assert mention.created_at == datetime.fromisoformat(each["created_at"])
        assert mention.author.handle == each["username"]
        words = "".join(html.unescape(re.sub(r"<[^>]+>", "", each["cooked"])).split())
        assert words in "".join(mention.text.split())
        assert mention.url is not None
        assert mention.url.endswith(f"/{each['topic_id']}/{each['post_number']}")


def _word(post: dict[str, Any]) -> str:
    return next(iter(re.findall(r"\w{3,}", html.unescape(re.sub(r"<[^>]+>", " ", post["cooked"])))), "")
