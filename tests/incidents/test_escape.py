"""Text from the world, made harmless: for any text at all, and for the tricks that people know."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.escape import MARKS, clipped, harmless, host_of, mrkdwn, one_line, quoted, safe_url

any_text = st.text(st.characters(exclude_categories=()), max_size=300)  # lone surrogates and controls too
nasty = st.lists(
    st.sampled_from(
        (
            *("<!channel>", "<@U0123ABCD>", "<https://bad.example|your bank>", "@here", "`", "```", "*", "\u202e"),
            *("\u2066", "\x00", "\ud800", "\u0301", "\n", "\r\n", "\u2028", "\t", "&lt;", "<", ">", "|", "\u200b"),
            *("👩\u200d🚒", "a"),
        )
    ),
    max_size=60,
).map("".join)
BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
IN_MANY_SCRIPTS = (
    *("Mae'r dŵr i ffwrdd eto!", "Zażółć gęślą jaźń", "नमस्ते, क्षमा करें", "שלום עולם"),
    *("می\u200cخواهم", "👩\u200d🚒 👍🏽 🏴"),
)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(any_text | nasty)
@example("@HERE0")
@example("<!here|here> @CHANNEL \u202egnp.exe")
def test_nothing_that_slack_or_a_terminal_obeys_is_left(text: str) -> None:
    shown = harmless(text)
    assert not set(shown) & set("<>\x00\r\x1b\x07\u2028\u2029")
    assert not {unicodedata.bidirectional(each) for each in shown} & BIDI_CONTROLS
    assert all(unicodedata.category(each) not in ("Cc", "Cs") or each == "\n" for each in shown)
    for ping in ("@here", "@channel", "@everyone"):
        assert ping not in shown.lower()
    shown.encode("utf-8")
    json.loads(json.dumps(shown))


@given(any_text | nasty)
def test_it_is_done_once_and_for_all(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@given(any_text | nasty, st.integers(1, 80))
def test_limits_hold_as_slack_counts(text: str, limit: int) -> None:
    assert _utf16(clipped(harmless(text), limit)) <= limit
    assert _utf16(one_line(text, limit)) <= limit
    assert "\n" not in one_line(text, limit)
    assert quoted(text, 100).strip()


def test_ordinary_text_in_any_script_is_left_alone() -> None:
    for text in IN_MANY_SCRIPTS:
        assert harmless(text) == unicodedata.normalize("NFC", text)


def test_a_pile_of_marks_is_thinned() -> None:
    shown = harmless("z" + "\u0335\u0336\u0337\u0338" * 500 + "algo")
    assert shown.endswith("algo")
    assert len(shown) <= len("zalgo") + MARKS


def test_forty_thousand_characters_and_as_many_lines() -> None:
    assert _utf16(quoted("👻" * 40_000, 600)) == 600 - 1  # a pair is not cut in half
    assert quoted("a\n" * 2 + "\n" * 4_000 + "b", 600) == "a\na\n\nb"


def test_a_text_of_nothing_visible_still_makes_a_block() -> None:
    assert quoted("\u200b\u202e\x01", 600) == "(no text)"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,hello",
        "//no.scheme.example/",
        "https://",
        "https://user@elsewhere.example/",
        "https://known.example@elsewhere.example/",
        "http://[::1",
        "https://exa mple/",
        "https://a.example:99999/",
        "https://a.example/" + "a" * 3000,
        "https://" + "a" * 64 + ".example/",
        "https://a|b.example/",
    ],
)
def test_what_is_not_a_plain_web_address_is_no_link(url: str | None) -> None:
    assert safe_url(url) is None


@given(any_text | nasty)
@example("/>|<!channel>")
@example("/?q=<@U1>&x=`\u202e")
def test_a_url_cannot_break_out_of_its_link(tail: str) -> None:
    url = safe_url("https://social.example/" + tail)
    if url is not None:
        assert url.startswith("https://social.example/")
        assert url.isascii()
        assert not set(url) & set('<>|"` \n\r\t\\')


def test_a_url_that_is_safe_stays_as_it_is() -> None:
    for url in (
        "https://social.example/a/b?c=d&e=%20f#g",
        "http://social.example:8080/",
        "https://xn--bcher-kva.example/x",
    ):
        assert safe_url(url) == url
    assert safe_url("https://BÜCHER.example/ü") == "https://xn--bcher-kva.example/%C3%BC"
    assert host_of("https://xn--bcher-kva.example/%C3%BC") == "xn--bcher-kva.example"


@given(any_text)
def test_our_own_words_in_markup(text: str) -> None:
    assert not set(mrkdwn(text)) & set("<>")
