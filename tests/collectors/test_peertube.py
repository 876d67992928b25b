"""PeerTube through our client, against a server on the loopback that answers as an instance does. All is invented."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.manners import Manners
from collectors.mention import Mention
from collectors.peertube import PeerTube
from collectors.peertube_post import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = datetime(2026, 10, 1, 9, 15, tzinfo=UTC)
ACCOUNT = {"id": 7, "name": "invented_one", "host": "e.example", "url": "https://e.example/accounts/invented_one"}
ACCOUNT |= {"displayName": "Invented One", "followersCount": 4, "createdAt": "2025-01-01T00:00:00.000Z"}
SEARCH = "/api/v1/search/videos"


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def video(number: int, **others: Any) -> dict[str, Any]:
    """An invented video, as the search has it."""
    own = {"id": number, "uuid": uuid(number), "url": f"https://p.example/videos/watch/{uuid(number)}"}
    said = {"name": "Quillmere Water", "truncatedDescription": "No word of it.", "language": {"id": "en"}}
    counts = {"likes": 3, "views": 40, "comments": 2, "account": ACCOUNT}
    return {**own, **said, **counts, "publishedAt": written(NEWEST + timedelta(seconds=number // 2)), **others}


def comment(number: int, thread: int | None = None, **others: Any) -> dict[str, Any]:
    """An invented comment: the first of a thread, or a reply in one."""
    own = {"id": number, "url": f"https://e.example/comments/{number}", "text": "Dry **again**", "account": ACCOUNT}
    place = {"threadId": thread or number, "inReplyToCommentId": thread, "videoId": 1, "totalReplies": 0}
    created = written(NEWEST + timedelta(minutes=number))
    return {**own, **place, "createdAt": created, "isDeleted": False, "deletedAt": None, **others}


def tree(first: dict[str, Any], *below: Any) -> dict[str, Any]:
    """A thread; what stands below is a thread too."""
    return {"comment": first, "children": list(below)}


def listing(asked: Asked, rows: list[Any]) -> Reply:
    start, count = int(asked.params.get("start", 0)), min(3, int(asked.params["count"]))
    return Reply.of({"total": len(rows), "data": rows[start : start + count]})


def missing(word: str) -> Reply:
    problem = {"type": "about:blank", "title": "Not Found", "detail": word, "status": 404}
    return Reply.of(problem, status=404)


def threads(number: int, thread: int | None = None) -> str:
    """The path of a video's threads, or of one of them."""
    return f"/api/v1/videos/{uuid(number)}/comment-threads" + (f"/{thread}" if thread else "")


def answering(videos: list[Any], under: Mapping[str, Any]) -> Callable[[Asked], Reply]:
    """An instance with these videos, and what it says at each path under them; else there is no comment."""

    def answer(asked: Asked) -> Reply:
        said = videos if asked.path in (SEARCH, "/api/v1/videos") else under.get(asked.path, [])
        return said if isinstance(said, Reply) else listing(asked, said) if isinstance(said, list) else Reply.of(said)

    return answer


def collecting(url: str, policy: Policy, manners: Manners) -> PeerTube:
    return PeerTube(url, [words_only(policy)], site="p.example", manners=manners)


class TestPeerTube(Conformance):
    """Seven videos, some of one second, three to a page; under one a thread with a reply."""

    numbers = tuple(range(7, 0, -1))
    said = frozenset({f"p.example/videos/{uuid(1)}/1/{number}" for number in (1, 2)})
    posts = said | {f"p.example/videos/{uuid(number)}" for number in numbers}
    settled = False  # what shares the moment of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> PeerTube:
        return PeerTube(url, [words_only(policy)], site="p.example", settle=timedelta(0), manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path == SEARCH

    def answer(self, asked: Asked) -> Reply:
        if asked.path == SEARCH:
            assert (asked.params["search"], asked.params["sort"]) == ("Quillmere Water", "-publishedAt")
            return listing(asked, [video(number) for number in self.numbers])
        if asked.path == threads(1, 1):
            return Reply.of(tree(comment(1), tree(comment(2, 1))))
        assert asked.params["sort"] == "-createdAt"
        ours = asked.path == threads(1)
        return listing(asked, [comment(1, totalReplies=1)] if ours else [])


def test_a_video_becomes_a_mention() -> None:
    mention = to_mention(video(12, truncatedDescription="See https://example.org/main."), "p.example")
    assert (mention.id, mention.kind) == (f"p.example/videos/{uuid(12)}", "post")
    assert mention.text == "Quillmere Water\n\nSee https://example.org/main."
    assert mention.created_at == NEWEST + timedelta(seconds=6)
    assert (mention.author.id, mention.author.handle) == (ACCOUNT["url"], "invented_one@e.example")
    assert (mention.lang, mention.links) == ("en", ("https://example.org/main",))
    assert (mention.metrics.likes, mention.metrics.views, mention.metrics.replies) == (3, 40, 2)


def test_a_reply_knows_what_it_answers_and_html_is_read() -> None:
    said = '<p>Dry <a href="https://example.org/tap">tap</a></p>'
    mention = to_mention(comment(6, 5, text=said, inReplyToCommentId=5), "p.example", uuid(1))
    assert (mention.id, mention.kind, mention.text) == (f"p.example/videos/{uuid(1)}/5/6", "reply", "Dry tap")
    assert mention.links == ("https://example.org/tap",)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.id == f"p.example/videos/{uuid(1)}/5/5"
    first = to_mention(comment(5), "p.example", uuid(1))
    assert first.in_reply_to is not None
    assert (first.kind, first.in_reply_to.id) == ("comment", f"p.example/videos/{uuid(1)}")
    assert first.conversation_id == mention.conversation_id == f"p.example/videos/{uuid(1)}"


def test_only_videos_that_hold_a_term_are_followed(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(answering([video(2, name="Quill and water"), video(1)], {}))
    batches, error = run(collecting(server.url, policy, brisk))
    assert error is None
    assert native_ids(batches) == [f"p.example/videos/{uuid(1)}"]
    assert [asked.path for asked in server.asked][1:] == [threads(1)]


def test_a_thread_is_read_again_only_when_it_has_grown(serve: Any, policy: Policy, brisk: Manners) -> None:
    first = comment(5, totalReplies=1, createdAt=written(datetime.now(UTC)))
    thread = tree(first, tree(comment(6, 5)))
    small = answering([video(1)], {threads(1): [first], threads(1, 5): thread})
    batches, error = run(collecting(serve(small).url, policy, brisk))
    assert error is None
    start = f"p.example/videos/{uuid(1)}"
    assert native_ids(batches) == [start, f"{start}/5/5", f"{start}/5/6"]
    still = serve(small)
    again, _ = run(collecting(still.url, policy, brisk), batches[-1].checkpoint)
    assert not [asked for asked in still.asked if asked.path.endswith("/5")]
    grown = tree(first, tree(comment(6, 5), tree(comment(7, 5, inReplyToCommentId=6))))
    server = serve(answering([video(1)], {threads(1): [{**first, "totalReplies": 2}], threads(1, 5): grown}))
    more, error = run(collecting(server.url, policy, brisk), again[-1].checkpoint)
    assert error is None
    assert f"{start}/5/7" in native_ids(more)


def test_what_was_deleted_is_gone_and_its_replies_stay(serve: Any, policy: Policy, brisk: Manners) -> None:
    deleted = comment(5, isDeleted=True, text="", account=None, totalReplies=1)
    thread = tree(deleted, tree(comment(6, 5)), tree(comment(7, 5, isDeleted=True, text="", account=None)))
    start = f"p.example/videos/{uuid(1)}"
    server = serve(answering([video(1)], {threads(1): [deleted], threads(1, 5): thread}))
    collector = collecting(server.url, policy, brisk)
    batches, error = run(collector)
    assert error is None
    assert native_ids(batches) == [start, f"{start}/5/6"]
    assert [each for batch in batches for each in batch.gone] == [f"{start}/5/5", f"{start}/5/7"]
    told = collector.recheck([f"{start}/5/{number}" for number in (5, 6, 7, 8)])
    assert told.gone == (f"{start}/5/5", f"{start}/5/7")
    assert ([mention.id for mention in told.present], told.requests) == ([f"{start}/5/6"], 1)


def test_a_stored_video_is_gone_by_its_instances_own_word(ask: Any) -> None:
    start = "p.example/videos"

    def answer(asked: Asked) -> Reply:
        replies = {uuid(1): Reply.of(video(1, description="Whole")), uuid(2): missing("Video not found")}
        replies |= {uuid(3): Reply.of({"error": "private"}, status=403)}
        return replies.get(asked.path.rpartition("/")[2], Reply.of({"total": 0, "data": []}))

    told, _ = ask(collecting, answer, [f"{start}/{uuid(number)}" for number in (1, 2, 3)])
    assert told.gone == (f"{start}/{uuid(2)}",)
    assert [mention.text for mention in told.present] == ["Quillmere Water\n\nWhole"]


def test_a_video_that_went_is_followed_no_longer(serve: Any, policy: Policy, brisk: Manners) -> None:
    private = Reply.of({"detail": "Cannot get this video"}, status=403)
    server = serve(answering([video(2), video(1)], {threads(1): missing("Video not found"), threads(2): private}))
    batches, error = run(collecting(server.url, policy, brisk))
    assert error is None
    assert batches[-1].checkpoint.state["videos"] == {}


def test_a_404_of_other_words_drops_nothing(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(answering([video(1)], {threads(1): missing("Nothing here any more")}))
    batches, error = run(collecting(server.url, policy, brisk))
    assert error is not None
    assert error.outcome == "unexpected_response"
    assert uuid(1) in batches[-1].checkpoint.state["videos"]


def test_broken_records_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = ["no video", {"uuid": 2}, video(1)]
    said = ["no comment", comment(3, createdAt="soon"), comment(4)]
    batches, error = run(collecting(serve(answering(rows, {threads(1): said})).url, policy, brisk))
    assert error is None
    assert native_ids(batches) == [f"p.example/videos/{uuid(1)}", f"p.example/videos/{uuid(1)}/4/4"]
    assert len([item for batch in batches for item in batch.quarantined]) == 4


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
names = st.sampled_from(["id", "uuid", "threadId", "name", "text", "createdAt", "publishedAt", "account", "language"])


@given(st.dictionaries(names, json_values))
def test_whatever_comes_is_a_mention_or_is_refused(record: dict[str, Any]) -> None:
    admitted = admit(record, "peertube", partial(to_mention, site="p.example", video=uuid(1)))
    assert isinstance(admitted, Mention | Quarantined)
