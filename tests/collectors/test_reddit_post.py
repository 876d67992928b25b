"""What Reddit says of a post or a comment, as a mention. All posts here are invented."""

from collectors.reddit_post import to_mention
from tests.collectors.reddit_posts import COMMENT, SUBMISSION


def test_a_poll_says_what_may_be_answered() -> None:
    options = [{"id": "1", "text": "the brown tap"}, {"id": "2", "text": "no tap"}]
    poll = {"kind": "t3", "data": {**SUBMISSION["data"], "selftext": "", "poll_data": {"options": options}}}
    assert to_mention(poll).text == f"{SUBMISSION['data']['title']}\n\nthe brown tap\nno tap"


def test_what_is_shown_within_a_text_is_media() -> None:
    seen = "https://preview.example.org/m1.png?width=9"
    inside = {
        "m1": {"status": "valid", "e": "Image", "s": {"u": seen}},
        "m2": {"status": "valid", "e": "RedditVideo", "hlsUrl": "https://v.example.org/m2.m3u8"},
        "m3": {"status": "failed"},
        "giphy|g1": {"status": "valid", "e": "AnimatedImage", "s": {"gif": "https://g.example.org/g1.gif"}},
        "emote|t5_1|5": {"status": "valid", "e": "Image", "s": {"u": "https://e.example.org/5.png"}},
    }
    said = f"look {seen} ![gif](giphy|g1) and https://example.org/c"
    submission = {"kind": "t3", "data": {**SUBMISSION["data"], "selftext": said, "media_metadata": inside}}
    comment = {"kind": "t1", "data": {**COMMENT["data"], "body": said, "media_metadata": inside}}
    for mention in map(to_mention, (submission, comment)):
        assert [(item.type, item.url) for item in mention.media] == [
            ("image", seen),
            ("video", "https://v.example.org/m2.m3u8"),
            ("image", "https://g.example.org/g1.gif"),
        ]
        assert mention.links == ("https://example.org/c",)


def test_what_may_be_missing_costs_no_post() -> None:
    own = {name: value for name, value in SUBMISSION["data"].items() if name != "permalink"}
    assert to_mention({"kind": "t3", "data": own}).url == "https://www.reddit.com/comments/zz9/"
    said = {name: value for name, value in COMMENT["data"].items() if name != "parent_id"}
    parent = to_mention({"kind": "t1", "data": said}).in_reply_to
    assert parent is not None
    assert parent.id == said["link_id"]
