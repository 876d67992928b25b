"""The words of a bundle: its README, and what its report warns of and says about itself."""


class FontMissing(Exception):
    """The font that the report is set in is not installed. The message names the fix."""


README = """\
Evidence of incident {incident}

  report.pdf        the case, to be read
  incident.json     the same, for programs
  exhibits/NNN/     exhibit.json: the finding with the post as it stood; original.json: all that was held of the post
                    when it was captured, with the platform's own record; payload.json: that record by itself.
                    Those after the findings are further posts of what went on over time: exhibit.json says what
                    made each count
  custody.jsonl     who did what with the evidence, when and why; custody.csv is the same as a table
  timestamps/       entries of that log as an outside authority has stamped them (RFC 3161): .tsq asked, .tsr answered
  MANIFEST.sha256   the SHA-256 of every file but itself

These files quote posts word for word, abuse and slurs included. The report names whom they are aimed at by role unless
it was asked to name them; the posts themselves, and what platforms told of them, are as they were and may name anybody.

To check it, in this folder (Linux; on macOS `shasum -a 256 -c` in place of sha256sum):

  sha256sum -c MANIFEST.sha256
  python3 verify.py
  openssl ts -verify -data timestamps/0001.json -in timestamps/0001.tsr -CAfile authority.pem

The first shows that no file was changed since the bundle was made. The second also shows that each exhibit is what the
custody log says was captured, and that no entry of the log was changed, dropped or put between: the SHA-256 of each
line of custody.jsonl (without its line break) stands in the next as `former`. The third, for each number that there is,
shows that the entry, and with it everything before, existed in this form when the authority stamped it; get the
authority's certificates from the authority itself. Where they have expired since, add `-attime SECONDS`: the time that
`openssl ts -reply -in timestamps/0001.tsr -text` tells, in seconds since 1970. verify.py does so by itself.

Whoever gave you this can also say which SHA-256 MANIFEST.sha256 had when it was given out: it is in their custody log.

Not in here: pictures, videos and recordings themselves, of which only what the platform told is kept; a picture of the
page; anything that was gone before the post was collected.
"""

WARNING = (
    "This document quotes posts word for word, abuse and slurs included, and may name people. It is evidence: read it "
    "where others cannot look on, and give it to nobody without a reason. Each giving out is kept in the custody log."
)
BY_ROLE = "Whom it is aimed at is told by role. The words of posts are as they were written, and may name anybody."
CHECKING = (
    "This report is for reading; the evidence is the files beside it. In their folder, “sha256sum -c MANIFEST.sha256” "
    "and “python3 verify.py” show whether anything was changed; README.txt says what else can be checked, and how."
)
READING = (
    "A character that acts without being seen, or that this document's font cannot draw, is told by its code point, as "
    "in [U+202E]; an emoji by its name. The files have every character as it was."
)
NOT_HELD = (
    "Pictures, videos and recordings were not fetched: of them the platform's own record is held, and no hash. No "
    "picture of the page was taken. A post that was edited before it was first collected is held as it was then."
)
