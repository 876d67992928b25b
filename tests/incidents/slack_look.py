"""What a message looks like in Slack: its blocks as a page, near enough to judge length, order and crowding by eye.

`python -m tests.incidents.slack_look docs/images/alert.png` draws an invented alert with its thread, by Chromium.
"""

import sys
from html import escape
from pathlib import Path
from typing import Any

from incidents.message import head_message, reply_message
from incidents.notification import Notification
from incidents.wording import SIGNS

CHROMIUM = Path("/usr/bin/chromium")
WIDTH = 760
STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46 Lato, "DejaVu Sans", sans-serif; width: 720px; }
main { padding: 16px 20px; }
.message { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; margin-bottom: 14px; }
.reply { margin-left: 46px; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #7a2e2e; color: #fff; text-align: center;
  font: 700 19px/36px sans-serif; }
.from b { font-weight: 900; } .from span { color: #616061; font-size: 12px; margin-left: 6px; }
.from i { font: 10px sans-serif; background: #ebeaeb; color: #616061; padding: 1px 3px; border-radius: 2px; }
h2 { font-size: 18px; margin: 6px 0 4px; } p { margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
hr { border: 0; border-top: 1px solid #dddddd; margin: 10px 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 16px; margin: 4px 0; }
.context { color: #616061; font-size: 13px; } a { color: #1264a3; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.actions button { font: 700 13px sans-serif; padding: 7px 12px; border: 1px solid #bbb; border-radius: 4px;
  background: #fff; color: #1d1c1d; }
.actions .primary { background: #007a5a; color: #fff; border-color: #007a5a; }
.actions .danger { background: #fff; color: #c01343; border-color: #e01e5a; }
"""

COLOURS = dict(zip(SIGNS.values(), ("#d0d0d0", "#f2c744", "#e8912d", "#d7263d"), strict=True))

Block = dict[str, Any]


def page(head: Notification, replies: list[Notification]) -> str:
    """A head message with its buttons, and the replies in its thread."""
    shown = [_message(head_message(head, interactive=True), "message")]
    shown += [_message(reply_message(each), "message reply") for each in replies]
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><main>{''.join(shown)}</main>"


def _message(message: dict[str, Any], kind: str) -> str:
    head = '<div class="from"><b>Tocsin</b> <i>APP</i> <span>9:41</span></div>'
    blocks = "".join(map(_block, message["blocks"]))
    return f'<div class="{kind}"><div class="face">T</div><div>{head}{blocks}</div></div>'


def _block(block: Block) -> str:
    kind = block["type"]
    if kind == "divider":
        return "<hr>"
    if kind == "header":
        return f"<h2>{_text(block['text'])}</h2>"
    if kind == "context":
        return f'<p class="context">{" ".join(map(_text, block["elements"]))}</p>'
    if kind == "actions":
        return f'<div class="actions">{"".join(map(_button, block["elements"]))}</div>'
    fields = "".join(f"<p>{_text(each)}</p>" for each in block.get("fields", []))
    return f"<p>{_text(block['text'])}</p>" if "text" in block else f'<div class="fields">{fields}</div>'


def _button(element: Block) -> str:
    return f'<button class="{element.get("style", "")}">{_text(element["text"])}</button>'


def _text(text: Block) -> str:
    if text["type"] == "mrkdwn" and text["text"].startswith("<"):  # the one link that we write ourselves
        url, _, label = text["text"][1:-1].partition("|")
        return f'<a href="{url}">{label}</a>'
    shown = escape(text["text"])
    for sign, colour in COLOURS.items():  # drawn, for the fonts of a server seldom have them
        shown = shown.replace(sign, f'<span style="color: {colour}">●</span>')
    return shown


def draw(html: str, path: Path) -> None:
    """The page as a picture. Needs playwright and Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM))
        view = browser.new_page(viewport={"width": WIDTH, "height": 400}, device_scale_factor=1.5)
        view.set_content(html)
        view.locator("main").screenshot(path=str(path))
        browser.close()


def _sample() -> tuple[Notification, list[Notification]]:
    """An invented case of an invented water company, and what came of it."""
    from dataclasses import replace

    from tests.incidents.samples import card, notification

    clause = "Abuse, threats and harassment of our people are reported to the Security Incident Response Team."
    told = card(
        severity="high",
        clauses=(("EW 3.2", clause),),
        target_role="meter engineer",
        excerpt="[an employee (meter engineer)] you absolute w*****, everyone tell him what he is. Depot, 5 pm",
        why="Aims “absolute w*****” at an employee (meter engineer): abuse of a person, and calls others to it. High "
        "for cyberbullying: repeated three times.",
        next_step="Tell the member of staff and their line manager, keep the evidence, report the posts.",
        evidence="9f3ac2e41b7d" + "0" * 52,
        custody="2:5be1d07c93fa2264" + "0" * 48,
        told="Security Incident Response Team",
    )
    head = notification(card=replace(told, status="acknowledged", note="the platform shows the post again"))
    note = "the author changed 1 of its 3 posts; the evidence holds the words as they were found"
    return notification(card=told), [
        replace(head, reason="acknowledged", card=replace(head.card, note="by Sam Sample (U0SAM): on it")),
        replace(head, reason="post_edited", card=replace(head.card, note=note)),
    ]


if __name__ == "__main__":
    draw(page(*_sample()), Path(sys.argv[1]))
