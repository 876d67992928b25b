"""Posts that are stored with a title which their platform does not tell with them alone. All posts are invented."""

from typing import Any

import pytest

from collectors.collector import AccessDenied, Collector
from collectors.discourse import Discourse
from collectors.manners import Manners
from collectors.stackexchange import StackExchange
from policies.policy import Policy
from tests.collectors.conformance import run
from tests.collectors.liveness import texts
from tests.collectors.server import Asked, Reply
from tests.collectors.test_discourse import REFUSED, post
from tests.collectors.test_stackexchange import excerpt
from tests.collectors.test_stackexchange import post as found
from tests.collectors.words import words_only

TITLE = "Quillmere Water and the taps"
OPENING = post(3, post_number=1, topic_title=TITLE)
ALONE = {name: value for name, value in OPENING.items() if name != "topic_title"}
GONE = Reply.of({"errors": ["no such topic"], "error_type": "not_found"}, status=404)


def collected(collector: Collector) -> dict[str, str]:
    batches, error = run(collector)
    assert error is None
    return {mention.id: mention.text for batch in batches for mention in batch.mentions}


def discourse(url: str, policy: Policy, manners: Manners) -> Discourse:
    return Discourse(url, [words_only(policy)], site="f.example", manners=manners)


def test_an_opening_post_that_nobody_edited_has_the_words_that_are_stored(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/posts.json":
            return Reply.of({"latest_posts": [] if "before" in asked.params else [OPENING, post(2)]})
        said = {"/posts/3.json": ALONE, "/posts/2.json": post(2), "/t/11.json": {"id": 11, "title": TITLE}}
        return Reply.of(said.get(asked.path, {"posts": []}))

    server = serve(answer)
    collector = discourse(server.url, policy, brisk)
    stored = collected(collector)
    told = collector.recheck(list(stored))
    assert stored["f.example/posts/3"].startswith(TITLE)
    assert (texts(told), told.gone, told.requests) == (stored, (), 3)
    assert [asked.path for asked in server.asked[-3:]] == ["/posts/3.json", "/t/11.json", "/posts/2.json"]


def test_without_its_title_an_opening_post_is_unknown_still(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: GONE if asked.path.startswith("/t/") else Reply.of(ALONE))
    told = discourse(server.url, policy, brisk).recheck(["f.example/posts/3"])
    assert (told.gone, told.present, told.requests) == ((), (), 2)
    last = Manners(attempts=1, requests=1, sleep=lambda _: None)
    told = discourse(server.url, policy, last).recheck(["f.example/posts/3"])
    assert (told.gone, told.present, told.requests) == ((), (), 1)


def test_a_key_that_may_not_read_topics_is_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: REFUSED if asked.path.startswith("/t/") else Reply.of(ALONE))
    with pytest.raises(AccessDenied, match="TOCSIN_DISCOURSE_API_KEY"):
        discourse(server.url, policy, brisk).recheck(["f.example/posts/3"])


def asking(*questions: dict[str, Any]) -> Any:
    """Stack Exchange with a question, an answer to it, and what `/questions` shows."""

    def answer(asked: Asked) -> Reply:
        shown = {
            "search": [excerpt(4), excerpt(3, item_type="answer", answer_id=3, question_id=4)],
            "posts": [found(4), found(3, post_type="answer")],
            "questions": list(questions),
        }
        return Reply.of({"items": shown[asked.path.split("/")[2]]})

    return answer


def stackexchange(url: str, policy: Policy, manners: Manners) -> StackExchange:
    return StackExchange(url, [words_only(policy)], site="s", manners=manners)


def test_a_question_that_nobody_edited_has_the_words_that_are_stored(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    question = {"question_id": 4, "title": excerpt(4)["title"], "creation_date": 1, "body": "<p>old</p>"}
    collector = stackexchange(serve(asking(question)).url, policy, brisk)
    stored = collected(collector)
    told = collector.recheck(list(stored))
    assert stored["s/posts/4"] == "Quillmere Water & its API\n\nThe API"
    assert (texts(told), told.gone, told.requests) == (stored, (), 2)


def test_without_its_title_a_question_is_unknown_still(serve: Any, policy: Policy, brisk: Manners) -> None:
    told = stackexchange(serve(asking()).url, policy, brisk).recheck(["s/posts/4", "s/posts/3"])
    assert (told.gone, list(texts(told))) == ((), ["s/posts/3"])
