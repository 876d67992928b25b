"""What the model is told beside a text, and where the organisation is marked in it."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classifiers.context import handle_spans, in_context, marked
from classifiers.normalise import normalise
from collectors.mention import Mention

HANDLES = re.compile(r"@(?:ExampleOffice|Example_Help)(?!\w)", re.I)


def mention(text: str, **more: Any) -> Mention:
    return Mention.from_record({"platform": "x", "id": "1", "text": text, "created_at": "2026-10-01T09:15:00Z", **more})


def test_a_plain_post_is_told_only_whom_it_is_judged_for() -> None:
    asked = in_context(normalise("On hold again"), [], "Example Office", mention("On hold again"), "someone", "someone")
    assert (asked.text, asked.context) == ("On hold again", "Example Office")


def test_author_parent_and_picture_stand_beside_the_text() -> None:
    post = mention(
        "Pay here",
        author={"handle": "ExampleOffice_Refunds2", "name": "Example Office", "bio": "Official   refunds"},
        in_reply_to={"text": "Where is my money?", "author": {"handle": "someone"}},
        media=[{"type": "image", "alt_text": "A form"}, {"type": "video"}],
    )
    asked = in_context(normalise(post.text), [], "Example Office", post, "someone", "its staff")
    assert asked.context == (
        "Example Office . by Example Office Example Office Refunds 2 : Official refunds . to its staff : "
        "Where is my money? . image : A form . video : no description"
    )


def test_what_stands_beside_is_short_however_long_it_was() -> None:
    post = mention("Hello", author={"bio": "b " * 50_000}, in_reply_to={"text": "p " * 50_000})
    assert len(in_context(normalise("Hello"), [], "O" * 500, post, "someone", "someone").context) < 500


def test_names_are_marked_once() -> None:
    assert marked("the DWP and Universal Credit", [(4, 7), (12, 28), (12, 21)]) == "the § DWP and § Universal Credit"


def test_handles_are_found_again_after_normalising() -> None:
    text = "@ExampleOffice  ask @else or @example_help 😀 now"
    normalised = normalise(text)
    spans = handle_spans(text, normalised, HANDLES)
    assert [normalised.text[start:end] for start, end in spans] == ["@user", "@user"]
    assert marked(normalised.text, spans).startswith("§ @user ask @user or § @user")


@given(st.text(max_size=60), st.text(max_size=60))
def test_handles_are_found_in_any_surroundings(before: str, after: str) -> None:
    text = f"{before} @ExampleOffice {after}"
    normalised = normalise(text)
    for start, end in handle_spans(text, normalised, HANDLES):
        assert 0 <= start <= end <= len(normalised.text)
    assert marked(normalised.text, []) == normalised.text
