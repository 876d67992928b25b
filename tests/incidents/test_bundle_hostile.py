"""Every trick that other media are tested with, in the PDF of a bundle: it is made, bounded, and nothing in it acts."""

import re
from dataclasses import replace

import pytest

from incidents.bundle_pdf import report
from incidents.custody import Handling
from tests.incidents.dossiers import dossier, log
from tests.incidents.hostile import LONG, PIECES

ACTS = (b"/JavaScript", b"/JS", b"/Launch", b"/AA", b"/URI", b"/SubmitForm", b"/EmbeddedFile")


def test_a_page_of_hostile_words_is_a_page_of_words() -> None:
    made = report(dossier("".join(PIECES), LONG, why=" ".join(PIECES)), names=False)
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert re.search(rb"/OpenAction \[", made), "where it opens: a place on a page, no action"
    for act in ACTS:
        assert not re.search(act + rb"[^A-Za-z]", made)
    assert len(re.findall(rb"/Type /Page[^s]", made)) < 60


@pytest.mark.parametrize(
    "long",
    [
        "The police asked us to keep it. " * 100,
        "W" * 3000,
        "\u1676" * 3000,  # the widest letter that the font has
        "WWWWW " * 500,  # more than half of the narrowest cell: each word takes a line
        "WWWWWWW " * 400,
        ("\u1676 " + "W" * 13 + " ") * 200,
        "\U0001f469\u200d\U0001f692" * 500,
    ],
)
def test_no_reason_or_name_is_too_long_for_the_report(long: str) -> None:
    plain = dossier("A post.", why=long)
    named = [replace(each, actor=long) for each in plain.events]
    held = log(plain.exhibits, Handling("hold_set", "sam", long, "cli"), Handling("viewed", long, None, "cli"))
    incident = replace(plain.incident, why=long, author_handle=long)
    assert report(replace(plain, events=named, custody=held, incident=incident)).startswith(b"%PDF-")


@pytest.mark.parametrize("flood", ["-", "!", "€", "\n", "% ", "(", "😀"])
def test_a_flood_of_signs_without_a_direction_keeps_no_evidence_back(flood: str) -> None:
    text = f"before {flood * 3000} after שלום {flood * 1500} עולם"
    assert report(dossier(text, why=flood * 1500)).startswith(b"%PDF-")
