"""Every trick that other media are tested with, in the PDF of a bundle: it is made, bounded, and nothing in it acts."""

import re

from incidents.bundle_pdf import report
from tests.incidents.dossiers import dossier
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
