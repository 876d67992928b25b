"""LinkedIn through our client, against a server on the loopback that answers as its documents say. Invented posts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from collectors.linkedin import LinkedIn, LinkedInSettings
from collectors.linkedin_post import comment_to_mention, to_mention, told_to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply

START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
TOKEN = "invented-token"
OURS = "urn:li:organization:77"
POST = "urn:li:share:7000000000000000001"
COMMENT = f"urn:li:comment:({POST},7000000000000000009)"


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def post(number: int, moment: datetime = START, **others: Any) -> dict[str, Any]:
    """An invented post of the organisation's own."""
    said = {"id": f"urn:li:share:700000000000000000{number}", "author": OURS, "commentary": "Water is back"}
    return {**said, "createdAt": milliseconds(moment), "publishedAt": milliseconds(moment), **others}


def comment(number: int, moment: datetime = START, of: str = POST, **others: Any) -> dict[str, Any]:
    """An invented comment."""
    return {
        "id": str(number),
        "commentUrn": f"urn:li:comment:({of},{number})",
        "actor": "urn:li:person:invented",
        "object": of,
        "message": {"text": "No water here", "attributes": []},
        "created": {"time": milliseconds(moment), "actor": "urn:li:person:invented"},
        **others,
    }


def notification(number: int, moment: datetime = START, action: str = "SHARE_MENTION", **others: Any) -> dict[str, Any]:
    """An invented notification."""
    entity = f"urn:li:share:800000000000000000{number}" if action.startswith("SHARE") else COMMENT
    said = {"entity": entity, "owner": "urn:li:person:invented", "text": "Quillmere Water, again"}
    return {
        "notificationId": number,
        "organizationalEntity": OURS,
        "action": action,
        "lastModifiedAt": milliseconds(moment),
        "generatedActivity": entity,
        "decoratedGeneratedActivity": {"share" if action.startswith("SHARE") else "comment": said},
        **others,
    }


def elements(found: list[Any], asked: Asked, size: int = 100) -> Reply:
    """A page, as Rest.li pages."""
    start = int(asked.params.get("start", 0))
    onward = [{"rel": "next", "href": "/rest/more"}] if start + size < len(found) else []
    return Reply.of(
        {"elements": found[start : start + size], "paging": {"start": start, "count": size, "links": onward}}
    )


def kind(asked: Asked) -> str:
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["x-restli-protocol-version"] == "2.0.0"
    assert asked.headers["linkedin-version"] == "202601"
    return re.split(r"[/?]", asked.target.removeprefix("/rest/"))[0]


def linkedin(url: str, policy: Policy, manners: Manners) -> LinkedIn:
    return LinkedIn("77", TOKEN, [policy], base_url=url, settle=timedelta(0), manners=manners)


class TestLinkedIn(Conformance):
    """Nine notifications, some of one moment, three to a page, in the order that the platform does not promise."""

    times: ClassVar[Mapping[int, datetime]] = {
        number: START + timedelta(seconds=number // 2) for number in range(1, 10)
    }
    posts = frozenset(f"urn:li:share:800000000000000000{number}" for number in times)
    settled = False

    def collector(self, url: str, policy: Policy, manners: Manners) -> LinkedIn:
        return linkedin(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return "organizationalEntityNotifications" in asked.path

    def answer(self, asked: Asked) -> Reply:
        if kind(asked) != "organizationalEntityNotifications":
            return Reply.of({"elements": []})
        assert "actions=List(COMMENT,COMMENT_EDIT," in asked.target
        assert "organizationalEntity=urn%3Ali%3Aorganization%3A77" in asked.target
        bounds = re.search(r"timeRange=\(start:(\d+),end:(\d+)\)", asked.target)
        assert bounds is not None
        told = [
            notification(number, moment)
            for number, moment in self.times.items()
            if int(bounds[1]) <= milliseconds(moment) <= int(bounds[2])
        ]
        return elements(told, asked, 3)

    test_a_cursor_that_goes_in_circles_ends_by_name = None  # the cursor is a number of ours, which grows


class TestLinkedInComments(Conformance):
    """One post with nine comments, oldest first, three to a page; one of them has two replies."""

    posts = frozenset(
        [
            POST,
            *(f"urn:li:comment:({POST},{number})" for number in range(1, 10)),
            *(f"urn:li:comment:({POST},{number})" for number in (51, 52)),
        ]
    )
    settled = False
    gone = frozenset({"404"})  # the post is gone

    def collector(self, url: str, policy: Policy, manners: Manners) -> LinkedIn:
        return linkedin(url, policy, manners)

    def is_listing(self, asked: Asked) -> bool:
        return "/comments" in asked.path

    def answer(self, asked: Asked) -> Reply:
        if not self.is_listing(asked):
            return elements([post(1)] if kind(asked) == "posts" else [], asked)
        if "%2C5)" in asked.target or "%2C5%29" in asked.target:
            return elements([comment(number) for number in (51, 52)], asked, 1)
        assert "/socialActions/urn%3Ali%3Ashare%3A7000000000000000001/comments" in asked.target
        found = [comment(number, START + timedelta(seconds=number)) for number in range(1, 10)]
        found[4]["commentsSummary"] = {"totalFirstLevelComments": 2, "aggregatedTotalComments": 2}
        return elements(found, asked, 3)

    test_a_fault_at_once_ends_by_name = None  # the post comes before any comment: half-way is the earliest


def collect(serve: Any, policy: Policy, brisk: Manners, kinds: Mapping[str, Any]) -> Any:
    def answer(asked: Asked) -> Reply:
        said = kinds.get(kind(asked), [])
        said = said(asked) if callable(said) else said
        return said if isinstance(said, Reply) else elements(said, asked)

    server = serve(answer)
    batches, error = run(linkedin(server.url, policy, brisk))
    return batches, error, server


def test_a_post_becomes_a_mention_in_plain_words() -> None:
    written = (
        r"Thanks @[Quillmere Water \(UK\)](urn:li:organization:77) {hashtag|\#|quillmere} \[1\] https://example.org/a"
    )
    content = {"multiImage": {"images": [{"id": "urn:li:image:1", "altText": "a tap"}, {"id": "urn:li:image:2"}]}}
    mention = to_mention(post(1, commentary=written, content=content, author="urn:li:person:invented"))
    assert mention.text == "Thanks @Quillmere Water (UK) #quillmere [1] https://example.org/a"
    assert mention.url == f"https://www.linkedin.com/feed/update/{POST}/"
    assert (mention.links, mention.created_at) == (("https://example.org/a",), START)
    assert [item.alt_text for item in mention.media] == ["a tap", None]
    shared = to_mention(post(2, commentary="", reshareContext={"parent": POST, "root": POST}))
    assert shared.in_reply_to is not None
    assert (shared.kind, shared.in_reply_to.id) == ("repost", POST)


def test_a_comment_and_its_reply_become_mentions() -> None:
    top = comment_to_mention(comment(7000000000000000009, likesSummary={"aggregatedTotalLikes": 4}))
    assert top.in_reply_to is not None
    assert (top.id, top.kind, top.in_reply_to.id, top.metrics.likes) == (COMMENT, "comment", POST, 4)
    assert top.url is not None
    assert top.url.startswith(f"https://www.linkedin.com/feed/update/{POST}/?commentUrn=urn%3Ali%3Acomment%3A%28")
    older = {key: value for key, value in comment(7000000000000000009).items() if key != "commentUrn"}
    assert comment_to_mention(older).id == top.id
    reply = comment_to_mention(comment(10, parentComment=COMMENT), POST)
    assert reply.in_reply_to is not None
    assert (reply.kind, reply.conversation_id, reply.in_reply_to.id) == ("reply", POST, COMMENT)


def test_a_notification_is_the_same_mention_as_what_it_tells_of() -> None:
    source = {"entity": POST, "owner": OURS, "text": "Water is back"}
    told = told_to_mention(notification(1, action="COMMENT", sourcePost=POST, decoratedSourcePost=source))
    assert told.in_reply_to is not None
    assert (told.id, told.kind, told.in_reply_to.text) == (COMMENT, "comment", "Water is back")
    urn = "urn:li:comment:(urn:li:activity:1,7094977717598625792)"
    edited = notification(2, action="COMMENT_EDIT")
    edited["decoratedGeneratedActivity"]["comment"]["entity"] = urn
    assert told_to_mention(edited).created_at == datetime.fromtimestamp((7094977717598625792 >> 22) / 1000, UTC)


def test_what_a_notification_does_not_tell_is_asked_for(serve: Any, policy: Policy, brisk: Manners) -> None:
    bare = [{**notification(number), "decoratedGeneratedActivity": None} for number in (1, 2)]
    bare.append({**notification(3, action="COMMENT", sourcePost=POST), "decoratedGeneratedActivity": None})
    deleted = notification(4, action="COMMENT_DELETE", generatedActivity="urn:li:comment:(activity:1,2)")
    whole = post(9, id="urn:li:share:8000000000000000001", author="urn:li:person:invented")

    def posts(asked: Asked) -> Any:
        if "8000000000000000002" in asked.target:
            return Reply.of({"message": "invented"}, status=403)
        return Reply.of(whole) if "8000000000000000001" in asked.target else []

    kinds = {
        "organizationalEntityNotifications": [
            *bare,
            deleted,
            "no notification",
            {"notificationId": 6, "action": "COMMENT"},
        ],
        "posts": posts,
        "socialActions": lambda asked: Reply.of(comment(7000000000000000009)),
    }
    batches, error, server = collect(serve, policy, brisk, kinds)
    assert error is None
    assert sorted(native_ids(batches)) == sorted(["urn:li:share:8000000000000000001", COMMENT])
    assert [each for batch in batches for each in batch.gone] == ["urn:li:comment:(urn:li:activity:1,2)"]
    where = [item.where for batch in batches for item in batch.quarantined]
    assert where == [f"linkedin notification {each}" for each in (2, "without id", 6)]
    assert any(asked.target.endswith("/comments/7000000000000000009") for asked in server.asked)


def test_new_comments_are_found_though_the_oldest_come_first(serve: Any, policy: Policy, brisk: Manners) -> None:
    found = [comment(number, START + timedelta(seconds=number)) for number in range(1, 5)]
    kinds = {"posts": [post(1)], "socialActions": lambda asked: elements(found, asked, 2)}
    batches, error, server = collect(serve, policy, brisk, kinds)
    assert (error, len(native_ids(batches))) == (None, 5)
    found.append(comment(5, START + timedelta(seconds=9)))
    again, error = run(linkedin(server.url, policy, brisk), batches[-1].checkpoint)
    assert error is None
    assert f"urn:li:comment:({POST},5)" in native_ids(again)


def test_a_post_that_is_gone_is_followed_no_longer(serve: Any, policy: Policy, brisk: Manners) -> None:
    kinds = {"posts": [post(1)], "socialActions": Reply.of({"message": "not found"}, status=404)}
    batches, error, _ = collect(serve, policy, brisk, kinds)
    assert (error, batches[-1].checkpoint.state["posts"]) == (None, {})


def test_without_organisation_and_token_it_is_not_read(serve: Any, policy: Policy, brisk: Manners) -> None:
    with pytest.raises(ValueError, match=r"TOCSIN_LINKEDIN_ORGANIZATION_ID .* TOCSIN_LINKEDIN_ACCESS_TOKEN"):
        LinkedIn.from_settings(LinkedInSettings(), [policy], brisk)
    server = serve(lambda asked: Reply.of({"message": f"expired, {kind(asked)}"}, status=401))
    settings = LinkedInSettings(organization_id=OURS, access_token=SecretStr(TOKEN), base_url=server.url)
    (collector,) = LinkedIn.from_settings(settings, [policy], brisk)
    _, error = run(collector)
    assert error is not None
    assert (error.outcome, "TOCSIN_LINKEDIN_ACCESS_TOKEN" in str(error), TOKEN in str(error)) == (
        "access_denied",
        True,
        False,
    )


def test_a_poll_says_what_is_asked_and_what_may_be_answered() -> None:
    poll = {"question": "Which tap?", "options": [{"text": "the brown tap", "voteCount": 1}, {"text": "no tap"}]}
    assert to_mention(post(1, commentary="Vote", content={"poll": poll})).text == (
        "Vote\n\nWhich tap?\nthe brown tap\nno tap"
    )


def test_a_comment_of_a_picture_alone_is_a_comment() -> None:
    picture = {"type": "IMAGE", "url": "https://l.example/1.png"}
    mention = comment_to_mention(comment(1, message=None, content=[picture]))
    assert (mention.text, [item.url for item in mention.media]) == ("", ["https://l.example/1.png"])
