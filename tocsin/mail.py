"""Mails the daily report to those in `TOCSIN_REPORT_TO`, through the server of `TOCSIN_SMTP_URL`."""

from datetime import date
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from incidents.smtp import MailServer
from tocsin.errors import DoneInPart, Misconfigured
from tocsin.settings import Settings


def send_report(settings: Settings, report: Path, day: date) -> bool:
    """Send the page as a message with the page attached; False where mail is not configured.

    `smtp://` upgrades to TLS where the server offers it, and must where a password is given; `smtps://` is TLS from
    the start. Raises Misconfigured for a URL that names no server, DoneInPart where some recipients were refused (the
    others have it, and sending again would be a second copy), smtplib.SMTPException or OSError when sending fails or
    all are refused.
    """
    if settings.smtp_url is None or not settings.report_addresses:
        return False
    try:
        server_of_ours = MailServer.of_url(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise Misconfigured(f"TOCSIN_SMTP_URL {error}") from None
    with server_of_ours.session() as server:
        refused = server.send_message(_message(settings, report, day))
    if refused:
        said = "; ".join(
            f"{address}: {code} {words.decode(errors='replace')}" for address, (code, words) in refused.items()
        )
        raise DoneInPart(f"the mail server refused some of TOCSIN_REPORT_TO, the others have it: {said}")
    return True


def _message(settings: Settings, report: Path, day: date) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Tocsin: what was said on {day:%A %d %B %Y}"
    message["From"] = settings.report_addresses[0]
    message["Message-ID"] = make_msgid(f"report-{day}")
    message["To"] = ", ".join(settings.report_addresses)
    message.set_content("The daily report is attached. It opens in any browser and loads nothing from elsewhere.")
    message.add_attachment(report.read_bytes(), maintype="text", subtype="html", filename=report.name)
    return message
