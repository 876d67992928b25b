"""The small JSON client, and the manners under it: what it may say, to whom, and what an answer may be."""

from typing import Any

import pytest

from collectors.collector import AccessDenied, BudgetSpent, Unavailable, UnexpectedResponse
from collectors.manners import Manners, Visit
from collectors.transport import polite_session
from collectors.wire import Declined, Wire

FIX = "Mend TOCSIN_QUILL_TOKEN."


def wire(visit: Visit, url: str) -> Wire:
    return Wire(visit, "Quill", FIX, url, headers={"Authorization": "Bearer invented"})


def test_a_call_says_who_it_is_and_leaves_out_what_is_none(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({"posts": []}))
    with wire(Visit(brisk, server.url), server.url + "/") as quill:
        assert quill.get("/api/search", {"q": "Quillmere Water", "after": None, "n": 5}) == {"posts": []}
        assert quill.post("api/batch", {"ids": ["1"]}) == {"posts": []}
    first, second = server.asked
    assert (first.path, first.params) == ("/api/search", {"q": "Quillmere Water", "n": "5"})
    assert first.headers["user-agent"] == brisk.user_agent
    assert first.headers["authorization"] == "Bearer invented"
    assert (second.method, second.path) == ("POST", "/api/batch")


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_what_the_platform_may_explain_itself_comes_with_its_words(
    status: int, serve: Any, reply: Any, brisk: Manners
) -> None:
    server = serve(lambda asked: reply(b'{"error": "no such post"}', status=status))
    with wire(Visit(brisk, server.url), server.url) as quill, pytest.raises(Declined, match="no such post") as caught:
        quill.get("/posts/1")
    assert (caught.value.status, caught.value.outcome, len(server.asked)) == (status, "unexpected_response", 1)


@pytest.mark.parametrize("body", [b"<html>", b'{"a": 1', b'{"a": NaN}', b"[" * 100_000, b"\xff\xfe{", b"9" * 5000])
def test_what_is_no_json_is_named(body: bytes, serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(body))
    with wire(Visit(brisk, server.url), server.url) as quill, pytest.raises(UnexpectedResponse, match="Quill"):
        quill.get("/posts")


def test_a_fault_that_passes_is_survived(serve: Any, reply: Any, brisk: Manners) -> None:
    answers = iter([reply(b"<h1>Bad gateway</h1>", status=502), reply(b"{}", cut=True), reply.of({"well": True})])
    server = serve(lambda asked: next(answers))
    visit = Visit(brisk, server.url)
    with wire(visit, server.url) as quill:
        assert quill.get("/posts") == {"well": True}
    assert visit.bill() == visit.requests == 3
    assert visit.bill() == 0


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:9/x", "http://localhost/x", "https://evil.example.org/x"])
def test_a_run_speaks_to_the_configured_hosts_alone(elsewhere: str, serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({}))
    visit = Visit(brisk, server.url)
    with wire(visit, server.url) as quill, pytest.raises(UnexpectedResponse, match="refused to speak"):
        quill.get(elsewhere)
    with polite_session(visit, "Quill", FIX) as session, pytest.raises(UnexpectedResponse):
        session.get(elsewhere)
    assert server.asked == []


def test_a_redirect_is_not_followed(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(status=302, headers={"Location": "http://127.0.0.1:9/"}))
    with wire(Visit(brisk, server.url), server.url) as quill, pytest.raises(UnexpectedResponse, match="redirects"):
        quill.get("/posts")
    assert len(server.asked) == 1


def test_a_site_that_moved_to_https_is_still_the_same_host() -> None:
    visit = Visit(Manners(), "http://forum.example.org")
    visit.permit("https://forum.example.org/latest.json")
    with pytest.raises(UnexpectedResponse, match=r"forum\.example\.org"):
        visit.permit("https://forum.example.org:8443/latest.json")


def test_a_budget_ends_a_run_before_the_call_that_would_exceed_it(serve: Any, reply: Any) -> None:
    server = serve(lambda asked: reply.of({}))
    left = [False, True, True]
    with wire(Visit(Manners(affords=left.pop), server.url), server.url) as quill:
        assert [quill.get("/1"), quill.get("/2")] == [{}, {}]
        with pytest.raises(BudgetSpent) as caught:
            quill.get("/3")
    assert (caught.value.outcome, len(server.asked)) == ("budget_spent", 2)


def test_a_platform_may_have_words_of_its_own_for_a_status(serve: Any, reply: Any, brisk: Manners) -> None:
    def judging(status: int, headers: Any, body: bytes, what: str, fix: str) -> None:
        if status == 400 and b"expired" in body:
            raise AccessDenied(f"{what}: {fix}")

    server = serve(lambda asked: reply(b'{"error": "expired"}', status=400))
    visit = Visit(brisk, server.url)
    with Wire(visit, "Quill", FIX, server.url, judging=judging) as quill, pytest.raises(AccessDenied, match="Mend"):
        quill.get("/posts")
    with polite_session(visit, "Quill", FIX, judging=judging) as session, pytest.raises(AccessDenied, match="Mend"):
        session.get(f"{server.url}/posts")


def test_a_token_in_an_address_stays_out_of_errors(serve: Any, reply: Any, hasty: Manners) -> None:
    server = serve(lambda asked: reply(b"{}", stall=5.0))
    address = f"{server.url}/posts?fields=id&access_token=invented"
    with polite_session(Visit(hasty, server.url), "Quill", FIX) as session, pytest.raises(Unavailable) as caught:
        session.get(address)
    server.close()
    with polite_session(Visit(hasty, server.url), "Quill", FIX) as session, pytest.raises(Unavailable) as refused:
        session.get(address)
    assert "invented" not in f"{caught.value}{refused.value}"


def test_brackets_in_a_written_query_stay_as_they_are(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of({}))
    with wire(Visit(brisk, server.url), server.url) as quill:
        quill.get("posts?actions=List(COMMENT,SHARE)&of=urn%3Ali%3A1")
    assert server.asked[0].target == "/posts?actions=List(COMMENT,SHARE)&of=urn%3Ali%3A1"
