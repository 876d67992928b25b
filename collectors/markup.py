"""HTML as readable text: what a post says, what it links to, which pictures it shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

SILENT = {"script", "style", "template", "noscript"}
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "hr", "section", "article", "figure"}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption"}
NAMES = {"mention", "hashtag"}  # links of these classes only repeat a name that the text holds


@dataclass
class Markup(HTMLParser):
    """The readable text of a piece of HTML, its links and its pictures (address, alt text)."""

    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._silent = 0
        self._unended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in BLOCKS:
            self.pieces.append("\n")
        named = dict(attrs)
        if tag == "a" and (named.get("href") or "").startswith("http") and not NAMES & set(_classes(named)):
            self.links.append(named["href"] or "")
        if tag == "img" and named.get("src"):
            self.images.append((named["src"] or "", named.get("alt")))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """One is a comment up to the next `>`, as it is to browsers; html.parser raises for what it does not know."""
        return self.parse_bogus_comment(i, report)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Where one comment has no end, none after it has: html.parser would look for it each time, to the very end."""
        end = -1 if self._unended else super().parse_comment(i, report)
        self._unended = end < 0
        return end

    @classmethod
    def of(cls, html: str) -> "Markup":
        """Read a piece of HTML."""
        markup = cls()
        markup._take(html)
        return markup

    @classmethod
    def read(cls, detail: Mapping[str, Any]) -> "Markup":
        """Read a feedparser detail: plain text as it is, anything else as HTML."""
        markup, value = cls(), detail.get("value") or ""
        if detail.get("type") == "text/plain":
            markup.handle_data(value)
        else:
            markup._take(value)
        return markup

    def _take(self, html: str) -> None:
        """Read all of it. Behind the last `>` no tag ends, where html.parser would look for one from each `<` on."""
        tags, end, rest = html.rpartition(">")
        self.feed(tags + end)
        self.close()
        self.handle_data(unescape(rest))

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.pieces).splitlines())
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _classes(attrs: Mapping[str, str | None]) -> list[str]:
    return (attrs.get("class") or "").split()
