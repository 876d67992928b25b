"""A conversation on the terminal: its posts in order, those that the incident rests on marked."""

from collections.abc import Sequence

from rich.console import Console

from tocsin.shown import block, safe
from warehouse.conversations import Asked, Line

OWN, OTHER = "> | ", "  | "  # before each line of the incident's own post, and of the others'
MEANS = {
    "completed": "as the platform shows it",
    "partial": "a part of it: the platform shows no more, or it is longer than is read",
    "window": "what was said just before and after",
    "gone": "the platform shows it no more",
    "not_supported": "cannot be fetched",
}


def print_conversations(console: Console, asked: Sequence[Asked], said: Sequence[Line]) -> None:
    """What was said around an incident's posts, and how the asking for it ended; nothing where nobody has asked."""
    for one in asked:
        posts = [line for line in said if line.conversation == one.conversation]
        means = MEANS.get(one.outcome, f"not fetched: {one.outcome}")
        why = f" ({safe(one.error)})" if one.error else ""
        console.print(
            f"\n[bold]Conversation[/bold] {safe(one.conversation)}, {one.asked_at:%Y-%m-%d %H:%M}: {means}{why}"
        )
        for post in posts:
            mark = "  [bold]this incident[/bold]" if post.own else ""
            console.print(f"{post.posted_at:%Y-%m-%d %H:%M}  {safe(post.author or 'unnamed')}{mark}")
            console.print(block(post.text, OWN if post.own else OTHER))
