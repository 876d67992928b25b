"""A video of PeerTube with what is said under it: its newest threads, 100 a call, and the replies in 20 of them."""

from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.peertube_api import WHAT, listed, shown, threads
from collectors.peertube_post import PLATFORM, branches, to_mention, withdrawn
from collectors.wire import Wire

MOST_PAGES = 5
MOST_TREES = 20  # each is a call


def read(wire: Wire, site: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the instance says that it shows the video no more."""
    above = seed.conversation_id or seed.ids[0]
    video = above.removeprefix(f"{site}/videos/").partition("/")[0]
    shown_video = shown(wire, f"videos/{video}")
    if shown_video is None:
        raise ConversationGone(f"{WHAT} no longer shows {above}")
    rows, whole = paged(partial(listed, wire, threads(video), {"sort": "-createdAt"}), MOST_PAGES)
    ours = {each.split("/")[-2] for each in seed.ids if each.startswith(f"{site}/videos/{video}/")}
    with documented(WHAT):
        answered = sorted(
            (row["id"] for row in rows if row.get("totalReplies")), key=lambda number: str(number) not in ours
        )
    found: list[Any] = [row for row in rows if not withdrawn(row)]
    for number in answered[:MOST_TREES]:
        tree = shown(wire, f"{threads(video)}/{int(number)}")
        with documented(WHAT):
            below = list(branches(tree))[1:] if tree is not None else []
            found += [each for each in below if not withdrawn(each)]
    posts = admitted([shown_video], PLATFORM, partial(to_mention, site=site), "uuid")
    comments = admitted(found, PLATFORM, partial(to_mention, site=site, video=video))
    return Thread((*posts, *comments), whole and len(answered) <= MOST_TREES)
