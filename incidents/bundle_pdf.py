"""The report of a bundle: one PDF in the order in which somebody reads it who has never seen the case."""

import unicodedata
from collections.abc import Container, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fpdf import FPDF, FontFace
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from collectors.names import platform_name
from incidents.bundle_words import BY_ROLE, CHECKING, NOT_HELD, READING, WARNING, FontMissing
from incidents.campaign import is_campaign
from incidents.dossier import Dossier, HeldExhibit, HeldStep
from incidents.incident import Incident
from incidents.lifecycle import Event, spoken
from incidents.stamping import address
from incidents.visible import one_line, visible
from incidents.wording import TARGETS, moment

FONT = "DejaVu"
LONGEST = 10_000  # characters of one post that are printed; the file has all
RUN = 200  # characters without a direction, in a row, that are left to fpdf2
ANCHORS = {"L": "\u200e", "R": "\u200f", "AL": "\u200f"}  # by the direction of what stands before
MARGIN = 18
PLAIN: dict[str, Any] = {"borders_layout": "HORIZONTAL_LINES", "text_align": "LEFT", "v_align": "TOP", "padding": 0.6}
OTHER = {  # where the event of an act names the other incident
    "merged": "into",
    "unmerged": "from",
    "absorbed": "from",
    "parted": "from",
    "inhibited": "by",
    "uninhibited": "by",
}
INK, FAINT, TINT, RULE, BLANK = (20, 20, 20), (95, 95, 95), (240, 240, 240), (190, 190, 190), (255, 255, 255)


def report(dossier: Dossier, names: bool = False) -> bytes:
    """The PDF. The same dossier gives the same bytes. Raises FontMissing."""
    paper = _Paper(dossier, names)
    paper.add_page()
    _front(paper, dossier, names)
    _exhibits(paper, dossier.exhibits, names)
    _course(paper, dossier.course, len(dossier.exhibits) + 1)
    _history(paper, dossier)
    return bytes(paper.output())


class _Paper(FPDF):
    """A4 with our font, and on each page's foot the case and the end of its custody log."""

    def __init__(self, dossier: Dossier, names: bool) -> None:
        super().__init__(format="A4")
        self.told = partial(dossier.told, names=names)
        last = dossier.custody[-1]
        self._foot = f"{dossier.incident.id}  ·  custody entry {last.sequence}: {last.sha256}"
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(FONT, style, _fonts() / name)
        font = self.fonts[FONT.lower()]
        self.drawn: Container[int] = font.cmap if isinstance(font, TTFFont) else range(32, 127)
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 4)
        self.set_title(f"Evidence of incident {dossier.incident.id}")
        self.set_lang("en-GB")
        self.set_creation_date(last.at.astimezone(UTC))

    def footer(self) -> None:
        """The case, the end of its log, and the page."""
        self.set_y(-MARGIN + 2)
        self.face(7, ink=FAINT)
        self.cell(0, 5, self._foot)
        self.cell(0, 5, f"{self.page_no()} of {{nb}}", align="R")

    def normalize_text(self, text: str) -> str:
        """The text as fpdf2 writes it, with an unseen mark of direction in each long run of what has none.

        It looks for the end of such a run (dashes, dots, blanks) by a call a character, of which Python allows 1,000.
        """
        made, run, anchor = [], 0, ANCHORS["L"]
        for character in super().normalize_text(text):
            direction = unicodedata.bidirectional(character)
            anchor = ANCHORS.get(direction, anchor)
            run = 0 if direction in (*ANCHORS, "EN", "AN") else run + 1
            if run > RUN:
                made.append(anchor)
                run = 1
            made.append(character)
        return "".join(made)

    def face(self, size: float, style: str = "", ink: tuple[int, int, int] = INK) -> None:
        """Choose the face."""
        self.set_font(FONT, style, size)
        self.set_text_color(*ink)

    def heading(self, words: str, size: float = 12) -> None:
        """A heading that does not stand alone at the foot of a page."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(4)
        self.face(size, "B")
        self.multi_cell(0, size * 0.5, one_line(words, self.drawn), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.5)

    def words(self, text: str, size: float = 9, style: str = "", ink: tuple[int, int, int] = INK) -> None:
        """A paragraph of ours."""
        self.face(size, style, ink)
        self.multi_cell(0, size * 0.52, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def boxed(self, text: str, size: float = 9, style: str = "", fill: bool = False) -> None:
        """A paragraph in a frame."""
        self.face(size, style)
        self.set_fill_color(*TINT)
        self.set_draw_color(*INK)
        frame = {"border": 1, "padding": 3, "align": "L", "new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
        self.multi_cell(0, size * 0.55, text, fill=fill, **frame)  # type: ignore[arg-type]
        self.ln(3)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Label and value, line by line."""
        self.face(9)
        self._rules()
        with self.table(col_widths=(32, 142), line_height=5, first_row_as_headings=False, **PLAIN) as table:
            for label, value in rows:
                row = table.row()
                row.cell(label, style=FontFace(color=FAINT))
                row.cell(self._fitting(value, 142, 5) or "not known")

    def _rules(self) -> None:
        """Thin grey lines, and nothing behind the words."""
        self.set_draw_color(*RULE)
        self.set_fill_color(*BLANK)

    def _fitting(self, text: str, width: float, line: float) -> str:
        """The text on one line, cut to what fits on a page however it is wrapped: no row of a table is split over two.

        Words are wrapped so that of two lines in a row the second begins with what the first had no room for: together
        they are wider than the cell.
        """
        limit, most = 2000, (width - 4) * (self.eph // line // 2 - 4)
        while self.get_string_width(shown := one_line(text, self.drawn, limit)) > most:
            limit = limit * 9 // 10
        return f"{shown} (the files have all)" if shown.endswith("…") else shown

    def listing(self, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """A table with heads, repeated on each page."""
        self.face(7.5)
        self._rules()
        style = FontFace(emphasis="BOLD")
        with self.table(col_widths=tuple(widths), line_height=4, headings_style=style, **PLAIN) as table:
            for cells in (heads, *rows):
                row = table.row()
                for text, width in zip(cells, widths, strict=True):
                    row.cell(self._fitting(text, width, 4))


def _fonts() -> Path:
    """DejaVu, which matplotlib brings along; found without importing it, which takes a second."""
    spec = find_spec("matplotlib")
    folder = Path(spec.origin).parent / "mpl-data/fonts/ttf" if spec and spec.origin else None
    if folder is None or not (folder / "DejaVuSans.ttf").is_file():
        raise FontMissing("the font DejaVu Sans is not there: install matplotlib, which brings it")
    return folder


def _status(incident: Incident) -> str:
    into = f" into {incident.merged_into}, which has evidence of its own" if incident.merged_into else ""
    return spoken(incident.status) + into


def _authors(incident: Incident) -> str:
    """A campaign has several; each exhibit names its own."""
    if is_campaign(incident.key) or len(incident.authors) > 1:
        return f"{len(incident.authors)}: {', '.join(incident.handles) or 'not named by the platform'}"
    return f"{incident.author_handle or 'not named by the platform'} (pseudonym {incident.key.author})"


def _front(paper: _Paper, dossier: Dossier, names: bool) -> None:
    incident = dossier.incident
    paper.face(18, "B")
    paper.cell(0, 9, f"Evidence of incident {incident.id}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    category = incident.key.category.replace("_", " ")
    paper.words(one_line(f"{incident.severity.capitalize()}: {category}, for {dossier.organisation}", paper.drawn), 11)
    paper.ln(2)
    paper.boxed(f"Warning. {WARNING}" if names else f"Warning. {WARNING} {BY_ROLE}", 9.5, "B", fill=True)
    role = TARGETS.get(incident.target_kind, "somebody")
    paper.facts(
        (
            ("Status", _status(incident) + (", on legal hold" if dossier.legal_hold else "")),
            ("Aimed at", f"{role}: {incident.key.target}" if names else role),
            ("Author", _authors(incident)),
            ("Platforms", ", ".join(map(platform_name, incident.platforms))),
            ("Posts", f"{len(incident.mention_ids):,}, {_at(incident.first_seen_at)} to {_at(incident.last_seen_at)}"),
            ("Opened", _at(incident.opened_at)),
            ("Why", paper.told(incident.why)),
        )
    )
    paper.heading("What it breaks")
    for clause, text in dossier.clauses:
        paper.words(one_line(f"{clause}: “{text}”" if text else clause, paper.drawn, 2000))
    paper.heading("How to check it")
    for words in (CHECKING, READING):
        paper.words(words)
    paper.heading("What is not held")
    paper.words(NOT_HELD)


def _exhibits(paper: _Paper, exhibits: Sequence[HeldExhibit], names: bool) -> None:
    paper.add_page()
    if not exhibits:
        paper.heading("Exhibits")
        paper.words("None is held any more: they were erased, as the custody log tells.")
    for number, held in enumerate(exhibits, start=1):
        _exhibit(paper, number, held, names)


def _course(paper: _Paper, steps: Sequence[HeldStep], first: int) -> None:
    if not steps:
        return
    paper.heading("Further posts of what went on over time")
    paper.words("No finding by themselves; what made each count is said beside it.")
    for number, step in enumerate(steps, start=first):
        _step(paper, number, step)


def _step(paper: _Paper, number: int, step: HeldStep) -> None:
    told = step.read
    paper.heading(f"Exhibit {number}: {step.mention_id}", 10)
    paper.boxed(visible(told["text"], paper.drawn, LONGEST) or "(no text)", 9)
    counted = "; ".join(f"{kind.replace('_', ' ')}: {why}" for kind, why in sorted(told["counted_as"].items()))
    paper.facts(
        [
            ("Posted", _at(datetime.fromisoformat(told["posted_at"]))),
            ("Address", told["url"] or "none"),
            ("Author", told["author_handle"] or "not named by the platform"),
            ("Counted as", paper.told(counted)),
            ("exhibit.json", step.sha256),
            ("original.json", step.original_sha256),
        ]
    )


def _exhibit(paper: _Paper, number: int, held: HeldExhibit, names: bool) -> None:
    exhibit = held.read
    role = TARGETS.get(exhibit.target_kind, "somebody")
    paper.heading(f"Exhibit {number}: {exhibit.mention_id}")
    paper.boxed(visible(exhibit.text, paper.drawn, LONGEST) or "(no text)", 10)
    if len(exhibit.text) > LONGEST:
        paper.words(f"The first {LONGEST:,} of {len(exhibit.text):,} characters; the file has all.", ink=FAINT)
    rows = [
        ("Posted", _at(exhibit.posted_at)),
        ("Address", exhibit.url or "none"),
        ("Author", exhibit.author_handle or "not named by the platform"),
        ("Aimed at", f"{role}: {exhibit.target_handle}" if names and exhibit.target_handle else role),
        ("Found", f"{exhibit.severity} {exhibit.category.replace('_', ' ')}, confidence {exhibit.confidence:.2f}"),
        ("Why", paper.told(exhibit.why)),
        ("Judged by", f"{exhibit.model}; policy {exhibit.policy}@{exhibit.policy_version}"),
        ("Media", _media(held)),
        ("exhibit.json", held.sha256),
        ("original.json", held.original_sha256 or "none: captured before originals were kept"),
    ]
    paper.facts(rows)


def _media(held: HeldExhibit) -> str:
    told = [f"{each['type']} {each.get('url') or ''}".strip() for each in held.document.get("media", ())]
    return f"{'; '.join(told)} (not fetched)" if told else "none told of"


def _history(paper: _Paper, dossier: Dossier) -> None:
    paper.heading("What was done about it")
    acts = [(_at(each.at), _act(each), each.actor, each.reason or "") for each in dossier.events]
    paper.listing(("when", "what", "by", "why"), (36, 40, 34, 64), acts)
    paper.heading("Custody log")
    entries = [
        (str(each.sequence), _at(each.at), each.act.replace("_", " "), each.actor, each.reason or "", each.sha256)
        for each in dossier.custody
    ]
    widths = (9, 36, 24, 22, 37, 46)
    paper.listing(("no.", "when", "what", "by", "why", "SHA-256"), widths, entries)
    paper.heading("Timestamps")
    stamps = [(str(each.sequence), _at(each.stamped_at), address(each.tsa)) for each in dossier.stamps]
    if stamps:
        paper.listing(("entry", "stamped", "by"), (14, 40, 120), stamps)
    else:
        paper.words("None: no authority has stamped the custody log yet.")


def _act(event: Event) -> str:
    """With the other incident that it was merged into, took in or is explained by."""
    other = event.detail.get(OTHER.get(event.act, ""))
    return f"{event.act} ({other})" if other else event.act


def _at(at: datetime) -> str:
    return moment(at)
