"""The daily report in a few lines of text: for Slack, an e-mail's beginning, a terminal."""

from reports.report import DailyReport, Section

LIMIT = 2900  # characters; one text block of Slack holds 3,000
SIGNS = {"act": "▲", "look": "◆", "calm": "●"}


def digest(report: DailyReport, link: str | None = None) -> str:
    """Plain text of at most `LIMIT` characters that is safe as Slack mrkdwn: no word in it can ping or link.

    `link` is where the whole report is; it is added as it stands.
    """
    lines = [f"Tocsin, {report.day:%A %-d %B %Y}"]
    for section in report.sections:
        lines += ["", *_told(section)]
    missed = list(dict.fromkeys(gap.subject for gap in report.coverage.gaps if gap.grave))
    if missed:
        lines += ["", f"Not fully covered: {', '.join(missed)}."]
    ending = f"\n\nThe whole report: {link}" if link else ""
    text = _harmless("\n".join(lines))
    room = LIMIT - len(ending)
    return (text if len(text) <= room else text[: room - 2].rsplit("\n", 1)[0] + "\n…") + ending


def _told(section: Section) -> list[str]:
    title = f"{SIGNS[section.verdict]} {section.policy.organisation.name}: {section.headline}"
    todo = [f"{number}. {action.text}" for number, action in enumerate(section.actions, start=1)]
    return [title, *section.sentences, *(["To do:", *todo] if todo else ["Nothing needs doing."])]


def _harmless(text: str) -> str:
    """Slack reads <…> as a link or a ping and & as the start of an entity; nothing else can reach outside."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
