"""What YouTube says of a video or a comment, as a mention. All posts here are invented."""

from collectors.youtube_post import to_mention
from tests.collectors.youtube_posts import comment, result, thread, video_id


def test_a_search_result_and_a_video_become_mentions() -> None:
    mention = to_mention(result(1))
    assert mention.text == "Quillmere Water & the burst main\n\nNo water since ..."
    assert (mention.url, mention.author.name) == ("https://www.youtube.com/watch?v=invented001", "Invented One")
    whole = {
        "kind": "youtube#video",
        "id": video_id(1),
        "snippet": {**result(1)["snippet"], "title": "AT&amp;T", "description": "See https://example.org/a(b)."},
        "statistics": {"viewCount": "10", "likeCount": "3", "commentCount": "2"},
    }
    mention = to_mention(whole)
    assert mention.text.startswith("AT&amp;T")  # a video's own resource is not escaped
    assert mention.links == ("https://example.org/a(b)",)
    assert (mention.metrics.views, mention.metrics.likes, mention.metrics.replies) == (10, 3, 2)


def test_a_comment_and_its_reply_become_mentions() -> None:
    whole = thread("Ug1", total=1, replies=1)
    top = to_mention(whole)
    assert top.url == "https://www.youtube.com/watch?v=invented001&lc=Ug1"
    assert (top.kind, top.conversation_id, top.metrics.replies) == ("comment", video_id(1), 1)
    assert (top.author.id, top.author.handle) == ("UC-two", "invented_two")
    assert top.in_reply_to is not None
    assert top.in_reply_to.id == video_id(1)
    reply = to_mention(whole["replies"]["comments"][0], whole)
    assert (reply.kind, reply.url) == ("reply", "https://www.youtube.com/watch?v=invented001&lc=Ug1.0")
    assert reply.in_reply_to is not None
    assert reply.in_reply_to.author is not None
    assert (reply.in_reply_to.id, reply.in_reply_to.text) == ("Ug1", "Quillmere Water again")
    assert reply.in_reply_to.author.handle == "invented_two"


def test_text_is_plain_unless_youtube_wrote_it_as_html() -> None:
    assert to_mention(comment("Ug1", textDisplay="I <3 water <b")).text == "I <3 water <b"
    assert to_mention(comment("Ug1", textDisplay="It&#39;s<br>dry")).text == "It's\ndry"
    assert to_mention(comment("Ug1", textDisplay="It&#39;s", textOriginal="It's & <b>")).text == "It's & <b>"


def test_a_video_whose_channel_is_not_told_is_a_post() -> None:
    snippet = {"title": "Quillmere Water", "publishedAt": "2026-10-01T09:15:00Z"}
    mention = to_mention({"kind": "youtube#video", "id": "invented001", "snippet": snippet})
    assert (mention.text, mention.author.id) == ("Quillmere Water", None)
