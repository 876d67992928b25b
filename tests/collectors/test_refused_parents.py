"""A reply to a post that is refused to us, in a closed category or to a key that may list alone. Invented posts."""

from typing import Any

from collectors.discourse import Discourse
from collectors.lemmy import Lemmy
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors import test_discourse, test_lemmy
from tests.collectors.conformance import run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only


def test_lemmys_comment_on_a_refused_one_is_kept_without_its_words(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v3/comment":
            return Reply(status=403)
        first = asked.params["page"] == "1" and asked.params["type_"] == "Comments"
        return Reply.of({"posts": [], "comments": [test_lemmy.comment(8, "0.5.8")] if first else []})

    batches, error = run(Lemmy(serve(answer).url, [words_only(policy)], site="l.example", manners=brisk))
    assert error is None
    (mention,) = (each for batch in batches for each in batch.mentions)
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == ("l.example/comment/5", None)


def test_discourses_reply_to_a_refused_post_is_kept_without_its_words(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    reply = test_discourse.post(9, post_number=5, reply_to_post_number=4, reply_to_user={"username": "invented_two"})

    def answer(asked: Asked) -> Reply:
        if asked.path == "/posts.json":
            return Reply.of({"latest_posts": [] if "before" in asked.params else [reply]})
        return test_discourse.REFUSED if "by_number" in asked.path else Reply.of({"posts": []})

    batches, error = run(Discourse(serve(answer).url, [words_only(policy)], site="f.example", manners=brisk))
    assert error is None
    (mention,) = (each for batch in batches for each in batch.mentions)
    assert mention.in_reply_to is not None
    assert mention.in_reply_to.author is not None
    assert (mention.in_reply_to.author.handle, mention.in_reply_to.text) == ("invented_two", None)
