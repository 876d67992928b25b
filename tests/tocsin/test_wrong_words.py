"""Settings that cannot be: one line that names the setting and the fix, and exit status 2."""

from pathlib import Path

from tests.tocsin.conftest import Run


def test_a_key_of_pseudonyms_that_is_none(tocsin: Run, bare: Path) -> None:
    short = tocsin("people", "list", PSEUDONYM_KEY="short")
    assert (short.status, short.out) == (2, "")
    assert short.err.startswith("tocsin: TOCSIN_PSEUDONYM_KEY needs at least")
    (bare / "var" / "pseudonym.key").write_text("half a key")
    broken = tocsin("people", "list")
    assert broken.status == 2
    assert "Restore it from a back-up" in broken.err
