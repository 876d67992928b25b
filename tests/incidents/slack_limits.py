"""Slack's documented limits of messages, their blocks and of modals, as the stand-in holds them."""

from typing import Any

Block = dict[str, Any]
FIELDS = ("plain_text_input", "users_select", "radio_buttons", "static_select")


def refused_message(arguments: dict[str, Any]) -> str | None:
    """The error by which Slack refuses a message's text, blocks or metadata; None for one that it takes."""
    blocks, held = arguments.get("blocks", []), arguments.get("metadata")
    if not arguments.get("text") and not blocks:
        return "no_text"
    if len(arguments.get("text", "").encode()) > 4_000:  # what an edit takes; a new message may have more
        return "msg_too_long"
    if len(blocks) > 50 or not all(_valid_block(block) for block in blocks):
        return "invalid_blocks"
    if held is not None and set(held) != {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    return None


def valid_actions(block: Block) -> bool:
    """1 to 25 elements, each with an id of its own."""
    elements = block.get("elements", [])
    ids = [each.get("action_id") for each in elements]
    return 1 <= len(elements) <= 25 and len(set(ids)) == len(ids) and all(_valid_button(each) for each in elements)


def valid_view(view: Block) -> bool:
    """A modal with 100 blocks at most, whose title and buttons are at most 24 characters."""
    blocks = view.get("blocks", [])
    words = [view.get(name) for name in ("title", "submit", "close")]
    known = view.get("type") == "modal" and len(view.get("callback_id", "")) <= 255
    held = len(view.get("private_metadata", "")) <= 3000 and 1 <= len(blocks) <= 100
    names = [each["block_id"] for each in blocks if "block_id" in each]
    return (
        known
        and held
        and len(set(names)) == len(names)
        and all(plain(each, 24) for each in words)
        and all(_valid_input(each) for each in blocks if each["type"] == "input")
        and all(plain(each["text"], 3000) for each in blocks if each["type"] == "section")
    )


def plain(text: Any, limit: int) -> bool:
    """A plain_text object of 1 to `limit` characters."""
    return isinstance(text, dict) and text.get("type") == "plain_text" and 1 <= units(text["text"]) <= limit


def units(text: str) -> int:
    """Characters as Slack counts them; raises for a lone surrogate, which no JSON of Slack's may hold."""
    return len(text.encode("utf-16-le")) // 2


def _valid_block(block: Block) -> bool:
    kind = block.get("type")
    if kind == "divider":
        return True
    if kind == "actions":
        return valid_actions(block)
    if kind == "header":
        return plain(block["text"], 150)
    if kind == "context":
        return 1 <= len(block["elements"]) <= 10 and all(_fits(each, 3000) for each in block["elements"])
    if kind != "section" or not ("text" in block or "fields" in block):
        return False
    fields = block.get("fields", [{"type": "plain_text", "text": "-"}])
    said = "text" not in block or _fits(block["text"], 3000)
    return said and 1 <= len(fields) <= 10 and all(_fits(each, 2000) for each in fields)


def _fits(text: Block, limit: int) -> bool:
    return text["type"] in ("plain_text", "mrkdwn") and 1 <= units(text["text"]) <= limit


def _valid_button(element: Block) -> bool:
    return (
        element.get("type") == "button"
        and plain(element.get("text"), 75)
        and 1 <= len(element.get("action_id", "")) <= 255
        and units(element.get("value", "-")) <= 2000
        and units(element.get("url", "-")) <= 3000
        and units(element.get("accessibility_label", "-")) <= 75
        and element.get("style") in (None, "primary", "danger")
    )


def _valid_input(block: Block) -> bool:
    element = block["element"]
    options = element.get("options", [])
    shown = all(plain(each["text"], 75) and plain(each.get("description", each["text"]), 75) for each in options)
    hint = "hint" not in block or plain(block["hint"], 2000)
    return plain(block["label"], 2000) and element["type"] in FIELDS and len(options) <= 10 and shown and hint
