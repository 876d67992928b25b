"""A thread of Viva Engage: GET /messages/in_thread/{id}.json, newest first, 20 a page."""

from collections.abc import Callable
from typing import Any

from collectors.admission import Admitted
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.manners import documented
from collectors.wire import Declined
from collectors.yammer_message import Known, is_notice, referenced

PAGE_SIZE = 20
MOST_PAGES = 10
WHAT = "Viva Engage"


def read(ask: Callable[[str, dict[str, Any]], Any], make: Callable[[Any, Known], Admitted], seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the network has no such thread."""
    known: dict[Any, Any] = {}
    thread = seed.conversation_id or seed.ids[0]

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        answer = ask(f"messages/in_thread/{thread}.json", {"limit": PAGE_SIZE, "older_than": cursor})
        with documented(WHAT):
            listed = list(answer["messages"])
            known.update(referenced(answer))
            more = (answer.get("meta") or {}).get("older_available", len(listed) >= PAGE_SIZE)
            # The thread's first message may stand among the references alone.
            first = [
                each for each in answer.get("references") or () if str(each.get("id")) == thread and "body" in each
            ]
            return [*listed, *first], str(listed[-1]["id"]) if more and listed else None

    try:
        messages, whole = paged(page, MOST_PAGES)
    except Declined as error:
        if error.status in (404, 410):
            raise ConversationGone(str(error)) from error
        raise
    with documented(WHAT):
        return Thread(tuple(make(each, known) for each in messages if not is_notice(each)), whole)
