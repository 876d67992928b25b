"""Who said what, when, and to whom: the conversations of comments in full, and where only a part of one was read."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.conversation import Conversation
from collectors.manners import Manners
from collectors.mediawiki_history import History, sections
from collectors.mention import Mention
from collectors.tumblr_thread import note_to_mention
from policies.policy import Policy
from tests.collectors import test_flickr, test_linkedin, test_mediawiki, test_tiktok, test_tumblr, test_wordpress_com
from tests.collectors.server import Asked, Reply
from tests.collectors.talks import TALKS
from tests.collectors.talks_of_comments import LINKEDIN_COMMENTS, revision, wiki_page


@pytest.fixture
def fetch(serve: Any, policy: Policy, brisk: Manners) -> Any:
    """Fetches a platform's conversation from a server that answers so; gives it, and what was asked."""

    def fetch(platform: str, answer: Any = None) -> tuple[Conversation, list[Asked]]:
        talk = TALKS[platform]
        server = serve(answer or talk.answer)
        (found,) = talk.make(server.url, policy, brisk).conversations([talk.seed])
        assert found.requests == len(server.asked)
        return found, server.asked

    return fetch


def by_id(found: Conversation) -> dict[str, Mention]:
    return {post.id: post for post in found.posts}


def parent(post: Mention) -> str | None:
    return post.in_reply_to.id if post.in_reply_to else None


def test_linkedin_tells_replies_from_comments(fetch: Any) -> None:
    posts = by_id(fetch("linkedin")[0])
    post, (first, _, third, reply, _) = posts[test_linkedin.POST], (posts[each] for each in LINKEDIN_COMMENTS)
    assert (post.author.id, parent(post), post.created_at) == (test_linkedin.OURS, None, test_linkedin.START)
    assert (first.author.id, parent(first), first.kind) == ("urn:li:person:invented", post.id, "comment")
    assert third.created_at == test_linkedin.START + timedelta(seconds=3)
    assert (reply.author.id, parent(reply), reply.kind) == (test_linkedin.OURS, LINKEDIN_COMMENTS[1], "reply")
    assert {each.conversation_id for each in posts.values()} == {post.id}


def test_x_tells_what_a_poll_asks(fetch: Any) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path != "/2/tweets":
            return Reply.of({"meta": {"result_count": 0}})
        first = {"id": "1990000000000000001", "text": "Which tap?", "attachments": {"poll_ids": ["8"]}}
        poll = {"id": "8", "options": [{"position": 1, "label": "Hot"}, {"position": 2, "label": "Cold"}]}
        return Reply.of({"data": [first], "includes": {"polls": [poll]}})

    (post,) = fetch("x", answer)[0].posts
    assert post.text == "Which tap?\n\nHot\nCold"


def test_others_posts_on_linkedin_are_refused_by_name(fetch: Any) -> None:
    found, _ = fetch("linkedin", lambda _asked: Reply.of({"message": "ACCESS_DENIED", "status": 403}, status=403))
    assert (found.outcome, found.posts) == ("access_denied", ())
    assert "TOCSIN_LINKEDIN_ACCESS_TOKEN" in found.error


def test_tiktok_names_the_maker_of_the_video_and_nobody_else(fetch: Any) -> None:
    found, asked = fetch("tiktok")
    posts = by_id(found)
    top, reply, asked_for = (posts[str(7100000000000000000 + number)] for number in (1, 3, 4))
    assert posts["7000000000000000001"].author.handle == "invented_one"
    assert {each.author.handle for each in posts.values() if each.kind != "post"} == {None}
    assert (parent(top), parent(reply), parent(asked_for)) == ("7000000000000000001", top.id, "7100000000000000002")
    assert reply.created_at == test_tiktok.TODAY + timedelta(seconds=3)
    assert len(asked) == 5  # login, video, two pages of comments, the replies of one


def test_tumblr_tells_replies_and_reblogs_that_say_something(fetch: Any) -> None:
    posts = by_id(fetch("tumblr")[0])
    added, reply = posts["invented-three/9"], posts["invented-one/1/replies/invented-three/1790000004"]
    assert (added.kind, added.text, added.author.id, added.author.handle) == (
        "quote",
        "Here too",
        "t:three",
        "invented-three",
    )
    assert added.url == "https://invented-three.tumblr.com/post/9"
    assert (parent(added), added.in_reply_to.author.handle) == (None, "invented-one")
    assert (reply.kind, reply.text, reply.in_reply_to) == ("reply", "Still dry", None)
    assert reply.created_at.timestamp() == test_tumblr.NEWEST + 4
    # Of ours the whole is kept, not the notes' summary.
    assert (posts["invented-two/2"].text, parent(posts["invented-two/2"])) == ("No word yet", "invented-one/1")
    assert {each.conversation_id for each in posts.values()} == {"invented-one/1"}


def test_a_first_post_on_tumblr_that_is_gone_does_not_hide_what_is_said(fetch: Any) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/v2/blog/invented-one/posts":
            return Reply.of({"meta": {"status": 404}}, status=404)
        if asked.path == "/v2/blog/invented-two/notes":
            return Reply.of({"response": {"notes": []}})
        return TALKS["tumblr"].answer(asked)

    found, _ = fetch("tumblr", answer)
    assert (found.outcome, [post.id for post in found.posts]) == ("completed", ["invented-two/2"])


def test_comments_on_flickr_stand_under_their_photo(fetch: Any) -> None:
    found, asked = fetch("flickr")
    posts = by_id(found)
    assert (posts["8"].author.id, parent(posts["8"])) == (test_flickr.OWNER, None)
    last = posts["5-8-130"]
    assert (last.author.id, last.author.name, parent(last)) == ("6@N01", "Q", "8")
    assert last.created_at.timestamp() == test_flickr.START + 130
    assert len(asked) == 3


def test_comments_of_wordpress_com_name_what_they_answer(fetch: Any) -> None:
    found, asked = fetch("wordpresscom")
    posts = by_id(found)
    first, second = (posts[f"blog.example.org/comments/{number}"] for number in (1, 2))
    assert (parent(first), first.in_reply_to.text) == ("blog.example.org/posts/12", "Dry taps")
    assert (parent(second), second.author.name, second.author.id) == (first.id, "Invented Two", None)
    assert second.created_at == test_wordpress_com.NEWEST + timedelta(minutes=2)
    assert (posts["blog.example.org/posts/12"].author.handle, len(asked)) == ("inventedone", 3)


def test_edits_of_a_section_are_told_by_what_they_added(fetch: Any) -> None:
    found, asked = fetch("mediawiki")
    posts = by_id(found)
    texts = {each.rpartition("/")[2]: post.text.partition("\n\n")[2] for each, post in posts.items()}
    assert texts == {"2": "== Dry taps ==\nSince when?", "3": ": Since Quillmere Water dug", "5": texts["5"]}
    assert texts["5"].startswith(":: Here too")
    authors = [posts[f"w.example/revisions/{number}"].author.handle for number in (2, 3, 5)]
    assert authors == ["Invented Two", "Invented One", "Invented Three"]
    assert posts["w.example/revisions/5"].created_at == test_mediawiki.NEWEST + timedelta(seconds=5)
    assert {(each.kind, each.conversation_id) for each in posts.values()} == {("comment", "w.example/pages/5")}
    assert [each.params.get("rvdir") for each in asked] == [None, "older", "older", "newer", "newer"]


def test_an_edit_whose_former_text_is_hidden_makes_a_part_of_a_whole(fetch: Any) -> None:
    def answer(asked: Asked) -> Reply:
        if "revids" in asked.params:
            return wiki_page([{"revid": 3, "parentid": 2}])
        rows = [revision(number) for number in (3, 4, 5)]
        rows[1]["slots"]["main"] = {"contentmodel": "wikitext", "texthidden": True}
        return wiki_page([revision(2), rows[0]] if asked.params["rvdir"] == "older" else rows)

    found, _ = fetch("mediawiki", answer)
    assert found.outcome == "partial"
    assert {post.id for post in found.posts} == {"w.example/revisions/3"} | {"w.example/revisions/2"} & set(
        by_id(found)
    )


ENDLESS: dict[str, Any] = {
    "linkedin": lambda asked: test_linkedin.elements([test_linkedin.comment(n) for n in range(1, 2000)], asked, 1),
    "tiktok": lambda asked: test_tiktok.page(
        "comments", [test_tiktok.comment(n) for n in range(1, 2000)], len(asked.body), 1
    ),
    "flickr": lambda asked: Reply.of(
        {"comments": {"comment": [test_flickr.comment(n, "8") for n in _before(asked)]}, "stat": "ok"}
    ),
    "wordpresscom": lambda asked: Reply.of({"found": 10**6, "comments": [_comment(n) for n in range(100)]}),
}


def _before(asked: Asked) -> range:
    last = int(asked.params.get("max_comment_date", test_flickr.START + 10**6)) - test_flickr.START
    return range(last - 99, last + 1)


def _comment(number: int) -> dict[str, Any]:
    return {"ID": number, "post": {"ID": 12}, "date": "2026-10-01T09:00:00+00:00", "content": "said"}


@pytest.mark.parametrize("platform", ENDLESS)
def test_what_never_ends_is_a_part_and_costs_a_bounded_number_of_calls(platform: str, fetch: Any) -> None:
    talk = TALKS[platform]

    def answer(asked: Asked) -> Reply:
        lists = ("/comments", "/list/", "/replies/")
        listing = asked.path.endswith(lists) or asked.params.get("method") == "flickr.photos.comments.getList"
        reply: Reply = ENDLESS[platform](asked) if listing else talk.answer(asked)
        return reply

    found, asked = fetch(platform, answer)
    assert (found.outcome, found.posts != ()) == ("partial", True)
    assert len(asked) <= 8


def test_what_lies_beyond_a_part_is_asked_about_by_its_id(serve: Any, policy: Policy, brisk: Manners) -> None:
    def blog(asked: Asked) -> Reply:
        assert asked.path == "/rest/v1.1/sites/blog.example.org/comments/7"
        return Reply.of(_comment(7))

    told = TALKS["wordpresscom"].make(serve(blog).url, policy, brisk).recheck(["blog.example.org/comments/7"])  # type: ignore[attr-defined]
    assert ([each.id for each in told.present], told.gone) == (["blog.example.org/comments/7"], ())
    reply = "invented-one/1/replies/invented-three/1790000004"
    told = TALKS["tumblr"].make("http://127.0.0.1:9", policy, brisk).recheck([reply])  # type: ignore[attr-defined]
    assert (told.gone, told.requests) == ((reply,), 0)


json_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)
names = ["type", "timestamp", "blog_name", "blog_url", "post_id", "added_text", "reply_text", "reblog_parent_blog_name"]


@given(st.dictionaries(st.sampled_from(names), json_values))
def test_whatever_note_comes_is_a_mention_or_is_refused(record: dict[str, Any]) -> None:
    assert isinstance(admit(record, "tumblr", lambda note: note_to_mention(note, "b/1")), Mention | Quarantined)


pages = st.lists(
    st.sampled_from(["== a ==", "==b==", "=== c ===", "==", "=====", "said", ": said", "", " "]), max_size=9
)


@given(pages)
def test_each_line_of_a_page_stands_in_one_section(lines: list[str]) -> None:
    found = sections("\n".join(lines))
    assert sum(sum(each.values()) for each in found.values()) == sum(bool(line.strip()) for line in lines)
    assert found.keys() <= {"", "a", "b"}


@given(pages, pages)
def test_an_edit_touches_a_section_only_where_it_adds_a_line(before: list[str], after: list[str]) -> None:
    history = History()
    texts = {1: "\n".join(before), 2: "\n".join(after)}
    history.add({"revid": n, "parentid": n - 1, "timestamp": str(n), "content": text} for n, text in texts.items())
    added = history.touched([2])
    assert (added == set()) is all(
        not lines - sections(texts[1]).get(name, type(lines)()) for name, lines in sections(texts[2]).items()
    )
    assert history.has_begun(added)
