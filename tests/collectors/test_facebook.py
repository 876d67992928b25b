"""Facebook through facebook-business, against a server on the loopback, and against recorded answers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from collectors.facebook import Facebook, FacebookSettings
from collectors.facebook_post import comment_to_mention, to_mention
from collectors.graph import Account
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import exchanges, found
from tests.collectors.server import Asked, Reply

START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TOKEN = "invented-token"
PAGE = "100"


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(number: int, moment: datetime = START, **others: Any) -> dict[str, Any]:
    """An invented post."""
    said = {"id": f"{PAGE}_{number}", "message": "Quillmere Water, again", "created_time": written(moment)}
    return {**said, "from": {"id": "7", "name": "Invented One"}, **others}


def comment(number: int, of: int = 1, moment: datetime = START, **others: Any) -> dict[str, Any]:
    """An invented comment."""
    return {"id": f"{of}_{number}", "message": "No water here", "created_time": written(moment), **others}


def refusal(status: int, code: int, **others: Any) -> Reply:
    return Reply.of({"error": {"message": "invented", "type": "OAuthException", "code": code, **others}}, status=status)


def edge(asked: Asked) -> str:
    """feed, tagged or comments, without the version that stands before it."""
    assert asked.params["access_token"] == TOKEN
    return asked.path.rpartition("/")[2]


def facebook(url: str, policy: Policy, manners: Manners) -> Facebook:
    return Facebook(Account(PAGE, TOKEN, base_url=url), [policy], settle=timedelta(0), manners=manners)


class TestFacebook(Conformance):
    """Nine posts on the Page, some of one second, three to a page; the next is told as Pages' feeds tell it."""

    times: ClassVar[Mapping[int, datetime]] = {
        number: START + timedelta(seconds=number // 2) for number in range(9, 0, -1)
    }
    posts = frozenset(f"{PAGE}_{number}" for number in times)
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> Facebook:
        return facebook(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/feed")

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return Reply.of({"data": []})
        until = int(asked.params.get("until", 2**40))
        left = [number for number, moment in self.times.items() if moment.timestamp() <= until]
        start = int(asked.params.get("__paging_token", 0))
        shown = [post(number, self.times[number]) for number in left[start : start + 3]]
        onward = f"until={until}&__paging_token={start + 3}&limit=50&access_token={TOKEN}"
        paging = {"previous": "https://graph.facebook.com/before"}
        paging |= {"next": f"https://graph.facebook.com/v9.0/100/feed?{onward}"} if start + 3 < len(left) else {}
        return Reply.of({"data": shown, "paging": paging})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"data": [], "paging": {"next": "https://graph.facebook.com/v9.0/100/feed?after=same"}})


class TestFacebookComments(Conformance):
    """One post with nine comments."""

    times: ClassVar[Mapping[int, datetime]] = {number: START + timedelta(seconds=number) for number in range(9, 0, -1)}
    posts = frozenset([f"{PAGE}_1", *(f"1_{number}" for number in times)])
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> Facebook:
        return facebook(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return asked.path.endswith("/comments")

    def answer(self, asked: Asked) -> Reply:
        if edge(asked) != "comments":
            return Reply.of({"data": [post(1)] if edge(asked) == "tagged" else []})
        assert (asked.params["filter"], asked.params["order"]) == ("stream", "reverse_chronological")
        numbers, start = list(self.times), int(asked.params.get("after", 0))
        shown = [comment(number, moment=self.times[number]) for number in numbers[start : start + 3]]
        cursors = {"before": str(start), "after": str(start + 3)}
        following = {"next": f"https://graph.facebook.com/v26.0/{PAGE}_1/comments?after={start + 3}&pretty=0"}
        return Reply.of({"data": shown, "paging": {"cursors": cursors, **(following if start + 3 < 9 else {})}})

    test_a_fault_at_once_ends_by_name = None  # the post comes before any comment: half-way is the earliest


def collect(serve: Any, policy: Policy, brisk: Manners, **edges: Any) -> Any:
    def answer(asked: Asked) -> Reply:
        said = edges.get(edge(asked), [])
        return said if isinstance(said, Reply) else Reply.of(said if isinstance(said, dict) else {"data": said})

    server = serve(answer)
    batches, error = run(facebook(server.url, policy, brisk))
    return batches, error, server


def test_a_post_becomes_a_mention() -> None:
    pictures = [
        {"type": "photo", "media": {"image": {"src": f"https://img.example/{n}.jpg"}}, "description": "a dry tap"}
        for n in (1, 2)
    ]
    mention = to_mention(
        post(
            1,
            message="See https://example.org/bill. Thanks",
            permalink_url="https://www.facebook.com/100/posts/1",
            attachments={"data": [{"type": "album", "subattachments": {"data": pictures}}]},
            reactions={"data": [], "summary": {"total_count": 5}},
            comments={"data": [], "summary": {"total_count": 2}},
            shares={"count": 3},
        )
    )
    assert (mention.kind, mention.author.id, mention.author.name) == ("post", "7", "Invented One")
    assert mention.links == ("https://example.org/bill",)
    assert [(item.type, item.alt_text) for item in mention.media] == [("image", "a dry tap")] * 2
    assert (mention.metrics.likes, mention.metrics.replies, mention.metrics.reposts) == (5, 2, 3)
    assert mention.created_at == START


def test_a_shared_post_names_its_original_and_a_link_what_it_says() -> None:
    link = {"type": "share", "title": "Burst main", "unshimmed_url": "https://news.example/1", "media": {"image": {}}}
    mention = to_mention({**post(1, parent_id="9_9", attachments={"data": [link]}), "message": None})
    assert (mention.kind, mention.text, mention.links) == ("repost", "Burst main", ("https://news.example/1",))
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.id == "9_9"


def test_a_comment_names_what_it_answers() -> None:
    answered = {"id": "1_2", "message": "No water", "from": {"id": "8", "name": "Invented Two"}}
    reply = comment_to_mention(comment(3, parent=answered), "100_1")
    assert (reply.kind, reply.conversation_id) == ("reply", "100_1")
    assert reply.in_reply_to is not None
    assert reply.in_reply_to.author is not None
    assert (reply.in_reply_to.id, reply.in_reply_to.text, reply.in_reply_to.author.id) == ("1_2", "No water", "8")
    address = "https://www.facebook.com/100/posts/1/?comment_id=22&reply_comment_id=33"
    unnamed = comment_to_mention({"message": "m", "created_time": written(START), "permalink_url": address})
    assert (unnamed.id, unnamed.conversation_id) == ("1_33", "100_1")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (refusal(400, 190, error_subcode=463), "access_denied"),
        (refusal(403, 10), "access_denied"),
        (refusal(400, 32), "rate_limited"),
        (refusal(400, 80001), "rate_limited"),
        (refusal(500, 2), "unavailable"),
        (refusal(400, 100, error_subcode=33), "unexpected_response"),
        (refusal(200, 4), "rate_limited"),
        (refusal(200, 9999), "unexpected_response"),
    ],
)
def test_meta_says_by_its_code_what_is_wrong(
    serve: Any, policy: Policy, brisk: Manners, reply: Reply, outcome: str
) -> None:
    batches, error, _ = collect(serve, policy, brisk, feed=reply)
    assert error is not None
    assert (batches[:0], error.outcome, TOKEN in str(error)) == ([], outcome, False)


def test_a_limit_says_when_calls_are_allowed_again(serve: Any, policy: Policy, brisk: Manners) -> None:
    limited = refusal(400, 80001)
    limited.headers["X-Business-Use-Case-Usage"] = json.dumps({"100": [{"estimated_time_to_regain_access": 5}]})
    _, error, server = collect(serve, policy, brisk, feed=limited)
    assert error is not None
    assert (error.outcome, error.retry_after_s, len(server.asked)) == ("rate_limited", 300.0, 1)


def test_a_post_that_is_gone_is_followed_no_longer(serve: Any, policy: Policy, brisk: Manners) -> None:
    batches, error, _ = collect(serve, policy, brisk, feed=[post(1)], comments=refusal(400, 100, error_subcode=33))
    assert error is None
    assert (native_ids(batches), batches[-1].checkpoint.state["posts"]) == ([f"{PAGE}_1"], {})


def test_a_broken_record_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    feed = [post(1), {"id": f"{PAGE}_2"}, "no post", {**post(3), "created_time": "soon"}, post(4)]
    batches, error, _ = collect(serve, policy, brisk, feed=feed, comments=[{"message": "m"}])
    assert error is None
    assert native_ids(batches) == [f"{PAGE}_1", f"{PAGE}_4"]
    where = [item.where for batch in batches for item in batch.quarantined]
    assert where[:3] == [f"facebook {PAGE}_2", "facebook without id", f"facebook {PAGE}_3"]
    assert where[3:] == ["facebook without id"] * 2


def test_recheck_deletes_what_is_surely_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    visible = {PAGE, f"{PAGE}_1", f"{PAGE}_5"}

    def answer(asked: Asked) -> Reply:
        batch = json.loads(dict(parse_qsl(asked.body.decode()))["batch"])
        wanted = [urlsplit(call["relative_url"]).path for call in batch]
        gone = {"code": 400, "body": refusal(400, 100, error_subcode=33).body.decode()}
        return Reply.of([{"code": 200, "body": "{}"} if each in visible else gone for each in wanted])

    server = serve(answer)
    ids = [f"{PAGE}_1", f"{PAGE}_2", "5_9", "888_7"]
    told = facebook(server.url, policy, brisk).recheck(ids)
    assert told.gone == (f"{PAGE}_2", "5_9")  # the last is another's, which we may not see
    assert (told.requests, len(server.asked)) == (2, 2)
    visible.clear()
    with pytest.raises(Exception, match="no longer shows the Page") as caught:
        facebook(server.url, policy, brisk).recheck(ids)
    assert getattr(caught.value, "outcome", "") == "access_denied"


def test_calls_are_signed_where_the_app_has_a_secret(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of({"data": []}))
    settings = FacebookSettings(page_id=PAGE, access_token=SecretStr(TOKEN), app_secret="s", base_url=server.url)
    (collector,) = Facebook.from_settings(settings, [policy], brisk)
    _, error = run(collector)
    assert error is None
    assert all(len(asked.params["appsecret_proof"]) == 64 for asked in server.asked)
    with pytest.raises(ValueError, match=r"TOCSIN_FACEBOOK_PAGE_ID .* TOCSIN_FACEBOOK_ACCESS_TOKEN"):
        Facebook.from_settings(FacebookSettings(), [policy], brisk)


def test_every_recorded_post_and_comment_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    """Posts are served as the Page's feed, comments as those of one post; both are counted in the raw bodies."""
    counted = 0
    folder = recordings / "facebook_instagram" / "python-facebook" / "facebook" / "apidata"
    for exchange in [*exchanges(folder / "posts"), *exchanges(folder / "groups"), *exchanges(folder / "comments")]:
        body = exchange.json()
        said = list(found(body, lambda value: {"message", "created_time"} <= value.keys()))
        if not said:
            continue
        records = body["data"] if isinstance(body.get("data"), list) else None
        if records is None:  # an object, or several by their ids
            records = [body] if "created_time" in body else list(body.values())
        comments = "comment_id=" in (said[0].get("permalink_url") or "")
        edges = {"feed": [post(1)], "comments": records} if comments else {"feed": records}
        batches, error, _ = collect(serve, policy, brisk, **edges)
        assert error is None, exchange.where
        assert [item for batch in batches for item in batch.quarantined] == []
        mentions = [mention for batch in batches for mention in batch.mentions if mention.id != f"{PAGE}_1"]
        unspoken = [record for record in records if "message" not in record]
        assert len({mention.id for mention in mentions}) == len(mentions) == len(said) + len(unspoken)
        counted += len(mentions)
        by_moment = {(mention.created_at, mention.text): mention for mention in mentions}
        for record in said:
            mention = by_moment[datetime.fromisoformat(record["created_time"]), record["message"]]
            _same(mention, record)
    assert counted > 60


def _same(mention: Any, record: dict[str, Any]) -> None:
    address = str(record.get("permalink_url") or "")
    assert mention.id == record.get("id", mention.id)
    assert mention.url in (address, f"https://www.facebook.com/{mention.id}")
    assert mention.author.id == (record.get("from") or {}).get("id")
    if "comment_id=" in address:
        assert mention.id.endswith("_" + address.rpartition("comment_id=")[2])
        assert mention.kind == "comment"
    pictures = list(
        found(record.get("attachments") or {}, lambda value: "photo" in kind(value) or "video" in kind(value))
    )
    assert len(mention.media) == len(pictures)


def kind(attachment: dict[str, Any]) -> str:
    return str(attachment.get("type", ""))


def test_a_comment_of_a_sticker_alone_is_a_comment() -> None:
    sticker = {"type": "sticker", "media": {"image": {"src": "https://f.example/s.png"}}}
    said = {name: value for name, value in comment(1).items() if name != "message"}
    mention = comment_to_mention({**said, "attachment": sticker})
    assert (mention.text, [item.url for item in mention.media]) == ("", ["https://f.example/s.png"])
