"""Plain text as chat rooms have it: the addresses that it holds."""

import re

ADDRESS = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
AFTERWARDS = ".,;:!?'*_~`"  # ends a sentence or a piece of emphasis, not an address
BRACKETS = {")": "(", "]": "[", "}": "{"}


def links(text: str) -> tuple[str, ...]:
    """The web addresses in a text, each once, in order, without the punctuation that follows them."""
    return tuple(dict.fromkeys(_trimmed(found.group()) for found in ADDRESS.finditer(text)))


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        alone = last in BRACKETS and address.count(last) > address.count(BRACKETS[last])
        if last not in AFTERWARDS and not alone:
            break
        address = address[:-1]
    return address
