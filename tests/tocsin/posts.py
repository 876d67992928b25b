"""A handful of invented posts about the Department, and the record that makes one."""

from typing import Any

CONTROLS = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202eesrever"
MARKUP = "[bold red]not ours[/bold red] [link=https://example.org]x[/link] :warning:"


def post(number: int, text: str, author: str = "example_writer", **more: Any) -> dict[str, Any]:
    """One post, `number` hours into the first of October."""
    return {
        "platform": "x",
        "id": str(number),
        "text": text,
        "created_at": f"2026-10-{1 + number // 24:02d}T{number % 24:02d}:15:00Z",
        "author": {"id": f"a-{author}", "handle": author},
        **more,
    }


PRAISE = post(1, "DWP answered my Universal Credit question within a day. Thank you to everyone at the Jobcentre.")
COMPLAINT = post(2, "Still waiting for my PIP decision from DWP after nine months. This is not good enough.")
WEATHER = post(3, "Lovely sunshine on the seafront this morning.")
THREAT = post(
    4,
    "@example_coach you work at the DWP jobcentre in town, I know when you finish and I will break your legs tonight",
    author="example_menacer",
)
HOSTILE = post(
    5,
    f"@example_clerk you work at DWP and I am going to kill you tonight {CONTROLS} {MARKUP}"
    "\n2026-10-09 12:00  resolved by the_boss (cli)",
    author="example_painter",
)
HANDFUL = (PRAISE, COMPLAINT, WEATHER, THREAT, HOSTILE)
