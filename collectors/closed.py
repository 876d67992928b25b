"""What the policies name and nobody may lawfully collect by keyword: said here, so that a report can say it.

Each line leaves with the file that reads the platform after all. Nothing is scraped.
"""

from datetime import date

from collectors.platform import Closed

CHECKED = date(2026, 11, 1)

CLOSED = (
    Closed(
        "pinterest",
        "GET /v5/pins lists one's own pins only, in no stated order; no comments; search is for partners only",
        "https://developers.pinterest.com/docs/api/v5/pins-list/",
        date(2026, 11, 21),
    ),
    Closed(
        "snapchat",
        "no lawful API for public mentions: its Public Profile API tells of profiles, their statistics and one's own "
        "posts; nothing searches what others say",
        "https://developers.snap.com/api/marketing-api/Public-Profile-API/Introduction",
        date(2026, 11, 22),
    ),
    Closed(
        "slideshare",
        "no lawful API for public mentions",
        "https://www.slideshare.net/developers",
        CHECKED,
    ),
)
