"""An edit of a wiki as a mention: what one person wrote, by the lines that they added.

Public for whoever reads stored answers: `to_mention(change, address, site)` for each of `recentchanges`, with what it
added under `added`.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from collectors.mention import MAX_TEXT, Mention
from collectors.plain import links

PLATFORM = "mediawiki"
RESTORING = {"mw-rollback", "mw-undo", "mw-manual-revert"}  # tags of edits that bring back what others wrote
# No piece may hold what opens another: what is never closed would be looked for to the end of the text, each time anew.
PICTURE = re.compile(
    r"\[\[\s{0,9}(?:File|Image)\s{0,9}:([^|\[\]]{1,300})((?:\|[^|\[\]]{0,500}){0,20})\]\]", re.IGNORECASE
)
FOOTNOTE_AGAIN = re.compile(r"<ref[^<>]{0,300}/>")
LINKED = re.compile(r"\[\[(?:[^|\[\]]{0,500}\|)?([^|\[\]]{0,500})\]\]")  # [[Page|words]], [[Page]]
LABELLED = re.compile(r"\[(https?://[^\s\[\]]{1,2000})\s+([^\[\]]{1,500})\]")  # [https://example.org words]
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
EMPHASIS = re.compile(r"'{2,5}")


def to_mention(change: dict[str, Any], address: str, site: str) -> Mention:
    """Read one change. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    added, number, before = change.get("added") or "", int(change["revid"]), int(change.get("old_revid") or 0)
    parts = (change["title"], plain_text(added), change.get("comment"))
    talk = change["ns"] > 0 and change["ns"] % 2 == 1
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": f"{site}/revisions/{number}",
            "text": "\n\n".join(part for part in parts if part)[:MAX_TEXT],
            "created_at": change["timestamp"],
            "url": f"{address}/index.php?" + (f"diff={number}&oldid={before}" if before else f"oldid={number}"),
            "kind": "comment" if talk else "article",
            "author": _author(change, site),
            "conversation_id": f"{site}/pages/{change['pageid']}" if change.get("pageid") else None,
            "media": list(_pictures(added, address)),
            "links": list(links(added)),
            "_raw": change,
        }
    )


def added_lines(before: str, after: str) -> str:
    """The lines of a text that a former one does not have, in order. A line that was changed counts as a whole."""
    known = Counter(before.splitlines())
    new = []
    for line in after.splitlines():
        if known[line] > 0:
            known[line] -= 1
        else:
            new.append(line)
    return "\n".join(new).strip()


def restores(change: dict[str, Any]) -> bool:
    """Whether an edit brings back what others wrote: that is not its author's word."""
    return bool(RESTORING.intersection(change.get("tags") or ()))


def plain_text(wikitext: str) -> str:
    """Wikitext without its links, emphasis, footnotes and tags; templates stay as they are."""
    text = FOOTNOTE_AGAIN.sub("", _without(PICTURE.sub("", wikitext), "<!--", "-->"))
    text = _without(text, "<ref", "</ref>")
    text = LINKED.sub(r"\1", LABELLED.sub(r"\2", text))
    return html.unescape(TAG.sub("", EMPHASIS.sub("", text))).strip()


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the two, and without these."""
    kept, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join([*kept, text[at:]])


def _author(change: dict[str, Any], site: str) -> dict[str, Any]:
    """Without an account it is an address or a temporary name, and no number."""
    number = change.get("userid")
    return {
        "id": f"{site}/users/{number}" if number else None,
        "handle": change.get("user"),
        "name": change.get("user"),
    }


def _pictures(wikitext: str, address: str) -> Iterator[dict[str, Any]]:
    for name, options in PICTURE.findall(wikitext):
        words = next((each[4:] for each in options.split("|") if each.lower().startswith("alt=")), None)
        path = quote(name.strip().replace(" ", "_"))
        yield {"type": "image", "url": f"{address}/index.php?title=Special:FilePath/{path}", "alt_text": words}
