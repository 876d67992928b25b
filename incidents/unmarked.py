"""Text for media that read markup in plain words: chat tools, and fields that are shown as Markdown."""

import re

_JOINER = "\u2060"  # cannot be seen, and parts what would be taken for markup
_MARKUP = (  # mentions, links with other words on them, pictures, code, addresses
    (re.compile(r"@(?=\w)"), f"@{_JOINER}"),
    (re.compile(r"\](?=[(\[:])"), f"]{_JOINER}"),
    (re.compile(r"`"), "ˋ"),
    (re.compile(r":(?=//)"), f":{_JOINER}"),
    (re.compile(r"\bwww\.", re.IGNORECASE), f"www{_JOINER}."),
)


def unmarked(text: str) -> str:
    """The text with nothing in it that a medium takes for a mention, a link, a picture or code."""
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text
