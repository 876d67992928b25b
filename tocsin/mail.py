"""Mails the daily report to those in `TOCSIN_REPORT_TO`, through the server of `TOCSIN_SMTP_URL`."""

import smtplib
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tocsin.errors import Misconfigured
from tocsin.settings import Settings

TIMEOUT_S = 30
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


def send_report(settings: Settings, report: Path, day: date) -> bool:
    """Send the page as a message with the page attached; False where mail is not configured.

    `smtp://` upgrades to TLS where the server offers it, and must where a password is given; `smtps://` is TLS from
    the start. Raises Misconfigured for a URL that names no server, smtplib.SMTPException or OSError when sending fails.
    """
    if settings.smtp_url is None or not settings.report_addresses:
        return False
    url = urlsplit(settings.smtp_url.get_secret_value())
    if url.scheme not in DEFAULT_PORTS or not url.hostname:
        raise Misconfigured("TOCSIN_SMTP_URL is not smtp://user:password@host:port or smtps://…")
    port = url.port or DEFAULT_PORTS[url.scheme]
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(url.hostname, port, timeout=TIMEOUT_S) as server:
        if url.scheme == "smtp" and (url.password or (server.ehlo()[0] == 250 and server.has_extn("starttls"))):
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(_message(settings, report, day))
    return True


def _message(settings: Settings, report: Path, day: date) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Tocsin: what was said on {day:%A %d %B %Y}"
    message["From"] = settings.report_addresses[0]
    message["To"] = ", ".join(settings.report_addresses)
    message.set_content("The daily report is attached. It opens in any browser and loads nothing from elsewhere.")
    message.add_attachment(report.read_bytes(), maintype="text", subtype="html", filename=report.name)
    return message
