"""What was said around an edit of a wiki: the edits of the same section, before it and after it.

GET api.php: prop=revisions, first of ours by their ids, then of the page, from ours back to where the section begins
and on to now, 50 a call. A section of a talk page is a discussion; of any other page it is who wrote what there, and
who took it back. All is read from the history, which every wiki keeps, and not as DiscussionTools sees a page: there
edits have no number, and what was archived or cut out is missing. Who answers whom is not told. Read on
www.mediawiki.org/wiki/API:Revisions in November 2026.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.mediawiki_edit import PLATFORM, to_mention
from collectors.mediawiki_history import History

WHAT = "MediaWiki"
PAGE_SIZE = 50  # also the revisions that one call may name
MOST_BEFORE, MOST_AFTER = 2, 4  # pages
KNOWN = "ids|timestamp|user|userid|comment|flags|tags|content|contentmodel"

Ask = Callable[[dict[str, Any]], dict[str, Any]]  # the parameters of a query; its whole answer


def read(ask: Ask, address: str, site: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the wiki shows none of our edits any more."""
    page, ours = _ours(ask, [each.rpartition("/")[2] for each in seed.ids][:PAGE_SIZE])
    start, history = min(ours), History()

    def walk(way: str, cursor: str | None) -> tuple[list[Any], str | None]:
        rows, following = _page(ask, page["pageid"], start, way, cursor)
        with documented(WHAT):
            history.add(rows)
            begun = way == "older" and history.has_begun(history.touched(ours))
        return rows, None if begun else following

    paged(partial(walk, "older"), MOST_BEFORE)
    _, to_now = paged(partial(walk, "newer"), MOST_AFTER)
    with documented(WHAT):
        wanted, there = history.touched(ours), history.numbers
        told = {number for number in there if wanted & history.touched([number])} | (ours & there)
        edits = [history.edit(number, page) for number in sorted(told)]
        all_known = ours <= there and all(map(history.knows, (number for number in there if number >= start)))
    make = partial(to_mention, address=address, site=site)
    return Thread(admitted(edits, PLATFORM, make, "revid"), to_now and all_known and history.has_begun(wanted))


def _ours(ask: Ask, numbers: Sequence[str]) -> tuple[dict[str, Any], set[int]]:
    """The page that our edits are on, and those that the wiki shows still."""
    answer = ask({"prop": "revisions", "revids": "|".join(numbers), "rvprop": "ids|timestamp|sha1"})
    with documented(WHAT):
        query = answer["query"]
        pages = list(query.get("pages") or ())
        if not pages and not query.get("badrevids"):
            raise KeyError("pages")
        for page in pages:
            shown = {int(row["revid"]) for row in page.get("revisions") or () if not row.get("sha1hidden")}
            if shown:
                return page, shown
    raise ConversationGone(f"{WHAT} shows the edits {', '.join(numbers)} no more"[:500])


def _page(ask: Ask, page_id: Any, start: int, way: str, cursor: str | None) -> tuple[list[Any], str | None]:
    """A page of the history from an edit on, back or onward; the edit itself is among them."""
    asked = {"prop": "revisions", "pageids": page_id, "rvprop": KNOWN, "rvslots": "main", "rvlimit": PAGE_SIZE}
    answer = ask({**asked, "rvdir": way, "rvstartid": None if cursor else start, "rvcontinue": cursor})
    with documented(WHAT):
        (page,) = answer["query"]["pages"]
        return list(page.get("revisions") or ()), (answer.get("continue") or {}).get("rvcontinue")
