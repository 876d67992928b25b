"""Text from the world, made harmless before people read it: no ping, no forged link, no flipped line, no flood.

The evidence keeps every byte; what is shown here is for reading. Angle brackets become the look-alikes ‹ and ›, because
Slack's own control sequences (`<!channel>`, `<@U…>`, `<https://…|label>`) need the real ones.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

MARKS = 3  # combining marks kept on one letter: more than any living script needs, less than it takes to flood a line
MAX_URL = 2000
READ = 10_000  # characters of a text that are looked at for a message: what is shown is far shorter

_JOINERS = {"\u200c", "\u200d"}  # needed by emoji, Persian and the scripts of India
_FORCED_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")
_MANY_BLANKS = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_LONG_SPACES = re.compile(r"[^\S\n]{4,}")
_PINGS = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def harmless(text: str) -> str:
    """The text as it may be shown as plain text anywhere: controls, bidi controls and floods of marks are gone.

    Lone surrogates and null bytes become U+FFFD; @here and its like are split by a word joiner, which cannot be seen.
    """
    text = _FORCED_BREAKS.sub("\n", text)
    text = "".join(_shown(character) for character in text)
    text = _thinned(unicodedata.normalize("NFC", text))
    text = text.replace("<", "‹").replace(">", "›")
    text = _LONG_SPACES.sub("   ", _MANY_BLANKS.sub("\n\n", text))
    return _PINGS.sub("@" + _WORD_JOINER, text).strip()


def clipped(text: str, limit: int) -> str:
    """At most `limit` characters as Slack counts them (UTF-16 units), an ellipsis where something was cut off."""
    if _units(text) <= limit:
        return text
    kept, units = [], 1  # the ellipsis
    for character in text:
        units += _units(character)
        if units > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip("\u200c\u200d") + "…"


def one_line(text: str, limit: int) -> str:
    """Harmless, without line breaks, clipped."""
    return clipped(" ".join(harmless(text[:READ]).split()), limit)


def quoted(text: str, limit: int) -> str:
    """Harmless, line breaks kept, clipped; never empty, since no block may be."""
    return clipped(harmless(text[:READ]), limit) or "(no text)"


def mrkdwn(text: str) -> str:
    """Our own words inside Slack's markup: the three characters that Slack asks to be escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe_url(url: str | None) -> str | None:
    """The URL in a form that cannot break out of `<url|label>`; None for what is not a plain web address."""
    if not url or len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
        path, query, fragment = (quote(part, safe="/%:@!$&'()*+,;=?~-._") for part in parts[2:])
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host):
        return None
    if parts.username is not None or parts.password is not None:
        return None  # https://known.example@elsewhere.example/ is made to mislead
    made = _PINGS.sub("%40", urlunsplit((parts.scheme.lower(), host + port, path, query, fragment)))
    return made if len(made) <= MAX_URL else None


def host_of(url: str) -> str:
    """The host of a `safe_url`, to be shown in its label: a link never hides where it leads."""
    return urlsplit(url).hostname or ""


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category in ("Cs", "Co") or character == "\x00" or _never_a_character(character):
        return "\ufffd"
    if category == "Cc" or (category == "Cf" and character not in _JOINERS):
        return ""  # bidi controls, zero-width spaces, tags
    return " " if category == "Zs" else character


def _never_a_character(character: str) -> bool:
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _thinned(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        mark = unicodedata.category(character) in ("Mn", "Me") or character in _JOINERS
        run = run + 1 if mark else 0
        if run <= MARKS:
            kept.append(character)
    return "".join(kept)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
