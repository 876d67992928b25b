"""A question of Stack Exchange, its answers, and the comments on all of them: four to eight calls.

GET /2.3/questions/{id}, /questions/{id}/answers, /posts/{ids}/comments; /answers/{id} first, where it is only known
that a comment or an answer is ours.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.stackexchange_item import PLATFORM, number_of, to_mention

# (path, parameters): the items of an answer, and whether there are more.
Ask = Callable[[str, Mapping[str, Any]], tuple[list[Any], bool]]
MOST_PAGES = 3  # of answers, and of comments, 100 each
AT_ONCE = 100
WHAT = "Stack Exchange"


def read(ask: Ask, site: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the question is missing."""
    number = (seed.conversation_id or seed.ids[0]).rpartition("/")[2]
    number = _question_of(ask, number)
    questions, _ = ask(f"questions/{number}", {"filter": "withbody"})
    if not questions:
        raise ConversationGone(f"{WHAT} no longer shows the question {number} of {site}")
    answers, all_answers = _all(ask, f"questions/{number}/answers")
    with documented(WHAT):
        posts = [str(int(number_of(each))) for each in (*questions, *answers)][:AT_ONCE]
        title = questions[0].get("title")
        answers = [{"title": title, **each} for each in answers]
    comments, all_comments = _all(ask, f"posts/{';'.join(posts)}/comments")
    make = partial(to_mention, site=site)
    found = tuple(
        each
        for rows, name in ((questions, "question_id"), (answers, "answer_id"), (comments, "comment_id"))
        for each in admitted(rows, PLATFORM, make, name)
    )
    return Thread(found, all_answers and all_comments and len(answers) < AT_ONCE)


def _question_of(ask: Ask, number: str) -> str:
    """Of an answer the question that it answers; a question is its own."""
    found, _ = ask(f"answers/{number}", {})
    with documented(WHAT):
        return str(int(found[0]["question_id"])) if found else number


def _all(ask: Ask, path: str) -> tuple[list[Any], bool]:
    def page(cursor: str | None) -> tuple[Sequence[Any], str | None]:
        number = int(cursor or 1)
        items, more = ask(path, {"filter": "withbody", "sort": "creation", "order": "asc", "page": number})
        return items, str(number + 1) if more else None

    return paged(page, MOST_PAGES)
