"""YouTube through google-api-python-client, against a server on the loopback, and against recorded answers."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from collectors.instant import moment_of
from collectors.manners import Manners
from collectors.youtube import YouTube, YouTubeSettings
from collectors.youtube_post import to_mention
from collectors.youtube_run import Daily
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import exchanges, found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import ambiguous_too, words_only
from tests.collectors.youtube_posts import KEY, START, answering, comment, refusal, result, thread, video_id

UNLIMITED = Daily(10**9, 10**9)  # no run has to wait for its turn


class TestYouTube(Conformance):
    """Nine videos, of which some share their second; three to a page. Nobody comments."""

    times: ClassVar[Mapping[int, datetime]] = {
        number: START + timedelta(seconds=number // 2) for number in range(9, 0, -1)
    }
    posts = frozenset(map(video_id, times))
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> YouTube:
        packs = [words_only(policy)]
        return YouTube(KEY, packs, base_url=url, settle=timedelta(0), daily=UNLIMITED, manners=manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/search")

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of({"items": []})
        assert (asked.params["type"], asked.params["order"], asked.params["q"]) == (
            "video",
            "date",
            '"Quillmere Water"',
        )
        after = datetime.fromisoformat(asked.params.get("publishedAfter", "2000-01-01T00:00:00Z"))
        before = datetime.fromisoformat(asked.params.get("publishedBefore", "2100-01-01T00:00:00Z"))
        left = [number for number, moment in self.times.items() if after <= moment <= before]
        start = int(asked.params.get("pageToken", 0))
        shown = [result(number, self.times[number]) for number in left[start : start + 3]]
        return Reply.of({"items": shown, **({"nextPageToken": str(start + 3)} if start + 3 < len(left) else {})})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"items": [], "nextPageToken": "same"})


class TestYouTubeComments(Conformance):
    """One video of nine threads; the oldest two share their second."""

    times: ClassVar[Mapping[str, datetime]] = {
        f"Ug{number}": START + timedelta(seconds=max(number, 2)) for number in range(9, 0, -1)
    }
    posts = frozenset([*times, "Ug5.0", "Ug5.1", "Ug5.2", "Ug5.3"])
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> YouTube:
        return YouTube(
            KEY,
            [words_only(policy)],
            base_url=url,
            channels=["UC-own"],
            settle=timedelta(0),
            daily=UNLIMITED,
            manners=manners,
        )

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/commentThreads") or "parentId" in asked.params

    def answer(self, asked: Asked) -> Reply:
        start, size = int(asked.params.get("pageToken", 0)), 3
        if not self.is_listing(asked):
            return Reply.of({"items": []})
        if "parentId" in asked.params:
            shown = [comment(f"Ug5.{number}", parentId="Ug5") for number in range(4)]
            return self._page(shown, start, 2)
        assert asked.params["allThreadsRelatedToChannelId"] == "UC-own"
        assert asked.params["textFormat"] == "plainText"
        threads = [
            thread(native_id, moment, *((4, 2) if native_id == "Ug5" else ()))
            for native_id, moment in self.times.items()
        ]
        return self._page(threads, start, size)

    @staticmethod
    def _page(items: list[Any], start: int, size: int) -> Reply:
        following = {"nextPageToken": str(start + size)} if start + size < len(items) else {}
        return Reply.of({"items": items[start : start + size], **following})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"items": [], "nextPageToken": "same"})


def collect(serve: Any, policy: Policy, brisk: Manners, answer: Any, **others: Any) -> Any:
    server = serve(answer)
    batches, error = run(YouTube(KEY, [words_only(policy)], base_url=server.url, manners=brisk, **others))
    return batches, error, server


def test_comments_of_a_video_found_are_read_and_all_replies(serve: Any, policy: Policy, brisk: Manners) -> None:
    whole = {
        "kind": "youtube#video",
        "id": video_id(1),
        "snippet": {**result(1)["snippet"], "description": "At length"},
    }
    replies = [comment(f"Ug1.{number}", parentId="Ug1") for number in range(7)]
    batches, error, server = collect(
        serve,
        policy,
        brisk,
        answering(
            search=[result(1)], videos=[whole], commentThreads=[thread("Ug1", total=7, replies=5)], comments=replies
        ),
    )
    assert error is None
    assert sorted(native_ids(batches)) == sorted([video_id(1), "Ug1", *(f"Ug1.{number}" for number in range(7))])
    mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
    assert mentions[video_id(1)].text.endswith("At length")
    assert {mention.conversation_id for mention in mentions.values()} == {video_id(1)}
    assert mentions["Ug1.6"].in_reply_to is not None
    assert mentions["Ug1.6"].in_reply_to.text == "Quillmere Water again"
    assert sum(batch.requests for batch in batches) == len(server.asked) == 4
    packs, tomorrow = [words_only(policy)], datetime.now(UTC) + timedelta(days=1)
    later = YouTube(KEY, packs, base_url=server.url, daily=Daily(now=lambda: tomorrow), manners=brisk)
    _, error = run(later, batches[-1].checkpoint)
    assert error is None
    assert [asked.path.rpartition("/")[2] for asked in server.asked[4:]] == ["search", "videos", "commentThreads"]


def test_a_video_without_comments_or_gone_does_not_stop_the_others(serve: Any, policy: Policy, brisk: Manners) -> None:
    reasons = {video_id(1): refusal(403, "commentsDisabled"), video_id(2): refusal(404, "videoNotFound")}
    batches, error, _ = collect(
        serve,
        policy,
        brisk,
        answering(
            search=[result(number) for number in (1, 2, 3)],
            commentThreads=lambda asked: reasons.get(asked.params["videoId"]) or Reply.of({"items": [thread("Ug1")]}),
        ),
    )
    assert error is None
    assert sorted(native_ids(batches)) == ["Ug1", *map(video_id, (1, 2, 3))]
    assert sorted(batches[-1].checkpoint.state["videos"]) == [video_id(1), video_id(3)]


def test_searches_used_up_do_not_stop_the_comments(serve: Any, policy: Policy, brisk: Manners) -> None:
    answer = answering(search=refusal(403, "quotaExceeded"), commentThreads=[thread("Ug1")])
    batches, error, server = collect(serve, policy, brisk, answer, channels=["UC-own"])
    assert error is not None
    assert (error.outcome, native_ids(batches), len(server.asked)) == ("rate_limited", ["Ug1"], 2)


@pytest.mark.parametrize(
    ("reply", "outcome", "word"),
    [
        (refusal(403, "rateLimitExceeded"), "rate_limited", "rateLimitExceeded"),
        (refusal(403, "forbidden"), "access_denied", "TOCSIN_YOUTUBE_API_KEY"),
        (refusal(400, "keyInvalid"), "access_denied", "TOCSIN_YOUTUBE_API_KEY"),
        (refusal(400, "invalidSearchFilter"), "unexpected_response", "invalidSearchFilter"),
    ],
)
def test_refusals_have_names_and_keep_the_key(
    serve: Any, policy: Policy, brisk: Manners, reply: Reply, outcome: str, word: str
) -> None:
    _, error, _ = collect(serve, policy, brisk, answering(search=reply))
    assert error is not None
    assert (error.outcome, word in str(error), KEY in str(error)) == (outcome, True, False)


def test_a_broken_record_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    broken = {**result(2), "snippet": {"publishedAt": "soon"}}
    channel = {"kind": "youtube#searchResult", "id": {"kind": "youtube#channel", "channelId": "UC-x"}}
    odd = {**thread("Ug2"), "replies": ["none"]}
    answer = answering(
        search=[result(1), broken, "no result", channel],
        commentThreads=[{"id": "Ug9"}, odd, thread("Ug1", total=9)],
        comments=refusal(404, "commentNotFound"),
    )
    batches, error, _ = collect(serve, policy, brisk, answer)
    assert error is None
    assert sorted(native_ids(batches)) == ["Ug1", "Ug2", video_id(1)]
    where = [item.where for batch in batches for item in batch.quarantined]
    assert where == [f"youtube {video_id(2)}", "youtube without id", "youtube Ug9"]


def test_a_fresh_video_that_nobody_asked_for_leaves_the_overlap_window_open(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    now = datetime.now(UTC)
    fresh = result(2, now - timedelta(hours=1))
    fresh["snippet"] |= {"title": "QW", "description": ""}
    settled = result(1, now - timedelta(days=3))
    settled["snippet"]["title"] = "A bill of QW"
    server = serve(answering(search=[fresh, settled]))
    batches, _ = run(YouTube(KEY, [ambiguous_too(policy)], base_url=server.url, manners=brisk))
    (mark,) = (each["mark"] for each in batches[-1].checkpoint.state["found"]["timelines"].values())
    assert native_ids(batches) == [video_id(1)]
    assert moment_of(mark) < now - timedelta(days=2)


def test_recheck_tells_the_gone_from_the_edited(serve: Any, policy: Policy, brisk: Manners) -> None:
    whole = {"kind": "youtube#video", "id": video_id(1), "snippet": {**result(1)["snippet"], "title": "Mended"}}
    server = serve(answering(videos=[whole], comments=[comment("UgInventedAndLong")]))
    collector = YouTube(KEY, [words_only(policy)], base_url=server.url, manners=brisk)
    told = collector.recheck([video_id(1), video_id(2), "UgInventedAndLong", "UgInventedAndLong.gone"])
    assert told.gone == (video_id(2), "UgInventedAndLong.gone")
    assert [mention.text.partition("\n")[0] for mention in told.present] == ["Mended", "Quillmere Water again"]
    assert (told.requests, server.asked[0].params["id"]) == (2, f"{video_id(1)},{video_id(2)}")


def test_without_a_key_it_is_not_read(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_YOUTUBE_API_KEY"):
        YouTube.from_settings(YouTubeSettings(), [policy], Manners())
    settings = YouTubeSettings(api_key=SecretStr(KEY), channels="UC-a, UC-b")
    (collector,) = YouTube.from_settings(settings, [policy], Manners())
    assert collector.queries == ('"Quillmere Water"|#quillmere', "UC-a", "UC-b")


ANSWERS = {  # by what a recorded body says that it is, the call that it answers
    "youtube#searchListResponse": "search",
    "youtube#videoListResponse": "videos",
    "youtube#commentThreadListResponse": "commentThreads",
    "youtube#commentListResponse": "comments",
}


def test_every_recorded_video_and_comment_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    """Each recorded page is served whole, by the call that it answers; posts are counted in the raw bodies."""
    counted = 0
    for where, path, body in _pages(recordings / "youtube"):
        expected = _posts_in(path, body)
        around = _calls_before(path, expected)
        if path == "comments" and len(around["commentThreads"]) != 1:
            assert [to_mention(item).text for item in expected.values()] == [
                item["snippet"]["textOriginal"] for item in expected.values()
            ]
            continue
        channels = ["UC-own"] if path.startswith("comment") else []
        answer = answering(**{**around, path: Reply.of(body)})
        batches, error, _ = collect(serve, policy, brisk, answer, channels=channels)
        assert error is None, where
        mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
        assert sum(len(batch.mentions) for batch in batches) == len(mentions)
        tops = {item["id"] for item in around.get("commentThreads", [])}
        assert set(mentions) == expected.keys() | tops, where
        counted += len(mentions)
        for native_id, item in expected.items():
            _same(mentions[native_id], item)
    assert counted > 100


def _pages(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where each recorded page stands, the call that it answers, and the page as the last of its kind."""
    for exchange in exchanges(folder):
        body = exchange.json()
        if isinstance(body, dict) and body.get("kind") in ANSWERS:
            yield exchange.where, ANSWERS[body["kind"]], {k: v for k, v in body.items() if k != "nextPageToken"}


def _posts_in(path: str, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The posts of a recorded page as they stand there, by id."""
    if path == "search":
        return {item["id"]["videoId"]: item for item in body["items"] if "videoId" in item["id"]}
    if path == "videos":
        return {item["id"]: item for item in body["items"] if "snippet" in item}
    comments = found(body, lambda value: value.get("kind") == "youtube#comment" and "snippet" in value)
    return {item["id"]: item for item in comments}


def _calls_before(path: str, expected: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Invented answers to the calls that lead to a recorded one."""
    if path == "videos":
        return {"search": [{**result(1), "id": {"kind": "youtube#video", "videoId": each}} for each in expected]}
    if path == "comments":
        parents = {item["snippet"].get("parentId") for item in expected.values()}
        return {"commentThreads": [thread(parent, total=99) for parent in parents if parent]}
    return {}


def _same(mention: Any, item: dict[str, Any]) -> None:
    snippet = item["snippet"]
    assert mention.created_at == datetime.fromisoformat(snippet["publishedAt"])
    if item["kind"] == "youtube#comment":
        assert mention.text == snippet["textOriginal"]
        assert (mention.author.id, mention.author.name) == (
            snippet["authorChannelId"]["value"],
            snippet["authorDisplayName"],
        )
        parent = snippet.get("parentId") or snippet.get("videoId")
        assert (mention.in_reply_to.id if mention.in_reply_to else None) == parent
        return
    shown = " ".join([snippet["title"], snippet["description"]])
    shown = html.unescape(shown) if item["kind"] == "youtube#searchResult" else shown
    assert re.sub(r"\s+", "", mention.text) == re.sub(r"\s+", "", shown)
    assert (mention.author.id, mention.url.partition("v=")[2]) == (snippet["channelId"], mention.id)
